"""Who is told of what. All but the revocation run in the worker, whose event id makes each telling once.

What happens to a task is told by the database (`migrations/sql/tasks.sql`), whatever way it takes.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID, uuid5

from app.access.context import Context, SystemContext
from app.clients.elsewhere import found_elsewhere
from app.kit.clock import local_date
from app.kit.events import id_in
from app.referrals.events import ReferralRevoked

_TELL = """INSERT INTO notifications
(municipal_area_id, id, user_id, kind, object_type, object_id, created_at)
VALUES (ctx_area(), $1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING"""

_RECIPIENTS = "SELECT user_id FROM told_of_referral($1, $2, $3)"

_MANAGERS_OF_WEBHOOKS = """SELECT DISTINCT m.user_id FROM memberships m
JOIN users u ON u.municipal_area_id = m.municipal_area_id AND u.id = m.user_id AND u.disabled_at IS NULL
WHERE m.institution_id = $1 AND m.role = 'partner_user'
AND m.started_at <= now() AND (m.ended_at IS NULL OR m.ended_at > now())"""

_TEAM = """SELECT DISTINCT a.user_id FROM assignments a
JOIN referrals r ON r.municipal_area_id = a.municipal_area_id AND r.case_id = a.case_id
WHERE r.id = $1 AND a.kind IN ('lead', 'member', 'deputy')
AND a.active_from <= now() AND (a.active_until IS NULL OR a.active_until > now())
AND belongs_to(a.user_id, a.unit_id)"""

_CASE_MANAGERS = """SELECT DISTINCT a.user_id FROM assignments a
WHERE a.client_id = $1 AND a.kind <> 'break_glass'
AND a.active_from <= now() AND (a.active_until IS NULL OR a.active_until > now())
AND belongs_to(a.user_id, a.unit_id)"""

_ON_CASE = _CASE_MANAGERS + " AND ($2::uuid IS NULL OR a.case_id = $2)"

_OFFICERS = """SELECT DISTINCT m.user_id FROM memberships m
JOIN users u ON u.municipal_area_id = m.municipal_area_id AND u.id = m.user_id AND u.disabled_at IS NULL
WHERE m.role = 'privacy_officer' AND m.started_at <= now() AND (m.ended_at IS NULL OR m.ended_at > now())
AND EXISTS (SELECT FROM unplaced_withdrawals w WHERE w.id = $1)"""

_OF_STEP = {
    "write": "referral_message",
    "ask": "information_requested",
    "answer": "information_answered",
    "decline": "information_answered",
    "withdraw": "information_withdrawn",
}

_NOBODY_LEFT = "SELECT case_id, user_id FROM team_leads_of_referral($1)"

_REVOKED = "SELECT tell_of_revocation($1, $2)"
_HEAR_OF_CONFERENCE = "SELECT user_id FROM hear_of_conference($1, $2::uuid[])"
_HEARS_OF_HANDOVER = "SELECT hears_of_handover($1, $2)"


async def tell_recipient(ctx: SystemContext, payload: dict[str, Any]) -> None:
    """Tell the institution that a referral lies ready; off the platform nobody there reads this."""
    if payload["channel"] == "platform":
        await _tell_institution(ctx, payload, "referral_received", everybody=True)


async def remind_recipient(ctx: SystemContext, payload: dict[str, Any]) -> None:
    """Tell the institution that a referral still waits for an answer."""
    await _tell_institution(ctx, payload, "referral_reminder")


async def tell_team_of_answer(ctx: SystemContext, payload: dict[str, Any]) -> None:
    """Tell the case's team that a referral was accepted or rejected."""
    await _tell_team(ctx, payload, "referral_answered")


async def tell_team_of_completion(ctx: SystemContext, payload: dict[str, Any]) -> None:
    """Tell the case's team that the recipient's work has ended."""
    await _tell_team(ctx, payload, "referral_completed")


async def tell_team_of_expiry(ctx: SystemContext, payload: dict[str, Any]) -> None:
    """Tell the case's team that nobody answered in time."""
    await _tell_team(ctx, payload, "referral_expired")


async def tell_other_side_of_cancellation(ctx: SystemContext, payload: dict[str, Any]) -> None:
    """Tell whoever did not cancel."""
    if payload["by"] == "recipient":
        await _tell_team(ctx, payload, "referral_cancelled")
    else:
        await _tell_institution(ctx, payload, "referral_cancelled")


async def tell_team_of_narrower_consent(ctx: SystemContext, payload: dict[str, Any]) -> None:
    """Tell the case's team that a renewed consent does not cover a referral any more."""
    await _tell_team(ctx, payload, "referral_not_renewed")


async def tell_of_recall(ctx: SystemContext, payload: dict[str, Any]) -> None:
    """Ask the institution what becomes of the data; off the platform the team asks."""
    ask = _tell_institution if payload["channel"] == "platform" else _tell_team
    await ask(ctx, payload, "recall_asked")


async def tell_team_of_account(ctx: SystemContext, payload: dict[str, Any]) -> None:
    """Tell the case's team that the recipient has said what became of the data."""
    await _tell_team(ctx, payload, "recall_answered")


async def tell_team_of_silence(ctx: SystemContext, payload: dict[str, Any]) -> None:
    """Tell the case's team that the recipient has not said it in time."""
    await _tell_team(ctx, payload, "recall_overdue")


async def tell_of_message(ctx: SystemContext, payload: dict[str, Any]) -> None:
    """Tell the other side of a referral that something was said, asked, answered or taken back."""
    kind = _OF_STEP[payload["step"]]
    if payload["by"] == "recipient":
        await _tell_team(ctx, payload, kind)
    else:
        await _tell_institution(ctx, payload, kind)


async def tell_team_of_withdrawal(ctx: SystemContext, payload: dict[str, Any]) -> None:
    """Tell those who work with the client that a consent was withdrawn, but not who took it down."""
    driver = await ctx.db.driver()
    case_id = payload["case_id"] and id_in(payload, "case_id")
    rows = await driver.fetch(_ON_CASE, id_in(payload, "client_id"), case_id)
    users = [user for user in ids_of(rows) if user != id_in(payload, "by")]
    await tell(ctx, payload, users, "consent_withdrawn", "consent", id_in(payload, "consent_id"))


async def tell_officers_of_withdrawal(ctx: SystemContext, payload: dict[str, Any]) -> None:
    """Tell the privacy officers of a withdrawal that could not be placed; of any other nobody."""
    driver = await ctx.db.driver()
    withdrawal_id = id_in(payload, "withdrawal_id")
    users = await driver.fetch(_OFFICERS, withdrawal_id)
    await tell(ctx, payload, ids_of(users), "withdrawal_unplaced", "withdrawal", withdrawal_id)


async def tell_both_of_revocation(ctx: Context | SystemContext, event: ReferralRevoked) -> None:
    """Tell institution and team within the withdrawal: the recipient must stop at once.

    A definer function writes, because whoever records a withdrawal sees neither side's people.
    """
    driver = await ctx.db.driver()
    await driver.execute(_REVOKED, event.referral_id, ctx.now)


async def tell_of_duplicate(ctx: SystemContext, payload: dict[str, Any]) -> None:
    """Tell those who have a person that somebody elsewhere looked for a very similar one."""
    driver = await ctx.db.driver()
    for client_id, _unit_id in await found_elsewhere(ctx.db, id_in(payload, "check_id")):
        users = await driver.fetch(_CASE_MANAGERS, client_id)
        await tell(ctx, payload, ids_of(users), "possible_duplicate", "client", client_id)


async def tell_uninvited_colleague(ctx: SystemContext, payload: dict[str, Any]) -> None:
    """Tell a colleague that they take part in a conference no longer."""
    await _tell_of_conference(ctx, payload, [id_in(payload, "user_id")], "conference_uninvited")


async def tell_colleagues_of_move(ctx: SystemContext, payload: dict[str, Any]) -> None:
    """Tell the colleagues who will come that a conference is at another time or place."""
    await _tell_of_conference(ctx, payload, [UUID(user) for user in payload["users"]], "conference_moved")


async def _tell_of_conference(
    ctx: SystemContext, payload: dict[str, Any], users: list[UUID], kind: str
) -> None:
    """Tell those of them who may still hear of it."""
    conference_id = id_in(payload, "conference_id")
    driver = await ctx.db.driver()
    told = ids_of(await driver.fetch(_HEAR_OF_CONFERENCE, conference_id, users))
    await tell(ctx, payload, told, kind, "conference", conference_id)


async def tell_invited_colleague(ctx: SystemContext, payload: dict[str, Any]) -> None:
    """Tell a colleague that they take part in a conference."""
    users = [id_in(payload, "user_id")]
    await tell(ctx, payload, users, "conference_invited", "conference", id_in(payload, "conference_id"))


async def tell_colleagues_of_cancellation(ctx: SystemContext, payload: dict[str, Any]) -> None:
    """Tell the colleagues who would have come, and are still on the case, that a conference is cancelled."""
    users = [UUID(user) for user in payload["users"]]
    await _tell_of_conference(ctx, payload, users, "conference_cancelled")


async def tell_assigner_of_handover(ctx: SystemContext, payload: dict[str, Any]) -> None:
    """Tell whoever gave the case to a new lead that what is open has been taken over.

    Of somebody hidden only where they work on the case themselves.
    """
    case_id, assigner = id_in(payload, "case_id"), id_in(payload, "assigned_by")
    driver = await ctx.db.driver()
    if await driver.fetchval(_HEARS_OF_HANDOVER, case_id, assigner):
        await tell(ctx, payload, [assigner], "handover_acknowledged", "case", case_id)


async def tell_institution_of_webhook(
    ctx: SystemContext, institution_id: UUID, webhook_id: UUID, kind: str
) -> None:
    """Tell an institution's people that its webhook needs them; once a day, however much is parked."""
    driver = await ctx.db.driver()
    users = await driver.fetch(_MANAGERS_OF_WEBHOOKS, institution_id)
    of_the_day = {"event_id": str(uuid5(webhook_id, f"{kind} {local_date(ctx.now)}"))}
    await tell(ctx, of_the_day, ids_of(users), kind, "webhook", webhook_id)


async def _tell_institution(
    ctx: SystemContext, payload: dict[str, Any], kind: str, *, everybody: bool = False
) -> None:
    """Tell who is in charge and who stands in for them, or everybody who sees the referral."""
    referral_id = id_in(payload, "referral_id")
    driver = await ctx.db.driver()
    users = await driver.fetch(_RECIPIENTS, referral_id, local_date(ctx.now), everybody)
    await tell(ctx, payload, ids_of(users), kind, "referral", referral_id)


async def _tell_team(ctx: SystemContext, payload: dict[str, Any], kind: str) -> None:
    """Tell the case's team, but not whoever of it wrote this down.

    Where nobody of it is left, the unit's team leads are told: of the case, since they see no referral.
    """
    referral_id = id_in(payload, "referral_id")
    driver = await ctx.db.driver()
    team = ids_of(await driver.fetch(_TEAM, referral_id))
    users = [user for user in team if str(user) != payload.get("recorded_by")]
    await tell(ctx, payload, users, kind, "referral", referral_id)
    for row in [] if team else await driver.fetch(_NOBODY_LEFT, referral_id):
        await tell(ctx, payload, ids_of([row]), kind, "case", row["case_id"])


def ids_of(rows: Iterable[Any]) -> list[UUID]:
    """Return the users in rows."""
    return [UUID(str(row["user_id"])) for row in rows]


async def tell(
    ctx: SystemContext,
    payload: dict[str, Any],
    users: Iterable[UUID],
    kind: str,
    object_type: str,
    object_id: UUID,
) -> None:
    """Write one for each; the id comes from event, user and object, so a repeat changes nothing."""
    event_id = id_in(payload, "event_id")
    rows = [
        (uuid5(event_id, f"{user} {object_id}"), user, kind, object_type, object_id, ctx.now)
        for user in users
    ]
    driver = await ctx.db.driver()
    await driver.executemany(_TELL, rows)
