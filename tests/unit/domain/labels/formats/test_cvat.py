"""CVAT for images 1.1 as label rows."""

from __future__ import annotations

import pytest

from domain.errors import InvalidInput
from domain.labels.formats.model import LabelSet, Size, format_named, labeled
from tests.support.builders.label_files import box, read

# In the manner of docs.cvat.ai's description of the format.
DOCUMENT = """<?xml version="1.0" encoding="utf-8"?>
<annotations>
  <version>1.1</version>
  <meta><task><id>4</id><name>segmentation</name><size>2</size>
    <labels>
      <label><name>traffic_light</name><attributes><attribute><name>red</name></attribute></attributes></label>
      <label><name>car</name><attributes/></label>
    </labels></task><dumped>2018-09-25 14:14:00.367801+03:00</dumped></meta>
  <image id="0" name="set/filename 000.jpg" width="1600" height="1200">
    <box label="car" occluded="0" xtl="10.50" ytl="20" xbr="110.50" ybr="70" z_order="0">
      <attribute name="parked">true</attribute>
    </box>
    <polygon label="traffic_light" points="1000.5,700;1100,720.25;1050,690" occluded="0"></polygon>
    <tag label="night" source="manual"></tag>
  </image>
  <image id="1" name="filename001.jpg" width="1600" height="1200">
  </image>
</annotations>
"""


def test_boxes_polygons_tags_sizes_and_classes_are_read() -> None:
    found = read("cvat", DOCUMENT)
    row, empty = found.rows
    assert row.source == "set/filename 000.jpg"
    assert row.boxes == (box("car", 10.5, 20, 100, 50), box("traffic_light", 1000.5, 690, 99.5, 30.25))
    assert row.labels == ("car", "night", "traffic_light")
    assert (empty.label, empty.boxes) == ("no object", ())
    assert found.sizes["filename001.jpg"] == Size(1600, 1200)
    assert found.classes == ("traffic_light", "car")


def test_a_turned_box_gives_the_upright_one_around_it() -> None:
    """About its middle, 60.5, 45: by a quarter turn 100 x 50 become 50 x 100."""
    turned = DOCUMENT.replace('xtl="10.50"', 'rotation="90" xtl="10.50"')
    assert read("cvat", turned).rows[0].boxes[0] == box("car", 35.5, -5, 50, 100)  # type: ignore[index]


def test_where_there_are_tags_only_an_image_without_one_is_unlabeled() -> None:
    tagged = "<annotations>{}</annotations>".format(
        '<image name="a" width="1" height="1"><tag label="cat"/><tag label="big"/></image>'
        '<image name="b" width="1" height="1"/>'
    )
    row, other = read("cvat", tagged).rows
    assert (row.labels, row.boxes) == (("big", "cat"), None)
    assert (other.status, other.reason) == ("unlabeled", "it was given no class")


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ('xtl="10.50"', "", "line 10: <box>: the attribute `xtl` is missing"),
        ('xtl="10.50"', 'xtl="1,5"', "line 10: <box>: xtl: '1,5' is no number"),
        ('label="car" occ', 'label="" occ', "line 10: <box>: the attribute `label` is missing"),
        ("polygon", "polyline", "line 13: <polyline>: only box, polygon and tag are read"),
        ("1050,690", "1050", "line 13: <polygon>: points: '1050' is no x,y"),
        ("1050,690", "nan,1", "line 13: <polygon>: points: 'nan,1' is no x,y"),
        (
            'width="1600" height="1200">\n  </image>',
            'height="1"/>',
            "line 16: <image>: the attribute `width` is missing",
        ),
        ('name="filename001.jpg" width="1600"', 'name="f" width="0"', "line 16: <image>: an image of 0 x 1200"),
        ("filename001.jpg", "set/filename 000.jpg", "line 16: 'set/filename 000.jpg' comes a second time"),
        ("<version>", '<track id="0"/><version>', "line 3: <track>: this is CVAT for video"),
        ("annotations>", "annotation>", "of Pascal VOC; give the folder"),
        ("<annotations>", "<!DOCTYPE a SYSTEM 'file:///etc/passwd'>\n<annotations>", "line 2: a DOCTYPE is not read"),
    ],
)
def test_a_fault_has_its_line_and_element(before: str, after: str, message: str) -> None:
    assert before in DOCUMENT
    with pytest.raises(InvalidInput) as caught:
        read("cvat", DOCUMENT.replace(before, after))
    assert str(caught.value).startswith("mine, line ")
    assert message in str(caught.value)


def test_classes_with_and_without_boxes_are_kept() -> None:
    sizes = {"a.jpg": Size(9, 9), "b.jpg": Size(9, 9)}
    rows = [labeled("a.jpg", [box("cat", 0, 1, 2.5, 3)], ["night"]), labeled("b.jpg", [], ["day"])]
    text = format_named("cvat").write(LabelSet(rows, sizes))[""]
    assert read("cvat", text).rows == rows
