"""Reading exports: the shell for the area's people, the file for its recipient."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import BigInteger, DateTime, Integer, Text, Uuid, bindparam, column, func, select
from sqlalchemy.sql.selectable import Select

from app.access.context import Context
from app.documents.envelope import opened, unseal_key
from app.identity.tokens import KeyRing, attest
from app.kit.errors import Gone
from app.kit.pages import PageRequest
from app.kit.reading import JsonBytes, Many, One
from app.kit.sealing import FieldKeys
from app.state_exports.models import StateExport, StateExportFile
from app.state_exports.rules import KEPT

KIND = "kim-state-export+jwt"
"""The `typ` of a manifest: nothing else of ours carries it, and it opens nothing."""

_EXPORT = select(
    StateExport.id,
    StateExport.unit_id,
    StateExport.institution_id,
    StateExport.quarter,
    StateExport.profile,
    StateExport.state,
    StateExport.refusal,
    StateExport.figures.label("dry_run"),
    StateExport.figures_at.label("dry_run_at"),
    StateExport.figures_until.label("dry_run_until"),
    StateExport.requested_by,
    StateExport.requested_at,
    StateExport.checked_at,
    StateExport.released_by,
    StateExport.released_at,
    StateExport.composed_at,
    StateExport.keep_until,
    StateExport.fetched_at,
    StateExport.ended_at,
    StateExport.version,
)
ONE = One(_EXPORT.where(StateExport.id == bindparam("id")))
ALL = Many(_EXPORT, order=("requested_at", "id"), descending=True)

_MEASURES = func.measures_of_fetched_state_exports().table_valued(
    column("id", Uuid),
    column("persons", Integer),
    column("withdrawals", Integer),
    column("size_bytes", BigInteger),
    column("sha256", Text),
    column("keep_until", DateTime(timezone=True)),
    name="measures",
)
_FILE: Select[*tuple[Any, ...]] = select(
    StateExportFile.id,
    StateExportFile.municipal_area_id,
    StateExportFile.quarter,
    StateExportFile.profile,
    _MEASURES.c.persons,
    _MEASURES.c.withdrawals,
    _MEASURES.c.size_bytes,
    _MEASURES.c.sha256,
    StateExportFile.composed_at,
    func.coalesce(_MEASURES.c.keep_until, StateExportFile.composed_at + KEPT).label("keep_until"),
    StateExportFile.fetched_at,
    StateExportFile.acknowledged_at,
).outerjoin(_MEASURES, _MEASURES.c.id == StateExportFile.id)
FILE = One(_FILE.where(StateExportFile.id == bindparam("id")))
FILES = Many(_FILE, order=("composed_at", "id"), descending=True)

_SIGNED = ("municipal_area_id", "quarter", "profile", "persons", "withdrawals", "size_bytes", "sha256")
_CONTENT = """SELECT municipal_area_id, sealed_key, sealed_content
FROM content_of_fetched_state_export($1, $2)"""


async def read_export(ctx: Context, export_id: UUID, *, status: int = 200) -> JsonBytes:
    return await ONE.answer(ctx.db, status=status, id=export_id)


async def list_exports(ctx: Context, page: PageRequest) -> JsonBytes:
    """Return exports, those asked for last first."""
    return await ALL.answer(ctx.db, page)


async def list_files(ctx: Context, page: PageRequest) -> JsonBytes:
    """Return files for one's institution, the newest first."""
    return await FILES.answer(ctx.db, page)


async def read_file(ctx: Context, ring: KeyRing, issuer: str, export_id: UUID) -> JsonBytes:
    """Return what is known of a file; once it was fetched with a signature over what never changes of it."""
    answer = await FILE.answer(ctx.db, id=export_id)
    told = orjson.loads(answer.body)
    if told["fetched_at"] is None:
        return JsonBytes(orjson.dumps({**told, "manifest": None}))
    claims = {
        "iss": issuer,
        "sub": f"urn:uuid:{told['id']}",
        "jti": told["id"],
        **{name: told[name] for name in _SIGNED},
        "composed_at": told["composed_at"],
    }
    told["manifest"] = attest(ring, kind=KIND, claims=claims)
    return JsonBytes(orjson.dumps(told))


async def content_of(ctx: Context, keys: FieldKeys, export_id: UUID) -> bytes:
    """Return the file, unsealed. Raises 410 where it is kept no longer."""
    driver = await ctx.db.driver()
    row = await driver.fetchrow(_CONTENT, export_id, ctx.now)
    if row is None:
        raise Gone("The file is kept no longer. Ask the area for another one.", code="state_export_gone")
    area, name = row["municipal_area_id"], str(export_id)
    key = unseal_key(keys, row["sealed_key"], area, name)
    return b"".join([piece async for piece in opened(_as_stored(row["sealed_content"]), key, area, name)])


async def _as_stored(content: bytes) -> AsyncIterator[bytes]:
    yield content
