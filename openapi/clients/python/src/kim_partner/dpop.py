"""Tokens bound to a key (DPoP, RFC 9449): a token that is stolen alone opens nothing."""

import base64
import hashlib
import time
from dataclasses import dataclass, field
from uuid import uuid4

from joserfc import jwt
from joserfc.jwk import ECKey


@dataclass(frozen=True, slots=True)
class DpopKey:
    """A key of this process; it needs to be known nowhere beforehand."""

    key: ECKey = field(default_factory=lambda: ECKey.generate_key("P-256"), repr=False)

    def proof(self, method: str, address: str, token: str | None = None) -> str:
        """Return a proof for one request to an address without its query."""
        shown = self.key.as_dict(private=False)
        public = {name: shown[name] for name in ("kty", "crv", "x", "y")}
        claims: dict[str, str | int] = {
            "jti": str(uuid4()),
            "htm": method,
            "htu": address,
            "iat": int(time.time()),
        }
        if token is not None:
            digest = hashlib.sha256(token.encode()).digest()
            claims["ath"] = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        return jwt.encode({"alg": "ES256", "typ": "dpop+jwt", "jwk": public}, claims, self.key)
