"""Office files, which are ZIP archives: every part is unpacked once, counted, and read where it is XML."""

import re
import struct
import zlib
from dataclasses import dataclass
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from app.documents.inspection.markup import Part, is_markup
from app.documents.inspection.office import OfficeWatch
from app.documents.inspection.opendocument import OpenDocumentWatch
from app.documents.inspection.refusals import Reason, Refused, has_second_identity
from app.documents.kinds import Kind

MOST_PARTS = 3_000
MOST_UNPACKED = 150 * 1024 * 1024
"""Bytes of all parts of one file, unpacked."""
MOST_RATIO = 200
"""Times that a part above a megabyte may be larger than it is packed; text packs by a factor of ten."""

_STEP = 256 * 1024
_MEGABYTE = 1024 * 1024
_CONTENT_TYPES = "[Content_Types].xml"
_MANIFEST = "META-INF/manifest.xml"
_MACROS = re.compile(
    r"(?:^|/)(?:vbaProject|vbaData)|(?:^|/)(?:activeX|macrosheets|customUI)/|^(?:Basic|Scripts|Dialogs)/",
    re.IGNORECASE,
)
_PROGRAMS = re.compile(
    r"\.(?:exe|dll|com|scr|js|vbs|ps1|bat|cmd|jar|lnk|hta|html?|mht|rtf|svg|zip|docm|dotm|xlsm|xlsb|iso|msi)$"
    r"|(?:^|/)oleObject",
    re.IGNORECASE,
)
_XML = re.compile(r"\.(?:xml|rels|vml|rdf)$", re.IGNORECASE)


@dataclass
class _Room:
    """How much may still be unpacked."""

    left: int = MOST_UNPACKED


def inspect(content: bytes) -> Kind:
    """Return the kind of an office file. Raises Refused."""
    _check_frame(content)
    room = _Room()
    try:
        with ZipFile(BytesIO(content)) as archive:
            entries = archive.infolist()
            _check_names(entries)
            watch = _watch(archive, {entry.filename for entry in entries})
            for entry in entries:
                _unpack(archive, entry, watch, room)
    except (BadZipFile, zlib.error, EOFError, RuntimeError, struct.error, OSError,
            ValueError):  # fmt: skip
        raise Refused(Reason.DAMAGED) from None
    return watch.kind()


def _check_frame(content: bytes) -> None:
    """Let nothing stand after the end of the archive, where another file could hide."""
    if has_second_identity(content, own="zip"):
        raise Refused(Reason.AMBIGUOUS)
    end = content.rfind(b"PK\x05\x06")
    if end < 0:
        raise Refused(Reason.DAMAGED)
    if len(content) != end + 22:
        raise Refused(Reason.AMBIGUOUS)


def _check_names(entries: list[ZipInfo]) -> None:
    if len(entries) > MOST_PARTS:
        raise Refused(Reason.BOMB)
    names = [entry.filename for entry in entries]
    if any(entry.flag_bits & 0x41 for entry in entries):
        raise Refused(Reason.ENCRYPTED)
    if any(entry.compress_type not in {ZIP_STORED, ZIP_DEFLATED} for entry in entries):
        raise Refused(Reason.DAMAGED)
    if len({name.lower() for name in names}) < len(names):
        raise Refused(Reason.AMBIGUOUS)
    if any("\0" in entry.orig_filename or "\\" in entry.orig_filename for entry in entries):
        raise Refused(Reason.AMBIGUOUS)
    if any(name.startswith("/") or ".." in name.split("/") for name in names):
        raise Refused(Reason.AMBIGUOUS)
    if any(_MACROS.search(name) or _PROGRAMS.search(name) for name in names):
        raise Refused(Reason.ACTIVE)


def _watch(archive: ZipFile, names: set[str]) -> OfficeWatch | OpenDocumentWatch:
    """Return what looks at a file of this family; none is of both."""
    is_office, is_open = _CONTENT_TYPES in names, "mimetype" in names or _MANIFEST in names
    if is_office and is_open:
        raise Refused(Reason.AMBIGUOUS)
    if is_office:
        return OfficeWatch()
    if not {"mimetype", _MANIFEST} <= names:
        raise Refused(Reason.KIND)
    with archive.open("mimetype") as part:
        return OpenDocumentWatch(part.read(_STEP))


def _unpack(archive: ZipFile, entry: ZipInfo, watch: OfficeWatch | OpenDocumentWatch, room: _Room) -> None:
    """Unpack and read one part, counting what really comes out: an archive may lie about sizes."""
    size, part = 0, None
    is_named_so = _XML.search(entry.filename) is not None
    with archive.open(entry) as packed:
        while piece := packed.read(_STEP):
            if size == 0 and (is_named_so or is_markup(piece)):
                part = Part(entry.filename, watch)
            size += len(piece)
            room.left -= len(piece)
            too_steep = size > _MEGABYTE and size > MOST_RATIO * max(entry.compress_size, 1)
            if room.left < 0 or too_steep:
                raise Refused(Reason.BOMB)
            part = _read_on(part, piece, is_named_so=is_named_so)
    _read_on(part, b"", is_named_so=is_named_so, is_last=True)


def _read_on(part: Part | None, piece: bytes, *, is_named_so: bool, is_last: bool = False) -> Part | None:
    """Read on in a part; what only began like XML, as a font may, is left alone where it ceases to be."""
    if part is None:
        return None
    try:
        part.feed(piece, is_last=is_last)
    except Refused as refused:
        if is_named_so or refused.reason is not Reason.DAMAGED:
            raise
        return None
    return part
