"""Sealing single values: what opens, what does not, what marks tell."""

import json
import re

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


PLACE = ("KIM-A", "unit", "recipient")


def test_pseudonym_is_the_same_after_the_keys_are_renewed() -> None:
    text = new_field_keys()
    before = load_field_keys(text).pseudonyms("person", *PLACE)
    assert load_field_keys(with_new_keys(text)).pseudonyms("person", *PLACE) == before
    assert re.fullmatch(r"p[0-9a-f]{40}", before[0])


@pytest.mark.parametrize(
    "place", [("KIM-B", *PLACE[1:]), ("KIM-A", "other", "recipient"), (*PLACE[:2], "other")]
)
def test_pseudonyms_of_two_places_have_nothing_in_common(keys: FieldKeys, place: tuple[str, ...]) -> None:
    assert keys.pseudonyms("person", *place) != keys.pseudonyms("person", *PLACE)
    assert keys.pseudonyms("somebody", *PLACE) != keys.pseudonyms("person", *PLACE)
    assert load_field_keys(new_field_keys()).pseudonyms("person", *PLACE) != keys.pseudonyms("person", *PLACE)


def test_older_key_of_pseudonyms_is_still_known() -> None:
    older, newer = json.loads(new_field_keys()), json.loads(new_field_keys())
    both = {**older, "naming": {"current": newer["naming"]["current"],
                                "keys": {**older["naming"]["keys"], **newer["naming"]["keys"]}}}  # fmt: skip
    found = load_field_keys(json.dumps(both)).pseudonyms("person", *PLACE)
    assert found[0] == load_field_keys(json.dumps(newer)).pseudonyms("person", *PLACE)[0]
    assert found[1:] == load_field_keys(json.dumps(older)).pseudonyms("person", *PLACE)


def test_file_without_keys_for_pseudonyms_makes_none_until_it_is_renewed() -> None:
    rings = json.loads(new_field_keys())
    del rings["naming"]
    with pytest.raises(UnusableFieldKeys):
        load_field_keys(json.dumps(rings)).pseudonyms("person", *PLACE)
    assert load_field_keys(with_new_keys(json.dumps(rings))).pseudonyms("person", *PLACE)


def test_key_that_also_names_is_refused() -> None:
    rings = json.loads(new_field_keys())
    with pytest.raises(UnusableFieldKeys):
        load_field_keys(json.dumps({**rings, "naming": rings["marking"]}))
