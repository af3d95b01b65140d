"""Tokens come by themselves: by key, by secret, bound to a key, and a new one before the old one ends."""

import time
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import httpx
import pytest

from app.access.scopes import Scope
from app.identity.tokens import OfMachine, issue
from app.kit.clock import utc_now
from kim_partner import (
    DpopKey,
    Forbidden,
    KeyCredential,
    Kim,
    NotGenuine,
    NotSignedIn,
    PersonCredential,
    SecretCredential,
)
from tests.identity.arrange import PASSWORD, give_password
from tests.identity.partner_systems.arrange import Machine, a_machine, new_key, secret_of
from tests.partner_client.stage import Stage, credential_of, private_pem, run
from tests.referrals.arrange import Scene
from tests.world import World


def feed(kim: Kim) -> int:
    return sum(len(page.changed) for page in kim.referrals.changes())


class Watch:
    """A clock of the client that a test moves."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def __call__(self) -> float:
        return time.time() + self.ahead


async def test_machine_signs_in_by_its_key(kim: Kim) -> None:
    assert await run(feed, kim) == 0


async def test_key_may_be_named_as_it_was_registered(stage: Stage, machine: Machine) -> None:
    named = KeyCredential(machine.id, private_pem(machine), kid=machine.key.thumbprint())
    assert await run(feed, stage.kim(named)) == 0


async def test_machine_signs_in_by_its_secret(stage: Stage, machine: Machine) -> None:
    secret = (await secret_of(machine))["client_secret"]
    assert await run(feed, stage.kim(SecretCredential(machine.id, secret))) == 0


async def test_person_signs_in_by_password(stage: Stage, scene: Scene) -> None:
    email = await give_password(scene.world, scene.partner)
    person = stage.kim(PersonCredential(email, PASSWORD, area=scene.world.area))
    assert await run(lambda: list(person.webhooks.listed())) == []


@pytest.mark.parametrize("credential", ["key", "secret", "person"])
async def test_wrong_credential_is_refused_and_not_tried_again_and_again(
    stage: Stage, machine: Machine, scene: Scene, credential: str
) -> None:
    email = await give_password(scene.world, scene.partner)
    other = Machine(machine.id, machine.admin, new_key())
    wrong = {
        "key": credential_of(other),
        "secret": SecretCredential(machine.id, "guessed"),
        "person": PersonCredential(email, "Kein Kranich zieht nach Norden"),
    }[credential]
    before = stage.line.answers
    with pytest.raises(NotSignedIn):
        await run(feed, stage.kim(wrong))
    assert stage.line.answers == before + 1


async def test_credentials_do_not_show_what_is_secret(machine: Machine) -> None:
    shown = repr([credential_of(machine), SecretCredential("x", "s3cret"), PersonCredential("e", "pass")])
    assert "PRIVATE" not in shown
    assert "s3cret" not in shown
    assert "pass'" not in shown


async def test_token_bound_to_a_key_opens_with_its_proof_only(stage: Stage, machine: Machine) -> None:
    bound = stage.kim_of(machine, dpop=DpopKey())
    assert await run(feed, bound) == 0
    token = bound.connection._current()
    assert token.kind == "DPoP"
    async with httpx.AsyncClient(base_url=stage.url) as thief:
        for scheme in ("Bearer", "DPoP"):
            stolen = {"Authorization": f"{scheme} {token.value}"}
            assert (await thief.get("/v1/partner/referrals", headers=stolen)).status_code == 401


async def test_token_that_is_not_bound_although_it_should_be_is_refused(
    stage: Stage, machine: Machine
) -> None:
    body = b'{"access_token":"x","token_type":"Bearer","expires_in":600}'
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
    stage.line.faults.append(head + b"Content-Length: %d\r\n\r\n" % len(body) + body)
    with pytest.raises(NotGenuine, match="not bound"):
        await run(feed, stage.kim_of(machine, dpop=DpopKey()))


@pytest.mark.parametrize("address", ["http://kim.example", "ftp://127.0.0.1.example", "kim.example", ""])
def test_nothing_is_sent_over_an_open_line(address: str) -> None:
    with pytest.raises(ValueError, match="https"):
        Kim(address, SecretCredential("x", "secret"))


async def test_fewer_scopes_are_asked_for_than_the_machine_has(stage: Stage, machine: Machine) -> None:
    narrow = stage.kim_of(machine, scopes=(str(Scope.REFERRALS_READ),))
    assert await run(feed, narrow) == 0
    with pytest.raises(Forbidden):
        await run(lambda: list(narrow.directory.offers()))


async def test_token_is_renewed_before_it_ends(stage: Stage, machine: Machine) -> None:
    watch = Watch()
    kim = stage.kim_of(machine, clock=watch)
    await run(feed, kim)
    first = kim.connection._current()
    watch.ahead = 300
    await run(feed, kim)
    assert kim.connection._current() is first
    watch.ahead = 545
    await run(feed, kim)
    assert kim.connection._current() is not first


async def test_token_that_ended_on_the_way_is_renewed_once(stage: Stage, machine: Machine) -> None:
    kim = stage.kim_of(machine)
    await run(feed, kim)
    current = kim.connection._current()
    ended = issue(
        stage.app.state.key_ring,
        subject=UUID(machine.id),
        session_id=UUID(machine.credential_id),
        issuer=stage.url,
        audience=stage.url,
        now=utc_now() - timedelta(minutes=20),
        lifetime=timedelta(minutes=10),
        machine=OfMachine(frozenset(Scope)),
    )
    # To the client it seems good for a while: its clock is wrong, or the machine has slept.
    kim.connection._token = replace(current, value=ended)
    before = stage.line.answers
    assert await run(feed, kim) == 0
    assert stage.line.answers == before + 3  # refused, a new token, the page
    assert kim.connection._current().value != ended


async def test_revoked_machine_is_told_so(stage: Stage, kim: Kim, machine: Machine) -> None:
    await run(feed, kim)
    assert (await machine.admin.delete(machine.path)).status_code == 204
    before = stage.line.answers
    with pytest.raises(NotSignedIn):
        await run(feed, kim)
    assert stage.line.answers == before + 2


async def test_machines_do_not_see_each_others_referrals(stage: Stage, world: World) -> None:
    other = await a_machine(world, institution="jugendamt")
    assert await run(feed, stage.kim_of(other)) == 0
