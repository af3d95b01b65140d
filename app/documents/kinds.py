"""The kinds of files that are kept, as data: all else is refused, HTML, SVG and programs among it."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind: its code, its media type, how a file of it is called, and what it is for people."""

    code: str
    media_type: str
    extension: str
    label: str


PDF: Final = Kind("pdf", "application/pdf", "pdf", "PDF")
JPEG: Final = Kind("jpeg", "image/jpeg", "jpg", "JPEG")
PNG: Final = Kind("png", "image/png", "png", "PNG")
TIFF: Final = Kind("tiff", "image/tiff", "tif", "TIFF")
DOCX: Final = Kind(
    "docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx", "Word (.docx)"
)
XLSX: Final = Kind(
    "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", "Excel (.xlsx)"
)
ODT: Final = Kind("odt", "application/vnd.oasis.opendocument.text", "odt", "OpenDocument text (.odt)")
ODS: Final = Kind(
    "ods", "application/vnd.oasis.opendocument.spreadsheet", "ods", "OpenDocument spreadsheet (.ods)"
)
TEXT: Final = Kind("text", "text/plain", "txt", "plain text")

KINDS: Final = (PDF, JPEG, PNG, TIFF, DOCX, XLSX, ODT, ODS, TEXT)
BY_CODE: Final = {kind.code: kind for kind in KINDS}
ACCEPTED: Final = ", ".join(kind.label for kind in KINDS)
