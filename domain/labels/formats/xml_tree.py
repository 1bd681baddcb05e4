"""XML of other tools, read by expat and written. A DOCTYPE is refused: entities could unfold without end."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from domain.errors import InvalidInput

_MAX_DEPTH = 100


@dataclass
class Element:
    """`where` is its file and line. What is asked of it and not there raises InvalidInput."""

    tag: str
    where: str
    attributes: Mapping[str, str]
    children: list[Element] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)

    def fault(self, reason: str) -> InvalidInput:
        return InvalidInput(f"{self.where}: <{self.tag}>: {reason}")

    def all(self, tag: str) -> Iterator[Element]:
        """Its children of that name."""
        return (child for child in self.children if child.tag == tag)

    def find(self, *path: str) -> Element | None:
        """The first one, child by child."""
        found: Element | None = self
        for tag in path:
            found = next(found.all(tag), None) if found else None
        return found

    def child(self, tag: str) -> Element:
        found = self.find(tag)
        if found is None:
            raise self.fault(f"<{tag}> is missing")
        return found

    def text(self) -> str:
        text = "".join(self.pieces).strip()
        if not text:
            raise self.fault("it is empty")
        return text

    def number(self) -> float:
        return self._number(self.text(), "")

    def attribute(self, name: str) -> str:
        if not self.attributes.get(name, "").strip():
            raise self.fault(f"the attribute `{name}` is missing")
        return self.attributes[name]

    def number_in(self, name: str) -> float:
        return self._number(self.attribute(name), f"{name}: ")

    def _number(self, text: str, before: str) -> float:
        try:
            number = float(text)
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            raise self.fault(f"{before}{text!r} is no number")
        return number


def read_xml(text: str, name: str) -> Element:
    """The root.

    Raises:
        InvalidInput: it is no XML, or has a DOCTYPE; the message gives the line.
    """
    builder = _Builder(name)
    try:
        builder.parser.Parse(text.removeprefix("\ufeff"), True)
    except expat.ExpatError as error:
        reason = expat.ErrorString(error.code)
        raise InvalidInput(f"{name}, line {error.lineno}, column {error.offset + 1}: no XML: {reason}") from error
    return builder.root


class _Builder:
    def __init__(self, name: str) -> None:
        self._name = name
        self._open: list[Element] = []
        self.root: Element
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._doctype
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text

    @property
    def _where(self) -> str:
        return f"{self._name}, line {self.parser.CurrentLineNumber}"

    def _doctype(self, *_: object) -> None:
        raise InvalidInput(f"{self._where}: a DOCTYPE is not read, for it may hold anything; take that line out")

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        element = Element(tag, self._where, attributes)
        if self._open:
            self._open[-1].children.append(element)
        else:
            self.root = element
        self._open.append(element)
        if len(self._open) > _MAX_DEPTH:
            raise InvalidInput(f"{self._where}: elements are nested too deeply")

    def _end(self, _: str) -> None:
        self._open.pop()

    def _text(self, text: str) -> None:
        self._open[-1].pieces.append(text)


def written(text: str) -> str:
    """As the text of an element.

    Raises:
        InvalidInput: XML 1.0 has no such character (https://www.w3.org/TR/xml/#charsets).
    """
    return escape(_checked(text))


def quoted(text: str) -> str:
    """As an attribute, with its quotes; raises as `written`."""
    return quoteattr(_checked(text))


def _checked(text: str) -> str:
    for character in text:
        code = ord(character)
        if (code < 0x20 and character not in "\t\n\r") or 0xD800 <= code <= 0xDFFF or code in (0xFFFE, 0xFFFF):
            raise InvalidInput(f"XML cannot hold the character U+{code:04X} of {text!a}; give it another name")
    return text
