"""Taking a case from one phase to the next."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from app.access.context import Context
from app.audit import journal
from app.cases import rules
from app.cases.actions.opening import locked_case
from app.cases.linking import record_reason
from app.cases.models import Case, CaseContent, CasePhase
from app.cases.rules import Facts, Way
from app.cases.schemas.cases import PhaseStep
from app.cases.subject import Subject, find_case, require_usable
from app.cases.supplies import needs, sentences
from app.consents.queries import has_documentation_consent
from app.kit.clock import local_date
from app.kit.errors import Incomplete, Invalid, WrongState
from app.kit.ids import new_id
from app.kit.versions import Expected

CONSENT = "consent"

_FACTS = """WITH since AS (
    SELECT max(at) AS at FROM case_phases WHERE case_id = $1
)
SELECT (SELECT at FROM since) AS since,
    (SELECT count(*) FROM assessment_domains WHERE case_id = $1 AND state = 'need') AS needs,
    (SELECT count(*) FROM assessment_domains d JOIN assessments a
        ON a.municipal_area_id = d.municipal_area_id AND a.id = d.assessment_id
        WHERE d.case_id = $1 AND d.state = 'need' AND a.created_at >= (SELECT at FROM since)) AS new_needs,
    EXISTS (SELECT FROM assessments
        WHERE case_id = $1 AND created_at >= (SELECT at FROM since)) AS assessed,
    (SELECT count(*) FROM goals WHERE case_id = $1 AND attainment IS DISTINCT FROM 'dropped') AS goals,
    (SELECT count(*) FROM goals g WHERE g.case_id = $1 AND g.attainment IS NULL
        AND NOT EXISTS (SELECT FROM measures m WHERE m.case_id = $1 AND m.goal_id = g.id)) AS without_measure,
    (SELECT count(*) FROM goals WHERE case_id = $1 AND attainment IS NULL) AS without_attainment,
    EXISTS (SELECT FROM case_linkings WHERE case_id = $1) AS linked"""


_BASIS = "SELECT documentation_basis FROM case_contents WHERE id = $1"
# Holds the consent on which the case rests, so that a withdrawal at the same moment comes before or after.
_WITHDRAWN = "SELECT documentation_withdrawn($1)"
_CONSENTED = """SELECT documentation_basis = 'consent' OR closing_reason = 'consent_withdrawn'
FROM case_contents WHERE id = $1"""


async def take_phase(ctx: Context, case_id: UUID, body: PhaseStep, expected: Expected) -> UUID:
    """Take a case to a phase.

    Raises 409 `wrong_state` naming the phases that can be reached, 409 `incomplete` naming what the present
    phase still asks for, or `skip_reason` where something is passed over without one.
    """
    subject = await find_case(ctx, case_id, to_change=True)
    case, content = await locked_case(ctx, case_id, expected)
    way = rules.way(subject.phase, body.to)
    if way is None:
        allowed = rules.following(subject.phase) or ["reopen"]
        raise WrongState("The case cannot go there from here.", state=subject.phase, allowed=allowed)
    require_usable(subject)
    await _take_along(ctx, case_id, content, body)
    lacking = rules.missing(subject.phase, await gather_facts(ctx, subject, content))
    _require(subject.phase, way, lacking, body)
    over = rules.passed_over(subject.phase, body.to, lacking)
    move(ctx, case, body.to, reason=body.skip_reason, over=over)
    await journal.record(
        ctx.db, "case.phase", "case", case_id, clients=[subject.pseudonym], changed=["phase"]
    )
    return case_id


def _require(phase: str, way: Way, lacking: list[str], body: PhaseStep) -> None:
    if lacking and (phase in rules.NEVER_SKIPPED or body.skip_reason is None):
        raise incomplete(lacking, phase)
    if way is Way.SKIP and body.skip_reason is None:
        raise incomplete(["skip_reason"], phase)


def incomplete(lacking: list[str], phase: str) -> Incomplete:
    """Return the error that says in sentences what is missing and names the operation that supplies it."""
    return Incomplete(sentences(lacking), missing=lacking, state=phase, needs=needs(lacking))


async def _take_along(ctx: Context, case_id: UUID, content: CaseContent, body: PhaseStep) -> None:
    """Write down what was sent together with the step."""
    if body.agreement is not None:
        if body.agreement.agreed_on > local_date(ctx.now):
            raise Invalid.at("body.agreement.agreed_on", "in_the_future", "An agreement lies in the past.")
        content.plan_agreed_on = body.agreement.agreed_on
        content.plan_agreement = body.agreement.how
    if body.linking_reason is not None:
        record_reason(ctx, case_id, body.linking_reason)


async def gather_facts(ctx: Context, subject: Subject, content: CaseContent) -> Facts:
    """Return what is there of what a phase asks for."""
    driver = await ctx.db.driver()
    row: Any = await driver.fetchrow(_FACTS, subject.case_id)
    agreed_on = content.plan_agreed_on
    return Facts(
        kind=subject.kind,
        criteria=content.intake_criteria,
        outcome=content.intake_outcome,
        notice_given=content.privacy_notice_on is not None,
        basis_stated=content.documentation_basis is not None,
        basis_holds=await _basis_holds(ctx, subject, content.documentation_basis),
        needs=row["needs"],
        needs_since_phase=row["new_needs"],
        assessed_since_phase=row["assessed"],
        goals=row["goals"],
        goals_without_measure=row["without_measure"],
        goals_without_attainment=row["without_attainment"],
        agreed=agreed_on is not None and agreed_on >= local_date(row["since"]),
        linked=row["linked"],
        review_dated=content.next_review_on is not None,
        feedback_given=content.client_feedback is not None,
    )


async def documentation_lacking(ctx: Context, subject: Subject) -> list[str]:
    """Return what is missing for the documentation of a case, in the words of `rules.NEEDS`."""
    driver = await ctx.db.driver()
    stated = await driver.fetchval(_BASIS, subject.case_id)
    if await _basis_holds(ctx, subject, stated):
        return []
    return ["documentation_basis" if stated is None else "documentation_consent"]


async def require_not_withdrawn(ctx: Context, subject: Subject) -> None:
    """Raise 409 `incomplete` where a closed case rested on a consent of its client that holds no longer."""
    driver = await ctx.db.driver()
    is_withdrawn = await driver.fetchval(_WITHDRAWN, subject.case_id)
    lacking = await documentation_lacking(ctx, subject)
    if lacking and (is_withdrawn or await driver.fetchval(_CONSENTED, subject.case_id)):
        raise incomplete(lacking, rules.CLOSED)


async def _basis_holds(ctx: Context, subject: Subject, stated: str | None) -> bool:
    if stated not in (None, CONSENT):
        return True
    return await has_documentation_consent(ctx, subject.client_id, subject.case_id, local_date(ctx.now))


def move(ctx: Context, case: Case, target: str, *, reason: str | None, over: Sequence[str] = ()) -> None:
    """Move a case and write it into the history of its phases."""
    ctx.db.add(
        CasePhase(
            municipal_area_id=case.municipal_area_id,
            id=new_id(),
            case_id=case.id,
            at=ctx.now,
            source=case.phase,
            target=target,
            user_id=ctx.actor.user_id,
            reason=reason,
            passed_over=list(over),
        )
    )
    case.phase = target
