"""Templates: a case manager keeps their own, a team lead those of the unit."""

from uuid import UUID

from app.access.context import Context
from app.access.roles import Role
from app.audit import journal
from app.cases.noting.models import ContactTemplate
from app.cases.noting.rules import faults
from app.cases.noting.schemas import TemplateChange, TemplateCreate
from app.catalogues.check import require_code
from app.kit.changes import apply, locked
from app.kit.errors import FieldError, Forbidden, Invalid
from app.kit.ids import new_id
from app.kit.versions import Expected

_KEEPER = {"own": Role.CASE_MANAGER, "unit": Role.TEAM_LEAD}


async def create_template(ctx: Context, body: TemplateCreate) -> UUID:
    """Keep a text for a frequent entry; 403 for the scope of another role, 422 for what tells of a person."""
    _check(body)
    template = ContactTemplate(
        municipal_area_id=ctx.actor.municipal_area_id,
        id=new_id(),
        unit_id=_unit(ctx, body),
        owner_id=ctx.actor.user_id if body.scope == "own" else None,
        name=body.name,
        contact_type=body.contact_type,
        text=body.text,
    )
    ctx.db.add(template)
    await journal.record(ctx.db, "contact_template.create", "contact_template", template.id)
    return template.id


async def change_template(ctx: Context, template_id: UUID, body: TemplateChange, expected: Expected) -> None:
    """Change a template that one keeps."""
    template = await _kept(ctx, template_id, expected)
    _check(body)
    required = ("name", "contact_type", "text")
    changed = apply(template, body.model_dump(exclude_unset=True), required=required)
    await journal.record(ctx.db, "contact_template.change", "contact_template", template_id, changed=changed)


async def remove_template(ctx: Context, template_id: UUID, expected: Expected) -> None:
    """Remove a template that one keeps; entries made with it stay."""
    await ctx.db.delete(await _kept(ctx, template_id, expected))
    await journal.record(ctx.db, "contact_template.remove", "contact_template", template_id)


async def _kept(ctx: Context, template_id: UUID, expected: Expected) -> ContactTemplate:
    """Return a template for a change; 404 for one that is not the actor's to keep."""
    return await locked(ctx.db, ContactTemplate, template_id, expected)


def _unit(ctx: Context, body: TemplateCreate) -> UUID:
    mine = ctx.actor.places(_KEEPER[body.scope])
    if not mine:
        raise Forbidden("Templates of a unit are kept by its team lead, one's own by case managers.")
    if body.unit_id is None and len(mine) > 1:
        raise Invalid.at("body.unit_id", "missing", "You work at several units: name one.")
    unit_id = body.unit_id or next(iter(mine))
    if unit_id not in mine:
        raise Invalid.at("body.unit_id", "not_your_unit", "You keep templates for your own units.")
    return unit_id


def _check(body: TemplateCreate | TemplateChange) -> None:
    require_code("contact_type", body.contact_type, "body.contact_type")
    errors = [
        FieldError(place=f"body.{place}", kind=kind, message=message)
        for place, value in (("name", body.name), ("text", body.text))
        for kind, message in faults(value or "")
    ]
    if errors:
        raise Invalid("A template holds known placeholders and tells of no person.", errors=errors)
