"""The feed of a recipient: what came, changed, or went out of sight since a cursor, without gaps.

A page is read in the order of the transactions that wrote the rows, from the place of the cursor on, so it
costs what it shows. Which transactions may still be open is what `app.kit.catching_up` is about. A package
whose time runs out writes nothing; until when it can be read is said beforehand (`readable_until`).
"""

from collections.abc import Sequence
from uuid import UUID

from app.access.context import Context
from app.kit.following import END_OF_PAGE, Reader, in_order
from app.kit.reading import JsonBytes
from app.referrals.models import IS_OPEN
from app.referrals.partner_queries import institutions_of, is_machine
from app.referrals.rules import OUT_OF_SIGHT

_MY_SITES = "SELECT my_sites()"
_LOST = ", ".join(f"'{state}'" for state in sorted(OUT_OF_SIGHT))
_PAGE = """WITH page AS MATERIALIZED (
    SELECT found.* FROM unnest($1::uuid[]) AS mine(institution_id)
    CROSS JOIN LATERAL (
        SELECT q.* FROM referral_requests q
        WHERE q.municipal_area_id = (SELECT ctx_area()) AND q.institution_id = mine.institution_id
            AND q.requested_at IS NOT NULL AND q.channel = 'platform' AND {which}
            AND ($6::uuid IS NULL OR NOT EXISTS (SELECT FROM referral_packages o
                WHERE o.municipal_area_id = q.municipal_area_id AND o.id = q.id
                    AND o.offer_id IS DISTINCT FROM $6::uuid))
            AND {next}
        ORDER BY q.changed_xid, q.id LIMIT $4::int + 1) found
    ORDER BY found.changed_xid, found.id LIMIT $4::int + 1),
shown AS MATERIALIZED (SELECT * FROM page q ORDER BY q.changed_xid, q.id LIMIT $4::int),
journal AS (INSERT INTO audit_journal (action, object_type, object_id, client_pseudonyms)
    SELECT 'partner_referral.read', 'referral', NULL, ARRAY(SELECT DISTINCT client_pseudonym FROM shown)
    WHERE EXISTS (SELECT FROM shown)),
told AS (SELECT q.changed_xid, q.id, CASE
        WHEN q.state IN ({lost}) OR q.state = 'cancelled' AND q.answered_at IS NULL
        THEN json_build_object('id', q.id, 'lost', true)::text
        WHEN p.id IS NULL THEN (SELECT row_to_json(o)::text FROM (SELECT {summary}) o)
        ELSE (SELECT row_to_json(o)::text FROM (
            SELECT {summary}, p.readable_until, p.content::json -> 'concern' AS concern,
                p.content::json -> 'offer' AS offer) o)
        END AS body
    FROM shown q
    JOIN units u ON u.municipal_area_id = q.municipal_area_id AND u.id = q.unit_id
    LEFT JOIN referral_charges c ON c.municipal_area_id = q.municipal_area_id AND c.id = q.id
    LEFT JOIN referral_packages p ON p.municipal_area_id = q.municipal_area_id AND p.id = q.id
        AND (p.readable_until IS NULL OR p.readable_until > $5::timestamptz))
{end}"""
_SUMMARY = """q.id, q.state, q.delivery, q.urgency, q.requested_at, q.deadline_at, u.name AS unit_name,
    q.last_message_at, q.site_id, q.version"""
_TO_PEOPLE = f"{_SUMMARY}, c.user_id AS in_charge"
"""Who of the institution looks after it: told to its people, and absent for its machines."""


def _page(which: str, summary: str) -> str:
    behind = in_order("q", "$2", "$3", "$7")
    return _PAGE.format(which=which, next=behind, lost=_LOST, summary=summary, end=END_OF_PAGE)


OPEN, CHANGED = (_page(which, _TO_PEOPLE) for which in (f"q.{IS_OPEN}", "true"))
"""Everything open, for whoever has nothing yet; and what was written since."""
TO_MACHINES = tuple(_page(which, _SUMMARY) for which in (f"q.{IS_OPEN}", "true"))
"""The same two for machines."""


async def read_feed(ctx: Context, since: str, limit: int, offer_id: UUID | None) -> JsonBytes:
    """Return a page of what changed since a cursor; an empty one begins with everything open.

    For one offer, what names another or none is left out; what cannot be read any more is told of all.

    Raises 410 for a cursor that cannot be gone on with, also when one's institutions are others since.
    """
    driver = await ctx.db.driver()
    whose = owner(ctx, await driver.fetchval(_MY_SITES), offer_id)
    reader = Reader.of(since, whose)
    return reader.answer(await driver.fetchrow(*statement(ctx, reader, limit, offer_id)))


def statement(ctx: Context, reader: Reader, limit: int, offer_id: UUID | None = None) -> tuple[object, ...]:
    """Return the SQL of a page and its arguments."""
    first, later = TO_MACHINES if is_machine(ctx) else (OPEN, CHANGED)
    which = first if reader.place.is_first else later
    xid, key, mark = reader.arguments
    return which, institutions_of(ctx), xid, key, limit, ctx.now, offer_id, mark


def owner(ctx: Context, sites: Sequence[UUID] = (), offer_id: UUID | None = None) -> str:
    """Return whose cursor it is: a person, the institutions in whose name they read, and their sites there.

    Who comes to another institution or site, or leaves one, begins anew: so nothing has to be told of each
    referral.
    """
    places = " ".join(sorted(map(str, {*institutions_of(ctx), *sites})))
    of_offer = "" if offer_id is None else f" offer {offer_id}"
    return f"feed {ctx.actor.municipal_area_id} {ctx.actor.user_id} {places}{of_offer}"
