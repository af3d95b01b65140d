"""Check digits of official numbers where their rule is public; numbers without separators, letters large."""

from itertools import pairwise

_PENSION_WEIGHTS = (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1)
_HEALTH_WEIGHTS = (1, 2, 1, 2, 1, 2, 1, 2, 1, 2)


def pension_insurance_fits(number: str) -> bool:
    """Tell whether the last digit fits (§ 4 VKVV: weights, cross sums, modulo 10; letters count 01 to 26)."""
    digits = number[:8] + _place_of(number[8]) + number[9:11]
    return _weighed(digits, _PENSION_WEIGHTS) == int(number[11])


def health_insurance_fits(number: str) -> bool:
    """Tell whether the last digit of the lasting part fits (§ 290 SGB V: weights 1 and 2, cross sums)."""
    return _weighed(_place_of(number[0]) + number[1:9], _HEALTH_WEIGHTS) == int(number[9])


def tax_fits(number: str) -> bool:
    """Tell whether it is an identification number of § 139b AO.

    ISO 7064 MOD 11,10; among the first ten digits one stands twice or three times, never three in a row.
    """
    first = number[:10]
    counts = sorted((first.count(digit) for digit in set(first)), reverse=True)
    if counts[0] not in (2, 3) or counts[1] != 1 or _three_in_a_row(first):
        return False
    product = 10
    for digit in first:
        product = ((int(digit) + product) % 10 or 10) * 2 % 11
    return (11 - product) % 10 == int(number[10])


def _weighed(digits: str, weights: tuple[int, ...]) -> int:
    products = (int(digit) * weight for digit, weight in zip(digits, weights, strict=True))
    return sum(product // 10 + product % 10 for product in products) % 10


def _place_of(letter: str) -> str:
    return f"{ord(letter) - ord('A') + 1:02d}"


def _three_in_a_row(digits: str) -> bool:
    pairs = [first == second for first, second in pairwise(digits)]
    return any(first and second for first, second in pairwise(pairs))
