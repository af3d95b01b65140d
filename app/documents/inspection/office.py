"""What Word and Excel files do: relations to other places, fields, formulas, embedded programs.

Looked at in every part, whatever it is called: `Relationship` and `ContentType` by their names, and what
fetches, runs or embeds by the elements that stand for it. A link that somebody must click is no danger, as
long as nothing but a link uses its relation.
"""

import re
from collections import defaultdict
from collections.abc import Callable
from posixpath import basename, dirname, join

from app.documents.inspection.formulas import check_sheet_formula
from app.documents.inspection.links import is_inside, is_plain_link
from app.documents.inspection.markup import Attributes, Part, by_local
from app.documents.inspection.refusals import Reason, Refused
from app.documents.kinds import DOCX, XLSX, Kind

_MAIN = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": DOCX,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": XLSX,
}
_ACTIVE_TYPES = re.compile(
    r"macroenabled|vbaproject|vbadata|activex|oleobject|macrosheet|webextension"
    r"|message/rfc822|text/html|application/rtf|xhtml\+xml"
)
_ACTIVE_RELATIONS = {
    "vbaproject", "wordvbadata", "oleobject", "control", "activexcontrol", "activexcontrolbinary",
    "attachedtoolbars", "afchunk", "frame", "subdocument", "mailmergesource", "mailmergeheadersource",
    "extensibility", "webextension", "webextensiontaskpanes", "xlmacrosheet", "xlintlmacrosheet",
    "connections",
}  # fmt: skip
_ACTIVE_ELEMENTS = {"ddelink", "olelink", "oleobject", "altchunk", "connection", "connectstring"}
_FIELD = {"instrtext", "delinstrtext"}
_ACTIVE_FIELDS = {
    "DDE", "DDEAUTO", "INCLUDEPICTURE", "INCLUDETEXT", "INCLUDE", "IMPORT", "LINK", "DATABASE", "EMBED", "RD",
}  # fmt: skip
_BEFORE_WORD, _WORD = re.compile(r"^[^A-Za-z]+"), re.compile(r"[A-Za-z]+")
_FORMULAS = {"f", "formula", "formula1", "formula2", "definedname"}
_PICTURES = {"imagedata", "fill", "stroke"}
_LINKS = {"hyperlink", "hlinkclick", "hlinkhover", "hlinkmouseover"}


class OfficeWatch:
    """Looks at the parts of one file."""

    def __init__(self) -> None:
        self._kinds: set[Kind] = set()
        self._fields: dict[str, str] = {}
        self._links: defaultdict[str, set[str]] = defaultdict(set)
        self._used: defaultdict[str, set[str]] = defaultdict(set)
        self._looks: dict[str, Callable[[Attributes, Part], None]] = {
            "relationship": self._relation,
            "override": self._content_type,
            "default": self._content_type,
            "fldchar": self._begin_field,
            "fldsimple": _check_simple_field,
            **dict.fromkeys(_FIELD, self._read_field),
            **dict.fromkeys(_FORMULAS, _read_formula),
            **dict.fromkeys(_PICTURES, _check_picture),
        }

    def kind(self) -> Kind:
        """Return what the file is, when all of it was read. Raises Refused."""
        if any(ids & self._used[part] for part, ids in self._links.items()):
            raise Refused(Reason.ACTIVE)
        if len(self._kinds) != 1:
            raise Refused(Reason.KIND)
        return next(iter(self._kinds))

    def begin(self, name: str, attributes: Attributes, part: Part) -> None:
        """Look at an element. Raises Refused."""
        if name in _ACTIVE_ELEMENTS:
            raise Refused(Reason.ACTIVE)
        look = self._looks.get(name)
        if look is not None:
            look(attributes, part)
        if name not in _LINKS:
            for key, value in attributes.items():
                if "/relationships " in key:
                    self._used[part.name.lower()].add(value)

    def _relation(self, attributes: Attributes, part: Part) -> None:
        relation = by_local(attributes)
        kind = relation.get("type", "").casefold().strip()
        last = kind.rpartition("/")[2]
        target = relation.get("target", "")
        if last in _ACTIVE_RELATIONS:
            raise Refused(Reason.ACTIVE)
        if relation.get("targetmode", "Internal").strip() == "Internal":
            if not _is_part(target):
                raise Refused(Reason.ACTIVE)
            return
        source = _source(part.name.lower())
        if last != "hyperlink" or not is_plain_link(target) or source in {"", "word/settings.xml"}:
            raise Refused(Reason.ACTIVE)
        self._links[source].add(relation.get("id", ""))

    def _content_type(self, attributes: Attributes, _: Part) -> None:
        kind = by_local(attributes).get("contenttype", "").casefold().strip()
        if _ACTIVE_TYPES.search(kind):
            raise Refused(Reason.ACTIVE)
        if kind in _MAIN:
            self._kinds.add(_MAIN[kind])

    def _begin_field(self, _: Attributes, part: Part) -> None:
        self._fields.pop(part.name, None)

    def _read_field(self, _: Attributes, part: Part) -> None:
        part.text_of_element(lambda text: self._field(part.name, text))

    def _field(self, part: str, text: str) -> None:
        """Look at a field, which may be cut into many runs."""
        whole = self._fields.get(part, "") + text
        self._fields[part] = _BEFORE_WORD.sub("", whole)[:100]
        _check_field(whole)


def _check_field(text: str) -> None:
    word = _WORD.match(_BEFORE_WORD.sub("", text))
    if word and word[0].upper() in _ACTIVE_FIELDS:
        raise Refused(Reason.ACTIVE)


def _check_simple_field(attributes: Attributes, _: Part) -> None:
    _check_field(by_local(attributes).get("instr", ""))


def _read_formula(_: Attributes, part: Part) -> None:
    part.text_of_element(check_sheet_formula)


def _check_picture(attributes: Attributes, _: Part) -> None:
    for key, value in attributes.items():
        if key.rpartition(" ")[2].casefold() in {"src", "href", "althref"} and not is_inside(value):
            raise Refused(Reason.ACTIVE)


def _is_part(target: str) -> bool:
    """Say whether a target is a part of the file; a part may lie above its neighbour, or at the root."""
    return is_inside(target.removeprefix("/").replace("../", ""))


def _source(part: str) -> str:
    """Return the part whose relations a part holds; empty for those of the file as a whole."""
    name = basename(part)
    return join(dirname(dirname(part)), name.removesuffix(".rels")) if name != ".rels" else ""
