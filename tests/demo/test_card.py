"""The card says whether a start came to its end."""

from pathlib import Path

from app.demo.card import is_unfinished, write_card


def test_start_without_an_address_on_its_card_was_interrupted(tmp_path: Path) -> None:
    assert not is_unfinished(tmp_path)
    write_card(tmp_path, {"loading": 600})
    assert is_unfinished(tmp_path)
    write_card(tmp_path, {"accounts": []})
    assert is_unfinished(tmp_path)
    write_card(tmp_path, {"accounts": [], "base_url": "http://127.0.0.1:8000"})
    assert not is_unfinished(tmp_path)
