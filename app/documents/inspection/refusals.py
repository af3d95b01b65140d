"""Why a file is refused."""

from enum import StrEnum


class Reason(StrEnum):
    """A reason; its value is the stable code of the answer."""

    EMPTY = "document_empty"
    KIND = "document_kind_not_accepted"
    DAMAGED = "document_damaged"
    ENCRYPTED = "document_encrypted"
    ACTIVE = "document_active_content"
    AMBIGUOUS = "document_ambiguous"
    BOMB = "document_bomb"
    LOST = "document_not_inspected"
    """Looking into it took more than it may, or failed."""


class Refused(Exception):
    """A file that is not kept."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


def has_second_identity(content: bytes, *, own: str) -> bool:
    """Say whether a file would also open as another kind: readers look for PDF near the beginning, for ZIP
    at the end.
    """
    pdf = own != "pdf" and b"%PDF-" in content[:1024]
    archive = own != "zip" and b"PK\x05\x06" in content[-65_557:]
    return pdf or archive
