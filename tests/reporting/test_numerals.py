"""How numbers are written: counts and positions as they are, rates with one decimal."""

import pytest

from app.reporting.numerals import number, rate
from app.reporting.paper.shape import written


@pytest.mark.parametrize(
    ("value", "de", "en"),
    [
        (12.34, "12,3", "12.3"),
        (12.35, "12,4", "12.4"),
        (0.25, "0,3", "0.3"),
        (41.0, "41,0", "41.0"),
        (41, "41,0", "41.0"),
        (9.99, "10,0", "10.0"),
        (0.05, "0,1", "0.1"),
        (0.04, "0,04", "0.04"),
        (0.01, "0,01", "0.01"),
        (0, "0", "0"),
    ],
)
def test_rate_has_one_decimal_and_what_is_not_zero_is_not_written_as_zero(
    value: float, de: str, en: str
) -> None:
    assert (rate(value, "de"), rate(value, "en")) == (de, en)


def test_written_rate_tells_no_more_than_the_stated_one() -> None:
    """Whoever reads the text knows an interval that holds the stated hundredths, and others beside them."""
    texts = {each: rate(each / 100, "en") for each in range(1, 2000)}
    for hundredths, text in texts.items():
        assert abs(float(text) - hundredths / 100) <= 0.05 + 1e-9
        assert len(text.partition(".")[2]) <= (2 if hundredths < 5 else 1)


def test_positions_keep_the_decimals_that_they_have() -> None:
    assert [number(each, "de") for each in (0.75, 6.5, 3.0, 1200)] == ["0,75", "6,5", "3", "1200"]


def test_rate_of_a_paper_is_written_as_one_and_an_amount_as_money() -> None:
    assert [written({"rate": 4.17}), written({"cents": 123450}), written(4.17)] == [
        "4,2", "1.234,50 €", "4,17",
    ]  # fmt: skip
