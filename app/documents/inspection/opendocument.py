"""What OpenDocument files do: references that are fetched, embedded programs, scripts."""

from app.documents.inspection.formulas import check_formula
from app.documents.inspection.links import is_inside, is_on_this_machine, is_plain_link
from app.documents.inspection.markup import Attributes, Part, local
from app.documents.inspection.refusals import Reason, Refused
from app.documents.kinds import ODS, ODT, Kind

_KINDS = {kind.media_type.encode(): kind for kind in (ODT, ODS)}
_ACTIVE = {
    "applet", "connection-resource", "dde-connection", "dde-connection-decl", "dde-link", "dde-source",
    "event-listener", "execute-macro", "floating-frame", "form", "libraries", "library", "object-ole",
    "plugin", "script", "submission",
}  # fmt: skip
_FORMULAS = {"condition", "expression", "formula"}


class OpenDocumentWatch:
    """Looks at the parts of one file."""

    def __init__(self, mimetype: bytes) -> None:
        kind = _KINDS.get(mimetype.strip())
        if kind is None:
            raise Refused(Reason.KIND)
        self._kind = kind

    def kind(self) -> Kind:
        """Return what the file says that it is, when all of it was read."""
        return self._kind

    def begin(self, name: str, attributes: Attributes, part: Part) -> None:  # noqa: ARG002  as for others
        """Look at an element. Raises Refused."""
        if name == "encryption-data":
            raise Refused(Reason.ENCRYPTED)
        if name in _ACTIVE:
            raise Refused(Reason.ACTIVE)
        for key, value in attributes.items():
            if key.endswith(("href", "HREF")) and not _is_harmless(name, value):
                raise Refused(Reason.ACTIVE)
            if local(key) in _FORMULAS:
                check_formula(value)


def _is_harmless(element: str, target: str) -> bool:
    if element == "a":
        return is_plain_link(target)
    if element == "template":
        # From what a text was once made; where it lies on the same machine, nobody else hears of it.
        return is_on_this_machine(target)
    return is_inside(target)
