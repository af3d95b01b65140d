"""An inquiry becomes a case: of a client who was looked for first, with a basis for the documentation."""

from uuid import UUID

from app.access.context import Context
from app.audit import journal
from app.cases.actions.phase import documentation_lacking, incomplete
from app.cases.subject import open_case
from app.inquiries.actions import PERSONAL, count, following, mine, require_answered
from app.inquiries.schemas import InquiryToCase
from app.kit.clock import local_date
from app.kit.errors import Conflict, Invalid, WrongState
from app.kit.versions import Expected

_TAKEN = "SELECT EXISTS (SELECT FROM inquiry_contents WHERE case_id = $1 AND id <> $2)"
_IS_RESTRICTED = "SELECT is_restricted FROM cases WHERE id = $1"


async def become_case(ctx: Context, inquiry_id: UUID, body: InquiryToCase, expected: Expected) -> UUID:
    """Link an inquiry to the open case that it became, and keep what tells of the person there only.

    Registering the client has looked for duplicates. Raises 404 for a case that the actor does not work on,
    422 for one at another unit, 409 `incomplete` while nothing permits the documentation, 409 for a case that
    another inquiry became. A restricted person is not counted.
    """
    inquiry, content = await mine(ctx, inquiry_id, expected)
    if "case" not in following(inquiry):
        raise WrongState("This is not possible now.", state=inquiry.state, allowed=following(inquiry))
    require_answered(inquiry)
    subject = await open_case(ctx, body.case_id)
    if subject.unit_id != inquiry.unit_id:
        raise Invalid.at("body.case_id", "other_unit", "The case is at another unit than the inquiry.")
    if lacking := await documentation_lacking(ctx, subject):
        raise incomplete(lacking, subject.phase)
    driver = await ctx.db.driver()
    if await driver.fetchval(_TAKEN, body.case_id, inquiry_id):
        raise Conflict("Another inquiry became this case.", code="duplicate")
    if not await driver.fetchval(_IS_RESTRICTED, body.case_id):
        count(ctx, inquiry, content, "case", on=local_date(ctx.now))
    inquiry.state, content.case_id = "case", body.case_id
    content.finished_on, content.forgotten_at = local_date(ctx.now), ctx.now
    for name in PERSONAL:
        setattr(content, name, None)
    await journal.record(
        ctx.db, "inquiry.become_case", "inquiry", inquiry_id, clients=[subject.pseudonym], changed=["state"]
    )
    return inquiry_id
