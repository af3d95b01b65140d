"""What is wrong with a sheet is said in German, by row and column, and nothing of it is taken."""

import io
import zipfile

import pytest

from tests.imports.arrange import an_importer, as_csv, as_xlsx, people, sheet
from tests.world import World

HEAD = ["Aktenzeichen", "Vorname", "Nachname", "Geburtsdatum"]
ROW = ["1", "Olena", "Kowalenko", "31.12.1990"]


def _bomb() -> bytes:
    """Return a workbook of which one part unpacks to 160 MiB."""
    out = io.BytesIO(as_xlsx([HEAD, ROW]))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/more.xml", b"0" * (160 << 20))
    return out.getvalue()


def _with_macros() -> bytes:
    out = io.BytesIO(as_xlsx([HEAD, ROW]))
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"macro")
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", "sheet_empty"),
        (b"\n\n;;\n", "sheet_empty"),
        (as_csv([HEAD]), "no_rows"),
        (b"Aktenzeichen;Vorname\n\x81\x8d\x8f;x\n", "sheet_encoding"),
        (b"\x00\x01\x02;x\n", "sheet_kind"),
        (b"%PDF-1.7 no sheet", "sheet_damaged"),
        (b"PK\x03\x04 half a file", "sheet_damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 an old workbook", "sheet_kind"),
        (as_csv([["a"] * 101, ["b"] * 101]), "too_many_columns"),
        (as_xlsx([[f"h{number}" for number in range(200)], ["b"] * 200]), "too_many_columns"),
        (as_csv([HEAD[1:], ROW[1:]]), "heading_missing"),
        (as_csv([[*HEAD, "Vorname"], [*ROW, "Ira"]]), "heading_twice"),
        (as_csv([HEAD, ["1", "x" * 30_000, "y", ""]]), "cell_too_long"),
        (as_xlsx([HEAD, ROW], Zweites=[HEAD, ROW]), "sheet_ambiguous"),
        (_with_macros(), "sheet_active"),
        (_bomb(), "sheet_bomb"),
    ],
)
async def test_a_sheet_that_cannot_be_read_is_refused_with_the_reason(
    world: World, content: bytes, kind: str
) -> None:
    importer = await an_importer(world)

    assert await importer.refused("clients", content) == kind
    assert await importer.count("import_rows") == 0


async def test_too_many_rows_are_refused(world: World) -> None:
    importer = await an_importer(world)
    rows = [HEAD, *(["1", "Olena", "Kowalenko", ""] for _ in range(20_001))]

    assert await importer.refused("contacts", as_csv(rows), mapping=_of_contacts()) == "too_many_rows"


def _of_contacts() -> dict[str, object]:
    return {
        "columns": {"case_key": "Aktenzeichen", "happened_at": "Geburtsdatum"},
        "constants": {"contact_type": "phone"},
    }


async def test_a_form_around_a_sheet_is_refused(world: World) -> None:
    importer = await an_importer(world)

    answer = await importer.send(
        await importer.announce(), as_csv([HEAD, ROW]), content_type="multipart/form-data; boundary=x"
    )

    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


async def test_more_than_ten_mebibytes_are_refused(world: World) -> None:
    importer = await an_importer(world)

    answer = await importer.send(await importer.announce(), b"x" * (10 * 1024 * 1024 + 1))

    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("columns", "places"),
    [
        ({"given_name": "V", "family_name": "N"}, ["columns.key"]),
        ({"key": "A", "given_name": "V", "family_name": "N", "shoe_size": "S"}, ["columns.shoe_size"]),
    ],
)
async def test_a_mapping_that_does_not_fit_is_refused_at_once(
    world: World, columns: dict[str, str], places: list[str]
) -> None:
    importer = await an_importer(world)

    answer = await importer.person.post("/v1/imports", {"kind": "clients", "mapping": {"columns": columns}})

    assert (answer.status_code, answer.json()["code"]) == (422, "mapping_wrong")
    assert [each["place"] for each in answer.json()["errors"]] == [f"body.mapping.{each}" for each in places]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
async def test_a_csv_is_read_whatever_wrote_it(world: World, encoding: str, separator: str) -> None:
    importer = await an_importer(world)
    row = {"key": "1", "given_name": "Jürgen", "family_name": "Groß; Söhne", "birth_date": "31.12.1990"}

    found = await importer.read("clients", sheet("clients", row, separator=separator, encoding=encoding))
    await importer.take(found["id"])

    (client,) = (await importer.person.get("/v1/clients")).json()["items"]
    assert (client["given_name"], client["family_name"]) == ("Jürgen", "Groß; Söhne")


async def test_each_row_says_in_german_what_is_wrong_and_never_the_value(world: World) -> None:
    importer = await an_importer(world)
    good = {"given_name": "Olena", "family_name": "Kowalenko"}

    found = await importer.read(
        "clients",
        sheet(
            "clients",
            {"key": "1", **good, "birth_date": "31.02.1990"},
            {"key": "2", **good, "birth_date": "31.12.90"},
            {"key": "3", **good, "birth_date": "01.01.2199"},
            {"key": "4", **good, "sex": "Geheimnis"},
            {"key": "5", **good, "given_name": "=HYPERLINK(1)"},
            {"key": "6", **good, "email": "keine"},
            {"key": "7", "family_name": "Kowalenko"},
            {"key": "1", **good},
            {"key": "8", **good, "needs_interpreter": "vielleicht"},
            {"key": "9", **good, "residence_from": "01.01.2020"},
            {"key": "10", **good, "housing_type": "Frauenhaus", "street": "Geheime Gasse 1"},
            {**good},
        ),
    )

    assert await importer.findings(found["id"]) == [
        (2, "birth_date", "not_a_date"),
        (3, "birth_date", "two_digit_year"),
        (4, "birth_date", "in_the_future"),
        (5, "sex", "unknown_code"),
        (6, "given_name", "formula"),
        (7, "email", "email_invalid"),
        (8, "given_name", "missing"),
        (9, "key", "key_twice"),
        (10, "needs_interpreter", "not_a_flag"),
        (11, "residence_status", "missing"),
        (12, "housing_type", "address_not_stored"),
        (13, "key", "missing"),
    ]
    report = await importer.report(found["id"])
    assert report[0]["findings"][0] == {
        "field": "birth_date",
        "column": "Geburtsdatum",
        "kind": "not_a_date",
        "message": "Das ist kein Datum des Kalenders. Erwartet wird zum Beispiel 31.12.1999.",
    }
    assert "Geheim" not in str(report)


async def test_a_formula_of_a_workbook_is_not_taken_over(world: World) -> None:
    importer = await an_importer(world)

    found = await importer.read("clients", as_xlsx([HEAD, ["1", "=1+1", "Kowalenko", None]]))

    assert await importer.findings(found["id"]) == [(2, "given_name", "formula")]


async def test_one_bad_row_keeps_all_from_being_taken_unless_asked(world: World) -> None:
    importer = await an_importer(world)
    found = await importer.read("clients", sheet("clients", *people(3), {"key": "x", "given_name": "Ira"}))

    answer = await importer.person.post(f"/v1/imports/{found['id']}/take", {})

    assert (answer.status_code, answer.json()["code"], answer.json()["bad"]) == (409, "rows_hinder", 1)
    assert await importer.count("clients") == 0
    done = await importer.take(found["id"], skip_bad=True)
    assert (done["rows"]["taken"], done["rows"]["bad"]) == (3, 1)


async def test_rows_that_name_nobody_known_are_bad(world: World) -> None:
    importer = await an_importer(world)

    found = await importer.read(
        "cases",
        sheet("cases", {"key": "F", "client_key": "nobody", "kind": "Beratung", "access_route": "self"}),
    )

    assert await importer.findings(found["id"]) == [(2, "client_key", "unknown_client")]


async def test_values_are_read_by_the_words_of_the_mapping(world: World) -> None:
    importer = await an_importer(world)
    mapping = {
        "columns": {"key": "Nr", "given_name": "Vorname", "family_name": "Name", "sex": "G"},
        "values": {"sex": {"1": "m", "2": "w"}},
        "constants": {"contact_language": "Ukrainisch"},
        "sheet": "Liste",
    }
    rows = [["  NR ", "vorname", "Name", "G"], [7, "Olena", "Bondar", 2]]

    found = await importer.read("clients", as_xlsx([["leer"]], Liste=rows), mapping=mapping)
    await importer.take(found["id"])

    (client,) = (await importer.person.get("/v1/clients")).json()["items"]
    read = (await importer.person.get(f"/v1/clients/{client['id']}")).json()
    assert (read["sex"], read["contact_language"]) == ("w", "ukr")


async def test_empty_rows_are_passed_over_and_numbers_are_those_of_the_sheet(world: World) -> None:
    importer = await an_importer(world)

    found = await importer.read(
        "clients", as_csv([[], HEAD, [], ROW, ["", " ", "", ""], ["2", "", "Ira", ""]])
    )

    assert [(row["number"], row["state"]) for row in await importer.report(found["id"])] == [
        (4, "ready"), (6, "bad"),
    ]  # fmt: skip
