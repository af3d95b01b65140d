"""Sending: what must hold at that moment, and what it leaves behind."""

import hashlib
import json
from typing import Any
from uuid import UUID

import orjson
import pytest

from app.access.roles import Role
from tests.cases.arrange import close
from tests.consents.arrange import withdraw
from tests.referrals.arrange import AUTHORITIES, a_scene, agreed, assign, draft, send, sent
from tests.refusals import places
from tests.world import World


async def test_draft_leaves_nothing(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await draft(scene, note="eilt", urgency="urgent")
    referral = (await scene.manager.get(f"/v1/referrals/{referral_id}")).json()
    assert (referral["state"], referral["delivery"], referral["package_sha256"]) == ("draft", None, None)
    assert (referral["note"], referral["urgency"], referral["consent_id"]) == ("eilt", "urgent", None)
    assert [each["step"] for each in referral["history"]] == ["draft"]
    assert (await scene.partner.get("/v1/partner/referrals")).json()["items"] == []
    assert (await scene.partner.get(f"/v1/partner/referrals/{referral_id}")).status_code == 404


async def test_sending_freezes_logs_links_and_sets_the_deadline(world: World) -> None:
    scene = await a_scene(world)
    consent_id = await agreed(scene)
    referral = await send(scene, await draft(scene))
    assert (referral["state"], referral["delivery"]) == ("requested", "offered")
    assert referral["consent_id"] == consent_id
    row = await world.admin.fetchrow(
        """SELECT q.deadline_at - q.requested_at AS wait, p.content, p.sha256,
            (SELECT count(*) FROM case_linkings l WHERE l.referral_id = q.id) AS linked,
            (SELECT row_to_json(d) FROM disclosure_log d WHERE d.referral_id = q.id) AS logged,
            (SELECT pseudonym FROM clients WHERE id = $2) AS pseudonym
        FROM referral_requests q JOIN referral_packages p ON p.id = q.id WHERE q.id = $1""",
        UUID(referral["id"]),
        UUID(scene.client_id),
    )
    assert (row["wait"].days, row["linked"]) == (14, 1)
    assert row["sha256"] == referral["package_sha256"] == hashlib.sha256(row["content"].encode()).hexdigest()
    logged = json.loads(row["logged"])
    assert (logged["legal_basis"], logged["purpose"], logged["channel"]) == (
        "consent",
        "referral",
        "platform",
    )
    assert (logged["data_categories"], logged["case_id"]) == (["contact", "master_data"], scene.case_id)
    assert (logged["client_pseudonym"], logged["disclosed_by"]) == (
        str(row["pseudonym"]),
        str(scene.manager.user_id),
    )


async def test_package_stays_as_it_was_sent(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene)
    before = (await scene.partner.get(f"/v1/partner/referrals/{referral_id}")).json()["package"]
    client = await scene.manager.get(f"/v1/clients/{scene.client_id}")
    changed = await scene.manager.patch(
        f"/v1/clients/{scene.client_id}", {"given_name": "Anna"}, if_match=client.headers["etag"]
    )
    assert changed.status_code == 200, changed.text
    after = (await scene.partner.get(f"/v1/partner/referrals/{referral_id}")).json()["package"]
    assert (after, after["data"]["master_data"]["name"]["given"]) == (before, "Amina")


MISSING: list[tuple[dict[str, Any] | None, str]] = [
    (None, "recipient"),
    ({"data_categories": ["master_data"]}, "category:contact"),
    ({"direction": "from"}, "direction"),
    ({"given_at": "2024-01-01T08:00:00Z"}, "expired"),
    ({"purpose": "feedback"}, "recipient"),
]


@pytest.mark.parametrize(("consent", "missing"), MISSING)
async def test_sending_names_what_the_consent_lacks(
    world: World, consent: dict[str, Any] | None, missing: str
) -> None:
    scene = await a_scene(world)
    if consent is not None:
        await agreed(scene, **consent)
    referral_id = await draft(scene)
    answer = await scene.manager.post(f"/v1/referrals/{referral_id}/send")
    assert (answer.status_code, answer.json()["code"]) == (409, "consent_missing")
    assert answer.json()["missing"] == [missing]
    preview = (await scene.manager.get(f"/v1/referrals/{referral_id}/preview")).json()
    assert preview["missing"] == [missing]
    assert (await scene.manager.get(f"/v1/referrals/{referral_id}")).json()["state"] == "draft"


async def test_consent_for_one_institution_is_none_for_another_of_its_kind(world: World) -> None:
    scene = await a_scene(world)
    await agreed(scene)
    other = str(await world.institution("jobcenter", "Jobcenter Nord"))
    referral_id = await draft(scene, institution_id=other)
    answer = await scene.manager.post(f"/v1/referrals/{referral_id}/send")
    assert answer.json()["missing"] == ["recipient"]


async def test_consent_of_another_case_is_none_for_this_one(world: World) -> None:
    scene, other = await a_scene(world), await a_scene(world)
    await assign(world, scene.manager, other.client_id, other.case_id)
    await agreed(other, case_id=other.case_id)
    assert (await scene.manager.post(f"/v1/referrals/{await draft(scene)}/send")).status_code == 409


async def test_withdrawn_consent_blocks_what_is_queued(world: World) -> None:
    scene = await a_scene(world)
    consent_id, referral_id = await agreed(scene), await draft(scene)
    await withdraw(scene.manager, consent_id)
    answer = await scene.manager.post(f"/v1/referrals/{referral_id}/send")
    assert (answer.status_code, answer.json()["missing"]) == (409, ["withdrawn"])


async def test_closed_case_sends_nothing(world: World) -> None:
    scene = await a_scene(world)
    await agreed(scene)
    referral_id = await draft(scene)
    await close(scene.manager, scene.case_id, "client_ended")
    answer = await scene.manager.post(f"/v1/referrals/{referral_id}/send")
    assert (answer.status_code, answer.json()["state"]) == (409, "closed")


async def test_double_send_finds_the_first(world: World) -> None:
    scene = await a_scene(world)
    await agreed(scene)
    path = f"/v1/referrals/{await draft(scene)}/send"
    first = await scene.manager.post(path, idempotency_key="send-0001")
    again = await scene.manager.post(path, idempotency_key="send-0001")
    assert (first.status_code, again.json()) == (200, first.json())


async def test_stale_version_is_refused(world: World) -> None:
    scene = await a_scene(world)
    await agreed(scene)
    path = f"/v1/referrals/{await draft(scene)}/send"
    assert (await scene.manager.post(path, if_match='"9"')).status_code == 412
    assert (await scene.manager.post(path, if_match='"1"')).status_code == 200


@pytest.mark.parametrize("category", ["protection_from_violence", "religion", "criminal"])
async def test_what_never_leaves_is_refused_by_name(world: World, category: str) -> None:
    scene = await a_scene(world, "frauenberatung")
    answer = await scene.manager.post(
        "/v1/referrals",
        {
            "case_id": scene.case_id,
            "institution_id": scene.institution_id,
            "channel": "platform",
            "data_categories": ["master_data", category],
            **scene.concern,
        },
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "category_not_allowed")
    assert answer.json()["category"] == category


@pytest.mark.parametrize("institution_type", AUTHORITIES)
@pytest.mark.parametrize(
    "concern", [{"concern_text": "bitte"}, {"concern_code": "extension", "concern_text": "bitte"}]
)
async def test_authorities_get_no_free_text(
    world: World, institution_type: str, concern: dict[str, str]
) -> None:
    scene = await a_scene(world, institution_type)
    body = {"case_id": scene.case_id, "institution_id": scene.institution_id, "channel": "platform"}
    answer = await scene.manager.post(
        "/v1/referrals", {**body, "data_categories": ["master_data"], **concern}
    )
    assert places(answer) == [{"place": "body.concern_code", "kind": "coded_only"}]


async def test_others_get_words_and_no_code(world: World) -> None:
    scene = await a_scene(world)
    body = {"case_id": scene.case_id, "institution_id": scene.institution_id, "channel": "platform"}
    answer = await scene.manager.post(
        "/v1/referrals", {**body, "data_categories": ["master_data"], "concern_code": "extension"}
    )
    assert places(answer) == [{"place": "body.concern_text", "kind": "text_only"}]


async def test_institution_must_be_known_active_and_on_the_platform(world: World) -> None:
    scene = await a_scene(world)
    await agreed(scene)
    referral_id = await draft(scene)
    await world.admin.execute(
        "UPDATE institutions SET on_platform = false WHERE id = $1", UUID(scene.institution_id)
    )
    answer = await scene.manager.post(f"/v1/referrals/{referral_id}/send")
    assert answer.json()["code"] == "not_on_platform"
    await world.admin.execute(
        "UPDATE institutions SET is_active = false WHERE id = $1", UUID(scene.institution_id)
    )
    answer = await scene.manager.post(f"/v1/referrals/{referral_id}/send")
    assert answer.json()["code"] == "institution_inactive"
    body = {"case_id": scene.case_id, "institution_id": scene.case_id, "channel": "platform"}
    answer = await scene.manager.post(
        "/v1/referrals", {**body, "data_categories": ["contact"], **scene.concern}
    )
    assert answer.json()["errors"][0]["place"] == "body.institution_id"


async def test_preview_is_what_will_be_read_by_whom(world: World) -> None:
    scene = await a_scene(world)
    await agreed(scene)
    referral_id = await draft(scene)
    path = f"/v1/referrals/{referral_id}/preview"
    before = (await scene.manager.get(path)).json()
    assert before["readers"] == {
        "institution_id": scene.institution_id,
        "institution_name": "jobcenter",
        "institution_type": "jobcenter",
        "channel": "platform",
        "roles": ["partner_user", "partner_system"],
    }
    assert (before["is_frozen"], before["missing"]) == (False, [])
    assert before["possible_bases"] == ["consent", "gdpr_6_1_e", "vital_interest"]
    await send(scene, referral_id)
    read = (await scene.partner.get(f"/v1/partner/referrals/{referral_id}")).json()
    after = (await scene.manager.get(path)).json()
    assert before["content"] == read["package"] == after["content"]
    assert (after["is_frozen"], after["sha256"]) == (True, before["sha256"])
    canonical = orjson.dumps(read["package"], option=orjson.OPT_SORT_KEYS)
    assert hashlib.sha256(canonical).hexdigest() == read["package_sha256"] == before["sha256"]


async def test_colleague_neither_sees_nor_sends(world: World) -> None:
    scene = await a_scene(world)
    await agreed(scene)
    referral_id = await draft(scene)
    colleague = await world.case_manager()
    path = f"/v1/referrals/{referral_id}"
    assert (await colleague.get(path)).status_code == 404
    assert (await colleague.get(f"{path}/preview")).status_code == 404
    assert (await colleague.post(f"{path}/send")).status_code == 404
    assert (await colleague.get("/v1/referrals", case_id=scene.case_id)).status_code == 404
    own = (await scene.manager.get("/v1/referrals", case_id=scene.case_id)).json()["items"]
    assert [each["id"] for each in own] == [referral_id]


async def test_team_lead_reads_by_break_glass_and_sends_nothing(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await draft(scene)
    lead = await world.person(Role.TEAM_LEAD)
    path = f"/v1/referrals/{referral_id}"
    assert (await lead.get(path)).status_code == 404
    await assign(world, lead, scene.client_id, scene.case_id, "break_glass")
    assert (await lead.get(path)).status_code == 200
    assert (await lead.post(f"{path}/send")).status_code == 403
