"""Effect checks of obstacles over HTTP."""

from typing import Annotated
from uuid import UUID

from app.access.context import Context
from app.access.guard import allow
from app.access.permissions import Permission
from app.kit.idempotency import Idempotent
from app.kit.pages import Paging
from app.kit.reading import JsonBytes
from app.kit.routing import Router
from app.kit.schema import Page
from app.reporting.effects import actions, queries
from app.reporting.effects.schemas import EffectCheckRead

router = Router(prefix="/v1/obstacles/{obstacle_id}/effect-checks", tags=["obstacles"])


@router.get("", response_model=Page[EffectCheckRead])
async def list_effect_checks(
    ctx: Annotated[Context, allow(Permission.OBSTACLE_READ)], page: Paging, obstacle_id: UUID
) -> JsonBytes:
    """List the effect checks of an obstacle, newest first."""
    return await queries.list_checks(ctx, obstacle_id, page)


@router.post("", status_code=201, response_model=EffectCheckRead)
async def check_obstacle_effect(
    ctx: Annotated[Context, allow(Permission.OBSTACLE_WORK)], once: Idempotent, obstacle_id: UUID
) -> JsonBytes:
    """Compare what releases published before and after the measures; which quarters, a rule says."""
    check_id = await once.run(ctx.db, actions.check_effect(ctx, obstacle_id))
    return await queries.read_check(ctx, check_id, status=201)
