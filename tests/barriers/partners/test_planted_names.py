"""No sentence of an institution tells of a person whom it knows through a referral, however it is spelled."""

from typing import Any
from uuid import UUID

import pytest

from app.access.roles import Role
from app.barriers import spelling
from app.barriers.identifying import Known, identifying_passages
from tests.barriers.partners.arrange import TEXT, a_partner, report, reported
from tests.conftest import Clock
from tests.consents.arrange import withdraw
from tests.incoming_referrals.arrange import a_desk
from tests.referrals.arrange import Scene, a_scene, agreed, draft, put_in_state, send, sent, step
from tests.world import Person, World

CLIENT: dict[str, Any] = {
    "given_name": "Mohammed", "family_name": "Ould-Haddad", "birth_date": "1990-03-07",
    "phone": "+49 281 2071234",
}  # fmt: skip


async def referred(world: World) -> Scene:
    scene = await a_scene(world, **CLIENT)
    await sent(scene)
    return scene


async def refused(scene: Scene, text: str) -> list[tuple[str, str]]:
    """Return the marked passages of a sentence that was refused."""
    answer = await report(scene.partner, observation=text)
    assert (answer.status_code, answer.json().get("code")) == (422, "observation_identifies"), answer.text
    assert "errors" not in answer.json()
    await scene.world.admin.execute("DELETE FROM login_throttles")
    return [(text[each["start"] : each["end"]], each["kind"]) for each in answer.json()["passages"]]


async def test_name_of_a_referred_person_is_marked_in_every_spelling(world: World) -> None:
    scene = await referred(world)
    spellings = (
        "Mohammed", "MOHAMMED", "Muhammad", "Mohamed", "Mohammads", "Haddad", "Hadad", "haddads", "Ould",
        "OuldHaddad", "Mo\u200bhammed", "Ｈaddad", "Haddád",
    )  # fmt: skip
    for word in spellings:
        assert await refused(scene, f"Weil {word} keinen Termin bekam") == [(word, "name")]


async def test_birth_and_telephone_of_a_referred_person_are_marked(world: World) -> None:
    scene = await referred(world)
    assert await refused(scene, "Geburt im März 1990 falsch erfasst") == [("März 1990", "birth_date")]
    assert [kind for _, kind in await refused(scene, "Anruf bei 2071234 kam nie")] == ["number"]
    assert [kind for _, kind in await refused(scene, "Anruf bei 20 71 23 4 kam nie")] == ["phone"]


async def test_general_patterns_are_refused_without_any_referral(world: World) -> None:
    partner = await a_partner(world)
    answer = await report(partner, observation="Frau Berg vom Schalter gibt keine Termine heraus.")
    assert (answer.status_code, answer.json()["code"]) == (422, "observation_identifies")


async def test_sentence_about_the_system_passes_though_the_institution_knows_people(world: World) -> None:
    scene = await referred(world)
    assert (await reported(scene.partner, observation=TEXT))["observation"] == TEXT


@pytest.mark.parametrize("state", ["revoked", "rejected", "expired", "entered_in_error"])
async def test_what_the_institution_may_not_read_any_more_it_may_still_know(world: World, state: str) -> None:
    scene = await a_scene(world, **CLIENT)
    await step(scene, referral := await sent(scene), "fetched")
    await put_in_state(world, referral, state)
    assert (await scene.partner.get(f"/v1/partner/referrals/{referral}")).json().get("package") is None
    assert await refused(scene, "Weil Haddad keinen Termin bekam") == [("Haddad", "name")]


@pytest.mark.parametrize("is_fetched", [False, True])
async def test_trying_names_does_not_tell_whose_consent_was_withdrawn(world: World, is_fetched: bool) -> None:
    scene = await a_scene(world, **CLIENT)
    consent_id = await agreed(scene)
    await send(scene, referral := await draft(scene))
    if is_fetched:
        await step(scene, referral, "fetched")
    await withdraw(scene.manager, consent_id)
    answers = [
        (await report(scene.partner, observation=f"Weil {name} keinen Termin bekam")).status_code
        for name in ("Haddad", "Demirtas")
    ]
    assert answers == ([422, 201] if is_fetched else [201, 201])


async def test_what_ran_out_unread_is_no_name_any_more(world: World) -> None:
    scene = await referred(world)
    await world.admin.execute(
        "UPDATE referral_packages SET readable_until = now() - interval '1 second' WHERE institution_id = $1",
        UUID(scene.institution_id),
    )
    assert (await report(scene.partner, observation="Weil Haddad keinen Termin bekam")).status_code == 201


async def test_whom_the_institution_referred_to_kim_is_known_too(world: World) -> None:
    desk = await a_desk(world)
    await desk.refer()
    answer = await report(desk.partner, observation="Für Samiras Kinder gab es keinen Platz.")
    assert answer.json()["code"] == "observation_identifies"


async def test_other_institutions_learn_nothing_of_whom_this_one_knows(world: World) -> None:
    """What is planted: the same sentence, by who does not know the person, is no name to them."""
    await referred(world)
    other = await a_partner(world, "schule")
    assert (await report(other, observation="Weil Haddad keinen Termin bekam")).status_code == 201


async def test_known_words_are_given_to_the_institution_alone(world: World) -> None:
    scene = await referred(world)
    asked = "SELECT names FROM words_of_referred($1::text::uuid)"
    for person, found in (
        (scene.partner, ["Mohammed", "Ould-Haddad"]),
        (await a_partner(world, "schule"), []),
        (scene.manager, []),
    ):
        async with world.sql(person) as db:
            assert await (await db.driver()).fetchval(asked, scene.institution_id) == found


async def test_whoever_tries_names_waits_ever_longer(world: World, clock: Clock) -> None:
    partner = await a_partner(world)
    clock.stop()
    bad = "Frau Berg vom Schalter gibt keine Termine heraus."
    answers = [await report(partner, observation=bad) for _ in range(4)]
    assert [each.status_code for each in answers] == [422, 422, 422, 429]
    assert int(answers[-1].headers["Retry-After"]) >= 1
    assert (await report(partner)).status_code == 201


async def a_machine(world: World, *scopes: str) -> Person:
    machine = await world.person(Role.PARTNER_SYSTEM, institution="jobcenter")
    await world.admin.execute(
        "UPDATE partner_systems SET scopes = $2 WHERE id = $1", machine.user_id, list(scopes)
    )
    return machine


async def test_machine_that_may_not_read_referrals_is_told_no_place(world: World) -> None:
    await referred(world)
    text = "Weil Haddad keinen Termin bekam"
    for scopes, told in ((("barriers:create",), 0), (("barriers:create", "referrals:read"), 1)):
        answer = await report(await a_machine(world, *scopes), observation=text)
        assert (answer.status_code, answer.json()["code"]) == (422, "observation_identifies")
        assert len(answer.json().get("passages", [])) == told


async def test_each_sentence_of_a_machine_that_may_not_read_referrals_is_a_try(
    world: World, clock: Clock
) -> None:
    for scopes, last in ((("barriers:create",), 429), (("barriers:create", "referrals:read"), 201)):
        machine = await a_machine(world, *scopes)
        clock.stop()
        answers = [(await report(machine, observation=TEXT)).status_code for _ in range(4)]
        assert answers == [201, 201, 201, last]
        assert (await report(machine)).status_code == 201


def test_names_of_another_shape_are_not_compared_letter_by_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    known = Known(names=frozenset(f"{a}{b}ar{c}en {d}{b}od{c}ow" for a in "BDFGK" for b in "eiou"
                                  for c in "lmnrstvz" for d in "BDFGKLMNPRST"))  # fmt: skip
    compared: list[list[str]] = []

    def counted(first: list[str], _second: list[str]) -> bool:
        compared.append(first)
        return False

    monkeypatch.setattr(spelling, "_sound_alike", counted)
    sentence = "Am Schalter gibt es seit dem Frühjahr keine Sprachmittlung."
    assert identifying_passages(sentence, known) == []
    assert len(compared) < len(known.names)
    monkeypatch.setattr(spelling, "_shape", lambda _runs: "cvcvc")  # a planted fault
    assert identifying_passages(sentence, known) == []
    assert len(compared) > len(known.names)
    monkeypatch.undo()
    (found,) = identifying_passages("Weil Beodlow nicht kam", known)
    assert found.kind == "name"
