"""`.env.example` names every setting once, with its default, and nothing else."""

import re
from pathlib import Path

import pytest
from pydantic import TypeAdapter
from pydantic_core import PydanticUndefined

from app.settings import Settings

EXAMPLE = Path(__file__).parents[2] / ".env.example"
LINE = re.compile(r"^(?P<off>#?)KIM_(?P<name>[A-Z0-9_]+)=(?P<value>.*)$", re.MULTILINE)


def differences(text: str) -> list[str]:
    """Say where the example and the settings differ; empty when they agree."""
    lines = [(match["name"].lower(), bool(match["off"]), match["value"]) for match in LINE.finditer(text)]
    names = [name for name, _, _ in lines]
    found = [f"{name} stands twice" for name in sorted(set(names)) if names.count(name) > 1]
    found += [f"{name} is missing" for name in Settings.model_fields if name not in names]
    for name, off, value in lines:
        field = Settings.model_fields.get(name)
        if field is None:
            found.append(f"{name} is no setting")
        elif field.default is PydanticUndefined or field.default is None:
            required = field.default is PydanticUndefined
            found += [f"{name} has a value"] if value else []
            found += [f"{name} is {'required' if required else 'optional'}"] if required is off else []
        elif not off or as_default(name, value) != field.default:
            found.append(f"{name} is not its default {field.default}")
    return found


def as_default(name: str, value: str) -> object:
    adapter: TypeAdapter[object] = TypeAdapter(Settings.model_fields[name].rebuild_annotation())
    return adapter.validate_json(value) if value.startswith(("[", "{")) else adapter.validate_strings(value)


def test_the_example_and_the_settings_agree() -> None:
    assert differences(EXAMPLE.read_text("utf-8")) == []


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        ("#KIM_PORT=8000\n", "", "port is missing"),
        ("#KIM_PORT=8000", "#KIM_PORT=8001", "port is not its default 8000"),
        ("#KIM_PORT=8000", "KIM_PORT=8000", "port is not its default 8000"),
        ("#KIM_PORT=8000", "#KIM_PORT=8000\n#KIM_PORT=8000", "port stands twice"),
        ("#KIM_PORT=8000", "#KIM_PORT=8000\n#KIM_COLOUR=red", "colour is no setting"),
        ("KIM_DATABASE_URL=", "KIM_DATABASE_URL=postgresql://kim:secret@db/kim", "database_url has a value"),
        ("\nKIM_SIGNING_KEY_FILE=", "\n#KIM_SIGNING_KEY_FILE=", "signing_key_file is required"),
        ("#KIM_WORKER_DATABASE_URL=", "KIM_WORKER_DATABASE_URL=", "worker_database_url is optional"),
    ],
)
def test_a_planted_difference_is_said(was: str, becomes: str, said: str) -> None:
    text = EXAMPLE.read_text("utf-8")
    assert was in text
    assert said in differences(text.replace(was, becomes, 1))
