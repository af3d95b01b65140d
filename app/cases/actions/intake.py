"""Intake: criteria, privacy notice, legal basis of the documentation, and what comes of it."""

from uuid import UUID

from app.access.context import Context
from app.audit import journal
from app.cases.actions.opening import locked_case
from app.cases.rules import TAKEN_ON
from app.cases.schemas.cases import CaseIntake
from app.cases.subject import open_case
from app.catalogues.check import require_code
from app.kit.changes import apply
from app.kit.clock import local_date
from app.kit.errors import Invalid, WrongState
from app.kit.versions import Expected

_COLUMNS = {"outcome": "intake_outcome", "note": "intake_note"}
_NOTICE = ("privacy_notice_version", "privacy_notice_language", "privacy_notice_on")


async def record_intake(ctx: Context, case_id: UUID, body: CaseIntake, expected: Expected) -> None:
    """Write down what intake has found; an outcome of taking on decides the kind of the case.

    After intake the notice and the legal basis can still be renewed, the outcome stands (409).
    """
    subject = await open_case(ctx, case_id, to_change=True)
    case, content = await locked_case(ctx, case_id, expected)
    _check(ctx, body)
    sent = body.model_dump(exclude_unset=True)
    changes = {_COLUMNS.get(name, name): value for name, value in sent.items() if name != "criteria"}
    if body.criteria:
        changes["intake_criteria"] = {**content.intake_criteria, **body.criteria}
    decides = "outcome" in sent and body.outcome != content.intake_outcome
    if decides and subject.phase != "intake":
        raise WrongState("Intake is over; its outcome stands.", state=subject.phase, allowed=["close"])
    changed = apply(content, changes, required=(*_NOTICE, "documentation_basis"))
    if decides and body.outcome in TAKEN_ON and body.outcome != subject.kind:
        case.kind = str(body.outcome)
        changed.append("kind")
    await journal.record(ctx.db, "case.intake", "case", case_id, clients=[subject.pseudonym], changed=changed)


def _check(ctx: Context, body: CaseIntake) -> None:
    require_code("intake_outcome", body.outcome, "body.outcome")
    require_code("language", body.privacy_notice_language, "body.privacy_notice_language")
    require_code("legal_basis", body.documentation_basis, "body.documentation_basis")
    given = [getattr(body, name) is not None for name in _NOTICE]
    if any(given) and not all(given):
        raise Invalid.at(
            "body.privacy_notice_version", "missing", "A privacy notice has a version, a language and a day."
        )
    if body.privacy_notice_on is not None and body.privacy_notice_on > local_date(ctx.now):
        raise Invalid.at("body.privacy_notice_on", "in_the_future", "The notice is given before it is noted.")
