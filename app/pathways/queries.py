"""Reading pathways with the words of their law version, and what a newer version would ask."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Text, bindparam, cast, literal_column, select

from app.access.context import Context
from app.access.relations import require_relation
from app.audit import journal, reading
from app.cases.queries.plan import PSEUDONYM
from app.cases.queries.shapes import person
from app.catalogues.check import vocabulary
from app.catalogues.language import Language
from app.catalogues.source import Entry
from app.kit.clock import local_date
from app.kit.errors import NotFound
from app.kit.pages import PageRequest
from app.kit.reading import JsonBytes
from app.pathways.models import Pathway, PathwayStep
from app.pathways.rules import MISSING, NOTICE, difference, newer_version, requirements_of
from app.pathways.schemas import ComparedRequirement, LawVersionRead, VersionComparison

_TODAY = cast(bindparam("today"), Date)
_WORDS: ColumnElement[Any] = literal_column(
    f"CASE WHEN words.language = 'en' THEN '{NOTICE['en']}' ELSE '{NOTICE['de']}' END"
)
_WORDS_TABLE = select(cast(bindparam("language"), Text).label("language"), _TODAY.label("today")).subquery(
    "words"
)

_MISSING = ", ".join(f"'{state}'" for state in MISSING)


def _seen_document(alias: str) -> str:
    return f"""(SELECT d.id FROM documents d WHERE d.municipal_area_id = {alias}.municipal_area_id
        AND d.id = {alias}.evidence_document_id)"""


def _label(alias: str) -> str:
    return f"CASE WHEN words.language = 'en' THEN {alias}.label_en ELSE {alias}.label_de END"


_NAME: ColumnElement[Any] = literal_column(
    f"""(SELECT json_build_object('code', k.code, 'label', {_label("k")}, 'norm', k.attributes ->> 'norm')
    FROM catalogue_entries k WHERE k.vocabulary = 'pathway' AND k.code = pathways.pathway)"""
)
_LAW: ColumnElement[Any] = literal_column(
    f"""(SELECT json_build_object('code', k.code, 'label', {_label("k")}, 'source', k.attributes ->> 'source',
        'valid_from', k.valid_from, 'valid_to', k.valid_to, 'note', k.note,
        'followed_by', k.attributes -> 'followed_by')
    FROM catalogue_entries k WHERE k.vocabulary = 'pathway_version' AND k.code = pathways.law_version)"""
)
_NEWER: ColumnElement[Any] = literal_column(
    """(SELECT n.code FROM catalogue_entries n, catalogue_entries k
    WHERE n.vocabulary = 'pathway_version' AND n.parent = pathways.pathway
        AND k.vocabulary = 'pathway_version' AND k.code = pathways.law_version
        AND n.valid_from > k.valid_from AND n.valid_from <= words.today
        AND (n.valid_to IS NULL OR n.valid_to >= words.today)
        AND pathways.state IN ('preparing', 'applied'))"""
)
_MEMBER: ColumnElement[Any] = literal_column(
    """CASE WHEN pathways.relation IS NOT NULL THEN json_build_object('client_id', pathways.member_client_id,
        'name', coalesce(pathways.member_name, (SELECT m.given_name || ' ' || m.family_name FROM clients m
            WHERE m.municipal_area_id = pathways.municipal_area_id AND m.id = pathways.member_client_id)),
        'relation', pathways.relation) END"""
)
# Of somebody who is hidden from the reader row-level security shows no pathway, so its id is not told either.
_TOGETHER_WITH: ColumnElement[Any] = literal_column(
    """(SELECT o.id FROM pathways o WHERE o.municipal_area_id = pathways.municipal_area_id
        AND o.id = pathways.together_with_id)"""
)
_TOGETHER: ColumnElement[Any] = literal_column(
    """(SELECT coalesce(json_agg(o.id ORDER BY o.id), '[]') FROM pathways o
    WHERE o.municipal_area_id = pathways.municipal_area_id AND o.together_with_id = pathways.id)"""
)
# The words of a requirement are those of the version that is used; what only an earlier one asked for keeps
# the words of the latest version that asked.
_ENTRIES = """FROM pathway_requirements r
    CROSS JOIN LATERAL (SELECT k.*, k.parent = pathways.law_version AS is_asked FROM catalogue_entries k
        JOIN catalogue_entries v ON v.vocabulary = 'pathway_version' AND v.code = k.parent
        WHERE k.vocabulary = 'pathway_requirement' AND v.parent = pathways.pathway
            AND k.attributes ->> 'requirement' = r.requirement
        ORDER BY k.parent = pathways.law_version DESC, v.valid_from DESC LIMIT 1) w
    WHERE r.municipal_area_id = pathways.municipal_area_id AND r.pathway_id = pathways.id"""
_REQUIREMENTS: ColumnElement[Any] = literal_column(
    f"""(SELECT coalesce(json_agg(json_build_object('requirement', r.requirement, 'label', {_label("w")},
        'norm', w.attributes ->> 'norm', 'usual_evidence', CASE WHEN words.language = 'en'
            THEN w.attributes ->> 'evidence_en' ELSE w.attributes ->> 'evidence_de' END,
        'is_asked', w.is_asked, 'state', r.state, 'evidence', r.evidence,
        'evidence_document_id', {_seen_document("r")},
        'note', r.note, 'next_on', r.next_on) ORDER BY w.is_asked DESC, w.position), '[]') {_ENTRIES})"""
)
_MISSING_ONES: ColumnElement[Any] = literal_column(
    f"""(SELECT coalesce(json_agg(r.requirement ORDER BY w.position), '[]') {_ENTRIES}
        AND w.is_asked AND r.state IN ({_MISSING}))"""
)
_NEXT_DUE: ColumnElement[Any] = literal_column(
    """least(pathways.next_on, (SELECT min(r.next_on) FROM pathway_requirements r
    WHERE r.municipal_area_id = pathways.municipal_area_id AND r.pathway_id = pathways.id))"""
)
_PATHWAY = (
    select(
        Pathway.id,
        Pathway.case_id,
        _NAME.label("pathway"),
        _LAW.label("law_version"),
        _NEWER.label("newer_version"),
        _MEMBER.label("member"),
        _TOGETHER_WITH.label("together_with_id"),
        _TOGETHER.label("together"),
        Pathway.state,
        Pathway.applied_on,
        Pathway.ended_on,
        Pathway.turned_into_id,
        Pathway.next_on,
        _NEXT_DUE.label("next_due_on"),
        Pathway.note,
        _REQUIREMENTS.label("requirements"),
        _MISSING_ONES.label("missing"),
        _WORDS.label("notice"),
        Pathway.version,
        PSEUDONYM,
    )
    .join(_WORDS_TABLE, literal_column("true"))
    .where(Pathway.case_id == bindparam("case_id"))
)
_WITHHELD = ("together_with_id",)
ONE = reading.one(
    "pathway.read", "pathway", _PATHWAY.where(Pathway.id == bindparam("id")), withheld=_WITHHELD
)
ALL = reading.many("pathway.list", "pathway", _PATHWAY, order=("id",), descending=True, withheld=_WITHHELD)

_STEP_DOCUMENT: ColumnElement[Any] = literal_column(_seen_document("pathway_steps"))
_STEP = (
    select(
        PathwayStep.id,
        PathwayStep.at,
        PathwayStep.step,
        PathwayStep.requirement,
        PathwayStep.source,
        PathwayStep.target,
        person(PathwayStep.municipal_area_id, PathwayStep.user_id).label("user"),
        PathwayStep.reason,
        PathwayStep.evidence,
        _STEP_DOCUMENT.label("evidence_document_id"),
        PathwayStep.note,
        PathwayStep.next_on,
        _WORDS.label("notice"),
        PSEUDONYM,
    )
    .join(
        Pathway,
        (Pathway.municipal_area_id == PathwayStep.municipal_area_id) & (Pathway.id == PathwayStep.pathway_id),
    )
    .join(_WORDS_TABLE, literal_column("true"))
    .where(PathwayStep.case_id == bindparam("case_id"), PathwayStep.pathway_id == bindparam("pathway_id"))
)
STEPS = reading.many("pathway.list_steps", "pathway", _STEP, order=("id",), descending=True)
_SEEN = "SELECT law_version FROM pathways WHERE id = $1 AND case_id = $2"
_CLIENT = "SELECT case_pseudonym($1)"


async def read_pathway(
    ctx: Context, language: Language, case_id: UUID, pathway_id: UUID, *, status: int = 200
) -> JsonBytes:
    return await ONE.answer(
        ctx.db, status=status, case_id=case_id, id=pathway_id, language=language, today=local_date(ctx.now)
    )


async def list_pathways(ctx: Context, language: Language, page: PageRequest, case_id: UUID) -> JsonBytes:
    """Return the pathways of a case, the latest first."""
    await require_relation(ctx, case_id=case_id)
    return await ALL.answer(ctx.db, page, case_id=case_id, language=language, today=local_date(ctx.now))


async def list_steps(
    ctx: Context, language: Language, page: PageRequest, case_id: UUID, pathway_id: UUID
) -> JsonBytes:
    """Return what was written down of a pathway, the latest first; 404 for one that is not seen."""
    await _law_version(ctx, case_id, pathway_id)
    return await STEPS.answer(
        ctx.db, page, case_id=case_id, pathway_id=pathway_id, language=language, today=local_date(ctx.now)
    )


async def compare_versions(
    ctx: Context, language: Language, case_id: UUID, pathway_id: UUID
) -> VersionComparison:
    """Return what the version of today asks beside the one that is used; all is kept where it is that one."""
    used = await _law_version(ctx, case_id, pathway_id)
    newer = newer_version(used, local_date(ctx.now))
    asks = used if newer is None else newer.code
    driver = await ctx.db.driver()
    client = await driver.fetchval(_CLIENT, case_id)
    await journal.record(ctx.db, "pathway.compare", "pathway", pathway_id, clients=[client] if client else [])
    before, after = requirements_of(used), requirements_of(asks)
    differ = difference(used, asks)
    return VersionComparison(
        law_version=_law(vocabulary("pathway_version")[used], language),
        newer_version=None if newer is None else _law(newer, language),
        added=[_compared(name, after[name], None, language) for name in differ.added],
        removed=[_compared(name, before[name], before[name], language) for name in differ.removed],
        changed=[_compared(name, after[name], before[name], language) for name in differ.changed],
        kept=list(differ.kept),
        notice=NOTICE[language],
    )


async def _law_version(ctx: Context, case_id: UUID, pathway_id: UUID) -> str:
    driver = await ctx.db.driver()
    found = await driver.fetchval(_SEEN, pathway_id, case_id)
    if found is None:
        raise NotFound
    return str(found)


def _text(entry: Entry, language: Language) -> str:
    return entry.label_en if language is Language.ENGLISH else entry.label_de


def _law(entry: Entry, language: Language) -> LawVersionRead:
    return LawVersionRead.model_validate(
        {
            "code": entry.code,
            "label": _text(entry, language),
            "source": entry.attributes["source"],
            "valid_from": entry.valid_from,
            "valid_to": entry.valid_to,
            "note": entry.note,
            "followed_by": entry.attributes["followed_by"],
        }
    )


def _compared(name: str, entry: Entry, before: Entry | None, language: Language) -> ComparedRequirement:
    return ComparedRequirement(
        requirement=name,
        label=_text(entry, language),
        norm=str(entry.attributes["norm"]),
        norm_before=None if before is None else str(before.attributes["norm"]),
    )
