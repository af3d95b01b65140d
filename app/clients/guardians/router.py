"""Guardians over HTTP."""

from typing import Annotated
from uuid import UUID

from app.access.context import Context
from app.access.guard import allow
from app.access.permissions import Permission
from app.access.relations import require_relation
from app.clients.guardians import actions, queries
from app.clients.guardians.schemas import GuardianChange, GuardianCreate, GuardianRead
from app.kit.idempotency import Idempotent
from app.kit.pages import Paging
from app.kit.reading import JsonBytes
from app.kit.routing import Router
from app.kit.schema import Page
from app.kit.versions import IfMatch

router = Router(prefix="/v1/clients/{client_id}/guardians", tags=["guardians"])

Reading = Annotated[Context, allow(Permission.CLIENT_READ)]
Changing = Annotated[Context, allow(Permission.CLIENT_CHANGE)]


@router.get("", response_model=Page[GuardianRead])
async def list_guardians(ctx: Reading, page: Paging, client_id: UUID) -> JsonBytes:
    """List who decides or decided for a person."""
    await require_relation(ctx, client_id=client_id)
    return await queries.list_guardians(ctx, client_id, page)


@router.post("", status_code=201, response_model=GuardianRead)
async def record_guardian(
    ctx: Changing, once: Idempotent, client_id: UUID, body: GuardianCreate
) -> JsonBytes:
    """Record a parent, a guardian, the youth welfare office or a legal adviser."""
    made = await once.run(ctx.db, actions.record_guardian(ctx, client_id, body))
    return await queries.read_guardian(ctx, made, status=201)


@router.patch("/{guardian_id}", response_model=GuardianRead)
async def change_guardian(
    ctx: Changing, expected: IfMatch, client_id: UUID, guardian_id: UUID, body: GuardianChange
) -> JsonBytes:
    """Change scope, time, evidence or how a guardian is reached."""
    await actions.change_guardian(ctx, client_id, guardian_id, body, expected)
    return await queries.read_guardian(ctx, guardian_id)
