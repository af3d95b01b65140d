"""Giving a machine a token for what it proves itself with (RFC 6749, RFC 7523, RFC 9449)."""

import re
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from app.access.context import PublicContext
from app.audit import journal
from app.identity import throttle
from app.identity.office import SignInOffice
from app.identity.partner_systems.form import TokenAsked
from app.identity.partner_systems.proofs import (
    Asserted,
    Used,
    accepted_assertion,
    accepted_proof,
    asserted,
)
from app.identity.partner_systems.refusals import ClientRefused, TokenRefused
from app.identity.partner_systems.rules import granted_scopes
from app.identity.partner_systems.schemas import TokenRead
from app.identity.password_acceptance import matches
from app.identity.tokens import InvalidToken, OfMachine, SigningKey, public_key
from app.kit.errors import Problem, TooMany

ADDRESS = "/v1/oauth/token"

_NAME = re.compile(r"[A-Za-z0-9_-]{36,43}")
"""Of a key its thumbprint, of a secret its id."""

_FIND = "SELECT * FROM find_credential($1, $2)"
_USE_CREDENTIAL = "SELECT use_credential($1, $2)"
_TAKE_REQUEST = "SELECT take_request($1, $2)"
_USE_PROOF = "SELECT use_proof($1, $2)"
_JOURNAL_REFUSAL = "SELECT journal_refused_token($1, $2)"


@dataclass(frozen=True, slots=True)
class Proved:
    """A machine that has proved itself, by which credential, and the scopes it has."""

    client_id: UUID
    credential_id: UUID
    scopes: list[str]


async def give_token(ctx: PublicContext, office: SignInOffice, asked: TokenAsked) -> TokenRead:
    """Return a token for a machine, bound to a key where it proves one.

    Unknown clients, wrong, used, expired and revoked credentials are one and the same 401 after the same
    work; 400 for a scope that it does not have or a bad proof; 429 says when to come back.
    """
    claimed = _claimed(asked)
    client_id = claimed.client_id if claimed else asked.client_id
    # Who names nobody is counted with the others of the same source only.
    keys = throttle.SignInKeys.of(str(client_id or ctx.source), ctx.source)
    try:
        if asked.secret is not None:
            await throttle.take_sign_in_turn(ctx.db, keys, ctx.now)
        else:
            # A signature is not guessed, so two at once need not wait for each other.
            await throttle.require_no_wait(ctx.db, keys, ctx.now)
    except TooMany:
        office.alarm("client_throttled")
        raise
    try:
        proved, machine = await _granted(ctx, office, asked, claimed)
    except TokenRefused as refusal:
        await _trace(ctx, office, keys, client_id, refusal)
        raise
    await throttle.note_success(ctx.db, [keys.here, keys.account], ctx.now)
    await journal.record(ctx.db, "partner_system.token", "partner_system", proved.client_id)
    return TokenRead(
        access_token=office.access_token(proved.client_id, proved.credential_id, ctx.now, machine),
        token_type="DPoP" if machine.jkt else "Bearer",
        expires_in=int(office.access_lifetime.total_seconds()),
        scope=" ".join(sorted(machine.scopes)),
    )


async def _granted(
    ctx: PublicContext, office: SignInOffice, asked: TokenAsked, claimed: Asserted | None
) -> tuple[Proved, OfMachine]:
    if asked.assertion is not None:
        proved = await _proved_by_key(ctx, office, asked.assertion, claimed)
    else:
        proved = await _proved_by_secret(ctx, asked.client_id, asked.secret or "")
    jkt = await _bound_to(ctx, office, asked.proof)
    scopes = granted_scopes(asked.scope, proved.scopes)
    if scopes is None:
        raise TokenRefused("invalid_scope", "The client does not have such a scope.")
    driver = await ctx.db.driver()
    if not await driver.fetchval(_USE_CREDENTIAL, proved.credential_id, ctx.now):
        raise ClientRefused
    if wait := await driver.fetchval(_TAKE_REQUEST, proved.credential_id, ctx.now):
        ctx.keep()
        raise TooMany("More requests than this machine may make.", retry_after=wait)
    return proved, OfMachine(scopes, jkt)


def _claimed(asked: TokenAsked) -> Asserted | None:
    """Return whose assertion was sent; None for a secret, and for what is no assertion."""
    if asked.assertion is None:
        return None
    try:
        claimed = asserted(asked.assertion)
    except InvalidToken:
        return None
    return claimed if asked.client_id in (None, claimed.client_id) else None


async def _proved_by_key(
    ctx: PublicContext, office: SignInOffice, assertion: str, claimed: Asserted | None
) -> Proved:
    if claimed is None:
        raise ClientRefused
    found = await _found(ctx, claimed.client_id, claimed.kid)
    # With no such key the signature is compared with our own: the same work, and it never fits.
    nobody: SigningKey = office.key_ring.current
    key = public_key(found["x"], found["y"]) if found and found["x"] else nobody.public
    audience = office.settings.public_url
    try:
        used = accepted_assertion(assertion, key, audience=audience, now=ctx.now)
    except InvalidToken as error:
        office.alarm(f"assertion_{error.reason}")
        raise ClientRefused from None
    if found is None or not found["x"]:
        raise ClientRefused
    if not await _first_use(ctx, used):
        office.alarm("assertion_replayed")
        raise ClientRefused
    return Proved(claimed.client_id, found["credential_id"], found["scopes"])


async def _proved_by_secret(ctx: PublicContext, client_id: UUID | None, secret: str) -> Proved:
    assert client_id is not None
    found = await _found(ctx, client_id, secret.partition(".")[0])
    stored = found["secret_hash"] if found else None
    if not await matches(secret, stored) or found is None or stored is None:
        raise ClientRefused
    return Proved(client_id, found["credential_id"], found["scopes"])


async def _found(ctx: PublicContext, client_id: UUID, name: str) -> asyncpg.Record | None:
    if not _NAME.fullmatch(name):
        return None
    return await (await ctx.db.driver()).fetchrow(_FIND, client_id, name)


async def _bound_to(ctx: PublicContext, office: SignInOffice, proof: str | None) -> str | None:
    """Return the thumbprint of the key to which the token is bound; None where none was proved."""
    if proof is None:
        return None
    address = f"{office.settings.public_url}{ADDRESS}"
    try:
        proved = accepted_proof(proof, method="POST", address=address, now=ctx.now)
        if not await _first_use(ctx, proved.used):
            raise InvalidToken("replayed")  # noqa: TRY301 - refused like every other fault of a proof
    except InvalidToken as error:
        office.alarm(f"proof_{error.reason}")
        raise TokenRefused("invalid_dpop_proof", "The proof of the key is not good.") from None
    return proved.jkt


async def _first_use(ctx: PublicContext, used: Used) -> bool:
    expires_at: datetime = used.expires_at
    return bool(await (await ctx.db.driver()).fetchval(_USE_PROOF, used.digest, expires_at))


async def _trace(
    ctx: PublicContext,
    office: SignInOffice,
    keys: throttle.SignInKeys,
    client_id: UUID | None,
    refusal: Problem,
) -> None:
    """Keep what a refusal leaves: what was used up, the counters of a failed proof, the journal."""
    ctx.keep()
    if isinstance(refusal, ClientRefused):
        await throttle.count_failure(ctx.db, keys.all(), ctx.now)
    await (await ctx.db.driver()).execute(_JOURNAL_REFUSAL, client_id, refusal.problem_code)
    office.alarm("token_not_given")
