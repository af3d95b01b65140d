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
    known["other school"] = made["id"]
    where = {"institution_id": made["id"]}
    await stage.do(WHO, "change_institution", {"street": "Schulstraße 1a"}, at=made, **where)
    await stage.do(WHO, "read_institution", **where)
    await stage.do(WHO, "list_institutions", query={"institution_type": "schule", "limit": 2})
    await _offering(stage, where)
    good = {"take_good_lines": "true"}
    await stage.do(WHO, "import_institutions", SHEET, query=good, media_type="text/csv")
    await stage.do(WHO, "import_institutions", {"csv": SHEET}, query=good)


async def _offering(stage: Stage, school: dict[str, str]) -> None:
    """A site and an offer, how many places are free, and both in the shape of the standard."""
    place = {"name": "Haus B", "municipality": "05170048", "street": "Am Park 2", "postcode": "46562"}
    site = await stage.do(WHO, "create_site", place, **school)
    there = {**school, "site_id": site["id"]}
    await stage.do(WHO, "change_site", {"phone": "0281 4712"}, at=site, **there)
    await stage.do(WHO, "read_site", **there)
    await stage.do(WHO, "list_sites", query={"limit": 2}, **school)
    course = {
        "institution_id": school["institution_id"], "name": "Elterncafé", "topics": ["school", "language"],
        "description": "Eltern lernen Deutsch, während die Kinder im Unterricht sind.",
        "languages": ["deu", "ara"], "minimum_age": 18, "how_to_apply": "Einfach kommen",
        "fees": "kostenfrei",
        "programme": "Familienklassen des Landes",
        "opening_hours": [{"days": ["WE"], "opens": "08:30", "closes": "10:30"}], "site_ids": [site["id"]],
    }  # fmt: skip
    offer = await stage.do(WHO, "create_offer", course)
    which = {"offer_id": offer["id"]}
    await stage.do(WHO, "change_offer", {"audience": "Eltern der Klassen 5 und 6"}, at=offer, **which)
    await stage.do(WHO, "tell_offer_capacity", {"free_places": 4, "places": 15}, **which)
    await stage.do(WHO, "read_offer", **which)
    await stage.do(WHO, "list_offers", query={"topic": "language", "is_free": "true", "limit": 2})
    await stage.do(WHO, "read_hsds_root")
    await stage.do(WHO, "list_hsds_services", query={"search": "Eltern", "per_page": 2})
    service = await stage.do(WHO, "read_hsds_service", service_id=offer["id"])
    (at,) = service["service_at_locations"]
    term = service["attributes"][0]["taxonomy_term"]
    taxonomy = {"taxonomy_id": term["taxonomy_detail"]["id"]}
    await stage.do(WHO, "list_hsds_organizations", query={"search": "Gesamtschule", "per_page": 2})
    await stage.do(WHO, "read_hsds_organization", organization_id=school["institution_id"])
    await stage.do(WHO, "list_hsds_service_at_locations", query={"per_page": 2})
    await stage.do(WHO, "read_hsds_service_at_location", at_location_id=at["id"])
    await stage.do(WHO, "list_hsds_taxonomies", query={"per_page": 2})
    await stage.do(WHO, "read_hsds_taxonomy", **taxonomy)
    await stage.do(WHO, "list_hsds_taxonomy_terms", query={**taxonomy, "per_page": 2})
    await stage.do(WHO, "read_hsds_taxonomy_term", term_id=term["id"])
