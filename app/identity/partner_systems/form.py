"""The form in which a machine asks for a token (RFC 6749, 4.4): no field twice, nothing too long."""

import base64
import binascii
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import parse_qsl, unquote_plus
from uuid import UUID

from fastapi import Depends, Request

from app.identity.authenticator import only_proof
from app.identity.partner_systems.refusals import ClientRefused, TokenRefused
from app.identity.partner_systems.rules import LONGEST_SECRET
from app.identity.token_form import LONGEST_TOKEN, InvalidToken
from app.kit.errors import WrongMedia

FORM = "application/x-www-form-urlencoded"
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
GRANT = "client_credentials"
LONGEST_SCOPE = 500
MOST_FIELDS = 20


@dataclass(frozen=True, slots=True)
class TokenAsked:
    """What a machine asks for, and what it proves itself with: an assertion, or its id and a secret."""

    client_id: UUID | None
    assertion: str | None
    secret: str | None
    scope: str | None
    proof: str | None


async def _token_asked(request: Request) -> TokenAsked:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise WrongMedia(f"Send a form: {FORM}.")
    fields = _fields(await request.body())
    if "grant_type" not in fields:
        raise TokenRefused("invalid_request", "grant_type is missing.")
    if fields["grant_type"] != GRANT:
        raise TokenRefused("unsupported_grant_type", f"Only {GRANT} is answered here.")
    if len(fields.get("scope", "")) > LONGEST_SCOPE:
        raise TokenRefused("invalid_scope", "No such scope.")
    client_id, secret = _secret(request, fields)
    assertion = _assertion(fields)
    if (secret is None) == (assertion is None):
        raise ClientRefused if secret is None else TokenRefused("invalid_request", "Send one proof, not two.")
    named = _client(fields["client_id"]) if "client_id" in fields else client_id
    if client_id not in (None, named) or (named is None and secret is not None):
        raise ClientRefused
    return TokenAsked(named, assertion, secret, fields.get("scope"), _proof(request))


Asked = Annotated[TokenAsked, Depends(_token_asked)]


def _fields(body: bytes) -> dict[str, str]:
    """Return the fields with a value; those that nobody knows are ignored (RFC 6749, 3.2)."""
    try:
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, strict_parsing=True, errors="strict",
            max_num_fields=MOST_FIELDS,
        )  # fmt: skip
    except ValueError:
        raise TokenRefused("invalid_request", "This is no form.") from None
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise TokenRefused("invalid_request", "A field stands there twice.")
    return {name: value for name, value in fields.items() if value}


def _assertion(fields: dict[str, str]) -> str | None:
    kind, assertion = fields.get("client_assertion_type"), fields.get("client_assertion")
    if (kind is None) != (assertion is None) or (kind is not None and kind != ASSERTION_TYPE):
        raise TokenRefused("invalid_request", "Send client_assertion with its type, jwt-bearer.")
    if assertion is not None and len(assertion) > LONGEST_TOKEN:
        raise ClientRefused
    return assertion


def _secret(request: Request, fields: dict[str, str]) -> tuple[UUID | None, str | None]:
    """Return id and secret, sent as Basic with each part encoded or in the form (RFC 6749, 2.3.1)."""
    sent = fields.get("client_secret")
    if "authorization" not in request.headers:
        if sent is not None and len(sent) > LONGEST_SECRET:
            raise ClientRefused
        return None, sent
    if sent is not None:
        raise TokenRefused("invalid_request", "Send one proof, not two.")
    scheme, _, encoded = request.headers["authorization"].partition(" ")
    try:
        if scheme.lower() != "basic":
            raise ClientRefused
        pair = base64.b64decode(encoded, validate=True).decode("ascii")
        name, colon, secret = pair.partition(":")
        secret = unquote_plus(secret, errors="strict")
    except (binascii.Error, ValueError):
        raise ClientRefused from None
    if not colon or not 1 <= len(secret) <= LONGEST_SECRET:
        raise ClientRefused
    return _client(unquote_plus(name)), secret


def _client(text: str) -> UUID:
    try:
        client = UUID(text)
    except ValueError:
        raise ClientRefused from None
    if str(client) != text:
        raise ClientRefused
    return client


def _proof(request: Request) -> str | None:
    if "dpop" not in request.headers:
        return None
    try:
        return only_proof(request)
    except InvalidToken:
        raise TokenRefused("invalid_dpop_proof", "Send one proof of the key.") from None
