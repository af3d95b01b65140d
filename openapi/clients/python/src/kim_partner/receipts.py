"""Signed receipts of steps: verified with the keys of `/v1/keys`, kept in a file, verified again offline."""

import json
import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from kim_partner.problems import NotGenuine

_KIND = "kim-receipt+jwt"
_URN = "urn:uuid:"

Key = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a genuine receipt says (docs/receipts.md)."""

    id: str
    """The same for the same fact, however often it is signed."""
    issuer: str
    referral_id: str
    number: int
    """Counts the steps of the referral from 1."""
    at: datetime
    step: str
    state: str
    side: str
    package_sha256: str | None
    text: str
    """The receipt itself."""


def verify_receipt(text: str, keys: Sequence[Key], *, issuer: str, institution_id: str) -> Receipt:
    """Return what a receipt says; raise `NotGenuine` unless this issuer signed it for this institution."""
    try:
        header = jws.extract_compact(text.encode()).headers()
        if header.get("typ") != _KIND or header.get("alg") != "ES256":
            raise NotGenuine("This is no receipt.")
        known = [key for key in keys if key.get("kid") == header.get("kid")]
        if not known:
            raise NotGenuine("Nobody known has signed this.")
        key = ECKey.import_key({name: known[0][name] for name in ("kty", "crv", "x", "y")})
        if key.thumbprint() != known[0]["kid"]:
            raise NotGenuine("The key is not the one that it is called.")
        claims = json.loads(jws.deserialize_compact(text, key, algorithms=["ES256"]).payload)
        if claims["iss"] != issuer or _URN + institution_id not in claims["aud"]:
            raise NotGenuine("This receipt is for somebody else.")
        return Receipt(
            id=claims["jti"],
            issuer=claims["iss"],
            referral_id=claims["sub"].removeprefix(_URN),
            number=claims["number"],
            at=datetime.fromtimestamp(claims["toe"], UTC),
            step=claims["step"],
            state=claims["state"],
            side=claims["by"]["side"],
            package_sha256=claims["package_sha256"],
            text=text,
        )
    except (JoseError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise NotGenuine("This is no receipt.") from error


class ReceiptBook:
    """A file of receipts, each line with the key that verifies it: it needs no server, now or in ten years.

    `kids` are the names (thumbprints) of the issuer's keys as one knows them from elsewhere, a contract or
    a notary. Without them the book believes the key in the line, so whoever can write to it can forge it.
    A receipt is written down once, and is on the disk when `add` returns. One process writes to a book.
    Raises `NotGenuine` for a book of another issuer or institution, by name: keep it, and begin another.
    """

    def __init__(
        self, path: Path, *, issuer: str, institution_id: str, kids: Collection[str] | None = None
    ) -> None:
        self._path, self._issuer, self._institution_id = path, issuer, institution_id
        self._kids = kids
        self._require_own()
        self._known = {each.id for each in self} if path.exists() else set()

    def add(self, text: str, keys: Sequence[Key]) -> Receipt:
        """Verify a receipt and write it down. Raises `NotGenuine`, and then writes nothing."""
        receipt = self._verified(text, keys)
        if receipt.id not in self._known:
            kid = jws.extract_compact(text.encode()).headers()["kid"]
            line = {"receipt": text, "key": next(key for key in keys if key["kid"] == kid)}
            with self._path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(line) + "\n")
                file.flush()
                os.fsync(file.fileno())
            self._known.add(receipt.id)
        return receipt

    def __iter__(self) -> Iterator[Receipt]:
        """Verify each receipt again and yield it. Raises `NotGenuine` for a line that was changed."""
        for text, key in self._lines():
            yield self._verified(text, [key])

    def _lines(self) -> Iterator[tuple[str, Key]]:
        if not self._path.exists():
            return
        with self._path.open(encoding="utf-8") as file:
            for line in file:
                try:
                    kept = json.loads(line)
                    text, key = kept["receipt"], kept["key"]
                except (ValueError, KeyError, TypeError) as error:
                    raise NotGenuine("A line of the book cannot be read.") from error
                yield text, key

    def _require_own(self) -> None:
        """Say whose book it is when it is another's; whether that is true is not looked at here."""
        for text, _ in self._lines():
            try:
                claims = json.loads(jws.extract_compact(text.encode()).payload)
                issuer, addressed = claims["iss"], claims["aud"]
            except (JoseError, ValueError, KeyError, TypeError, AttributeError):
                return  # reading it says what is wrong with the line
            if issuer != self._issuer:
                whose = f"from {issuer}, not from {self._issuer}"
            elif _URN + self._institution_id not in addressed:
                whose = f"for another institution, not for {self._institution_id}"
            else:
                return
            raise NotGenuine(
                f"{self._path} is the book of somebody else: its receipts are {whose}. Was the server or "
                "the demonstration begun anew? Keep the file and give another one."
            )

    def missing(self, referral_id: str) -> list[int]:
        """Return the numbers of steps before the newest one of a referral whose receipts are not here."""
        held = {each.number for each in self if each.referral_id == referral_id}
        return sorted(set(range(1, max(held, default=0))) - held)

    def _verified(self, text: str, keys: Sequence[Key]) -> Receipt:
        keys = [key for key in keys if self._kids is None or key.get("kid") in self._kids]
        return verify_receipt(text, keys, issuer=self._issuer, institution_id=self._institution_id)
