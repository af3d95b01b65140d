"""A change of the legal domain opens its checklist in every open case of the person, within the change."""

import json

from app.access.context import Context
from app.cases.domain_changes.checklists import items_of
from app.catalogues.check import vocabulary
from app.clients.events import LegalDomainChangeCorrected, LegalDomainChanged

# Also in cases of colleagues, whom the one who writes the change down may not see.
_OPEN = "SELECT open_domain_changes($1, $2, $3, $4, $5, $6, $7, $8)"

_CORRECT = "SELECT correct_domain_changes($1, $2, $3, $4, $5, $6, $7)"
WHY = "Der Zeitraum wurde zurückgenommen oder berichtigt"


async def open_domain_changes(ctx: Context, event: LegalDomainChanged) -> None:
    """Open the change of legal domain with the items for the two domains."""
    items = [
        {
            "position": position,
            "checklist_version": item.version,
            "code": item.code,
            "side": item.side,
            "label_de": item.label_de,
            "label_en": item.label_en,
            "source": item.source,
        }
        for position, item in enumerate(items_of(event.before, event.after))
    ]
    driver = await ctx.db.driver()
    await driver.execute(
        _OPEN,
        event.client_id,
        event.before,
        event.after,
        event.changed_on,
        event.days_without,
        {event.before, event.after} <= vocabulary("legal_domain").keys(),
        ctx.now,
        json.dumps(items),
    )


async def correct_domain_changes(ctx: Context, event: LegalDomainChangeCorrected) -> None:
    """Close what was opened for a change that did not come about, or move it to its day."""
    driver = await ctx.db.driver()
    await driver.execute(
        _CORRECT,
        event.client_id,
        event.after,
        event.changed_on,
        event.moved_to,
        event.days_without,
        WHY,
        ctx.now,
    )
