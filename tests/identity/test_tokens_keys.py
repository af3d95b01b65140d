"""Keys are taken strictly, named by their thumbprint, and only their public halves are shown."""

import json

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from joserfc.jwk import ECKey

from app.identity import tokens
from app.identity.tokens import KeyRing, UnusableKey
from tests.identity.token_forgery import FOREIGN_KEY, OUR_KEY, OUR_KID, private_pem, public_jwk, public_pem

RING = KeyRing(tokens.load_key(private_pem()))


def test_the_name_of_a_key_is_its_thumbprint() -> None:
    assert RING.current.public.kid == ECKey.import_key(public_jwk()).thumbprint()


def test_the_published_keys_are_public_and_the_current_one_comes_first() -> None:
    ring = KeyRing(tokens.load_key(private_pem(FOREIGN_KEY)), [tokens.load_public_key(public_pem())])
    first, second = ring.public_keys()["keys"]
    assert first == {**public_jwk(FOREIGN_KEY), "alg": "ES256", "use": "sig", "kid": first["kid"]}
    assert second["kid"] == OUR_KID
    assert "d" not in first


def test_the_private_key_is_not_shown() -> None:
    assert "prepared" not in repr(RING.current)


def pem(
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey, form: str = "PKCS8", password: bytes = b""
) -> str:
    protection = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
    private_form = getattr(serialization.PrivateFormat, form)
    return key.private_bytes(serialization.Encoding.PEM, private_form, protection).decode()


OTHER_CURVE = ec.generate_private_key(ec.SECP384R1())
SAME_SIZE = ec.generate_private_key(ec.SECP256K1())
RSA_KEY = rsa.generate_private_key(65537, 2048)


def test_a_private_key_is_read_in_both_forms_that_openssl_writes() -> None:
    assert tokens.load_key(pem(OUR_KEY, "TraditionalOpenSSL")) == tokens.load_key(private_pem())


@pytest.mark.asvs("9.1.3")
@pytest.mark.parametrize(
    "text",
    [
        pem(OTHER_CURVE),
        pem(SAME_SIZE),
        pem(RSA_KEY),
        pem(OUR_KEY, password=b"secret"),
        public_pem(),
        private_pem() + private_pem(FOREIGN_KEY),
        "Bag Attributes\n" + private_pem(),
        private_pem().replace("M", "!"),
        json.dumps(public_jwk()),
        "a shared secret",
        "",
    ],
    ids=[
        "P-384",
        "secp256k1",
        "RSA",
        "encrypted",
        "public",
        "two keys",
        "text in front",
        "damaged",
        "JWK",
        "secret",
        "empty",
    ],
)
def test_a_key_that_cannot_sign_is_refused_when_it_is_loaded(text: str) -> None:
    with pytest.raises(UnusableKey):
        tokens.load_key(text)


@pytest.mark.asvs("9.1.3")
@pytest.mark.parametrize(
    "text",
    [public_pem(OTHER_CURVE), public_pem(RSA_KEY), private_pem(), public_pem().replace("M", "!"), "x"],  # type: ignore[arg-type]  # any key has a public half
    ids=["P-384", "RSA", "private", "damaged", "no PEM"],
)
def test_an_older_key_that_cannot_verify_is_refused_when_it_is_loaded(text: str) -> None:
    with pytest.raises(UnusableKey):
        tokens.load_public_key(text)
