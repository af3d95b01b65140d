"""Drafts: saved while somebody writes, published once, thrown away, deleted when forgotten.

Saving leaves no trace in the journal: the words are not yet part of the case. Publishing does.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from app.access.context import Context
from app.cases.actions.contacts import write_contact
from app.cases.contact import KEPT
from app.cases.noting.models import ContactDraft
from app.cases.noting.rules import KEEP_DRAFTS
from app.cases.noting.schemas import ContactDraftSave
from app.cases.subject import find_case, open_case
from app.catalogues.check import require_code
from app.kit.changes import apply, locked
from app.kit.database import Db
from app.kit.errors import Incomplete, NotFound
from app.kit.ids import new_id
from app.kit.versions import Expected

_FORGET = "DELETE FROM contact_drafts WHERE changed_at < $1"


async def begin_draft(ctx: Context, case_id: UUID, body: ContactDraftSave) -> UUID:
    """Begin a draft in an open case; 409 in a closed one."""
    await open_case(ctx, case_id)
    _check(body)
    draft = ContactDraft(
        municipal_area_id=ctx.actor.municipal_area_id,
        id=new_id(),
        case_id=case_id,
        author_id=ctx.actor.user_id,
        **body.model_dump(),
    )
    ctx.db.add(draft)
    await ctx.db.flush()
    return draft.id


async def save_draft(
    ctx: Context, case_id: UUID, draft_id: UUID, body: ContactDraftSave, expected: Expected
) -> None:
    """Put what is there so far in place of what was saved before; 412 when another device saved meanwhile."""
    await open_case(ctx, case_id)
    draft = await _own(ctx, case_id, draft_id, expected)
    _check(body)
    apply(draft, body.model_dump())


async def publish_draft(ctx: Context, case_id: UUID, draft_id: UUID, expected: Expected) -> UUID:
    """Make a draft a contact with the same id, and delete it.

    The id makes a second publication impossible, whatever happens to the draft. Raises 409 `incomplete`
    without a type or a time, and what recording a contact raises.
    """
    await open_case(ctx, case_id)
    draft = await _own(ctx, case_id, draft_id, expected)
    values: dict[str, Any] = {name: getattr(draft, name) for name in KEPT}
    lacking = [name for name in ("contact_type", "happened_at") if values[name] is None]
    if lacking:
        raise Incomplete("An entry says what happened and when.", missing=lacking)
    await write_contact(ctx, case_id, values, contact_id=draft_id)
    await ctx.db.delete(draft)
    return draft_id


async def discard_draft(ctx: Context, case_id: UUID, draft_id: UUID, expected: Expected) -> None:
    """Throw a draft away, also in a closed case."""
    await find_case(ctx, case_id)
    await ctx.db.delete(await _own(ctx, case_id, draft_id, expected))


async def forget_drafts(db: Db, now: datetime) -> None:
    """Delete the drafts of an area that nobody has touched for 30 days."""
    await (await db.driver()).execute(_FORGET, now - KEEP_DRAFTS)


async def _own(ctx: Context, case_id: UUID, draft_id: UUID, expected: Expected) -> ContactDraft:
    draft = await locked(ctx.db, ContactDraft, draft_id)
    if draft.case_id != case_id:
        raise NotFound
    expected.check(draft)
    return draft


def _check(body: ContactDraftSave) -> None:
    require_code("contact_type", body.contact_type, "body.contact_type")
    require_code("language", body.language, "body.language")
