"""What must be said can be seen: a name of marks that show nothing would be found by nobody."""

import pytest
from pydantic import ValidationError

from app.kit.schema import Input, Name


class Somebody(Input):
    """A shape with a name."""

    name: Name


@pytest.mark.parametrize(
    "name", ["", "  ", "\u200f", "\u200b\u2060", "\u00a0\u3000", "\u202e \u2066", "\ufeff", "\t\x07"]
)
def test_name_that_shows_nothing_is_empty(name: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Somebody(name=name)
    assert [each["type"] for each in refused.value.errors()] == ["text_empty"]


@pytest.mark.parametrize(
    "name", ["محمد", "\u200fمحمد", "می\u200cروم", "O’Connor", "😀", "Нгуен", "李", "न\u200dम", "-", "1"]
)
def test_name_of_any_script_is_taken_as_it_is(name: str) -> None:
    assert Somebody(name=name).name == name
