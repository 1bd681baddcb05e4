"""Pascal VOC's XML files as label rows."""

from __future__ import annotations

import pytest

from domain.errors import InvalidInput
from domain.labels.formats.model import LabelSet, Size, format_named, labeled
from tests.support.builders.label_files import box, read

# In the manner of VOC2012's own files.
DOCUMENT = """<annotation>
	<folder>VOC2012</folder>
	<filename>2007_000027.jpg</filename>
	<size>
		<width>486</width>
		<height>500</height>
		<depth>3</depth>
	</size>
	<segmented>0</segmented>
	<object>
		<name>person</name>
		<pose>Unspecified</pose>
		<difficult>0</difficult>
		<bndbox>
			<xmin>174</xmin>
			<ymin>101</ymin>
			<xmax>349</xmax>
			<ymax>351</ymax>
		</bndbox>
		<part>
			<name>head</name>
			<bndbox>
				<xmin>169</xmin>
				<ymin>104</ymin>
				<xmax>209</xmax>
				<ymax>146</ymax>
			</bndbox>
		</part>
	</object>
</annotation>
"""


def read_one(text: str, path: str = "2007_000027.xml") -> LabelSet:
    return read("pascal-voc", {path: text})


def test_pixels_count_from_1_and_the_last_one_belongs_to_the_box() -> None:
    """(1, 1) is the top left pixel: so 174 to 349 are 176 pixels, of which the first has 173 before it."""
    found = read_one(DOCUMENT)
    assert found.rows[0].boxes == (box("person", 173, 100, 176, 251),)
    assert found.sizes == {"2007_000027.jpg": Size(486, 500)}


def test_a_box_over_the_whole_image_is_1_to_its_size() -> None:
    whole = labeled("a.jpg", [box("cat", 0, 0, 486, 500)])
    [text] = format_named("pascal-voc").write(LabelSet([whole], {"a.jpg": Size(486, 500)})).values()
    assert "<xmin>1</xmin><ymin>1</ymin><xmax>486</xmax><ymax>500</ymax>" in text
    assert read_one(text).rows == [whole]


def test_files_that_count_from_0_have_no_box_outside_of_the_image() -> None:
    text = DOCUMENT.replace("<xmin>174<", "<xmin>0<")
    assert read_one(text).rows[0].boxes == (box("person", 0, 100, 349, 251),)


def test_names_are_below_annotations() -> None:
    assert read_one(DOCUMENT, "VOC2012/Annotations/sub dir/x.xml").rows[0].source == "sub dir/2007_000027.jpg"
    assert read_one(DOCUMENT, "sub/x.xml").rows[0].source == "sub/2007_000027.jpg"


def test_an_image_without_objects_has_none_and_a_size_of_0_is_not_known() -> None:
    found = read_one(
        "<annotation><filename>a.jpg</filename><size><width>0</width><height>0</height></size></annotation>"
    )
    assert (found.rows[0].label, found.rows[0].boxes, found.sizes) == ("no object", (), {})


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("<filename>2007_000027.jpg</filename>", "", "x.xml, line 1: <annotation>: <filename> is missing"),
        ("<xmin>174</xmin>", "<xmin>left</xmin>", "x.xml, line 15: <xmin>: 'left' is no number"),
        ("<xmin>174</xmin>", "<xmin/>", "x.xml, line 15: <xmin>: it is empty"),
        ("<xmin>174</xmin>", "<xmin>1e999</xmin>", "x.xml, line 15: <xmin>: '1e999' is no number"),
        ("<xmin>174</xmin>", "<xmin>400</xmin>", "x.xml, line 14: <bndbox>: it ends at 349, 351, before it begins"),
        ("bndbox", "polygon", "x.xml, line 10: <object>: <bndbox> is missing"),
        ("<name>person</name>", "", "x.xml, line 10: <object>: <name> is missing"),
        ("annotation>", "annotations>", "x.xml, line 1: <annotations>: <annotation> was expected"),
        ("</size>", "", "no XML: mismatched tag"),
        ("<annotation>", "<!DOCTYPE x [<!ENTITY a 'b'>]>\n<annotation>", "x.xml, line 1: a DOCTYPE is not read"),
    ],
)
def test_a_fault_has_its_file_line_and_element(before: str, after: str, message: str) -> None:
    assert before in DOCUMENT
    with pytest.raises(InvalidInput) as caught:
        read_one(DOCUMENT.replace(before, after), "x.xml")
    assert str(caught.value).startswith("mine/x.xml, line ")
    assert message in str(caught.value)


def test_two_files_about_one_image_are_refused() -> None:
    with pytest.raises(InvalidInput, match=r"b\.xml, line 1: '2007_000027\.jpg' comes a second time"):
        read("pascal-voc", {"a.xml": DOCUMENT, "b.xml": DOCUMENT})


def test_what_cannot_be_written_is_refused() -> None:
    sized = {"a.jpg": Size(9, 9), "a.png": Size(9, 9)}
    with pytest.raises(InvalidInput, match=r"a\.jpg and a\.png would both have Annotations/a\.xml"):
        format_named("pascal-voc").write(LabelSet([labeled("a.jpg", []), labeled("a.png", [])], sized))
    with pytest.raises(InvalidInput, match=r"XML cannot hold the character U\+0001"):
        format_named("pascal-voc").write(LabelSet([labeled("a.jpg", [box("c\x01", 0, 0, 1, 1)])], sized))


def test_nesting_has_an_end() -> None:
    with pytest.raises(InvalidInput, match="nested too deeply"):
        read_one("<a>" * 100_000)
