"""From the headers of a request to whose it is; any fault is 401 and a security event."""

from datetime import datetime

import structlog
from fastapi import Request

from app.access.machines import Machine, Shown, proof_refused
from app.identity.partner_systems.proofs import Proof, accepted_proof
from app.identity.token_form import Claims, InvalidToken
from app.identity.tokens import KeyRing, VerifiedTokens, verify
from app.kit.errors import NotSignedIn
from app.kit.metrics import Metrics

log = structlog.get_logger(__name__)


class Authenticator:
    """Verifies the token of a request, and the proof where the token is bound to a key."""

    def __init__(self, ring: KeyRing, address: str, metrics: Metrics) -> None:
        self._ring = ring
        self._address = address
        self._metrics = metrics
        self._verified = VerifiedTokens()

    def __call__(self, request: Request, now: datetime) -> Shown:
        """Return the session or credential that a request shows."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() not in ("bearer", "dpop") or not token:
            raise NotSignedIn
        claims = self._claims(token, now)
        bound_to = claims.machine.jkt if claims.machine else None
        if (scheme.lower() == "dpop") != (bound_to is not None):
            self._alarm("proof_refused", "scheme")
            raise proof_refused("A token that is bound to a key is sent as DPoP, any other as Bearer.")
        if claims.machine is None:
            return Shown(claims.session_id, claims.subject)
        if bound_to is None:
            return Shown(claims.session_id, claims.subject, Machine(claims.machine.scopes))
        proof = self._proof(request, token, bound_to, now)
        machine = Machine(claims.machine.scopes, proof.used.digest, proof.used.expires_at)
        return Shown(claims.session_id, claims.subject, machine)

    def _claims(self, token: str, now: datetime) -> Claims:
        claims = self._verified.lookup(token, now)
        if claims is None:
            try:
                claims = verify(self._ring, token, issuer=self._address, audience=self._address, now=now)
            except InvalidToken as error:
                self._alarm("token_refused", error.reason)
                raise NotSignedIn("The token is not valid.", code="token_invalid") from None
            self._verified.remember(token, claims, now)
        return claims

    def _proof(self, request: Request, token: str, bound_to: str, now: datetime) -> Proof:
        try:
            proof = accepted_proof(
                only_proof(request),
                method=request.method,
                address=f"{self._address}{request.url.path}",
                now=now,
                access_token=token,
            )
            if proof.jkt != bound_to:
                raise InvalidToken("other_key")  # noqa: TRY301 - refused like every other fault of a proof
        except InvalidToken as error:
            self._alarm("proof_refused", error.reason)
            raise proof_refused("The proof of the key is missing or not good.") from None
        return proof

    def _alarm(self, kind: str, reason: str) -> None:
        self._metrics.security_events.labels(kind).inc()
        log.warning(kind, reason=reason)


def only_proof(request: Request) -> str:
    """Return the one proof of a request. Raises InvalidToken for none or several (RFC 9449, 4.3)."""
    proofs = request.headers.getlist("dpop")
    if len(proofs) != 1:
        raise InvalidToken("proofs")
    return proofs[0]
