"""Reading persons: a page of mine, one with everything, the household."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, bindparam, func, literal_column, select, text
from sqlalchemy.orm import aliased

from app.access.context import Context
from app.audit import reading
from app.clients.disputes.marks import disputed_fields, disputes_of_client, disputes_of_entry
from app.clients.disputes.models import Dispute
from app.clients.histories.kinds import ADDRESSES, LANGUAGES, LEGAL_DOMAINS, RESIDENCE_DOCUMENTS, SCHOOLING
from app.clients.histories.queries import Marks, periods_of_client
from app.clients.models import Client, ClientNationality, HouseholdMember
from app.kit.clock import local_date
from app.kit.pages import PageRequest
from app.kit.reading import JsonBytes
from app.kit.versions import etag


def line(disputes: Any = Dispute) -> tuple[Any, ...]:
    """Return what a line of a list shows of a person, with the marks of `disputes`."""
    return (
        Client.id,
        Client.given_name,
        Client.family_name,
        Client.birth_date,
        Client.birth_precision,
        Client.sex,
        Client.is_restricted,
        Client.processing_restricted_at,
        disputed_fields(Client, disputes).label("disputed"),
        Client.version,
    )


_Member = aliased(Client)
_BLANK: ColumnElement[str] = literal_column("' '")


def nationalities_of_client() -> ColumnElement[Any]:
    """Return the nationalities of the client in the enclosing select as JSON, in order."""
    rows = select(
        func.coalesce(
            func.json_agg(text("client_nationalities.nationality ORDER BY client_nationalities.position")),
            func.json_build_array(),
        )
    ).where(
        ClientNationality.municipal_area_id == Client.municipal_area_id,
        ClientNationality.client_id == Client.id,
    )
    return rows.correlate(Client).scalar_subquery()


def members_of_client(disputes: Any) -> ColumnElement[Any]:
    """Return the household of the client in the enclosing select as JSON."""
    rows = (
        select(
            HouseholdMember.id,
            HouseholdMember.member_client_id.label("client_id"),
            func.coalesce(
                HouseholdMember.name, func.concat(_Member.given_name, _BLANK, _Member.family_name)
            ).label("name"),
            func.coalesce(
                HouseholdMember.birth_year, func.extract("year", _Member.birth_date).cast(Integer)
            ).label("birth_year"),
            HouseholdMember.relation,
            HouseholdMember.is_kept_apart,
            disputes_of_entry(HouseholdMember, disputes).label("disputes"),
            HouseholdMember.version,
        )
        .join_from(
            HouseholdMember,
            _Member,
            (_Member.municipal_area_id == HouseholdMember.municipal_area_id)
            & (_Member.id == HouseholdMember.member_client_id),
            isouter=True,
        )
        .where(
            HouseholdMember.municipal_area_id == Client.municipal_area_id,
            HouseholdMember.client_id == Client.id,
        )
        .order_by(HouseholdMember.id)
        .correlate(Client)
        .subquery()
    )
    return select(
        func.coalesce(func.json_agg(rows.table_valued()), func.json_build_array())
    ).scalar_subquery()


_PSEUDONYM = Client.pseudonym.label("_client")
_BY_ID = Client.id == bindparam("id")
_MARKS = Marks.of_one()

CLIENTS = reading.many(
    "client.list",
    "client",
    select(*line(), Client.sort_key.label("_sort"), _PSEUDONYM).where(Client.merged_into.is_(None)),
    order=("_sort", "id"),
    unsaid=("_sort",),
)
ONE_CLIENT = reading.one(
    "client.read",
    "client",
    select(
        *line(_MARKS.disputes),
        Client.unit_id,
        Client.former_names,
        Client.other_names,
        Client.marital_status,
        Client.literacy,
        Client.needs_interpreter,
        Client.phone,
        Client.email,
        Client.contact_channels,
        Client.contact_times,
        Client.contact_language,
        Client.no_post,
        Client.no_voicemail,
        Client.no_interpreter_of_same_circle,
        Client.must_not_learn,
        Client.household_type,
        nationalities_of_client().label("nationalities"),
        periods_of_client(LANGUAGES, _MARKS).label("languages"),
        members_of_client(_MARKS.disputes).label("household_members"),
        periods_of_client(RESIDENCE_DOCUMENTS, _MARKS).label("residence_documents"),
        periods_of_client(LEGAL_DOMAINS, _MARKS).label("legal_domains"),
        periods_of_client(ADDRESSES, _MARKS).label("addresses"),
        periods_of_client(SCHOOLING, _MARKS).label("schooling"),
        disputes_of_client(Client, _MARKS.disputes).label("disputes"),
        _PSEUDONYM,
    ).where(_BY_ID),
)
HOUSEHOLD = reading.one(
    "client.read",
    "household",
    select(
        Client.id,
        Client.version,
        Client.household_type,
        members_of_client(_MARKS.disputes).label("items"),
        _PSEUDONYM,
    ).where(_BY_ID),
)


async def list_clients(ctx: Context, page: PageRequest) -> JsonBytes:
    return await CLIENTS.answer(ctx.db, page)


async def read_client(ctx: Context, client_id: UUID, *, status: int = 200) -> JsonBytes:
    return await ONE_CLIENT.answer(ctx.db, status=status, id=client_id, today=local_date(ctx.now))


async def read_household(ctx: Context, client_id: UUID, *, status: int = 200) -> JsonBytes:
    return await HOUSEHOLD.answer(ctx.db, status=status, id=client_id)


async def read_changed_household(ctx: Context, client_id: UUID, member_id: UUID) -> JsonBytes:
    """Return the household of a changed member; the ETag is the member's, to change them again."""
    answer = await read_household(ctx, client_id)
    changed = select(HouseholdMember.version).where(HouseholdMember.id == member_id)
    answer.headers["ETag"] = etag((await ctx.db.execute(changed)).scalar_one())
    return answer
