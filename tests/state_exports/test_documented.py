"""The guide of the profile has a row for every field, as the profile is."""

from pathlib import Path

from app.state_exports.profile import Field, fields

GUIDE = Path(__file__).parents[2] / "docs" / "state-database.md"


def row(field: Field) -> str:
    needed = f" `{field.category}`" if field.category else ""
    return f"| {field.part} | `{field.name}` |{needed} | {field.en} |"


def test_guide_has_every_field_in_order() -> None:
    _, _, table = GUIDE.read_text().partition("| --- | --- | --- | --- |\n")
    assert table.partition("\n\n")[0].splitlines() == [row(field) for field in fields()]
