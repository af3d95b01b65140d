"""The chapters of the scene in their order: together they use every operation of the contract."""

from tests.contract.chapters import (
    announcing,
    casework,
    changing_domain,
    closing,
    conferring,
    directing,
    disputing,
    documenting,
    guarding,
    importing,
    incoming,
    inquiring,
    installing,
    interpreting,
    inviting,
    joining,
    letting_through,
    linking,
    machines,
    merging,
    noting,
    numbering,
    partnering,
    pathways,
    persons,
    restricting,
    schooling,
    steering,
    tasks,
    transferring,
    withdrawing,
    working_day,
)
from tests.contract.stage import Stage

CHAPTERS = (
    installing.play,
    joining.play,
    machines.play,
    directing.play,
    persons.play,
    persons.play_histories,
    numbering.play,
    disputing.play,
    merging.play,
    restricting.play,
    guarding.play,
    changing_domain.play,
    casework.play,
    casework.play_team,
    tasks.play,
    tasks.play_calendar,
    interpreting.play,
    conferring.play,
    pathways.play,
    pathways.play_figures,
    schooling.play,
    noting.play,
    documenting.play,
    inquiring.play,
    incoming.play,
    linking.play,
    partnering.play,
    letting_through.play,
    withdrawing.play,
    announcing.play,
    inviting.play,
    transferring.play,
    working_day.play,
    steering.play,
    importing.play,
    closing.play,
)


async def play(stage: Stage) -> None:
    """Play the whole scene."""
    await stage.assemble()
    known: dict[str, str] = {}
    for chapter in CHAPTERS:
        await chapter(stage, known)
