"""A case manager brings the sheet of the office: read, decided about, taken; another one undone."""

from tests.contract.stage import Stage

WHO = "Anja Berger"
FILE = "application/octet-stream"
SHEET = """Aktenzeichen;Vorname;Nachname;Geburtsdatum;Staatsangehörigkeiten;Deutschniveau
KIM-0001;Olena;Kowalenko;31.12.1990;Ukraine;A2
KIM-0002;Mykola;Kowalenko;2015;Ukraine;
KIM-0003;Olena;Kovalenko;31.12.1990;Ukraine;A2
KIM-0004;Ioana;Popescu;31.02.1985;Rumänien;B1
"""
MAPPING = {
    "columns": {
        "key": "Aktenzeichen",
        "given_name": "Vorname",
        "family_name": "Nachname",
        "birth_date": "Geburtsdatum",
        "nationalities": "Staatsangehörigkeiten",
        "german": "Deutschniveau",
    },
    "constants": {"contact_language": "Deutsch"},
}


async def play(stage: Stage, _: dict[str, str]) -> None:
    """Of four rows two are taken, one is left out, one is bad; the import of another day is undone."""
    await stage.do(WHO, "read_import_template", kind="clients")
    announced = {"kind": "clients", "mapping": MAPPING}
    key = {"Idempotency-Key": "import-0001"}
    found = await stage.do(WHO, "announce_import", announced, headers=key)
    here = {"import_id": found["id"]}
    await stage.do(WHO, "read_import_sheet", SHEET, media_type=FILE, **here)
    await stage.do(WHO, "list_import_rows", query={"only_bad": "true", "limit": 10}, **here)
    await stage.do(WHO, "decide_import_row", {"decision": "skip"}, row_number="4", **here)
    await stage.do(WHO, "take_import_rows", {"skip_bad": True}, **here)
    await stage.do(WHO, "read_import", **here)
    await stage.do(WHO, "undo_import", **here)
    await stage.do(WHO, "list_imports", query={"limit": 2})
