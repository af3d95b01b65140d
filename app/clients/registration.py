"""Registering a person with what is known at the first conversation, after a look for duplicates."""

from collections.abc import Sequence
from uuid import UUID

from app.access.assignments import register_client
from app.access.context import Context
from app.access.roles import Role
from app.audit import journal
from app.clients.duplicates import look_for_duplicates
from app.clients.histories.kinds import LANGUAGES, LEGAL_DOMAINS, RESIDENCE_DOCUMENTS, HistoryKind
from app.clients.histories.periods import place_period
from app.clients.histories.schemas import PeriodInput
from app.clients.household import place_member
from app.clients.models import Client
from app.clients.nationalities import write_nationalities
from app.clients.person import PARTS, settle_person
from app.clients.schemas import ClientCreate
from app.kit.clock import local_date
from app.kit.errors import Conflict, Invalid
from app.kit.ids import new_id, random_id


async def create_client(ctx: Context, body: ClientCreate) -> UUID:
    """Register a person and become their registrar.

    Raises 409 `possible_duplicate` with the ids of likely duplicates that the actor sees, unless they are
    named as somebody else or the person is confirmed to be new, and 429 past the limit of the hour.
    """
    values = body.model_dump(exclude=PARTS)
    settle_person(local_date(ctx.now), values)
    unit_id = _unit(ctx, body.unit_id)
    await _refuse_duplicate(ctx, body)
    client = Client(
        municipal_area_id=ctx.actor.municipal_area_id,
        id=new_id(),
        pseudonym=random_id(),
        household_key=random_id(),
        unit_id=unit_id,
        created_by=ctx.actor.user_id,
        **values,
    )
    ctx.db.add(client)
    await register_client(ctx, client.id)
    await _add_parts(ctx, client, body)
    await journal.record(ctx.db, "client.create", "client", client.id, clients=[client.pseudonym])
    return client.id


def _unit(ctx: Context, wanted: UUID | None) -> UUID:
    units = ctx.actor.places(Role.CASE_MANAGER)
    if wanted is not None:
        if wanted not in units:
            raise Invalid.at("body.unit_id", "not_your_unit", "You register persons for your own units.")
        return wanted
    if len(units) != 1:
        raise Invalid.at("body.unit_id", "missing", "You work at several units: name one.")
    return next(iter(units))


async def _refuse_duplicate(ctx: Context, body: ClientCreate) -> None:
    found = await look_for_duplicates(ctx, body, is_registration=True)
    others = {each.client_id for each in found} - set(body.not_duplicate_of)
    if others and not body.confirm_new:
        raise Conflict(
            "You see persons who may be the same one. Use them, or say that none of them is this person.",
            code="possible_duplicate",
            clients=sorted(str(each) for each in others),
        )


async def _add_parts(ctx: Context, client: Client, body: ClientCreate) -> None:
    write_nationalities(ctx, client.id, body.nationalities)
    await _add_periods(ctx, LANGUAGES, client.id, body.languages, "languages")
    await _add_periods(ctx, RESIDENCE_DOCUMENTS, client.id, body.residence_documents, "residence_documents")
    await _add_periods(ctx, LEGAL_DOMAINS, client.id, body.legal_domains, "legal_domains")
    for number, member in enumerate(body.household_members):
        await place_member(ctx, client.id, member, f"body.household_members.{number}")


async def _add_periods(
    ctx: Context, kind: HistoryKind, client_id: UUID, periods: Sequence[PeriodInput], field: str
) -> None:
    for number, period in enumerate(periods):
        await place_period(ctx, kind, client_id, period, f"body.{field}.{number}")
