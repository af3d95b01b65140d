"""Bodies that are wrong: as bytes, as JSON, as a whole, and field by field."""

import json
from collections.abc import Iterator
from typing import Any

from tests.badinput.sending import MARKER, Bad
from tests.badinput.targets import Target

JSON = "application/json"
DEEP = 50_000
ENDLESS = 3_000

_WHOLE: dict[str, bytes] = {
    "nothing at all": b"",
    "cut off": f'{{"{MARKER}": '.encode(),
    "not JSON": MARKER.encode(),
    "a list": json.dumps([MARKER]).encode(),
    "a text": json.dumps(MARKER).encode(),
    "a number": b"7",
    "null": b"null",
    "true": b"true",
    "deep lists": b"[" * DEEP + b"]" * DEEP,
    "deep objects": f'{{"{MARKER}":'.encode() * 2_000 + b"1" + b"}" * 2_000,
    "UTF-16": json.dumps({MARKER: MARKER}).encode("utf-16"),
    "bytes that are no UTF-8": f'{{"{MARKER}": "'.encode() + b'\xff\xfe\xc0\xaf"}',
    "a raw NUL": f'{{"{MARKER}": "'.encode() + b'\x00"}',
    "a number of 5,000 digits": b'{"a": ' + b"9" * 5_000 + b"}",
    "NaN alone": b"NaN",
}

_OTHER_TYPES = (
    "text/plain",
    "application/xml",
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "",
)

_EVERYWHERE: dict[str, Any] = {
    "an object in every field": {MARKER: MARKER},
    "a list in every field": [[MARKER]],
    "a huge integer in every field": 10**30,
    "a float in every field": 1.5e308,
    "a boolean in every field": True,
    "text with NUL in every field": f"{MARKER}\x00",
    "a lone surrogate in every field": f"{MARKER}\ud800",
    "long text in every field": MARKER * 2_500,
}
_RAW_EVERYWHERE: dict[str, bytes] = {
    "NaN in every field": b"NaN",
    "Infinity in every field": b"-Infinity",
    "a number beyond floats in every field": b"1e999",
    "invalid UTF-8 in every field": b'"\xed\xa0\x80\xff"',
}

_DAYS = {
    "the year 1": "0001-01-01",
    "the year 9999": "9999-12-31",
    "a day with a time": "2026-01-01T10:11:12",
    "a day that is none": "2026-02-30",
    "a day as a number": 20260101,
    "a moment in the year 1": "0001-01-01T00:00:00+14:00",
    "a moment in the year 9999": "9999-12-31T23:59:59-14:00",
    "a moment that is naive": "2026-01-01T10:11:12",
    "a moment as a number": 1767222000,
}
_STRANGE = {
    "LIKE, quotes, a path": f"%_\\{MARKER}%'; DROP TABLE clients; --\" ../../../../etc/passwd",
    "a header": f"{MARKER}\r\nSet-Cookie: a=b",
    "other scripts": f"{MARKER} \u202eمرحبا\u202c 👩\u200d👧 \u200b\ufffe\uffff\U0010ffff",
    "control signs": f"{MARKER}\x01\x08\x1b[31m\x7f\x85",
}
ANY_TEXT = {"reset_password", "change_own_password", "import_institutions"}
"""Any character counts in a password, and what is wrong in a sheet is reported line by line."""


def bodies(target: Target) -> Iterator[Bad]:
    """Yield requests whose body is wrong as a whole."""
    if target.body_schema is None:
        return
    for kind, content in _WHOLE.items():
        if content or target.needs_body:
            yield _bad(target, kind, content)
    good = target.exchange.body
    for media_type in _OTHER_TYPES:
        content = json.dumps(good).encode()
        headers = target.headers(**({"content-type": media_type} if media_type else {}))
        yield Bad(f"as {media_type or 'nothing'}", target.method, target.url(), headers, content)
    yield _bad(target, "unknown field", json.dumps({**good, MARKER: MARKER}).encode())
    yield _bad(target, "unknown field without a name", json.dumps({**good, "": MARKER}).encode())
    key = next(iter(good))
    twice = json.dumps({key: {MARKER: MARKER}})[:-1] + ", " + json.dumps(good)[1:]
    yield _bad(target, "a key twice", twice.encode(), refused=False)
    yield _bad(target, "with a byte order mark", b"\xef\xbb\xbf" + json.dumps(good).encode(), refused=False)
    yield _bad(target, "more than 1 MiB", json.dumps({**good, key: "x" * 1_100_000}).encode())
    yield _bad(target, "something after it", json.dumps(good).encode() + b"}" + MARKER.encode())


def everywhere(target: Target) -> Iterator[Bad]:
    """Yield requests with the same wrong value in every field, and in the nested ones of a good body."""
    if target.body_schema is None:
        return
    names = list(target.body_schema)
    for kind, value in _EVERYWHERE.items():
        refused = not (isinstance(value, str) and target.name in ANY_TEXT)
        content = json.dumps(dict.fromkeys(names, value)).encode()
        yield _bad(target, kind, content, refused=refused)
        if any(isinstance(inner, (dict, list)) for inner in target.exchange.body.values()):
            nested = _replaced(target.exchange.body, value)
            yield _bad(target, f"{kind}, also inside", json.dumps(nested).encode(), refused=False)
    for kind, raw in _RAW_EVERYWHERE.items():
        fields = b", ".join(json.dumps(name).encode() + b": " + raw for name in names)
        yield _bad(target, kind, b"{" + fields + b"}")


def _replaced(value: Any, leaf: Any) -> Any:
    """Return a body in which every leaf is this value, and objects have an unknown key too."""
    if isinstance(value, dict):
        return {key: _replaced(inner, leaf) for key, inner in value.items()}
    if isinstance(value, list):
        return [_replaced(inner, leaf) for inner in value]
    return leaf


def fields(target: Target) -> Iterator[Bad]:
    """Yield requests that are good but for one field."""
    for name, schema in (target.body_schema or {}).items():
        said = json.dumps(schema)
        is_day = '"format": "date' in said
        values = _DAYS if is_day else _STRANGE if _is_free(said) else {}
        for kind, value in values.items():
            is_meant = name in target.exchange.body and not (kind.startswith("a moment") and '"date"' in said)
            content = json.dumps({**target.exchange.body, name: value}).encode()
            yield _bad(target, f"{kind} in {name}", content, refused=is_day and is_meant)
        present = target.exchange.body.get(name)
        if isinstance(present, list) and present:
            endless = json.dumps({**target.exchange.body, name: present[:1] * ENDLESS}).encode()
            yield _bad(target, f"a list of {ENDLESS} in {name}", endless)
        for key in (f"{name}.{MARKER}", f"{name}[]") if target.method == "POST" else ():
            yield _bad(target, "a path as key", json.dumps({**target.exchange.body, key: 1}).encode())


def _is_free(said: str) -> bool:
    return '"type": "string"' in said and '"pattern"' not in said and '"format"' not in said


def _bad(target: Target, kind: str, content: bytes, *, refused: bool = True) -> Bad:
    headers = target.headers(**{"content-type": JSON})
    return Bad(f"{target.name}, {kind}", target.method, target.url(), headers, content, refused)
