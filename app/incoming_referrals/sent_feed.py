"""The feed of an institution about whom it referred: what its list tells, in the order of its changes.

Nothing goes out of the sender's sight, so nothing is lost in it; and nothing but the state is told.
"""

from app.access.context import Context
from app.kit.following import END_OF_PAGE, Reader, in_order
from app.kit.reading import JsonBytes
from app.referrals.partner_queries import institutions_of

# No pseudonym: the journal of the institution's reads is the same for whoever is known.
CHANGED = f"""WITH page AS MATERIALIZED (
    SELECT found.* FROM unnest($1::uuid[]) AS mine(institution_id)
    CROSS JOIN LATERAL (
        SELECT q.* FROM incoming_referrals q
        WHERE q.municipal_area_id = (SELECT ctx_area()) AND q.institution_id = mine.institution_id
            AND {in_order("q", "$2", "$3", "$5")}
        ORDER BY q.changed_xid, q.id LIMIT $4::int + 1) found
    ORDER BY found.changed_xid, found.id LIMIT $4::int + 1),
shown AS MATERIALIZED (SELECT * FROM page q ORDER BY q.changed_xid, q.id LIMIT $4::int),
journal AS (INSERT INTO audit_journal (action, object_type, object_id, client_pseudonyms)
    SELECT 'incoming_referral.list_sent', 'incoming_referral', NULL, '{{}}'::uuid[]
    WHERE EXISTS (SELECT FROM shown)),
told AS (SELECT q.changed_xid, q.id, (SELECT row_to_json(o)::text FROM (
        SELECT q.id, json_build_object('id', u.id, 'name', u.name) AS unit, q.reference, q.urgency,
            q.legal_basis, q.state, q.requested_at, q.deadline_at, q.answered_at, q.closed_at, q.reason,
            q.withdraw_reason, q.sha256, q.version) o) AS body
    FROM shown q
    JOIN units u ON u.municipal_area_id = q.municipal_area_id AND u.id = q.unit_id)
{END_OF_PAGE}"""


async def read_sent_feed(ctx: Context, since: str, limit: int) -> JsonBytes:
    """Return a page of what was sent or has moved since a cursor; an empty one begins with everything.

    Raises 410 for a cursor that cannot be gone on with, also when one's institutions are others since.
    """
    institutions = institutions_of(ctx)
    places = " ".join(sorted(map(str, institutions)))
    reader = Reader.of(since, f"sent {ctx.actor.municipal_area_id} {ctx.actor.user_id} {places}")
    xid, key, mark = reader.arguments
    driver = await ctx.db.driver()
    return reader.answer(await driver.fetchrow(CHANGED, institutions, xid, key, limit, mark))
