"""Reading the XML of office files as it is unpacked: by expat, whole, without document types or entities.

Nothing is kept of a part and nothing is cut: what was not read is not accepted. Names are compared without
prefix and namespace, whatever alphabet the part is written in.
"""

from collections.abc import Callable
from typing import Any, Protocol
from xml.parsers import expat

from app.documents.inspection.refusals import Reason, Refused

_ENCODINGS = {"utf-8", "utf-16", "us-ascii"}
"""Encodings that every reader of office files knows and reads alike."""
_BEFORE = b"\xef\xbb\xbf\xff\xfe\x00\t\n\r "

Attributes = dict[str, str]


class Watch(Protocol):
    """What looks at the elements of a part."""

    def begin(self, name: str, attributes: Attributes, part: "Part") -> None:
        """Look at the beginning of an element, its name in small letters. Raises Refused."""


class Part:
    """One part while it is read."""

    def __init__(self, name: str, watch: Watch) -> None:
        self.name = name
        self._watch = watch
        self._is_in_text = False
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._begin
        self._parser.XmlDeclHandler = _require_encoding
        self._parser.StartDoctypeDeclHandler = _refuse
        self._parser.EntityDeclHandler = _refuse

    def feed(self, piece: bytes, *, is_last: bool = False) -> None:
        """Read on. Raises Refused."""
        try:
            self._parser.Parse(piece, is_last)
        except (expat.ExpatError, ValueError):
            raise Refused(Reason.DAMAGED) from None

    def text_of_element(self, then: Callable[[str], None]) -> None:
        """Give the text of the element that just began to somebody; it may hold no other element."""
        pieces: list[str] = []
        self._is_in_text = True

        def end(_: str) -> None:
            self._parser.CharacterDataHandler = self._parser.EndElementHandler = None
            self._is_in_text = False
            then("".join(pieces))

        self._parser.CharacterDataHandler = pieces.append
        self._parser.EndElementHandler = end

    def _begin(self, name: str, attributes: Attributes) -> None:
        if self._is_in_text:
            raise Refused(Reason.AMBIGUOUS)
        self._watch.begin(local(name), attributes, self)


def local(name: str) -> str:
    """Return a name without its namespace, in small letters."""
    return name[name.rfind(" ") + 1 :].casefold()


def by_local(attributes: Attributes) -> Attributes:
    """Return attributes by their names without namespaces. Raises Refused where two would be one."""
    found = {local(name): value for name, value in attributes.items()}
    if len(found) < len(attributes):
        raise Refused(Reason.AMBIGUOUS)
    return found


def is_markup(beginning: bytes) -> bool:
    """Say whether a part would be read as XML whatever its name says."""
    rest = beginning.lstrip(_BEFORE)
    return rest.startswith(b"<") or (not rest and bool(beginning.strip(b"\0")))


def _require_encoding(_: str, encoding: str | None, __: int) -> None:
    if encoding is not None and encoding.lower() not in _ENCODINGS:
        raise Refused(Reason.DAMAGED)


def _refuse(*_: Any) -> None:
    raise Refused(Reason.ACTIVE)
