"""A machine's token has one form: a person's and its scopes, and the key it is bound to, if it is."""

from typing import Any

import pytest

from app.identity.token_form import InvalidToken, OfMachine, accepted_claims
from tests.identity.token_forgery import AUDIENCE, ISSUER, SECONDS, SESSION, SUBJECT, good_claims

MACHINE = {"client_id": SUBJECT, "scope": "directory:read referrals:read"}


def machine_of(claims: dict[str, Any]) -> OfMachine | None:
    return accepted_claims(claims, issuer=ISSUER, audience=AUDIENCE, now=SECONDS).machine


def test_token_of_a_person_is_none_of_a_machine() -> None:
    assert machine_of(good_claims()) is None


def test_token_of_a_machine_says_its_scopes_and_its_key() -> None:
    scopes = frozenset({"directory:read", "referrals:read"})
    assert machine_of(good_claims() | MACHINE) == OfMachine(scopes)
    assert machine_of(good_claims() | MACHINE | {"cnf": {"jkt": "abc"}}) == OfMachine(scopes, "abc")


@pytest.mark.parametrize(
    "further",
    [
        {"scope": "directory:read"},
        {"client_id": SUBJECT},
        {"cnf": {"jkt": "abc"}},
        {**MACHINE, "client_id": SESSION},
        {**MACHINE, "scope": ["directory:read"]},
        {**MACHINE, "scope": None},
        {**MACHINE, "cnf": "abc"},
        {**MACHINE, "cnf": None},
        {**MACHINE, "cnf": {}},
        {**MACHINE, "cnf": {"jkt": ""}},
        {**MACHINE, "cnf": {"jkt": 7}},
        {**MACHINE, "cnf": {"jkt": "abc", "jwk": {}}},
        {**MACHINE, "roles": ["admin"]},
    ],
)
def test_any_other_form_is_refused(further: dict[str, Any]) -> None:
    with pytest.raises(InvalidToken):
        machine_of(good_claims() | further)
