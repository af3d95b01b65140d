"""Letters through the API: written from the case, kept as documents, obeying safe contact."""

from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from app.access.roles import Role
from app.letters.languages import OTHERS
from tests.cases.arrange import a_client, close, open_case
from tests.clients.arrange import add_period, assign
from tests.consents.arrange import give_consent
from tests.documents.arrange import Office, an_office, another_shelf
from tests.documents.test_store import Broken
from tests.letters.test_pages import text_of
from tests.world import Person, World

VISIT = {"kind": "appointment", "starts_at": "2030-03-05T09:30:00Z", "place": "Raum 12"}


@pytest.fixture
async def office(world: World) -> Office:
    return await an_office(world)


async def write(office: Office, body: dict[str, Any], by: Person | None = None) -> httpx.Response:
    return await (by or office.lead).post(f"/v1/cases/{office.case_id}/letters", body)


async def read(office: Office, answer: httpx.Response) -> str:
    """Return the words of a letter that was written."""
    assert answer.status_code == 201, answer.text
    content = await office.lead.get(f"/v1/documents/{answer.json()['id']}/content")
    assert content.status_code == 200
    return text_of(content.content)


async def known(office: Office, assignment: str) -> None:
    """Change what is known of the client."""
    await office.world.admin.execute(f"UPDATE clients SET {assignment} WHERE id = $1", UUID(office.client_id))


async def test_an_invitation_is_kept_as_a_document_of_the_case(office: Office) -> None:
    answer = await write(office, {**VISIT, "language": "ara", "with_interpreter": True})
    made = answer.json()
    assert (made["source"], made["kind"], made["category"]) == ("letter", "pdf", "letter")
    assert made["title"] == "Einladung zu einem Termin"
    text = await read(office, answer)
    for said in ("Amina Haddad", "05.03.2030", "10:30", "Raum 12", "Eine Sprachmittlung ist dabei"):
        assert said in text


@pytest.mark.parametrize("language", ["eng", "ukr", "ara", "tur", "ron", "bul", None])
async def test_a_privacy_notice_exists_in_every_language(office: Office, language: str | None) -> None:
    text = await read(office, await write(office, {"kind": "privacy_notice", "language": language}))
    assert "Art. 13 DSGVO" in text


async def test_a_consent_form_names_exactly_what_is_consented_to(office: Office) -> None:
    school = await office.world.institution("school", "Gesamtschule Auental")
    body = {
        "kind": "consent_form", "purpose": "referral", "institution_id": str(school), "language": "ukr",
        "data_categories": ["master_data", "education_language"], "direction": "to",
    }  # fmt: skip
    text = await read(office, await write(office, body))
    for said in ("Gesamtschule Auental", "Stammdaten", "Bildung und Sprache", "Wir dürfen Angaben geben"):
        assert said in text
    assert "Gesundheit /" not in text


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"purpose": "referral"}, "body.institution_id"),
        ({"purpose": "gossip"}, "body.purpose"),
        ({"data_categories": ["gossip"]}, "body.data_categories.0"),
        ({"text_version": "99"}, "body.text_version"),
        ({"valid_until": "2020-01-01"}, "body.valid_until"),
        ({"valid_until": "2199-12-31"}, "body.valid_until"),
        ({"language": "fra"}, "body.language"),
        ({"data_categories": []}, "body.data_categories"),
    ],
)
async def test_a_form_for_no_valid_consent_is_not_written(
    office: Office, changes: dict[str, Any], place: str
) -> None:
    body = {"kind": "consent_form", "purpose": "case_documentation", "data_categories": ["contact"],
            "direction": "to", **changes}  # fmt: skip
    answer = await write(office, body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["place"] == place
    assert office.blobs() == []


async def test_a_text_that_does_not_exist_in_a_language_names_those_in_which_it_does(office: Office) -> None:
    school = await office.world.institution("school")
    body = {"kind": "consent_form", "purpose": "feedback", "institution_id": str(school), "language": "ara",
            "data_categories": ["contact"], "direction": "from"}  # fmt: skip
    answer = await write(office, body)
    assert answer.json()["errors"][0]["kind"] == "no_text"
    assert answer.json()["detail"] == "Beside German the text exists in: eng."


@pytest.mark.parametrize("language", ["deu", "fra", ""])
async def test_a_letter_says_which_languages_it_has_beside_german(office: Office, language: str) -> None:
    answer = await write(office, {"kind": "privacy_notice", "language": language})
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["place"], error["kind"]) == (422, "body.language", "not_beside_german")
    for code in OTHERS:
        assert code in error["message"]
    assert "German alone" in error["message"]


async def test_post_carries_the_address(office: Office) -> None:
    await add_period(office.lead, office.client_id, "addresses", strand="registered", street="Markt 1",
                     postcode="46483", town="Wesel")  # fmt: skip
    text = await read(office, await write(office, {**VISIT, "delivery": "post"}))
    assert "Markt 1" in text
    assert "46483 Wesel" in text
    assert "Markt 1" not in await read(office, await write(office, VISIT))


@pytest.mark.parametrize(
    "assignment", ["no_post = true", "contact_channels = '{phone,email}'", "is_restricted = true"]
)
async def test_post_is_refused_where_safe_contact_forbids_it(office: Office, assignment: str) -> None:
    await add_period(office.lead, office.client_id, "addresses", strand="registered", street="Markt 1")
    await known(office, assignment)
    answer = await write(office, {**VISIT, "delivery": "post"})
    assert (answer.status_code, answer.json()["code"]) == (409, "post_forbidden")
    assert (await write(office, VISIT)).status_code == 201


async def test_the_address_of_a_shelter_is_on_no_letter(office: Office) -> None:
    await add_period(office.lead, office.client_id, "addresses", strand="registered", street="Markt 1")
    await add_period(
        office.lead, office.client_id, "addresses", strand="actual", housing_type="womens_shelter"
    )
    answer = await write(office, {**VISIT, "delivery": "post"})
    assert answer.status_code == 409
    assert "Markt" not in answer.text


async def test_without_an_address_nothing_goes_by_post(office: Office) -> None:
    answer = await write(office, {**VISIT, "delivery": "post"})
    assert (answer.status_code, answer.json()["missing"]) == (409, ["address"])


BASES = {"client": "client_hands_over", "letter": "consent"}


async def a_referral(office: Office, channel: str = "client") -> str:
    institution = await office.world.institution()
    await give_consent(office.lead, office.client_id, institution)
    body = {
        "case_id": office.case_id, "institution_id": str(institution), "channel": channel,
        "legal_basis": BASES[channel], "data_categories": ["master_data"],
        "concern_text": "Hilfe beim Antrag",
    }  # fmt: skip
    answer = await office.lead.post("/v1/referrals", body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def test_the_client_carries_exactly_the_package(office: Office) -> None:
    await known(office, "phone = '0201 999'")
    referral = await a_referral(office)
    body = {"kind": "referral_handover", "referral_id": referral}
    early = await write(office, body)
    assert (early.status_code, early.json()["missing"]) == (409, ["package"])
    sent = await office.lead.post(f"/v1/referrals/{referral}/send")
    assert sent.status_code == 200, sent.text
    await known(office, "given_name = 'Später'")
    text = await read(office, await write(office, body))
    assert "Vorname" not in text
    for said in ("Amina Haddad", "01.04.1990", "Hilfe beim Antrag", "jobcenter"):
        assert said in text
    assert "0201" not in text


async def test_a_referral_that_goes_another_way_is_not_carried(office: Office) -> None:
    referral = await a_referral(office, "letter")
    answer = await write(office, {"kind": "referral_handover", "referral_id": referral})
    assert (answer.status_code, answer.json()["code"]) == (409, "not_carried_by_client")


async def test_presence_is_confirmed_only_where_somebody_was_present(office: Office) -> None:
    contact = {
        "contact_type": "office",
        "happened_at": "2026-03-02T09:00:00Z",
        "minutes": 45,
        "note": "Schulden",
    }
    made = (await office.lead.post(f"/v1/cases/{office.case_id}/contacts", contact)).json()
    body = {"kind": "counselling_confirmation", "contact_id": made["id"]}
    text = await read(office, await write(office, body))
    assert "02.03.2026" in text
    assert "45 Minuten" in text
    assert "Schulden" not in text
    called = {**contact, "contact_type": "phone"}
    made = (await office.lead.post(f"/v1/cases/{office.case_id}/contacts", called)).json()
    answer = await write(office, {**body, "contact_id": made["id"]})
    assert (answer.status_code, answer.json()["code"]) == (409, "not_present")


async def test_what_belongs_to_another_case_is_in_no_letter(office: Office) -> None:
    other = await an_office(office.world)
    referral = await a_referral(other)
    for body, place in (
        ({"kind": "referral_handover", "referral_id": referral}, "body.referral_id"),
        ({"kind": "counselling_confirmation", "contact_id": str(uuid4())}, "body.contact_id"),
    ):
        answer = await write(office, body)
        assert (answer.status_code, answer.json()["errors"][0]["place"]) == (422, place)


async def test_only_the_team_writes(office: Office) -> None:
    stranger = await office.world.case_manager()
    glass = await office.world.person(Role.TEAM_LEAD)
    await assign(office.world, office.client_id, UUID(office.case_id), glass, "break_glass")
    assert (await write(office, VISIT, stranger)).status_code == 404
    assert (await write(office, VISIT, glass)).status_code == 403
    assert office.blobs() == []


async def test_a_closed_case_gets_no_letter(world: World) -> None:
    lead = await world.case_manager()
    client_id = await a_client(world, lead)
    office = Office(world, lead, client_id, await open_case(lead, client_id, kind="counselling"))
    await close(lead, office.case_id)
    assert (await write(office, VISIT)).status_code == 409


async def test_a_letter_that_cannot_be_kept_leaves_no_half(office: Office) -> None:
    with another_shelf(office.world.app, store=Broken()):
        answer = await write(office, VISIT)
    assert answer.status_code == 503
    assert (await office.lead.get(office.path)).json()["items"] == []


async def test_the_same_submit_twice_writes_one_letter(office: Office) -> None:
    path = f"/v1/cases/{office.case_id}/letters"
    first = await office.lead.post(path, VISIT, idempotency_key="letter-0001")
    again = await office.lead.post(path, VISIT, idempotency_key="letter-0001")
    assert first.json()["id"] == again.json()["id"]
    assert len(office.blobs()) == 1


async def test_a_letter_stands_in_the_journal(office: Office) -> None:
    made = (await write(office, {"kind": "privacy_notice"})).json()
    actions = await office.world.admin.fetchval(
        "SELECT array_agg(action ORDER BY position) FROM audit_journal WHERE object_id = $1", UUID(made["id"])
    )
    assert actions == ["document.add", "letter.privacy_notice", "document.read"]


@pytest.mark.parametrize("letter", [{"kind": "privacy_notice"}, VISIT])
async def test_a_letter_says_where_the_office_is(office: Office, letter: dict[str, Any]) -> None:
    without = await read(office, await write(office, letter))
    await office.world.admin.execute(
        """UPDATE units SET street = 'Marktplatz 3', postcode = '46483', town = 'Wesel'
        WHERE municipal_area_id = $1 AND name = 'KI'""",
        office.world.area,
    )
    text = await read(office, await write(office, letter))
    assert "Marktplatz 3, 46483 Wesel" in text
    assert "Marktplatz" not in without
