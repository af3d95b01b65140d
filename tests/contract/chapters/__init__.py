"""The chapters of the scene in their order: together they use every operation of the contract."""

from tests.contract.chapters import (
    casework,
    closing,
    directing,
    inquiring,
    installing,
    joining,
    linking,
    noting,
    partnering,
    persons,
    steering,
)
from tests.contract.stage import Stage

CHAPTERS = (
    installing.play,
    joining.play,
    directing.play,
    persons.play,
    persons.play_histories,
    casework.play,
    casework.play_team,
    noting.play,
    inquiring.play,
    linking.play,
    partnering.play,
    steering.play,
    closing.play,
)


async def play(stage: Stage) -> None:
    """Play the whole scene."""
    await stage.assemble()
    known: dict[str, str] = {}
    for chapter in CHAPTERS:
        await chapter(stage, known)
