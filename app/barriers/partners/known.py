"""Whom an institution may tell of without naming us anybody: everybody it knows of through its referrals."""

from datetime import date

from app.access.context import Context
from app.barriers.identifying import Known
from app.clients.known import with_words

_WORDS = "SELECT names, births, addresses, phones FROM words_of_referred($1)"


async def known_to_institution(ctx: Context, institution_id: object) -> Known:
    """Return by what the persons of all its referrals, to it and from it, are recognised; of no one apart.

    Also of referrals that it took over and may not read any more: what it once read, it may still know. Of
    what it never took over and cannot read, nobody: whose consent was withdrawn is not told by a refusal.
    """
    row = await (await ctx.db.driver()).fetchrow(_WORDS, institution_id)
    return Known(
        names=frozenset(with_words(row["names"])),
        birth_dates=frozenset(found for found in map(_day, row["births"]) if found is not None),
        addresses=frozenset(row["addresses"]),
        phones=frozenset(row["phones"]),
    )


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None
