"""Changing institutions, one by one or by a sheet."""

from typing import Any
from uuid import UUID

from app.access.context import Context
from app.audit import journal
from app.catalogues.check import require_code
from app.directory.checks import require_no_address_of_shelter
from app.directory.models import Institution
from app.directory.schemas import ImportReport, InstitutionChange, InstitutionCreate
from app.directory.sheet import read_sheet
from app.kit.changes import apply, locked
from app.kit.database import Db
from app.kit.errors import Conflict
from app.kit.ids import new_id
from app.kit.versions import Expected

_TAKE = """INSERT INTO institutions AS i
(municipal_area_id, id, name, institution_type, municipality, street, postcode, phone, email, languages)
SELECT ctx_area(), s.id, s.name, s.institution_type, s.municipality, s.street, s.postcode, s.phone, s.email,
    string_to_array(s.languages, ' ')
FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
    $9::text[]) AS s(id, name, institution_type, municipality, street, postcode, phone, email, languages)
ON CONFLICT (municipal_area_id, name) DO UPDATE SET institution_type = EXCLUDED.institution_type,
    municipality = EXCLUDED.municipality, street = EXCLUDED.street, postcode = EXCLUDED.postcode,
    phone = EXCLUDED.phone, email = EXCLUDED.email, languages = EXCLUDED.languages
WHERE (i.institution_type, i.municipality, i.street, i.postcode, i.phone, i.email, i.languages)
    IS DISTINCT FROM (EXCLUDED.institution_type, EXCLUDED.municipality, EXCLUDED.street, EXCLUDED.postcode,
    EXCLUDED.phone, EXCLUDED.email, EXCLUDED.languages)
    AND i.institution_type = EXCLUDED.institution_type
RETURNING i.version"""


async def create_institution(ctx: Context, body: InstitutionCreate) -> UUID:
    """Create an institution; 409 when the name is taken."""
    values = body.model_dump()
    _check_codes(values)
    require_no_address_of_shelter(body.institution_type, values)
    institution = Institution(municipal_area_id=ctx.actor.municipal_area_id, id=new_id(), **values)
    ctx.db.add(institution)
    await journal.record(ctx.db, "institution.create", "institution", institution.id)
    return institution.id


async def change_institution(
    ctx: Context, institution_id: UUID, body: InstitutionChange, expected: Expected
) -> None:
    """Change an institution."""
    institution = await locked(ctx.db, Institution, institution_id, expected)
    changes = body.model_dump(exclude_unset=True)
    _check_codes(changes)
    if changes.get("institution_type", institution.institution_type) != institution.institution_type:
        raise Conflict(
            "The kind decides what an institution may receive, so it stays: make a new institution.",
            code="type_is_fixed",
        )
    require_no_address_of_shelter(institution.institution_type, changes)
    changed = apply(institution, changes, required=("name", "institution_type", "is_active"))
    await journal.record(ctx.db, "institution.change", "institution", institution_id, changed=changed)


async def import_sheet(db: Db, text: str, *, take_good_lines: bool = False) -> ImportReport:
    """Create and change institutions by name, in the area and with the roles of the transaction's context.

    One bad line and nothing is taken, unless the good lines are asked for. What the sheet does not name
    stays as it is.
    """
    sheet = read_sheet(text)
    faults = list(sheet.faults)
    if faults and not take_good_lines:
        return ImportReport(created=0, changed=0, unchanged=0, faults=faults)
    rows = [_row(institution) for institution in sheet.institutions]
    driver = await db.driver()
    columns = [list(column) for column in zip(*rows, strict=True)] or [[]] * 9
    written = await driver.fetch(_TAKE, *columns)
    created = sum(1 for row in written if row["version"] == 1)
    await journal.record(db, "institution.import", "institution", None)
    return ImportReport(
        created=created,
        changed=len(written) - created,
        unchanged=len(rows) - len(written),
        faults=faults,
    )


def _row(institution: InstitutionCreate) -> tuple[Any, ...]:
    return (
        new_id(),
        institution.name,
        institution.institution_type,
        institution.municipality,
        institution.street,
        institution.postcode,
        institution.phone,
        institution.email,
        " ".join(institution.languages),
    )


def _check_codes(values: dict[str, Any]) -> None:
    require_code("institution_type", values.get("institution_type"), "body.institution_type")
    require_code("municipality", values.get("municipality"), "body.municipality")
    for number, language in enumerate(values.get("languages", ())):
        require_code("language", language, f"body.languages.{number}")
