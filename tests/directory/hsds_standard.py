"""What the Human Services Data Specification says of its objects, as facts: fields, types, what is required.

Source: docs.openreferral.org, schemas of version 3.0 (3.1 for `service_capacity` and `unit`); of each object
the fields that this API could fill. The standard allows further fields; null is no value of any type.
"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID

REQUIRED: dict[str, set[str]] = {
    "service": {"id", "name", "status"},
    "organization": {"id", "name", "description"},
    "service_at_location": {"id"},
    "location": {"id", "location_type"},
    "address": {"id", "address_1", "city", "state_province", "postal_code", "country", "address_type"},
    "phone": {"id", "number"},
    "language": {"id"},
    "schedule": {"id"},
    "funding": {"id"},
    "program": {"id", "name", "description"},
    "attribute": {"id"},
    "taxonomy": {"id", "name", "description"},
    "taxonomy_term": {"id", "name", "description"},
    "service_capacity": {"id", "unit", "available", "updated"},
    "unit": {"id", "name"},
}
PARTS: dict[str, dict[str, str]] = {
    "service": {
        "organization": "organization", "program": "program", "phones": "[phone]", "languages": "[language]",
        "schedules": "[schedule]", "funding": "[funding]", "service_at_locations": "[service_at_location]",
        "attributes": "[attribute]", "capacities": "[service_capacity]",
    },
    "organization": {"phones": "[phone]", "locations": "[location]", "attributes": "[attribute]"},
    "service_at_location": {"location": "location", "service": "service"},
    "location": {"addresses": "[address]", "phones": "[phone]"},
    "attribute": {"taxonomy_term": "taxonomy_term"},
    "taxonomy_term": {"taxonomy_detail": "taxonomy"},
    "service_capacity": {"unit": "unit"},
}  # fmt: skip
TEXTS: dict[str, set[str]] = {
    "service": {
        "name", "description", "url", "email", "application_process", "fees_description",
        "eligibility_description",
    },
    "organization": {"name", "description", "email"},
    "location": {"name"},
    "address": {"address_1", "city", "state_province", "postal_code", "country"},
    "phone": {"number", "type"},
    "language": {"name", "code"},
    "schedule": {"byday", "opens_at", "closes_at"},
    "funding": {"source"},
    "program": {"name", "description"},
    "attribute": {"link_type"},
    "taxonomy": {"name", "description"},
    "taxonomy_term": {"code", "name", "description", "language", "taxonomy"},
    "unit": {"name"},
}  # fmt: skip
NUMBERS = {"minimum_age", "maximum_age", "available", "maximum"}
DAYS, MOMENTS = {"assured_date"}, {"updated", "last_modified"}
WORDS: dict[str, set[str]] = {
    "status": {"active", "inactive", "defunct", "temporarily closed"},
    "location_type": {"physical", "postal", "virtual"},
    "address_type": {"physical", "postal", "virtual"},
    "freq": {"WEEKLY", "MONTHLY"},
}
IDS = {"id", "taxonomy_id"}


def faults(kind: str, thing: dict[str, Any]) -> Iterator[str]:
    """Yield where an object is not as the standard has it, with everything inside."""
    yield from (f"{kind} lacks {name}" for name in sorted(REQUIRED[kind] - set(thing)))
    for name, value in thing.items():
        part = PARTS.get(kind, {}).get(name)
        if part is None:
            if not _fits(kind, name, value):
                yield f"{kind}.{name} cannot be {value!r}"
        elif part.startswith("["):
            for each in value:
                yield from faults(part.strip("[]"), each)
        else:
            yield from faults(part, value)


def _fits(kind: str, name: str, value: Any) -> bool:
    if name in IDS | DAYS | MOMENTS:
        return _reads_as(UUID if name in IDS else date if name in DAYS else datetime, value)
    if name in WORDS:
        return value in WORDS[name]
    if name in NUMBERS:
        return isinstance(value, int)
    return name in TEXTS.get(kind, set()) and isinstance(value, str)


def _reads_as(kind: type, value: Any) -> bool:
    try:
        read = UUID(value) if kind is UUID else kind.fromisoformat(value)  # type: ignore[attr-defined]
    except (TypeError, ValueError):
        return False
    return not isinstance(read, datetime) or read.tzinfo is not None
