"""What everybody's forms are made of: catalogues, texts of consents, institutions."""

from tests.contract.stage import Stage

WHO = "Jonas Weber"
SHEET = """name,institution_type,municipality,street,postcode,phone,email,languages
Jobcenter Auental,jobcenter,05170048,Marktplatz 3,46562,0281 20700,post@jobcenter.example,deu ukr
Tafel Auental,charity_none,05170048,,,,,
"""


async def play(stage: Stage, known: dict[str, str]) -> None:
    """Catalogues and the directory."""
    await stage.do(WHO, "list_vocabularies", query={"limit": 2})
    german = {"Accept-Language": "de"}
    domains = {"vocabulary": "life_domain"}
    page = await stage.do(WHO, "list_entries", query={"limit": 2}, headers=german, **domains)
    following = {"limit": 2, "cursor": page["next"]}
    await stage.do(WHO, "list_entries", query=following, headers=german, **domains)
    await stage.do(WHO, "list_consent_texts", query={"limit": 1})

    school = {
        "name": "Gesamtschule Auental", "institution_type": "schule", "municipality": "05170048",
        "street": "Schulstraße 1", "postcode": "46562", "phone": "0281 4711",
        "email": "sekretariat@gesamtschule.example", "languages": ["deu", "ara"],
    }  # fmt: skip
    made = await stage.do(WHO, "create_institution", school)
    where = {"institution_id": made["id"]}
    await stage.do(WHO, "change_institution", {"street": "Schulstraße 1a"}, at=made, **where)
    await stage.do(WHO, "read_institution", **where)
    await stage.do(WHO, "list_institutions", query={"institution_type": "schule", "limit": 2})
    good = {"take_good_lines": "true"}
    await stage.do(WHO, "import_institutions", SHEET, query=good, media_type="text/csv")
    await stage.do(WHO, "import_institutions", {"csv": SHEET}, query=good)
