"""What a partner sees: exactly what was referred to its institution, and nothing else, down to the SQL."""

import base64
import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest

from app.catalogues.source import allowed_categories, load_entries
from app.referrals import partner_feed
from tests.clients.arrange import add_period
from tests.consents.arrange import withdraw
from tests.referrals.arrange import AUTHORITIES, Scene, a_scene, agreed, draft, send, sent, step
from tests.referrals.test_partner_sql import rows
from tests.world import World

KINDS = [entry.code for entry in load_entries() if entry.vocabulary == "institution_type"]
OPEN_TO_NOBODY = [kind for kind in KINDS if not allowed_categories(kind)]
LIMITED = [kind for kind in KINDS if allowed_categories(kind) and kind not in AUTHORITIES]
SPECIAL = {"health", "religion", "ethnic_origin", "sexual_orientation", "political_opinion", "criminal"}

# What is known of the client below, by category and field: written here by hand.
KNOWN: dict[str, set[str]] = {
    "master_data": {"name", "birth_date", "sex", "nationalities", "marital_status"},
    "contact": {"phone", "email", "address", "channels", "times", "language", "needs_interpreter"},
    "residence": {"title"},
    "benefits": {"current"},
    "household": {"household_type", "members"},
    "education_language": {"literacy", "languages", "schooling"},
    "work": {"work_permissions"},
    "housing": {"registered"},
}
FULL: dict[str, Any] = {
    "marital_status": "VH",
    "nationalities": ["475"],
    "phone": "0151 2345678",
    "email": "amina@posteo.de",
    "contact_channels": ["phone", "email", "post"],
    "contact_times": "vormittags",
    "contact_language": "ara",
    "needs_interpreter": True,
    "literacy": "second_script",
    "household_type": "family",
    "household_members": [{"name": "Samir", "birth_year": 2015, "relation": "child"}],
}


async def _full_scene(world: World, kind: str) -> Scene:
    scene = await a_scene(world, kind, **FULL)
    add, client = scene.manager, scene.client_id
    await add_period(
        add, client, "residence-documents", residence_status="AE-104C", valid_from="2024-01-01",
        work_permission="allowed",
    )  # fmt: skip
    await add_period(
        add, client, "legal-domains", strand="livelihood", legal_domain="SGB_II", valid_from="2024-01-01"
    )
    await add_period(
        add, client, "addresses", strand="registered", street="Markt 1", postcode="46483", town="Wesel",
        valid_from="2024-01-01",
    )  # fmt: skip
    await add_period(add, client, "languages", language="ara", is_native=True)
    await add_period(add, client, "schooling", school_step="counselling", valid_from="2025-01-01")
    return scene


@pytest.mark.parametrize("kind", LIMITED)
async def test_partner_sees_exactly_the_package(world: World, kind: str) -> None:
    scene = await _full_scene(world, kind)
    categories = sorted(set(allowed_categories(kind)) - {"protection_from_violence"})
    await agreed(scene, data_categories=categories, special_categories=sorted(SPECIAL & set(categories)))
    referral_id = await draft(scene, data_categories=categories)
    await send(scene, referral_id)
    seen = (await scene.partner.get(f"/v1/partner/referrals/{referral_id}")).json()
    assert seen["package"]["concern"] == {"code": None, "text": "Hilfe beim Antrag"}
    fields = {name: set(content) for name, content in seen["package"]["data"].items()}
    assert fields == {name: KNOWN[name] for name in categories if name in KNOWN}
    everything = set(_leaves(await _everything_of(scene)))
    for answer in await _beside_the_package(scene, referral_id, seen["version"]):
        assert set(_leaves(answer)) & (everything | set(_leaves(seen["package"]["data"]))) == set()


async def test_category_that_was_not_chosen_is_in_no_package(world: World) -> None:
    """Each category by itself: its own fields, and of no other one any."""
    scene = await _full_scene(world, "jobcenter")
    categories = sorted(set(allowed_categories("jobcenter")) & set(KNOWN))
    await agreed(scene, data_categories=categories, special_categories=sorted(SPECIAL & set(categories)))
    for category in categories:
        referral_id = await draft(scene, data_categories=[category])
        await send(scene, referral_id)
        package = (await scene.partner.get(f"/v1/partner/referrals/{referral_id}")).json()["package"]
        assert {name: set(content) for name, content in package["data"].items()} == {
            category: KNOWN[category]
        }


async def test_field_too_many_would_be_noticed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A planted fault: the list takes its concern from everything that was sent."""
    scene = await _full_scene(world, "jobcenter")
    referral_id = await sent(scene)
    wrong = partner_feed.OPEN.replace("p.content::json -> 'concern' AS concern", "p.content::json AS concern")
    assert wrong != partner_feed.OPEN
    monkeypatch.setattr(partner_feed, "OPEN", wrong)
    answers = await _beside_the_package(scene, referral_id, 2)
    assert "posteo" in str(answers)


async def _everything_of(scene: Scene) -> Any:
    """Return what the case's team knows of the client and the partner must not, as values."""
    return {"case": scene.case_id, "client": scene.client_id, "manager": str(scene.manager.user_id)}


async def _beside_the_package(scene: Scene, referral_id: str, version: int) -> list[Any]:
    """Return all that a partner reads but the package itself: list, feed, receipts, batch, news."""
    path = "/v1/partner/referrals"
    items = [{"id": referral_id, "version": version, "step": step} for step in ("accept", "accept")]
    answers = [
        await scene.partner.get(path),
        await scene.partner.get(path, since=""),
        await scene.partner.post(f"{path}/batch", {"items": items}),
        await scene.partner.get(f"{path}/{referral_id}/receipts"),
        await scene.partner.get("/v1/me/notifications"),
    ]
    assert {answer.status_code for answer in answers} == {200}
    inside = [json.loads(_inside(each["receipt"])) for each in answers[3].json()["items"]]
    return [*(answer.json() for answer in answers), inside]


def _inside(receipt: str) -> bytes:
    return base64.urlsafe_b64decode(receipt.split(".")[1] + "==")


def _leaves(value: Any) -> Iterator[str]:
    """Yield the texts and dates in a value; codes that mean nothing by themselves are too short to tell."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from _leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner)
    elif isinstance(value, str) and len(value) > 3:
        yield value


@pytest.mark.parametrize("kind", LIMITED)
async def test_every_category_beyond_the_catalogue_is_refused(world: World, kind: str) -> None:
    scene = await a_scene(world, kind)
    every = [entry.code for entry in load_entries() if entry.vocabulary == "data_category"]
    for category in sorted(set(every) - set(allowed_categories(kind)) | {"protection_from_violence"}):
        body = {
            "case_id": scene.case_id, "institution_id": scene.institution_id, "channel": "platform",
            "data_categories": ["master_data", category], **scene.concern,
        }  # fmt: skip
        answer = await scene.manager.post("/v1/referrals", body)
        assert (answer.status_code, answer.json()["code"]) == (409, "category_not_allowed"), category
        assert answer.json()["category"] == category


@pytest.mark.parametrize("kind", OPEN_TO_NOBODY)
async def test_kind_that_is_not_listed_gets_nothing(world: World, kind: str) -> None:
    scene = await a_scene(world, kind)
    body = {"case_id": scene.case_id, "institution_id": scene.institution_id, "channel": "platform"}
    answer = await scene.manager.post(
        "/v1/referrals", {**body, "data_categories": ["master_data"], **scene.concern}
    )
    assert answer.json()["code"] == "category_not_allowed"


@pytest.mark.parametrize("kind", AUTHORITIES)
async def test_authority_sees_name_birth_date_and_a_coded_concern(world: World, kind: str) -> None:
    scene = await _full_scene(world, kind)
    await agreed(scene, data_categories=["master_data"])
    referral_id = await draft(scene)
    await send(scene, referral_id)
    answer = await scene.partner.get(f"/v1/partner/referrals/{referral_id}")
    assert answer.json()["package"] == {
        "concern": {"code": "extension", "text": None},
        "data": {
            "master_data": {"name": {"given": "Amina", "family": "Al-Hadi"}, "birth_date": "1990-05-17"}
        },
        "disputed": {},
    }
    for trace in ("VH", "0151", "posteo", "Samir", "SGB_II", "Markt", scene.client_id, scene.case_id):
        assert trace not in answer.text
    seen = answer.json()
    summary = {
        "id": referral_id, "state": "requested", "delivery": "offered", "urgency": "normal",
        "requested_at": seen["requested_at"], "deadline_at": seen["deadline_at"], "unit_name": "KI",
        "site_id": None, "in_charge": None, "version": 2, "last_message_at": None,
        "readable_until": seen["readable_until"],
        "concern": {"code": "extension", "text": None}, "offer": None,
    }  # fmt: skip
    of_its_own = ("rejection_reason", "hold_reason", "cancel_reason", "outcome", "not_kept",
                  "revocation_acknowledged_at")  # fmt: skip
    assert seen == summary | dict.fromkeys(of_its_own) | {
        "channel": "platform", "package": seen["package"], "package_sha256": seen["package_sha256"],
    }  # fmt: skip
    listed, feed, batch, receipts, news, claims = await _beside_the_package(scene, referral_id, 2)
    assert listed["items"] == feed["items"] == [summary]
    assert [set(item) for item in batch["items"]] == [
        {"status", "id", "state", "version", "receipt", "not_kept"}, {"status", "id", "problem"},
    ]  # fmt: skip
    assert {name for item in receipts["items"] for name in item} == {
        "id", "number", "at", "step", "state", "receipt",
    }  # fmt: skip
    assert {name for each in claims for name in each} == {
        "iss", "aud", "jti", "sub", "toe", "number", "step", "state", "by", "package_sha256",
    }  # fmt: skip
    for trace in ("Amina", "Al-Hadi", "1990", "extension"):
        assert trace not in str((batch, receipts, news, claims))


async def test_list_names_state_deadline_concern_and_sender(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene, urgency="urgent")
    item = (await scene.partner.get("/v1/partner/referrals")).json()["items"][0]
    assert (item["id"], item["state"], item["delivery"]) == (referral_id, "requested", "offered")
    assert (item["unit_name"], item["urgency"]) == ("KI", "urgent")
    assert item["concern"] == {"code": None, "text": "Hilfe beim Antrag"}
    assert item["deadline_at"] is not None


async def test_reading_changes_nothing_and_fetching_is_a_step(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene)
    path = f"/v1/partner/referrals/{referral_id}"
    first, second = await scene.partner.get(path), await scene.partner.get(path)
    assert (first.json()["delivery"], second.headers["etag"]) == ("offered", first.headers["etag"])
    fetched = await scene.partner.post(f"{path}/fetched")
    assert fetched.json()["delivery"] == "fetched"
    again = await scene.partner.post(f"{path}/fetched")
    assert (again.status_code, again.headers["etag"]) == (200, fetched.headers["etag"])


async def test_reads_of_a_partner_are_journalled_with_the_client(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene)
    await scene.partner.get("/v1/partner/referrals")
    await scene.partner.get(f"/v1/partner/referrals/{referral_id}")
    rows = await world.admin.fetch(
        """SELECT object_id, client_pseudonyms = ARRAY[c.pseudonym] AS right_client
        FROM audit_journal j, clients c WHERE c.id = $1 AND j.user_id = $2
        AND j.action = 'partner_referral.read' ORDER BY position""",
        UUID(scene.client_id),
        scene.partner.user_id,
    )
    assert [(row["object_id"], row["right_client"]) for row in rows] == [
        (None, True),
        (UUID(referral_id), True),
    ]


@pytest.mark.parametrize("ending", ["cancel", "enter-in-error"])
async def test_recipient_loses_sight_when_the_sender_ends_it(world: World, ending: str) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene)
    body = {"reason": "wrong_recipient"} if ending == "cancel" else None
    await scene.manager.post(f"/v1/referrals/{referral_id}/{ending}", body)
    seen = (await scene.partner.get(f"/v1/partner/referrals/{referral_id}")).json()
    assert not {"package", "concern", "package_sha256"} & set(seen)
    assert (await scene.partner.post(f"/v1/partner/referrals/{referral_id}/fetched")).status_code == 409


async def test_revoked_referral_is_a_tombstone_that_is_acknowledged(world: World) -> None:
    scene = await a_scene(world)
    consent_id = await agreed(scene)
    referral_id = await draft(scene)
    await send(scene, referral_id)
    path = f"/v1/partner/referrals/{referral_id}"
    early = await scene.partner.post(f"{path}/acknowledge-revocation")
    assert (early.status_code, early.json()["state"]) == (409, "requested")
    await withdraw(scene.manager, consent_id)
    assert await rows(world, scene.partner, "SELECT id FROM referral_packages") == []
    (item,) = (await scene.partner.get("/v1/partner/referrals")).json()["items"]
    assert (item["id"], item["state"], "concern" in item) == (referral_id, "revoked", False)
    assert "package" not in (await scene.partner.get(path)).json()
    told = await step(scene, referral_id, "acknowledge-revocation")
    assert told["revocation_acknowledged_at"] is not None
    again = await step(scene, referral_id, "acknowledge-revocation")
    assert again | {"receipt": None} == told | {"receipt": None}
