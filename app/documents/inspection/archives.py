"""Office files, which are ZIP archives: every part is unpacked once, counted, and what matters looked at."""

import re
import struct
import zlib
from dataclasses import dataclass, field
from io import BytesIO
from zipfile import BadZipFile, ZipFile, ZipInfo

from app.documents.inspection.refusals import Reason, Refused, has_second_identity
from app.documents.kinds import DOCX, ODS, ODT, XLSX, Kind

MOST_PARTS = 3_000
MOST_UNPACKED = 150 * 1024 * 1024
"""Bytes of all parts of one file, unpacked."""
MOST_RATIO = 200
"""Times that a part above a megabyte may be larger than it is packed; text packs by a factor of ten."""
MOST_READ = 8 * 1024 * 1024
"""Bytes of a part that says what the file does; they are small in every real file."""

_STEP = 256 * 1024
_MEGABYTE = 1024 * 1024
_CONTENT_TYPES = "[Content_Types].xml"
_MAIN = (
    (b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml", DOCX),
    (b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml", XLSX),
)
_OPEN_DOCUMENT = {ODT.media_type.encode(): ODT, ODS.media_type.encode(): ODS}
_MACROS = re.compile(
    r"(?:^|/)(?:vbaProject|vbaData)|(?:^|/)(?:activeX|macrosheets|customUI)/|^(?:Basic|Scripts)/",
    re.IGNORECASE,
)
_PROGRAMS = re.compile(
    r"\.(?:exe|dll|com|scr|js|vbs|ps1|bat|cmd|jar|lnk|hta|html?|svg|zip|docm|xlsm|iso|msi)$|(?:^|/)oleObject",
    re.IGNORECASE,
)
_ACTIVE_TYPES = re.compile(rb"macroEnabled|vbaProject|ms-office\.activeX|oleObject", re.IGNORECASE)
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>", re.IGNORECASE)
_EXTERNAL = re.compile(rb"TargetMode\s*=\s*[\"']External[\"']", re.IGNORECASE)
_LINK = re.compile(rb"Type\s*=\s*[\"'][^\"']*/hyperlink[\"']", re.IGNORECASE)
_ENTITY = re.compile(rb"<!(?:ENTITY|DOCTYPE)", re.IGNORECASE)
_EVENTS = re.compile(rb"<script:event-listener|<office:scripts>\s*<|<form:form\b", re.IGNORECASE)
_TELLING = re.compile(r"\.(?:xml|rels)$|^mimetype$", re.IGNORECASE)


@dataclass
class _Unpacked:
    """How much has been unpacked, and the parts that say what the file is and does."""

    left: int = MOST_UNPACKED
    parts: dict[str, bytes] = field(default_factory=dict)


def inspect_archive(content: bytes) -> Kind:
    """Return the kind of an office file. Raises Refused."""
    _check_frame(content)
    unpacked = _Unpacked()
    try:
        with ZipFile(BytesIO(content)) as archive:
            entries = archive.infolist()
            _check_names(entries)
            for entry in entries:
                _unpack(archive, entry, unpacked)
    except (BadZipFile, zlib.error, EOFError, RuntimeError, struct.error, OSError, ValueError):
        raise Refused(Reason.DAMAGED) from None
    kind = _kind(unpacked.parts)
    _check_harmless(unpacked.parts)
    return kind


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
    if len({name.lower() for name in names}) < len(names):
        raise Refused(Reason.AMBIGUOUS)
    if any(name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/") for name in names):
        raise Refused(Reason.AMBIGUOUS)
    if any(_MACROS.search(name) or _PROGRAMS.search(name) for name in names):
        raise Refused(Reason.ACTIVE)


def _unpack(archive: ZipFile, entry: ZipInfo, unpacked: _Unpacked) -> None:
    """Unpack one part, counting what really comes out: an archive may lie about sizes."""
    kept, size = bytearray(), 0
    tells = _TELLING.search(entry.filename) is not None
    with archive.open(entry) as part:
        while chunk := part.read(_STEP):
            size += len(chunk)
            unpacked.left -= len(chunk)
            too_steep = size > _MEGABYTE and size > MOST_RATIO * max(entry.compress_size, 1)
            if unpacked.left < 0 or too_steep:
                raise Refused(Reason.BOMB)
            if tells and len(kept) < MOST_READ:
                kept += chunk
    if tells:
        unpacked.parts[entry.filename] = bytes(kept)


def _kind(parts: dict[str, bytes]) -> Kind:
    types = parts.get(_CONTENT_TYPES)
    if types is None:
        kind = _OPEN_DOCUMENT.get(parts.get("mimetype", b"").strip())
        if kind is None or "META-INF/manifest.xml" not in parts:
            raise Refused(Reason.KIND)
        return kind
    if _ACTIVE_TYPES.search(types):
        raise Refused(Reason.ACTIVE)
    found = [kind for main, kind in _MAIN if main in types]
    if len(found) != 1:
        raise Refused(Reason.KIND)
    return found[0]


def _check_harmless(parts: dict[str, bytes]) -> None:
    if b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
        raise Refused(Reason.ENCRYPTED)
    for name, part in parts.items():
        if name.lower().endswith(".rels") and _reaches_outside(part):
            raise Refused(Reason.ACTIVE)
        if _ENTITY.search(part) or _EVENTS.search(part):
            raise Refused(Reason.ACTIVE)


def _reaches_outside(relations: bytes) -> bool:
    """Say whether a file fetches something from elsewhere when it is opened; a link waits to be clicked."""
    each = _RELATION.findall(relations)
    return any(_EXTERNAL.search(one) and not _LINK.search(one) for one in each)
