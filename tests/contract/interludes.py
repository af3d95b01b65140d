"""What happens in the scene without a request: the worker's hour, other people's reports, a Monday."""

from app.background import worker_parts
from app.kit.clock import utc_now
from app.kit.ids import new_id
from app.settings import Settings
from app.worker import run_once
from tests.contract.stage import RELEASED, Meanwhile, Stage
from tests.obstacles.arrange import visible_observation
from tests.reporting.arrange import figures
from tests.state_exports.arrange import persons_of


def interludes(settings: Settings) -> dict[str, Meanwhile]:
    """Return them by the name under which the scene and the examples call them."""

    async def work(_: Stage) -> None:
        async with worker_parts(settings) as (database, wiring):
            await run_once(database, wiring, utc_now, jobs=())

    async def report(stage: Stage) -> None:
        await figures(stage.world, RELEASED, reports=400)

    async def observe(stage: Stage) -> None:
        await visible_observation(stage.world)
        await stage.world.admin.execute(
            """UPDATE observations SET visible_from = '2026-01-05'
            WHERE municipal_area_id = $1 AND institution_type = 'schule'""",
            stage.world.area,
        )

    async def elsewhere(stage: Stage) -> None:
        # Always the same one: whoever plays the scene again finds no second.
        admin, area = stage.world.admin, "KIM-ELSEWHERE"
        async with admin.transaction():
            await admin.execute("SET LOCAL session_replication_role = replica")
            await admin.execute(
                """INSERT INTO municipal_areas (id, name, kind) VALUES ($1, $1, 'kreis')
                ON CONFLICT DO NOTHING""",
                area,
            )
            await admin.execute(
                """INSERT INTO obstacles (municipal_area_id, id, title, description, barrier_types,
                    institution_types, status, bundled_on, created_by)
                VALUES ($1, md5('elsewhere')::uuid, 'x', 'x', '{G1}', '{kita}', 'in_project_group',
                    '2026-04-06', md5('somebody')::uuid) ON CONFLICT DO NOTHING""",
                area,
            )

    async def over(stage: Stage) -> None:
        await stage.world.admin.execute(
            """UPDATE partner_barriers SET quarter = $2, since = '2020-01-02'
            WHERE municipal_area_id = $1 AND state = 'received'""",
            stage.world.area,
            RELEASED,
        )

    async def consent(stage: Stage) -> None:
        await persons_of(stage.world, stage.people["Anja Berger"], 12)

    async def law(stage: Stage) -> None:
        await stage.world.admin.execute(
            "UPDATE pathways SET law_version = 'StAG10-2024' WHERE municipal_area_id = $1", stage.world.area
        )

    async def give_up(stage: Stage) -> None:
        row = await stage.world.admin.fetchrow(
            """UPDATE webhook_deliveries SET state = 'parked', failures = 10, failure = 'timeout',
                ended_at = now() WHERE municipal_area_id = $1 RETURNING id, institution_id""",
            stage.world.area,
        )
        await stage.world.admin.execute(
            """INSERT INTO webhook_attempts (municipal_area_id, id, delivery_id, institution_id, at,
                milliseconds, failure) VALUES ($1, $2, $3, $4, now(), 15000, 'timeout')""",
            stage.world.area, new_id(), row["id"], row["institution_id"],
        )  # fmt: skip

    return {
        "the worker runs": work,
        "a quarter of reports comes together": report,
        "an observation appears": observe,
        "another area is on its way": elsewhere,
        "a quarter of institutions' reports is over": over,
        "the law changes": law,
        "persons consent to the state-wide database": consent,
        "a delivery is given up": give_up,
    }
