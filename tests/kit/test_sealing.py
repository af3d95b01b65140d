"""Sealing single values: what opens, what does not, what marks tell."""

import json

import pytest

from app.kit.sealing import (
    FieldKeys,
    Unsealable,
    UnusableFieldKeys,
    load_field_keys,
    new_field_keys,
    with_new_keys,
)

HERE = ("KIM-1", "client", "tax")


@pytest.fixture
def keys() -> FieldKeys:
    return load_field_keys(new_field_keys())


def test_what_was_sealed_opens_at_its_place(keys: FieldKeys) -> None:
    sealed = keys.seal("86095742719", *HERE)
    assert keys.unseal(sealed, *HERE) == "86095742719"
    assert "86095742719" not in sealed


def test_the_same_value_is_sealed_differently_each_time(keys: FieldKeys) -> None:
    assert keys.seal("1", *HERE) != keys.seal("1", *HERE)


@pytest.mark.parametrize(
    "place", [("KIM-2", "client", "tax"), ("KIM-1", "other", "tax"), ("KIM-1", "clientt", "ax")]
)
def test_what_was_moved_does_not_open(keys: FieldKeys, place: tuple[str, ...]) -> None:
    with pytest.raises(Unsealable):
        keys.unseal(keys.seal("1", *HERE), *place)


def test_what_was_changed_does_not_open(keys: FieldKeys) -> None:
    sealed = keys.seal("86095742719", *HERE)
    form, key_id, body = sealed.split(".")
    flipped = body[:20] + ("A" if body[20] != "A" else "B") + body[21:]
    for changed in (
        f"{form}.{key_id}.{flipped}",
        f"v2.{key_id}.{body}",
        f"{form}.none.{body}",
        "",
        "v1.x",
        body,
    ):
        with pytest.raises(Unsealable):
            keys.unseal(changed, *HERE)


def test_what_other_keys_sealed_does_not_open(keys: FieldKeys) -> None:
    foreign = load_field_keys(new_field_keys())
    with pytest.raises(Unsealable):
        keys.unseal(foreign.seal("1", *HERE), *HERE)


def test_marks_are_equal_within_a_kind_and_area_only(keys: FieldKeys) -> None:
    mark = keys.mark("1", "KIM-1", "tax")
    assert mark == keys.mark("1", "KIM-1", "tax")
    others = {
        keys.mark("2", "KIM-1", "tax"),
        keys.mark("1", "KIM-2", "tax"),
        keys.mark("1", "KIM-1", "azr"),
        load_field_keys(new_field_keys()).mark("1", "KIM-1", "tax"),
    }
    assert mark not in others
    assert len(others) == 4


def test_renewed_keys_open_and_find_what_the_older_ones_made() -> None:
    text = new_field_keys()
    old, new = load_field_keys(text), load_field_keys(with_new_keys(text))
    sealed, mark = old.seal("1", *HERE), old.mark("1", "KIM-1", "tax")
    assert new.unseal(sealed, *HERE) == "1"
    assert mark in new.marks("1", "KIM-1", "tax")
    assert new.seal("1", *HERE).split(".")[1] not in sealed
    assert new.mark("1", "KIM-1", "tax") != mark


def test_keys_are_not_told_when_printed(keys: FieldKeys) -> None:
    assert str(next(iter(keys.sealing.keys.values()))) not in repr(keys)


def _planted(ring: str, change: dict[str, object]) -> str:
    rings = json.loads(new_field_keys())
    rings[ring] |= change
    return json.dumps(rings)


def _shared() -> str:
    rings = json.loads(new_field_keys())
    return json.dumps({**rings, "marking": rings["sealing"]})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        _planted("sealing", {"current": "gone"}),
        _planted("marking", {"keys": []}),
        _planted("sealing", {"keys": {"abcd": "AAAA"}, "current": "abcd"}),
        _planted("sealing", {"keys": {"a.b.c": "A" * 43 + "="}, "current": "a.b.c"}),
        _planted("sealing", {"keys": {"abcd": "no base64"}, "current": "abcd"}),
        _shared(),
    ],
)
def test_unusable_files_are_refused(text: str) -> None:
    with pytest.raises(UnusableFieldKeys):
        load_field_keys(text)
