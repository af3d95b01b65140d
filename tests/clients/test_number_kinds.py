"""The form and the check digits of official numbers."""

import pytest

from app.catalogues.check import vocabulary
from app.clients.numbers.kinds import KINDS, accepted_number
from app.kit.errors import Invalid

RIGHT = {
    "azr": "160 101 234 567",
    "pension_insurance": "15 070649 C 103",
    "tax": "86 095 742 719",
    "health_insurance": "A123456780",
    "benefit_household": "31502//0001234",
    "employment_agency": "123D456789",
    "child_benefit": "123 FK 456789",
    "asylum_file": "1234567-163",
    "foreigners_file": "32/41.2 - 0815",
    "residence_card": "y01abc2d3",
    "passport": "C01X00T47",
}


def kind_of_error(kind: str, number: str) -> str:
    with pytest.raises(Invalid) as caught:
        accepted_number(kind, number, "body")
    assert number not in str(caught.value.detail) + str(caught.value.members)
    return str(caught.value.members["errors"][0]["kind"])


def test_each_kind_of_the_vocabulary_has_its_form() -> None:
    assert set(KINDS) == set(vocabulary("official_number")) == set(RIGHT)


@pytest.mark.parametrize(("kind", "number"), RIGHT.items())
def test_separators_and_small_letters_are_let_in(kind: str, number: str) -> None:
    accepted = accepted_number(kind, number, "body")
    assert accepted == accepted_number(kind, accepted, "body")
    assert accepted.isalnum()


@pytest.mark.parametrize(
    ("kind", "number"), [(kind, number) for kind, number in RIGHT.items() if kind != "passport"]
)
def test_a_sign_too_many_is_refused(kind: str, number: str) -> None:
    assert kind_of_error(kind, number + "9" * 30) == "number_form"


@pytest.mark.parametrize("kind", ["pension_insurance", "tax", "health_insurance"])
def test_each_mistyped_digit_is_noticed(kind: str) -> None:
    number = accepted_number(kind, RIGHT[kind], "body")
    noticed = total = 0
    for place, sign in enumerate(number):
        for other in set("0123456789") - {sign} if sign.isdigit() else ():
            total += 1
            try:
                accepted_number(kind, number[:place] + other + number[place + 1 :], "body")
            except Invalid:
                noticed += 1
    assert total > 80
    assert noticed == total if kind == "tax" else noticed > 0.9 * total


@pytest.mark.parametrize("number", ["47036892816", "65929970489", "57549285017"])
def test_known_tax_numbers_fit(number: str) -> None:
    assert accepted_number("tax", number, "body") == number


@pytest.mark.parametrize("number", ["06095742719", "12345678903", "11112345670", "11123456780"])
def test_tax_numbers_of_another_make_are_refused(number: str) -> None:
    assert kind_of_error("tax", number) in ("number_form", "check_digit")


def test_digits_of_other_scripts_are_no_digits() -> None:
    assert kind_of_error("azr", "١٦٠١٠١٢٣٤٥٦٧") == "number_form"


def test_unknown_kind_is_refused() -> None:
    assert kind_of_error("library_card", "1234") == "unknown_code"
