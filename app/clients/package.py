"""What of a person goes into the package of a referral: the chosen data categories and nothing beside.

Left out always: the place of a women's shelter and `womens_shelter` itself, ways of contact that are not
safe, members who are kept apart or restricted, periods whose processing is restricted, statuses that tell
of trafficking, testimony or lost rights; of who is hidden or has been in a shelter, school and place of a
residence obligation, which tell where somebody is.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

import orjson

from app.access.context import Context
from app.catalogues.check import vocabulary
from app.clients.disputes.marks import marks_in_package
from app.clients.queries import ONE_CLIENT
from app.clients.restrictions.gate import require_processing
from app.clients.rules import CERTIFICATE, SHELTER, TITLE
from app.kit.clock import local_date
from app.kit.reading import One

Data = dict[str, Any]

# The referral writes its own entry in journal and disclosure log.
_PERSON = One(ONE_CLIENT.statement)
_HISTORIES = frozenset({"residence_documents", "legal_domains", "addresses", "languages", "schooling"})
_KEPT_FROM_PACKAGES = frozenset({"no_contact"})
TELLING_WHERE = frozenset({"school", "residence_obligation_place"})
"""Fields of histories that tell where somebody is, beside addresses."""
_RESTRICTED_MEMBERS = """SELECT m.id::text FROM household_members m JOIN clients c
    ON c.municipal_area_id = m.municipal_area_id AND c.id = m.member_client_id
    AND (c.is_restricted OR c.processing_restricted_at IS NOT NULL)
WHERE m.client_id = $1"""


async def collect(
    ctx: Context, client_id: UUID, categories: Mapping[str, tuple[str, ...] | None]
) -> dict[str, Data]:
    """Return what is known in each category (vocabulary `data_category`), only what has a value.

    `None` asks for the whole category, a tuple for exactly these fields. Categories that are not kept with
    the person (health, documents, ...) are missing in the answer; so is one in which nothing may leave.
    Raises 404 for a person whom the actor does not see.
    """
    return (await collect_marked(ctx, client_id, categories))[0]


async def collect_marked(
    ctx: Context, client_id: UUID, categories: Mapping[str, tuple[str, ...] | None]
) -> tuple[dict[str, Data], dict[str, list[str]]]:
    """Return the same, and by category the names of what the person disputes (§ 84 (2) SGB X)."""
    today = local_date(ctx.now)
    await require_processing(ctx, client_id)
    answer = await _PERSON.answer(ctx.db, id=client_id, today=today)
    person: Data = usable(orjson.loads(answer.body))
    await keep_restricted_apart(ctx, client_id, person)
    found = {name: _CATEGORIES[name](person, today) for name in categories if name in _CATEGORIES}
    chosen = {name: chosen_of(data, categories[name]) for name, data in found.items()}
    leaving = {name: data for name, data in chosen.items() if data}
    return leaving, marks_in_package(person, leaving, today)


async def keep_restricted_apart(ctx: Context, client_id: UUID, person: Data) -> None:
    """Keep members apart who are restricted themselves: the person's consent does not uncover another."""
    driver = await ctx.db.driver()
    restricted = {row[0] for row in await driver.fetch(_RESTRICTED_MEMBERS, client_id)}
    for member in person["household_members"]:
        member["is_kept_apart"] = member["is_kept_apart"] or member["id"] in restricted


def usable(person: Data) -> Data:
    """Leave out periods that are only kept (Art. 18 GDPR), and what tells where a hidden person is."""
    left_out = TELLING_WHERE if hides_place(person) else frozenset()
    return {
        name: [
            {field: told for field, told in each.items() if field not in left_out}
            for each in value
            if not each["is_kept_only"]
        ]
        if name in _HISTORIES
        else value
        for name, value in person.items()
    }


def hides_place(person: Data) -> bool:
    """Return whether somebody is hidden, or has a shelter among their addresses, past and kept ones too."""
    in_shelter = any(each["housing_type"] == SHELTER for each in person["addresses"])
    return in_shelter or bool(person["is_restricted"])


def chosen_of(data: Data, fields: tuple[str, ...] | None) -> Data:
    return {
        name: value
        for name, value in data.items()
        if value not in (None, [], {}) and (fields is None or name in fields)
    }


def _master_data(person: Data, _: date) -> Data:
    return {
        "name": {"given": person["given_name"], "family": person["family_name"]},
        "former_names": person["former_names"],
        "other_names": person["other_names"],
        "birth_date": person["birth_date"],
        "birth_precision": None if person["birth_precision"] == "day" else person["birth_precision"],
        "sex": person["sex"],
        "nationalities": person["nationalities"],
        "marital_status": person["marital_status"],
    }


def contact_of(person: Data, today: date) -> Data:
    channels = person["contact_channels"]

    def is_safe(*ways: str) -> bool:
        return channels is None or any(way in channels for way in ways)

    by_post = is_safe("post") and not person["no_post"] and not person["is_restricted"]
    return {
        "phone": person["phone"] if is_safe("phone", "sms", "messenger") else None,
        "email": person["email"] if is_safe("email") else None,
        "address": _postal_address(person, today) if by_post else None,
        "channels": channels,
        "times": person["contact_times"],
        "language": person["contact_language"],
        "no_voicemail": person["no_voicemail"] or None,
        "needs_interpreter": person["needs_interpreter"],
        "no_interpreter_of_same_circle": person["no_interpreter_of_same_circle"] or None,
    }


def _postal_address(person: Data, today: date) -> Data | None:
    """Return where letters reach the person; nowhere while they live in a women's shelter."""
    current = {each["strand"]: each for each in running_on(person["addresses"], today)}
    if any(each["housing_type"] == SHELTER for each in current.values()):
        return None
    address = current.get("registered") or current.get("actual")
    return _place(address) if address else None


def _place(address: Data) -> Data:
    return chosen_of(address, ("care_of", "street", "postcode", "town"))


def _housing(person: Data, today: date) -> Data:
    current = running_on(person["addresses"], today)
    if any(each["housing_type"] == SHELTER for each in current):
        return {}
    hidden = person["is_restricted"]
    return {
        each["strand"]: {
            **({} if hidden else _place(each)),
            **chosen_of(each, ("housing_type", "valid_from")),
        }
        for each in current
    }


def _residence(person: Data, today: date) -> Data:
    documents = {each["strand"]: each for each in running_on(person["residence_documents"], today)}
    return {strand: _document(documents[strand]) for strand in (TITLE, CERTIFICATE) if strand in documents}


def _document(document: Data) -> Data:
    status = vocabulary("residence_status")[document["residence_status"]]
    is_open = status.attributes["sensitivity"] == "normal"
    shown = {
        **document,
        "residence_status": status.code if is_open else None,
        "residence_group": status.parent,
    }
    return chosen_of(
        shown,
        (
            "residence_status",
            "residence_group",
            "valid_from",
            "printed_end",
            "continued_effect",
            "continued_until",
            "work_permission",
            "has_residence_obligation",
            "residence_obligation_place",
            "residence_obligation_until",
            "eu_ground",
        ),
    )


def _benefits(person: Data, today: date) -> Data:
    fields = ("strand", "legal_domain", "livelihood", "valid_from")
    return {"current": [chosen_of(each, fields) for each in running_on(person["legal_domains"], today)]}


def _household(person: Data, _: date) -> Data:
    return {
        "household_type": person["household_type"],
        "members": [
            chosen_of(member, ("name", "birth_year", "relation"))
            for member in person["household_members"]
            if not member["is_kept_apart"] and member["relation"] not in _KEPT_FROM_PACKAGES
        ],
    }


def _education_language(person: Data, today: date) -> Data:
    levels = (
        "language",
        "is_native",
        "overall",
        "listening",
        "speaking",
        "reading",
        "writing",
        "evidence",
        "valid_from",
    )
    schooling = running_on(person["schooling"], today)
    return {
        "literacy": person["literacy"],
        "languages": [chosen_of(each, levels) for each in running_on(person["languages"], today)],
        "schooling": [chosen_of(each, ("school_step", "school", "valid_from")) for each in schooling],
    }


def _work(person: Data, today: date) -> Data:
    permissions = [
        each["work_permission"]
        for each in running_on(person["residence_documents"], today)
        if each["work_permission"]
    ]
    return {"work_permissions": permissions}


def running_on(periods: list[Data], today: date) -> list[Data]:
    day = today.isoformat()
    return [
        each for each in periods if (each["valid_from"] or day) <= day and (each["valid_until"] or day) >= day
    ]


_CATEGORIES: Mapping[str, Callable[[Data, date], Data]] = {
    "master_data": _master_data,
    "contact": contact_of,
    "residence": _residence,
    "benefits": _benefits,
    "household": _household,
    "education_language": _education_language,
    "work": _work,
    "housing": _housing,
}

FIELDS: Mapping[str, tuple[str, ...]] = {
    "master_data": (
        "name", "former_names", "other_names", "birth_date", "birth_precision", "sex", "nationalities",
        "marital_status",
    ),
    "contact": (
        "phone", "email", "address", "channels", "times", "language", "no_voicemail", "needs_interpreter",
        "no_interpreter_of_same_circle",
    ),
    "residence": (TITLE, CERTIFICATE),
    "benefits": ("current",),
    "household": ("household_type", "members"),
    "education_language": ("literacy", "languages", "schooling"),
    "work": ("work_permissions",),
    "housing": ("registered", "actual"),
}  # fmt: skip
"""What each category is made of, so that a part of it can be left out."""
