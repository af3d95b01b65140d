"""Reading a caseload: one statement over the shells of a unit's open cases.

It counts what the team lead may list anyway; a restricted case counts only for a lead who is on its team, and
nobody's whose data are only kept (Art. 18 GDPR): on such a case nobody may work.
"""

from uuid import UUID

from app.access.context import Context
from app.access.relations import require_place
from app.access.roles import Role
from app.kit.clock import local_date
from app.kit.reading import JsonBytes

BANDS = {"up_to_7": (0, 7), "up_to_14": (8, 14), "up_to_30": (15, 30), "up_to_60": (31, 60)}
"""Days in the present phase, first and last; `over_60` are the rest."""
CASE_MANAGEMENT = 2
"""The component whose positions carry cases."""

_FILTERS = ", ".join(
    f"'{name}', count(*) FILTER (WHERE h.days BETWEEN {first} AND {last})"
    for name, (first, last) in BANDS.items()
)
_OVER = max(last for _, last in BANDS.values())
_PHASES = f"""SELECT coalesce(json_agg(json_build_object(
        'phase', p.phase, 'count', p.count, 'waiting', p.waiting) ORDER BY p.phase), '[]')
    FROM (SELECT h.phase, count(*) AS count,
        json_build_object({_FILTERS}, 'over_{_OVER}', count(*) FILTER (WHERE h.days > {_OVER})) AS waiting
    FROM held h WHERE {{}} GROUP BY h.phase) p"""

STATEMENT = f"""WITH held AS MATERIALIZED (
    SELECT c.lead_user_id, c.phase,
        greatest(0, $2::date - (s.since AT TIME ZONE 'Europe/Berlin')::date) AS days
    FROM unit_phases_since($1) s
    JOIN cases c ON c.municipal_area_id = (SELECT ctx_area()) AND c.id = s.case_id
), funded AS MATERIALIZED (
    SELECT p.funded_year, sum(p.full_time_equivalents) AS funded,
        coalesce(sum(p.full_time_equivalents) FILTER (WHERE p.filled_from <= $2::date
            AND coalesce(p.filled_until, 'infinity') >= $2::date), 0) AS filled
    FROM positions p
    WHERE p.municipal_area_id = (SELECT ctx_area()) AND p.unit_id = $1 AND NOT p.is_assistant
        AND p.component = {CASE_MANAGEMENT} AND p.funded_year <= extract(year FROM $2::date)
    GROUP BY p.funded_year ORDER BY p.funded_year DESC LIMIT 1
), people AS MATERIALIZED (
    SELECT u.id, u.display_name, bool_or(w.works) AND u.disabled_at IS NULL AS is_active FROM (
        SELECT m.user_id AS id, true AS works FROM memberships m
        WHERE m.municipal_area_id = (SELECT ctx_area()) AND m.unit_id = $1 AND m.role = 'case_manager'
            AND m.started_at <= now() AND (m.ended_at IS NULL OR m.ended_at > now())
        UNION SELECT h.lead_user_id, false FROM held h) w
    JOIN users u ON u.municipal_area_id = (SELECT ctx_area()) AND u.id = w.id
    GROUP BY u.id, u.display_name, u.disabled_at
), journal AS (INSERT INTO audit_journal (action, object_type, object_id, client_pseudonyms)
    VALUES ('caseload.read', 'unit', $1, '{{}}'))
SELECT json_build_object(
    'unit', (SELECT json_build_object('id', t.id, 'name', t.name) FROM units t
        WHERE t.municipal_area_id = (SELECT ctx_area()) AND t.id = $1),
    'on', $2::date,
    'open_cases', (SELECT count(*) FROM held),
    'positions', (SELECT json_build_object('funded_year', f.funded_year, 'funded', f.funded,
        'filled', f.filled) FROM funded f),
    'cases_per_position', (SELECT round((SELECT count(*) FROM held) / nullif(f.filled, 0), 1) FROM funded f),
    'phases', ({_PHASES.format("true")}),
    'case_managers', (SELECT coalesce(json_agg(json_build_object(
            'user', json_build_object('id', o.id, 'name', o.display_name, 'is_active', o.is_active),
            'open_cases', (SELECT count(*) FROM held h WHERE h.lead_user_id = o.id),
            'phases', ({_PHASES.format("h.lead_user_id = o.id")})
        ) ORDER BY o.display_name, o.id), '[]') FROM people o))::text"""


async def read_caseload(ctx: Context, unit_id: UUID) -> JsonBytes:
    """Return the caseload of a unit whose team the actor leads; 404 for any other."""
    require_place(ctx, unit_id, Role.TEAM_LEAD)
    driver = await ctx.db.driver()
    return JsonBytes(await driver.fetchval(STATEMENT, unit_id, local_date(ctx.now)))
