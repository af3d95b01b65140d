"""Requests generated from the contract, by several kinds of people; the seed makes a run repeatable."""

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field

import asyncpg
import pytest
from fastapi import FastAPI
from schemathesis import Case
from schemathesis.generation.meta import TestPhase as Phase
from schemathesis.python.asgi import ASGIClient, shutdown_lifespans

from app.generated import contract
from app.main import create_app, serve_app
from app.settings import Settings
from tests.contract.chapters import play
from tests.contract.generated import SEED, Door, client, generated, is_negative, send
from tests.contract.interludes import interludes
from tests.contract.stage import ANYONE, Exchange, Stage
from tests.share import is_in_share
from tests.world import World

IDENTITIES = ("Anja Berger", "Heike Brandt", "Mehmet Kaya", "Ina Conrads", "Petra Niehaus", ANYONE)
"""case_manager, coordinator, partner_user, admin, privacy_officer, and nobody."""
LEAVING = frozenset({"sign_out", "end_session"})
"""Whoever uses these is gone for all that follows."""
LEFT = frozenset({"Tim Scholz"})
"""Has signed out in the scene."""

DOOR = Door()
SCHEMA = generated(contract(), DOOR).include(lambda of: is_in_share(of.operation.label, dear=True))

pytestmark = pytest.mark.slow


@dataclass
class Visit:
    """The stage after the scene, and who sends what to the application behind the door."""

    stage: Stage
    http: ASGIClient
    sent: Counter[str] = field(default_factory=Counter)
    tokens: dict[tuple[str, str], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.scenes = {each.operation: each for each in reversed(self.stage.exchanges)}

    def try_out(self, case: Case) -> None:
        """Send a case in the name of who may; an example, and what is drawn by chance, also in another's."""
        name = case.operation.definition.raw["operationId"]
        scene = self.scenes[name]
        if not is_negative(case):
            case.path_parameters.update(scene.path)
        self._send(case, scene.by)
        if _is_drawn(case) and name not in LEAVING:
            self._send(case, self._other(scene))

    def _send(self, case: Case, who: str) -> None:
        authorization = None if _leaves_the_token_away(case) else self._authorization(who, case)
        self.sent[who] += 1
        try:
            send(case, authorization, self.http)
        except BaseException as fault:
            fault.add_note(f"by {who}, seed {SEED}")
            raise

    def _authorization(self, who: str, case: Case | None = None) -> str | None:
        """Return a token of its own for each operation: all together may take longer than a token lives."""
        if who == ANYONE:
            return None
        person, at = self.stage.people[who], (who, case.operation.label if case else "")
        if at not in self.tokens:
            self.tokens[at] = f"Bearer {self.stage.world.token(person.account_id, person.session_id)}"
        return self.tokens[at]

    def thrown_out(self) -> set[str]:
        """Return who cannot sign in any more, so that nothing was found out by them since."""
        asked = self.sent.keys() - {ANYONE}
        answers = {
            who: self.http.get("/v1/me", headers={"Authorization": self._authorization(who)}) for who in asked
        }
        return {who for who, answer in answers.items() if answer.status_code != 200}

    def _other(self, scene: Exchange) -> str:
        """Return one of the identities: the next for the next operation, never who did it in the scene."""
        at = SEED + list(self.stage.routes).index(scene.operation)
        others = [each for each in IDENTITIES if each != scene.by]
        return others[at % len(others)]


def _is_drawn(case: Case) -> bool:
    return case.meta is not None and case.meta.phase.name is not Phase.COVERAGE


def _leaves_the_token_away(case: Case) -> bool:
    """Return whether a case is spoilt by having no token; then nobody's is put in."""
    return is_negative(case) and "Authorization" not in case.headers


@pytest.fixture(scope="module")
async def own_stage(app: FastAPI, admin: asyncpg.Connection, settings: Settings) -> AsyncIterator[Stage]:
    """A stage after the scene that nobody else stands on: much is changed there."""
    async with World(app, admin) as world:
        stage = Stage(world, interludes(settings))
        await play(stage)
        yield stage
        await stage.nobody.aclose()


@pytest.fixture(scope="module")
def visit(settings: Settings, own_stage: Stage) -> Iterator[Visit]:
    """A visit to an application of its own: Schemathesis has a loop of its own, and so has each pool."""
    DOOR.app = serve_app(create_app(settings))
    with client(DOOR) as http:
        made = Visit(own_stage, http)
        yield made
        print(f"seed {SEED}, requests {made.sent.total()}: {dict(made.sent)}")
        assert made.thrown_out() <= LEFT
    shutdown_lifespans()


@SCHEMA.parametrize()
def test_answers_are_what_the_contract_says(case: Case, visit: Visit) -> None:
    visit.try_out(case)
