"""What is signed and how: published vectors, several secrets in one header, the page that explains it."""

import base64
import hmac
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from app.webhooks.rules import Signature
from app.webhooks.signing import body_of, headers_of, new_secret

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
EVENT, MOMENT, BODY = "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}'
PAGE = Path(__file__).parents[2] / "docs" / "webhooks.md"


def test_vector_of_standard_webhooks() -> None:
    headers = headers_of(Signature.HMAC_SHA256, [SECRET], EVENT, MOMENT, BODY)
    assert headers == {
        "webhook-id": EVENT,
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_every_secret_signs_in_one_header_the_newest_first() -> None:
    fresh = new_secret(Signature.HMAC_SHA256).value
    both = headers_of(Signature.HMAC_SHA256, [fresh, SECRET], EVENT, MOMENT, BODY)["webhook-signature"]
    alone = headers_of(Signature.HMAC_SHA256, [fresh], EVENT, MOMENT, BODY)["webhook-signature"]
    assert both == f"{alone} v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_ed25519_is_verified_with_the_public_half_and_shows_no_other() -> None:
    secret = new_secret(Signature.ED25519)
    assert secret.shown is None
    assert secret.public_key is not None
    public = Ed25519PublicKey.from_public_bytes(base64.b64decode(secret.public_key.removeprefix("whpk_")))
    signed = headers_of(Signature.ED25519, [secret.value], EVENT, MOMENT, BODY)["webhook-signature"]
    version, _, signature = signed.partition(",")
    assert version == "v1a"
    public.verify(base64.b64decode(signature), f"{EVENT}.{MOMENT}.".encode() + BODY)
    with pytest.raises(InvalidSignature):
        public.verify(base64.b64decode(signature), f"{EVENT}.{MOMENT + 1}.".encode() + BODY)


def test_callback_is_hmac_sha512_over_timestamp_dot_body_in_its_own_headers() -> None:
    secret = new_secret(Signature.CALLBACK)
    headers = headers_of(Signature.CALLBACK, [secret.value, "older"], EVENT, MOMENT, BODY)
    expected = hmac.new(secret.value.encode(), b"1614265330." + BODY, "sha512").hexdigest()
    assert headers == {
        "webhook-id": EVENT, "callback-timestamp": "1614265330", "callback-authentication": expected,
    }  # fmt: skip


def test_body_is_the_same_bytes_for_the_same_event() -> None:
    at = datetime(2026, 3, 1, 9, 0, 0, 250_000, tzinfo=UTC)
    body = body_of("referral.offered", at, {"referral_id": "1"})
    assert body == (
        b'{"type":"referral.offered","timestamp":"2026-03-01T09:00:00.250Z","data":{"referral_id":"1"}}'
    )
    assert body == body_of("referral.offered", at, {"referral_id": "1"})


def test_secret_of_another_kind_signs_nothing() -> None:
    for foreign in ("", "whsec", "whpk_AAAA", "whsec_not base64"):
        with pytest.raises(ValueError):
            headers_of(Signature.HMAC_SHA256, [foreign], EVENT, MOMENT, BODY)


def test_no_secret_shows_itself_in_a_log() -> None:
    secret = new_secret(Signature.HMAC_SHA256)
    assert secret.value not in repr(secret)


def of_the_page() -> Callable[..., Any]:
    """Return the function that the page gives its readers."""
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert len([line for line in code.splitlines() if line.strip()]) <= 15
    found: dict[str, Any] = {}
    exec(code, found)  # noqa: S102 - the page's own code, as its reader would run it
    verify: Callable[..., Any] = found["verify"]
    return verify


def _signed(*secrets: str, moment: int = MOMENT, body: bytes = BODY) -> dict[str, str]:
    return headers_of(Signature.HMAC_SHA256, secrets, EVENT, moment, body)


def test_code_of_the_page_takes_what_is_signed() -> None:
    verify, other = of_the_page(), new_secret(Signature.HMAC_SHA256).value
    assert verify(SECRET, _signed(SECRET), BODY, now=MOMENT + 10) == {"test": 2432232314}
    assert verify(SECRET, _signed(other, SECRET), BODY, now=MOMENT) == {"test": 2432232314}


@pytest.mark.parametrize(
    ("headers", "body", "now"),
    [
        (_signed(new_secret(Signature.HMAC_SHA256).value), BODY, MOMENT),
        (_signed(SECRET), BODY + b" ", MOMENT),
        (_signed(SECRET), BODY, MOMENT + 301),
        (_signed(SECRET), BODY, MOMENT - 301),
        ({**_signed(SECRET), "webhook-id": "msg_other"}, BODY, MOMENT),
        ({**_signed(SECRET), "webhook-timestamp": str(MOMENT + 1)}, BODY, MOMENT),
        ({**_signed(SECRET), "webhook-signature": ""}, BODY, MOMENT),
    ],
    ids=["another secret", "another body", "too old", "too new", "another id", "another time", "none"],
)
def test_code_of_the_page_refuses_what_is_not(headers: dict[str, str], body: bytes, now: int) -> None:
    with pytest.raises(ValueError):
        of_the_page()(SECRET, headers, body, now=now)
