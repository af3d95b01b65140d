"""Draws tokens at random: good ones, and ones that were changed in one of the ways an attacker would try."""

import json
from collections.abc import Callable
from random import Random
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.identity import token_forgery as forge
from tests.identity.token_forgery import FOREIGN_KEY, OUR_KEY, SECONDS, Json, good_claims, good_header, sign

VALUES: list[Any] = [
    None, True, False, 0, 1, -1, 2**31, 2**63, 10**400, 1.5, 1e300, float("nan"), float("inf"), SECONDS + 0.5,
    SECONDS - 10_000, SECONDS + 10_000, str(SECONDS), "", " ", "0", "null", "ES256", "none", "at+jwt", "JWT",
    forge.ISSUER, forge.AUDIENCE, forge.OUR_KID, forge.SESSION.upper(), [], [forge.AUDIENCE], ["exp"], {},
    {"a": [{}]}, "\0", "\ud7ff", "ß", "\u202e", "x" * 300, forge.public_jwk(FOREIGN_KEY),
]  # fmt: skip
ALGORITHMS = ["none", "None", "HS256", "HS384", "RS256", "PS256", "ES384", "ES512", "ES256K", "EdDSA", "dir"]
CARRIED = ["jwk", "jku", "x5u", "x5c", "x5t", "x5t#S256", "crit", "b64", "cty", "zip", "enc", "epk", "iat"]
SECRETS = [
    forge.public_pem().encode(),
    forge.public_bytes(Encoding.DER),
    forge.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint),
    json.dumps(forge.public_jwk()).encode(),
    b"",
]


def good(draw: Random) -> str:
    age, life = draw.randrange(300), draw.randrange(301, 601)
    start = SECONDS - age
    claims = good_claims(iat=start, nbf=draw.randint(start, SECONDS), exp=start + life)
    header = good_header()
    return sign(shuffled(draw, header), shuffled(draw, claims))


def shuffled(draw: Random, members: Json) -> Json:
    return dict(draw.sample(list(members.items()), len(members)))


def replaced(draw: Random, members: Json, others: list[str], values: list[Any]) -> Json:
    """Return the members with one of them changed or added."""
    name = draw.choice([*members, *others])
    return {**members, name: draw.choice([value for value in values if members.get(name) != value])}


def header_changed(draw: Random) -> str:
    header = replaced(draw, good_header(), CARRIED, [*VALUES, *ALGORITHMS])
    return sign(header, key=draw.choice([OUR_KEY, OUR_KEY, FOREIGN_KEY]))


def header_swapped(draw: Random) -> str:
    _, claims, signature = good(draw).split(".")
    header = replaced(draw, good_header(), CARRIED, [*VALUES, *ALGORITHMS])
    return f"{forge.b64(forge.as_json(header))}.{claims}.{signature}"


def name_doubled(draw: Random) -> str:
    members = draw.choice([good_header(), good_claims()])
    name = draw.choice(list(members))
    again = json.dumps({name: draw.choice([members[name], draw.choice(VALUES)])})
    text = json.dumps(members)
    doubled = (text[:-1] + "," + again[1:] if draw.random() < 0.5 else again[:-1] + "," + text[1:]).encode()
    return sign(header=doubled) if "alg" in members else sign(claims=doubled)


def part_dropped(draw: Random) -> str:
    header, claims = good_header(), good_claims()
    if draw.random() < 0.3:
        return sign(header=forge.without(header, *draw.sample(sorted(header), draw.randint(1, 3))))
    return sign(claims=forge.without(claims, *draw.sample(sorted(claims), draw.randint(1, 8))))


def claim_changed(draw: Random) -> str:
    return sign(claims=replaced(draw, good_claims(), ["role", "scope", "admin"], VALUES))


def key_confused(draw: Random) -> str:
    header = good_header(alg=draw.choice(["HS256", "HS256", "ES256", "none"]))
    return forge.mac(header, good_claims(), draw.choice(SECRETS))


def unsigned(draw: Random) -> str:
    header = good_header(alg=draw.choice([*ALGORITHMS, "ES256"]))
    return forge.compact(header, good_claims(), draw.choice([b"", bytes(64), b"\x30", draw.randbytes(64)]))


def signature_changed(draw: Random) -> str:
    token = good(draw)
    signature = forge.unb64(token.rpartition(".")[2])
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    choices: list[Callable[[], str]] = [
        lambda: forge.high_s(token),
        lambda: forge.der_signature(token),
        lambda: forge.with_signature(token, signature[: draw.randrange(64)]),
        lambda: forge.with_signature(token, signature + draw.randbytes(draw.randint(1, 64))),
        lambda: forge.with_signature(token, forge.raw(s, r)),
        lambda: forge.with_signature(token, forge.raw(draw.choice([0, 1, forge.ORDER, 2**256 - 1]), s)),
        lambda: forge.with_signature(token, forge.raw(r, draw.choice([0, 1, forge.ORDER, 2**256 - 1]))),
        lambda: forge.with_signature(token, b"\0" * draw.randint(1, 8) + signature),
    ]
    return draw.choice(choices)()


def spelt_differently(draw: Random) -> str:
    segments = good(draw).split(".")
    place = draw.randrange(3)
    segment = segments[place]
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    at = draw.randrange(len(segment))
    segments[place] = draw.choice([
        segment + "=" * draw.randint(1, 3),
        segment + draw.choice([" ", "\n", "\0", "\t", "é", "\ud800", "A", "%3D"]),
        segment[:at] + draw.choice([" ", "\n", "*", "!", "=", "+", "/", "é"]) + segment[at:],
        segment[:-1] + alphabet[(alphabet.index(segment[-1]) + draw.randint(1, 15)) % 64],
        segment[:at] + alphabet[(alphabet.index(segment[at]) + draw.randint(1, 63)) % 64] + segment[at + 1 :],
    ])  # fmt: skip
    if draw.random() < 0.5 and place < 2 and segments[place].isascii():
        changed = ".".join(segments[:2])
        if forge.b64(lenient(segments[place])) != segments[place]:
            return forge.sign_text(changed)
    return ".".join(segments)


def lenient(segment: str) -> bytes:
    try:
        return forge.unb64(segment)
    except ValueError:
        return b""


def rebuilt(draw: Random) -> str:
    token, other = good(draw), sign(key=FOREIGN_KEY)
    header, claims, signature = token.split(".")
    shapes = [
        token[: draw.randrange(len(token))],
        token + other,
        f"{token}.{signature}",
        f"{header}.{claims}.{claims}.{claims}.{signature}",
        json.dumps({"protected": header, "payload": claims, "signature": signature}),
        json.dumps({"payload": claims, "signatures": [{"protected": header, "signature": signature}]}),
        f"{header}..{signature}",
        f"{claims}.{header}.{signature}",
        f"{header}.{other.split('.')[1]}.{other.split('.')[2]}",
        f" {token}", f"{token} ", f"Bearer {token}", "", ".", "..", "...",
        sign(claims=b"[" * draw.randint(900, 2800)),
        forge.compact(b"[" * 380, b"", b""),
        sign(claims=good_claims(iss="x" * 4000)),
        sign(header=good_header(kid="x" * 500)),
    ]  # fmt: skip
    return draw.choice(shapes)


MUTATIONS: list[Callable[[Random], str]] = [
    header_changed, header_swapped, name_doubled, part_dropped, claim_changed, key_confused, unsigned,
    signature_changed, spelt_differently, rebuilt,
]  # fmt: skip
