"""Contacts: the frequent write, in one statement, and its correction, which keeps the original."""

from typing import Any
from uuid import UUID

from app.access.context import Context
from app.access.relations import allowed_relations
from app.audit import journal
from app.cases.contact import KEPT, check_contact
from app.cases.models import Contact
from app.cases.queries.entries import read_contact
from app.cases.schemas.entries import ContactCorrect, ContactCreate
from app.cases.subject import Subject, closed, open_case
from app.clients.lifetime import require_born
from app.kit.changes import apply, locked
from app.kit.clock import local_date
from app.kit.errors import NotFound, WrongState
from app.kit.idempotency import Once
from app.kit.ids import new_id
from app.kit.reading import JsonBytes
from app.kit.versions import Expected, etag

# Relation, state, entry, journal and answer at once. The lock: see `app/cases/subject.py`.
_WRITE = """WITH subject AS (
    SELECT c.id, p.pseudonym
    FROM cases c JOIN clients p ON p.municipal_area_id = c.municipal_area_id AND p.id = c.client_id
    WHERE c.id = $2 AND c.phase <> 'closed' AND my_relations(NULL, c.id) && $3::text[]
        AND may_process(c.client_id)
        AND coalesce(p.birth_date <= ($5::timestamptz AT TIME ZONE 'Europe/Berlin')::date, true)
    FOR KEY SHARE OF c
), written AS (
    INSERT INTO contacts (municipal_area_id, id, case_id, author_id, contact_type, happened_at, minutes,
        language, interpreter, institution_id, institution_name, basis, note)
    SELECT ctx_area(), $1, s.id, ctx_user(), $4, $5, $6, $7, $8, $9, $10, $11, $12 FROM subject s
    RETURNING id, contact_type, happened_at, minutes, language, interpreter, institution_id,
        institution_name, basis, note, created_at, version
), journal AS (
    INSERT INTO audit_journal (action, object_type, object_id, client_pseudonyms)
    SELECT 'contact.create', 'contact', $1, ARRAY[s.pseudonym] FROM subject s
)
SELECT row_to_json(r)::text FROM (
    SELECT w.id, w.contact_type, w.happened_at, w.minutes, w.language, w.interpreter,
        coalesce((SELECT json_build_object('id', i.id, 'name', i.name) FROM institutions i
            WHERE i.municipal_area_id = (SELECT ctx_area()) AND i.id = w.institution_id),
            CASE WHEN w.institution_name IS NOT NULL
                THEN json_build_object('id', NULL, 'name', w.institution_name) END) AS institution,
        w.basis, w.note,
        (SELECT json_build_object('id', u.id, 'name', u.display_name) FROM users u
            WHERE u.municipal_area_id = (SELECT ctx_area()) AND u.id = (SELECT ctx_user())) AS author,
        w.created_at, NULL AS corrects, NULL AS corrected_by, w.version
    FROM written w
) r"""


async def record_contact(ctx: Context, once: Once, case_id: UUID, body: ContactCreate) -> JsonBytes:
    """Write down what happened.

    Raises 404 and 403 by relation, 409 in a closed case, 422 for a third party without a basis and for a day
    before the client's birth.
    """
    fresh: list[JsonBytes] = []
    new = new_id()

    async def write() -> UUID:
        fresh.append(await write_contact(ctx, case_id, body.model_dump(), contact_id=new))
        return new

    contact_id = await once.run(ctx.db, write())
    return fresh[0] if fresh else await read_contact(ctx, case_id, contact_id, status=201)


async def write_contact(
    ctx: Context, case_id: UUID, values: dict[str, Any], *, contact_id: UUID
) -> JsonBytes:
    """Write an entry under this id and return the answer; raises what `record_contact` raises."""
    check_contact(ctx.now, values)
    relations = sorted(allowed_relations(ctx))
    driver = await ctx.db.driver()
    written = await driver.fetchval(_WRITE, contact_id, case_id, relations, *(values[name] for name in KEPT))
    if written is None:
        subject = await open_case(ctx, case_id)  # says why: 404, 403 or 409
        _require_born(subject, values)
        raise closed()  # and has been reopened since
    return JsonBytes(written, status_code=201, headers={"ETag": etag(1)})


def _require_born(subject: Subject, values: dict[str, Any]) -> None:
    require_born(subject.birth_date, local_date(values["happened_at"]), "body.happened_at")


async def correct_contact(
    ctx: Context, case_id: UUID, contact_id: UUID, body: ContactCorrect, expected: Expected
) -> UUID:
    """Put an entry right by a further one; the original is kept and points at it.

    Raises 409 for an entry that has been corrected already: correct the one that counts.
    """
    subject = await open_case(ctx, case_id)
    original = await locked(ctx.db, Contact, contact_id)
    if original.case_id != case_id:
        raise NotFound
    expected.check(original)
    if original.corrected_by_id is not None:
        raise WrongState("This entry has been corrected already.", state="corrected", allowed=[])
    corrected = Contact(
        municipal_area_id=original.municipal_area_id,
        id=new_id(),
        case_id=case_id,
        author_id=ctx.actor.user_id,
        **{name: getattr(original, name) for name in KEPT},
    )
    required = ("contact_type", "happened_at", "interpreter")
    changed = apply(corrected, body.model_dump(exclude_unset=True), required=required)
    values = {name: getattr(corrected, name) for name in KEPT}
    check_contact(ctx.now, values)
    _require_born(subject, values)
    ctx.db.add(corrected)
    await ctx.db.flush()
    original.corrected_by_id = corrected.id
    await journal.record(
        ctx.db, "contact.correct", "contact", contact_id, clients=[subject.pseudonym], changed=changed
    )
    return corrected.id
