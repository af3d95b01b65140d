"""Answers have the shape that the contract documents; nothing more, nothing less."""

from typing import Any

import pytest

from app.access.roles import Role
from app.consents.schemas import ConsentRead
from app.disclosures.schemas import DisclosureRead
from app.kit.schema import Page, Read
from app.referrals.partner_schemas import PartnerReferralRead, PartnerReferralSummary
from app.referrals.schemas import ReferralPreview, ReferralRead, ReferralSummary
from tests.referrals.arrange import a_scene, draft, sent, step
from tests.refusals import places
from tests.world import Person, World


async def _shaped(person: Person, path: str, shape: type[Read], **query: Any) -> None:
    answer = await person.get(path, **query)
    assert answer.status_code == 200, answer.text
    shape.model_validate_json(answer.content)
    assert set(answer.json()) == set(shape.model_fields)


async def test_every_answer_fits_its_schema(world: World) -> None:
    scene = await a_scene(world)
    referral_id = await sent(scene)
    await step(scene, referral_id, "accept")
    await step(scene, referral_id, "complete", outcome="helped", text="Bescheid")
    open_draft = await draft(scene)
    manager, partner = scene.manager, scene.partner
    for identity in (referral_id, open_draft):
        await _shaped(manager, f"/v1/referrals/{identity}", ReferralRead)
        await _shaped(manager, f"/v1/referrals/{identity}/preview", ReferralPreview)
    await _shaped(manager, "/v1/referrals", Page[ReferralSummary], case_id=scene.case_id)
    await _shaped(manager, "/v1/consents", Page[ConsentRead], client_id=scene.client_id)
    await _shaped(partner, f"/v1/partner/referrals/{referral_id}", PartnerReferralRead)
    await _shaped(partner, "/v1/partner/referrals", Page[PartnerReferralSummary])
    officer = await world.person(Role.PRIVACY_OFFICER)
    await _shaped(officer, "/v1/disclosures", Page[DisclosureRead])


async def test_category_is_named_once(world: World) -> None:
    scene = await a_scene(world)
    body = {"case_id": scene.case_id, "institution_id": scene.institution_id, "channel": "platform"}
    answer = await scene.manager.post(
        "/v1/referrals", {**body, "data_categories": ["contact", "contact"], **scene.concern}
    )
    assert places(answer) == [{"place": "body.data_categories", "kind": "repeated"}]


@pytest.mark.parametrize("path", ["/v1/referrals", "/v1/consents"])
async def test_lists_belong_to_one_case_or_client(world: World, path: str) -> None:
    assert (await (await world.case_manager()).get(path)).status_code == 422
