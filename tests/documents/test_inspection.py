"""What a file is, from its content alone, and what is refused with which reason."""

import struct
import zlib

import pytest

from app.documents.inspection import Reason, Refused, archives, kind_of, pdf
from app.documents.kinds import KINDS
from tests.documents import files

GOOD = {
    "pdf": files.pdf(body=files.object_stream(b"4 0 << /Type /Font >>")),
    "jpeg": files.picture("JPEG"),
    "png": files.picture("PNG"),
    "tiff": files.picture("TIFF"),
    "docx": files.word({"word/media/image1.png": files.picture()}),
    "xlsx": files.excel(),
    "odt": files.open_document(),
    "ods": files.open_document("spreadsheet"),
    "text": "Grüße aus Bocholt, Привіт, مرحبا\r\n\tEnde".encode("utf-8-sig"),
}


@pytest.mark.parametrize("code", GOOD)
def test_kind_is_found_in_the_content(code: str) -> None:
    assert kind_of(GOOD[code]).code == code


def test_every_kind_has_an_example() -> None:
    assert set(GOOD) == {kind.code for kind in KINDS}


LINK = (
    b'<Relationships><Relationship Type="http://x/hyperlink" Target="https://a.example"'
    b' TargetMode="External"/></Relationships>'
)
FETCH = LINK.replace(b"hyperlink", b"attachedTemplate")
ZIP_END = b"PK\x05\x06" + bytes(18)


def huge_png() -> bytes:
    """Return a picture of a few bytes that claims to have thousands of millions of pixels."""
    small = files.picture()
    header = b"IHDR" + struct.pack(">IIBBBBB", 60_000, 60_000, 8, 0, 0, 0, 0)
    at = small.index(b"IHDR")
    return small[:at] + header + struct.pack(">I", zlib.crc32(header)) + small[at + len(header) + 4 :]


def lying_archive() -> bytes:
    """Return a Word file that says of a part that it is small, and unpacks to much more."""
    honest = files.word({"word/media/big.bin": b"\0" * (40 * 1024 * 1024)})
    true = struct.pack("<I", 40 * 1024 * 1024)
    return honest.replace(true, struct.pack("<I", 100))


BAD: dict[str, tuple[bytes, Reason]] = {
    "nothing": (b"", Reason.EMPTY),
    "svg": (b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>', Reason.KIND),
    "svg after a declaration": (b'\xef\xbb\xbf  <?xml version="1.0"?><svg/>', Reason.KIND),
    "html": (b"<!DOCTYPE html><html></html>", Reason.KIND),
    "html in the middle of a text": (b"Hallo\n<ScRiPt >alert(1)</script>", Reason.KIND),
    "a Windows program": (b"MZ\x90\x00\x03", Reason.KIND),
    "a Linux program": (b"\x7fELF\x02\x01", Reason.KIND),
    "a shell script": (b"#!/bin/sh\nrm -r /\n", Reason.KIND),
    "rtf": (rb"{\rtf1 {\object}}", Reason.KIND),
    "postscript": (b"%!PS-Adobe-3.0\n", Reason.KIND),
    "binary": (b"text\x00text", Reason.KIND),
    "latin-1": ("Müller".encode("latin-1"), Reason.KIND),
    "an old Word file": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), Reason.KIND),
    "an encrypted Word file": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), Reason.ENCRYPTED,
    ),
    "any archive": (files.archive({"readme.txt": b"x"}), Reason.KIND),
    "gif": (files.picture("GIF"), Reason.KIND),
    "pdf, cut off": (files.pdf()[:-8], Reason.DAMAGED),
    "pdf, encrypted": (files.pdf(trailer=b"/Encrypt 7 0 R "), Reason.ENCRYPTED),
    "pdf, encrypted, spelled in hex": (files.pdf(trailer=b"/#45ncrypt 7 0 R "), Reason.ENCRYPTED),
    "pdf with a script": (files.pdf(body=b"4 0 obj\n<< /S /JavaScript /JS (x) >>\nendobj\n"), Reason.ACTIVE),
    "pdf with a script spelled in hex": (files.pdf(body=b"4 0 obj\n<< /S /J#61vaScript >>\n"), Reason.ACTIVE),
    "pdf with a script in an object stream": (
        files.pdf(body=files.object_stream(b"4 0 << /S /JavaScript >>")), Reason.ACTIVE,
    ),
    "pdf that starts a program": (files.pdf(body=b"4 0 obj\n<< /S /Launch >>\nendobj\n"), Reason.ACTIVE),
    "pdf with a file in it": (files.pdf(body=b"4 0 obj\n<< /Type /EmbeddedFile >>\n"), Reason.ACTIVE),
    "pdf whose object stream unpacks to too much": (
        files.pdf(body=files.object_stream(b"4 0 " + b"\0" * pdf.MOST_UNPACKED)), Reason.BOMB,
    ),
    "pdf and archive at once": (files.pdf(after=b"\n")[:-7] + ZIP_END + b"%%EOF\n", Reason.AMBIGUOUS),
    "pdf with something after its end": (files.pdf(after=b"<html>"), Reason.AMBIGUOUS),
    "png and archive at once": (files.picture() + files.archive({"a.txt": b"x"}), Reason.AMBIGUOUS),
    "jpeg and archive at once": (files.picture("JPEG") + files.archive({"a.txt": b"x"}), Reason.AMBIGUOUS),
    "jpeg and pdf at once": (
        files.picture("JPEG")[:20] + b"%PDF-1.7" + files.picture("JPEG")[20:], Reason.AMBIGUOUS,
    ),
    "text and pdf at once": (b"Hallo\n%PDF-1.7\n", Reason.AMBIGUOUS),
    "png, cut off": (files.picture()[:-10], Reason.DAMAGED),
    "jpeg, only its beginning": (b"\xff\xd8\xff\xe0", Reason.DAMAGED),
    "png of far too many pixels": (huge_png(), Reason.BOMB),
    "word with macros": (files.word({"word/vbaProject.bin": b"x"}), Reason.ACTIVE),
    "word that calls itself one with macros": (
        files.word(types="application/vnd.ms-word.document.macroEnabled.main+xml"), Reason.ACTIVE,
    ),
    "word with a program in it": (files.word({"word/embeddings/setup.exe": b"MZ"}), Reason.ACTIVE),
    "word with an object": (files.word({"word/embeddings/oleObject1.bin": b"x"}), Reason.ACTIVE),
    "word that fetches its template": (files.word({"word/_rels/settings.xml.rels": FETCH}), Reason.ACTIVE),
    "word with an entity": (files.word({"word/x.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a/>'}), Reason.ACTIVE),
    "word with a way out": (files.word({"../../etc/passwd": b"x"}), Reason.AMBIGUOUS),
    "word with one name twice": (files.word({"WORD/document.xml": b"x"}), Reason.AMBIGUOUS),
    "word with something after its end": (files.word() + b"MZ", Reason.AMBIGUOUS),
    "word and pdf at once": (b"PK\x03\x04" + b"%PDF-1.7" + files.word()[12:], Reason.AMBIGUOUS),
    "word, damaged": (files.word().replace(b"word/document.xml", b"word/documenT.xml", 1), Reason.DAMAGED),
    "word that unpacks to too much": (
        files.word({"word/media/big.bin": b"\0" * (40 * 1024 * 1024)}), Reason.BOMB,
    ),
    "word of too many parts": (
        files.word({f"word/{number}.bin": b"" for number in range(archives.MOST_PARTS)}), Reason.BOMB,
    ),
    "word and excel at once": (
        files.word({"[content_types].xml": b"x"}), Reason.AMBIGUOUS,
    ),
    "open document with macros": (files.open_document(more={"Basic/script-lc.xml": b"<x/>"}), Reason.ACTIVE),
    "open document, encrypted": (
        files.open_document(manifest=b'<m:m xmlns:m="urn:m"><m:encryption-data/></m:m>'), Reason.ENCRYPTED,
    ),
    "open document of a kind that is not kept": (files.open_document("graphics"), Reason.KIND),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD)
def test_refused_with_a_reason(what: str) -> None:
    content, reason = BAD[what]
    with pytest.raises(Refused) as refused:
        kind_of(content)
    assert refused.value.reason is reason


def test_every_reason_is_given_for_something() -> None:
    assert {reason for _, reason in BAD.values()} == set(Reason) - {Reason.LOST}


def test_an_archive_that_lies_about_sizes_is_not_unpacked_beyond_them() -> None:
    with pytest.raises(Refused):
        kind_of(lying_archive())


def test_an_encrypted_part_is_refused() -> None:
    content = bytearray(files.word())
    at = content.index(b"PK\x01\x02")
    content[at + 8] |= 1
    with pytest.raises(Refused) as refused:
        kind_of(bytes(content))
    assert refused.value.reason is Reason.ENCRYPTED


def test_a_link_that_waits_to_be_clicked_is_no_danger() -> None:
    assert kind_of(files.word({"word/_rels/document.xml.rels": LINK})).code == "docx"
