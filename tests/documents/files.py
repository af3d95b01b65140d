"""Files for tests, made as small as their kinds allow, harmless and otherwise."""

import zlib
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from PIL import Image

TEXT = "Bescheinigung über die Anmeldung zur Schule, Klasse 3.\n".encode()
EICAR_LIKE = b"KIM-TEST-SIGNATURE-OF-OUR-OWN\n"
"""What the scanners of the tests find: no virus, and not EICAR's file, which other scanners take away."""

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


def pdf(*, body: bytes = b"", trailer: bytes = b"", after: bytes = b"") -> bytes:
    """Return a PDF with a page, and whatever is added to it."""
    return (
        b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
        b"2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n"
        b"3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>\nendobj\n"
        + body
        + b"trailer\n<< /Root 1 0 R "
        + trailer
        + b">>\n%%EOF\n"
        + after
    )


def object_stream(content: bytes) -> bytes:
    """Return a compressed object stream, in which objects hide."""
    packed = zlib.compress(content, 9)
    return (
        b"9 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n" % len(packed)
        + packed
        + b"\nendstream\nendobj\n"
    )


def picture(form: str = "PNG", size: tuple[int, int] = (8, 8)) -> bytes:
    """Return a picture."""
    written = BytesIO()
    Image.new("L", size, 200).save(written, form)
    return written.getvalue()


def archive(parts: dict[str, bytes], *, stored_first: bool = False) -> bytes:
    """Return a ZIP archive of these parts in this order."""
    written = BytesIO()
    with ZipFile(written, "w", ZIP_DEFLATED) as made:
        for number, (name, content) in enumerate(parts.items()):
            how = ZIP_STORED if stored_first and number == 0 else ZIP_DEFLATED
            made.writestr(name, content, compress_type=how)
    return written.getvalue()


def word(more: dict[str, bytes] | None = None, *, types: str = _WORD) -> bytes:
    """Return a Word file, with further parts."""
    named = f'<Types><Override PartName="/word/document.xml" ContentType="{types}"/></Types>'
    parts = {"[Content_Types].xml": named.encode(), "word/document.xml": b'<w:document xmlns:w="urn:w"/>'}
    return archive({**parts, **(more or {})})


def excel(more: dict[str, bytes] | None = None) -> bytes:
    """Return an Excel file, with further parts."""
    return word(more, types=_EXCEL)


def open_document(
    kind: str = "text", manifest: bytes = b"<manifest/>", more: dict[str, bytes] | None = None
) -> bytes:
    """Return an OpenDocument file."""
    mimetype = f"application/vnd.oasis.opendocument.{kind}".encode()
    parts = {"mimetype": mimetype, "content.xml": b'<o:document-content xmlns:o="urn:o"/>'}
    return archive({**parts, "META-INF/manifest.xml": manifest, **(more or {})}, stored_first=True)
