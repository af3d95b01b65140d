"""What several verbs write and check of an obstacle: its steps, codes, and who is responsible."""

from collections.abc import Sequence
from uuid import UUID

from app.access.context import Context
from app.catalogues.check import require_code
from app.kit.clock import local_date
from app.kit.errors import Invalid, WrongState
from app.kit.ids import new_id
from app.obstacles.models import Obstacle, ObstacleStep
from app.obstacles.rules import MERGED, following


def add_step(ctx: Context, obstacle_id: UUID, source: str | None, target: str, reason: str | None) -> None:
    """Keep one change of status for good."""
    ctx.db.add(
        ObstacleStep(
            municipal_area_id=ctx.actor.municipal_area_id,
            id=new_id(),
            obstacle_id=obstacle_id,
            from_status=source,
            to_status=target,
            taken_on=local_date(ctx.now),
            reason=reason,
            taken_by=ctx.actor.user_id,
        )
    )


def check_codes(barrier_types: Sequence[str], institution_types: Sequence[str]) -> None:
    """Raise 422 for a code that the catalogues do not know."""
    for place, code in enumerate(barrier_types):
        require_code("barrier_type", code, f"body.barrier_types.{place}")
    for place, code in enumerate(institution_types):
        require_code("institution_type", code, f"body.institution_types.{place}")


def require_one_place(institution_id: UUID | None, unit_id: UUID | None) -> None:
    """Raise 422 unless exactly one institution or unit is named."""
    if (institution_id is None) == (unit_id is None):
        raise Invalid.at("body.institution_id", "one_responsible", "Name one institution or one unit.")


def require_not_merged(obstacle: Obstacle) -> None:
    """Raise 409 `wrong_state` for what is part of another obstacle: work goes on there, and is read there."""
    if obstacle.status == MERGED:
        raise WrongState(
            "It was merged into another obstacle: go on there.",
            state=obstacle.status,
            allowed=following(obstacle.status),
        )
