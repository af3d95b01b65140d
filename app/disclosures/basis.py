"""Whether a disclosure from a unit to an institution may rest on a legal basis."""

from collections.abc import Iterable

from app.catalogues.check import vocabulary
from app.directory.models import Institution
from app.disclosures.rules import (
    DUTY_BASES,
    NEEDS_NECESSITY,
    PREPARED,
    Recipient,
    Sender,
    Verdict,
    examine,
    judge,
)
from app.kit.errors import Conflict, Incomplete
from app.organisations.models import Unit

_WORDS = {
    Verdict.DUTY_WORKFLOW: "A disclosure like this takes the duty workflow: norm, necessity, two persons.",
    Verdict.NOT_APPLICABLE: "This legal basis does not carry this disclosure.",
}


def recipient_of(institution_type: str) -> Recipient:
    """Return the legal attributes of a kind of institution."""
    attributes = vocabulary("institution_type")[institution_type].attributes
    return Recipient(
        is_sgb_body=bool(attributes["is_sgb_body"]),
        receives_notifications=attributes["aufenthg_87_scope"] == "recipient",
        kind=institution_type,
    )


def sender_of(unit: Unit) -> Sender:
    """Return the legal attributes of a unit."""
    return Sender(is_sgb_body=unit.is_sgb_body, is_public_body=unit.is_public_body)


def require_basis(
    basis: str,
    unit: Unit,
    institution: Institution,
    *,
    channel: str,
    categories: Iterable[str],
    necessity: str | None,
) -> None:
    """Raise 409 unless the basis carries the disclosure; a consent behind it is for the consent gate."""
    recipient = recipient_of(institution.institution_type)
    verdict = judge(basis, sender_of(unit), recipient, channel, categories)
    if verdict is not Verdict.HOLDS:
        raise Conflict(_WORDS[verdict], code=verdict)
    if basis in NEEDS_NECESSITY and necessity is None:
        raise Incomplete("Say why it is necessary.", missing=["necessity"])


def require_preparable(
    basis: str,
    unit: Unit,
    institution: Institution,
    *,
    channel: str,
    categories: Iterable[str],
    necessity: str | None,
) -> None:
    """Raise 409 unless the basis carries the disclosure, or could once its own steps are taken.

    For who asks for those steps when it is sent; everybody else asks `require_basis`.
    """
    if basis not in DUTY_BASES:
        require_basis(basis, unit, institution, channel=channel, categories=categories, necessity=necessity)
        return
    recipient = recipient_of(institution.institution_type)
    if examine(basis, sender_of(unit), recipient, channel, categories) not in PREPARED:
        raise Conflict(_WORDS[Verdict.NOT_APPLICABLE], code="legal_basis_not_applicable")
