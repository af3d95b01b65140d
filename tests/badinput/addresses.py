"""Paths, queries, headers and methods that are wrong."""

import base64
import json
from collections.abc import Iterator, Sequence

from tests.badinput.sending import MARKER, Bad
from tests.badinput.targets import Target

_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", MARKER.upper())
_IDS = {
    "a word": MARKER,
    "an encoded NUL": f"{MARKER}%00",
    "bytes that are no UTF-8": f"{MARKER}%ff%fe",
    "a way up": f"..%2f..%2fetc%2fpasswd%2f{MARKER}",
    "a line break": f"{MARKER}%0d%0aSet-Cookie:%20a=b",
    "a long text": MARKER * 200,
    "a number": "-1",
    "quotes": f"{MARKER}'%20OR%201=1--",
}
_UNKNOWN = "00000000-0000-7000-8000-0000000fffff"
_LIMITS = ("0", "-1", "201", "1e3", "", "NaN", "9" * 40, "1.5", "0x10", "%31%30%30%30", MARKER, "٣")
_VALUES = ("", MARKER, "%00", "%ff", "9" * 40, "0001-01-01", "9999-12-31T23:59:59-14:00", "[]", MARKER * 40)
_MATCHES = (
    'W/"1"',
    "1",
    '"x"',
    "*",
    '""',
    '"1", "2"',
    '"99999999999999999999"',
    MARKER * 10,
    b'"\xb2"',
    b"\xff",
)
_KEYS = (
    "short",
    MARKER * 20,
    f"{MARKER} with blanks",
    b"\xff\xfe\xff\xfe\xff\xfe\xff\xfe",
    "",
    f"{MARKER}\x7f",
)
_LENGTHS = (("Content-Length", "-1"), ("Content-Length", MARKER), ("Content-Length", "9" * 30))
_WISHES = (
    ("Accept", f"text/html;q=;;{MARKER}"),
    ("Accept", "image/png"),
    ("Accept-Language", f"{MARKER};q=x,,*;q=9"),
    ("If-None-Match", f'"{MARKER}'),
    ("X-Request-ID", f"{MARKER} {MARKER}"),
    ("Content-Encoding", "gzip"),
    ("Host", f"{MARKER}.example"),
)
_OF_WORDS = [[MARKER] * number for number in (1, 2, 3)]
"""Cursors that fit a list sorted by texts; any other list refuses them."""


def _cursor(text: str | bytes) -> str:
    raw = text if isinstance(text, bytes) else text.encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


_CURSORS = {
    "a word": MARKER,
    "a long one": MARKER * 40,
    "no base64": "%%%25",
    "not JSON": _cursor(MARKER),
    "an object": _cursor(f'{{"{MARKER}": 1}}'),
    "numbers": _cursor("[1, 2]"),
    "too few": _cursor("[]"),
    "a NUL": _cursor('["\\u0000", "\\u0000"]'),
    "a surrogate": _cursor('["\\ud800", "\\ud800"]'),
    "no UTF-8": _cursor(b'["\xff"]'),
    "far away": _cursor('["infinity", "99999-01-01"]'),
    "deep": _cursor("[" * 150 + "]" * 150),
}


def paths(target: Target) -> Iterator[Bad]:
    """Yield addresses with an id that is none, or none that exists."""
    for name in target.exchange.path:
        for kind, value in _IDS.items():
            yield _with_path(target, f"{kind} as {name}", name, value)
        yield _with_path(target, f"an unknown {name}", name, _UNKNOWN, refused=name.endswith("_id"))
    yield Bad(f"{target.name}, a slash more", target.method, f"{target.url().partition('?')[0]}/")


def _with_path(target: Target, kind: str, name: str, value: str, *, refused: bool = True) -> Bad:
    content = target.exchange.content()
    headers = target.headers(**({"content-type": "application/json"} if content else {}))
    url = target.url(path={name: value})
    return Bad(f"{target.name}, {kind}", target.method, url, headers, content, refused)


def queries(target: Target, foreign: Sequence[str]) -> Iterator[Bad]:
    """Yield queries that are wrong; `foreign` are cursors of other lists."""
    if target.method != "GET" and "cursor" not in target.query_names:
        return
    for name in target.query_names:
        values = {"limit": _LIMITS, "cursor": tuple(_CURSORS.values())}.get(name, _VALUES)
        for value in values:
            yield _with_query(
                target, f"{name} {value[:20]!r}", name, value, refused=name in {"limit", "cursor"}
            )
        doubled = f"{_without(target, name)}{name}=1&{name}={MARKER}"
        yield _asked(target, f"{name} twice", doubled)
    if "cursor" in target.query_names:
        for cursor in (*foreign, *(_cursor(json.dumps(words)) for words in _OF_WORDS)):
            yield _with_query(target, "a cursor of another list", "cursor", cursor, refused=False)
    many = "&".join(f"{MARKER}{number}=1" for number in range(60))
    yield _asked(target, "sixty keys", f"{_without(target, '')}{many}")
    yield _asked(target, "half an escape", f"{_without(target, '')}{MARKER}=%", refused=False)


def _with_query(target: Target, kind: str, name: str, value: str, *, refused: bool) -> Bad:
    return _asked(target, kind, f"{_without(target, name)}{name}={value}", refused=refused)


def _without(target: Target, name: str) -> str:
    kept = {key: value for key, value in target.exchange.query.items() if key != name}
    where = target.template.format(**target.exchange.path)
    return f"{where}?{''.join(f'{key}={value}&' for key, value in kept.items())}"


def _asked(target: Target, kind: str, url: str, *, refused: bool = True) -> Bad:
    content = target.exchange.content()
    headers = target.headers(**({"content-type": "application/json"} if content else {}))
    return Bad(f"{target.name}, {kind}", target.method, url, headers, content, refused)


def headers(target: Target) -> Iterator[Bad]:
    """Yield requests whose headers are wrong; only the conditions of a change must be refused."""
    content = target.exchange.content()
    kept = target.headers(**({"content-type": "application/json"} if content else {}))
    if target.method != "GET":
        for value in _MATCHES:
            sent = {**kept, "If-Match": value}
            refused = "If-Match" in target.exchange.headers
            yield Bad(f"{target.name}, If-Match", target.method, target.url(), sent, content, refused)
    if target.method == "POST":
        for value in _KEYS:
            sent = {**kept, "Idempotency-Key": value}
            yield Bad(f"{target.name}, Idempotency-Key", target.method, target.url(), sent, content, False)
    for name, value in (*_LENGTHS, *(_WISHES if target.method == "GET" else ())):
        yield Bad(
            f"{target.name}, {name}", target.method, target.url(), {**kept, name: value}, content, False
        )


def methods(target: Target, known: set[str]) -> Iterator[Bad]:
    """Yield methods that an address does not know."""
    for method in _METHODS:
        if method not in known:
            yield Bad(f"{target.name}, {method}", method, target.url())
