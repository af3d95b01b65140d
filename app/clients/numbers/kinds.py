"""How each kind of official number is written: data, by code of the vocabulary `official_number`."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.catalogues.check import require_code
from app.clients.numbers.check_digits import health_insurance_fits, pension_insurance_fits, tax_fits
from app.kit.errors import Invalid


def _always(_: str) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class NumberKind:
    """One kind: its form without separators, letters large, and the rule of its check digit where public."""

    form: str
    written: str
    """The form in words, for who mistyped it."""
    fits: Callable[[str], bool] = _always


KINDS: Mapping[str, NumberKind] = {
    "azr": NumberKind(r"\d{12}", "twelve digits"),
    "pension_insurance": NumberKind(
        r"\d{8}[A-Z]\d{3}", "eight digits, a letter, three digits", pension_insurance_fits
    ),
    "tax": NumberKind(r"[1-9]\d{10}", "eleven digits, the first not zero", tax_fits),
    "health_insurance": NumberKind(r"[A-Z]\d{9}", "a letter and nine digits", health_insurance_fits),
    "benefit_household": NumberKind(r"[0-9A-Z]{4,20}", "four to twenty letters and digits"),
    "employment_agency": NumberKind(r"\d{3}[A-Z]\d{6}", "three digits, a letter, six digits"),
    "child_benefit": NumberKind(r"\d{3}FK\d{6}", "three digits, FK, six digits"),
    "asylum_file": NumberKind(r"\d{10,11}", "seven or eight digits and three of the country"),
    "foreigners_file": NumberKind(r"[0-9A-Z]{3,30}", "three to thirty letters and digits"),
    "residence_card": NumberKind(r"[0-9A-Z]{9}", "nine letters and digits"),
    "passport": NumberKind(r"[0-9A-Z]{5,20}", "five to twenty letters and digits"),
}

_SEPARATORS = re.compile(r"[\s./_-]+")


def accepted_number(kind: str, number: str, place: str) -> str:
    """Return a number as it is compared: without separators, letters large.

    Raises 422 for an unknown kind, another form, or a check digit that does not fit; what was sent is never
    repeated.
    """
    require_code("official_number", kind, f"{place}.kind")
    rule = KINDS[kind]
    plain = _SEPARATORS.sub("", number).upper()
    if not re.fullmatch(rule.form, plain, re.ASCII):
        raise Invalid.at(f"{place}.value", "number_form", f"It has {rule.written}.")
    if not rule.fits(plain):
        raise Invalid.at(
            f"{place}.value", "check_digit", "A digit is mistyped: the check digit does not fit."
        )
    return plain
