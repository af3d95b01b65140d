"""Reading institutions with the attributes of their kind: no personal data, so no journal."""

from uuid import UUID

from sqlalchemy import ColumnElement, Text, bindparam, func, literal_column, select
from sqlalchemy.orm import aliased

from app.access.context import Context
from app.catalogues.check import require_code
from app.catalogues.models import CatalogueEntry
from app.directory.models import Institution
from app.kit.pages import PageRequest
from app.kit.reading import JsonBytes, Many, One


def _word(word: str) -> ColumnElement[str]:
    return literal_column(f"'{word}'", Text)


_NOTHING: ColumnElement[str] = literal_column("'[]'::jsonb")
_Kind, _Group = aliased(CatalogueEntry), aliased(CatalogueEntry)
_INSTITUTION = (
    select(
        Institution.id,
        Institution.name,
        Institution.institution_type,
        _Kind.label_de.label("type_label_de"),
        _Kind.label_en.label("type_label_en"),
        _Kind.parent.label("group"),
        _Group.label_de.label("group_label_de"),
        _Group.label_en.label("group_label_en"),
        _Kind.attributes.op("->")(_word("is_sgb_body")).label("is_sgb_body"),
        _Kind.attributes.op("->")(_word("aufenthg_87_scope")).label("aufenthg_87_scope"),
        func.coalesce(_Kind.attributes.op("->")(_word("data_categories")), _NOTHING).label("data_categories"),
        Institution.municipality,
        Institution.street,
        Institution.postcode,
        Institution.phone,
        Institution.email,
        Institution.languages,
        Institution.is_active,
        Institution.on_platform,
        Institution.version,
    )
    .join_from(
        Institution,
        _Kind,
        (_Kind.vocabulary == _word("institution_type")) & (_Kind.code == Institution.institution_type),
        isouter=True,
    )
    .join(
        _Group,
        (_Group.vocabulary == _word("institution_group")) & (_Group.code == _Kind.parent),
        isouter=True,
    )
)

ONE = One(_INSTITUTION.where(Institution.id == bindparam("id")))
ALL = Many(_INSTITUTION, order=("name", "id"))
OF_TYPE = Many(
    _INSTITUTION.where(Institution.institution_type == bindparam("institution_type", type_=Text)),
    order=("name", "id"),
)


async def read_institution(ctx: Context, institution_id: UUID, *, status: int = 200) -> JsonBytes:
    return await ONE.answer(ctx.db, status=status, id=institution_id)


async def list_institutions(ctx: Context, page: PageRequest, institution_type: str | None) -> JsonBytes:
    """Return the institutions of the area, or those of one kind; 422 for a kind that does not exist."""
    require_code("institution_type", institution_type, "query.institution_type")
    if institution_type is None:
        return await ALL.answer(ctx.db, page)
    return await OF_TYPE.answer(ctx.db, page, institution_type=institution_type)
