"""Who is told of incoming referrals: the unit, whoever works with the person, or the institution's people."""

from typing import Any
from uuid import UUID

from app.access.context import SystemContext
from app.kit.events import id_in
from app.notifications.handlers import ids_of, tell

AT_INSTITUTION = """SELECT DISTINCT m.user_id FROM memberships m
JOIN users u ON u.municipal_area_id = m.municipal_area_id AND u.id = m.user_id AND u.disabled_at IS NULL
WHERE m.institution_id = $1 AND m.role = 'partner_user'
AND m.started_at <= now() AND (m.ended_at IS NULL OR m.ended_at > now())"""
_AT_UNIT = """SELECT DISTINCT m.user_id FROM memberships m
JOIN users u ON u.municipal_area_id = m.municipal_area_id AND u.id = m.user_id AND u.disabled_at IS NULL
WHERE m.unit_id = $1 AND m.role = ANY ($2)
AND m.started_at <= now() AND (m.ended_at IS NULL OR m.ended_at > now())"""
ADMINS = """SELECT DISTINCT m.user_id FROM memberships m
JOIN users u ON u.municipal_area_id = m.municipal_area_id AND u.id = m.user_id AND u.disabled_at IS NULL
WHERE m.role = 'admin' AND m.started_at <= now() AND (m.ended_at IS NULL OR m.ended_at > now())"""
# Whoever answers for the inquiry, or after an acceptance works with the client.
_INVOLVED = """SELECT i.responsible_id AS user_id FROM inquiries i
WHERE i.id = $1 AND i.responsible_id IS NOT NULL AND belongs_to(i.responsible_id, i.unit_id)
AND NOT EXISTS (SELECT FROM incoming_receipts r WHERE r.id = i.id)
UNION SELECT a.user_id FROM incoming_receipts r
JOIN assignments a ON a.municipal_area_id = r.municipal_area_id AND a.client_id = r.client_id
WHERE r.id = $1 AND a.kind <> 'break_glass'
AND a.active_from <= now() AND (a.active_until IS NULL OR a.active_until > now())
AND belongs_to(a.user_id, a.unit_id)"""

_LEADS, _ALL = ["team_lead"], ["team_lead", "case_manager"]
_OF_THE_UNIT = {"ask": "incoming_asked", "accept": "incoming_decided", "reject": "incoming_decided"}


async def tell_of_incoming(ctx: SystemContext, payload: dict[str, Any]) -> None:
    """Tell the side that did not take the step."""
    step = payload["step"]
    if step in _OF_THE_UNIT:
        await _put(ctx, payload, await _institution(ctx, payload), _OF_THE_UNIT[step])
    elif step == "refer":
        await _put(ctx, payload, await _unit(ctx, payload, _ALL), "incoming_arrived")
    else:
        told = await _involved(ctx, payload)
        if step != "reply" and payload["state"] == "withdrawn":
            told |= await _unit(ctx, payload, _LEADS)
        await _put(ctx, payload, told, "incoming_replied" if step == "reply" else "incoming_ended")


async def tell_assigned(ctx: SystemContext, payload: dict[str, Any]) -> None:
    """Tell the case manager to whom a team lead gave it."""
    await _put(ctx, payload, {id_in(payload, "user_id")}, "incoming_assigned")


async def remind_of_incoming(ctx: SystemContext, payload: dict[str, Any]) -> None:
    """Tell of silence: first whose turn it is, then the whole unit; where nobody is left, who gives roles.

    When the unit has let its deadline pass, the institution learns it too and can refer elsewhere.
    """
    overdue, asked = payload["level"] > 1, payload["state"] == "asked"
    if asked and not overdue:
        await _put(ctx, payload, await _institution(ctx, payload), "incoming_reminder")
        return
    told = await _unit(ctx, payload, _ALL if overdue and not asked else _LEADS)
    told |= await _involved(ctx, payload)
    if not told:
        rows = await (await ctx.db.driver()).fetch(ADMINS)
        told = set(ids_of(rows))
    if overdue and not asked:
        told |= await _institution(ctx, payload)
    await _put(ctx, payload, told, "incoming_overdue" if overdue else "incoming_reminder")


async def _institution(ctx: SystemContext, payload: dict[str, Any]) -> set[UUID]:
    driver = await ctx.db.driver()
    return set(ids_of(await driver.fetch(AT_INSTITUTION, id_in(payload, "institution_id"))))


async def _unit(ctx: SystemContext, payload: dict[str, Any], roles: list[str]) -> set[UUID]:
    driver = await ctx.db.driver()
    return set(ids_of(await driver.fetch(_AT_UNIT, id_in(payload, "unit_id"), roles)))


async def _involved(ctx: SystemContext, payload: dict[str, Any]) -> set[UUID]:
    driver = await ctx.db.driver()
    return set(ids_of(await driver.fetch(_INVOLVED, id_in(payload, "incoming_id"))))


async def _put(ctx: SystemContext, payload: dict[str, Any], users: set[UUID], kind: str) -> None:
    incoming_id = id_in(payload, "incoming_id")
    await tell(ctx, payload, sorted(users), kind, "incoming_referral", incoming_id)
