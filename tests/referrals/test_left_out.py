"""Fields of a chosen category can be left out, and the preview shows exactly what will be read."""

from typing import Any

import pytest

from app.clients import package as categories
from app.clients.package import FIELDS
from app.kit.clock import local_date, utc_now
from app.referrals import package
from tests.clients.arrange import add_period
from tests.referrals.arrange import Scene, a_scene, agreed, draft, send
from tests.world import World

PHONE = {"phone": "+49 2331 123456", "email": "amina@example.org", "sex": "w"}


async def _scene(world: World) -> Scene:
    scene = await a_scene(world, **PHONE)
    await agreed(scene)
    return scene


async def _preview(scene: Scene, referral_id: str) -> dict[str, Any]:
    seen: dict[str, Any] = (await scene.manager.get(f"/v1/referrals/{referral_id}/preview")).json()
    return seen


async def test_preview_and_recipient_read_the_category_without_the_field(world: World) -> None:
    scene = await _scene(world)
    referral_id = await draft(scene, left_out=["contact.phone", "master_data.sex"])
    before = await _preview(scene, referral_id)
    data = before["content"]["data"]
    assert "phone" not in data["contact"]
    assert data["contact"]["email"] == PHONE["email"]
    assert "sex" not in data["master_data"]
    await send(scene, referral_id)
    seen = (await scene.partner.get(f"/v1/partner/referrals/{referral_id}")).json()
    assert (seen["package"], seen["package_sha256"]) == (before["content"], before["sha256"])
    assert PHONE["phone"] not in str(seen)


async def test_without_it_the_field_goes_along(world: World) -> None:
    scene = await _scene(world)
    data = (await _preview(scene, await draft(scene)))["content"]["data"]
    assert data["contact"]["phone"] == PHONE["phone"]


async def test_preview_is_blind_to_a_field_that_the_package_forgets_to_leave_out(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted fault: were the choice not narrowed, the telephone would be there."""
    scene = await _scene(world)
    referral_id = await draft(scene, left_out=["contact.phone"])
    whole = package.choose
    from app.referrals import preview

    monkeypatch.setattr(preview, "choose", lambda kind, codes, _: whole(kind, codes))
    data = (await _preview(scene, referral_id))["content"]["data"]
    assert data["contact"]["phone"] == PHONE["phone"]


@pytest.mark.parametrize(
    ("left_out", "kind"),
    [
        (["contact.shoe_size"], "unknown_field"),
        (["residence.title"], "unknown_field"),
        (["phone"], "unknown_field"),
        (["contact.phone", "contact.phone"], "unknown_field"),
        ([f"master_data.{field}" for field in FIELDS["master_data"]], "nothing_left"),
    ],
)
async def test_only_fields_of_chosen_categories_are_left_out_and_not_all(
    world: World, left_out: list[str], kind: str
) -> None:
    scene = await _scene(world)
    body = {
        "case_id": scene.case_id,
        "institution_id": scene.institution_id,
        "channel": "platform",
        "data_categories": ["master_data", "contact"],
        "left_out": left_out,
        **scene.concern,
    }
    answer = await scene.manager.post("/v1/referrals", body)
    assert answer.status_code == 422
    assert kind in answer.text


async def test_what_an_authority_never_gets_cannot_be_left_out(world: World) -> None:
    scene = await a_scene(world, "auslaenderbehoerde")
    await agreed(scene, data_categories=["master_data"])
    made = await draft(scene, left_out=["master_data.birth_date"])
    data = (await _preview(scene, made))["content"]["data"]
    assert set(data["master_data"]) == {"name"}
    body = {
        "case_id": scene.case_id, "institution_id": scene.institution_id, "channel": "platform",
        "data_categories": ["master_data"], "left_out": ["master_data.sex"], **scene.concern,
    }  # fmt: skip
    assert (await scene.manager.post("/v1/referrals", body)).status_code == 422


async def test_every_field_that_a_category_has_is_known(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise leaving one out would leave out another that nobody named."""
    scene = await _scene(world)
    day = local_date(utc_now()).isoformat()
    await add_period(
        scene.manager, scene.client_id, "addresses", strand="registered", street="Am Markt 1",
        postcode="58095", town="Hagen", valid_from=day,
    )  # fmt: skip
    made: dict[str, set[str]] = {}
    for code, collect in list(categories._CATEGORIES.items()):

        def noted(person: Any, today: Any, code: str = code, collect: Any = collect) -> Any:
            found = collect(person, today)
            made.setdefault(code, set()).update(found)
            return found

        monkeypatch.setitem(categories._CATEGORIES, code, noted)
    await _preview(scene, await draft(scene, data_categories=list(FIELDS)))
    assert set(made) == set(FIELDS) == set(categories._CATEGORIES)
    assert all(names <= set(FIELDS[code]) for code, names in made.items()), made
