"""The guide of the profile has a row for every field, as the profile is."""

from pathlib import Path

from app.state_exports.profile import fields

GUIDE = Path(__file__).parents[2] / "docs" / "state-database.md"


def rows() -> list[str]:
    return [
        f"| {each.part} | `{each.name}` | {f'`{each.category}`' if each.category else ''} | {each.en} |".replace(
            "|  |", "| |"
        )
        for each in fields()
    ]


def test_guide_has_every_field_in_order() -> None:
    _, _, table = GUIDE.read_text().partition("| --- | --- | --- | --- |\n")
    assert table.partition("\n\n")[0].splitlines() == rows()
