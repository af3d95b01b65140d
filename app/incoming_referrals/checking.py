"""Whether what an institution sends says enough, and rests on something. Each refusal names its place."""

from datetime import date

from app.catalogues.check import require_code
from app.incoming_referrals.rules import (
    CONSENT,
    CONSENTED,
    is_under_age,
    needed_categories,
    not_spoken,
    was_under_age,
)
from app.incoming_referrals.schemas import ConsentStatement, IncomingRefer
from app.kit.errors import Invalid


def check_person(body: IncomingRefer, today: date) -> None:
    """Check who it is, how they are reached and what for; raises 422."""
    person, contact = body.person, body.contact
    require_code("language", person.language, "body.person.language")
    for place, concern in enumerate(body.concerns):
        require_code("life_domain", concern, f"body.concerns.{place}")
    if (person.birth_date is None) == (person.birth_year is None):
        raise Invalid.at("body.person.birth_date", "one_of_two", "Send the birth date, or the year alone.")
    if (person.birth_date or date.min) > today or (person.birth_year or 0) > today.year:
        raise Invalid.at("body.person.birth_date", "in_the_future", "Nobody is born tomorrow.")
    if not any((contact.phone, contact.email, contact.in_words)):
        raise Invalid.at("body.contact", "missing", "Say how the person can be reached.")
    if (body.urgency == "urgent") != (body.urgent_because is not None):
        raise Invalid.at("body.urgent_because", "with_urgency", "What is urgent says why; nothing else does.")
    if is_under_age(person.birth_date, person.birth_year, today) and person.guardian is None:
        raise Invalid.at("body.person.guardian", "missing", "Name who decides for somebody under age.")


def check_basis(body: IncomingRefer, today: date, *, between_sgb_bodies: bool) -> None:
    """Check what the referral rests on; raises 422.

    A consent covers what is sent. § 69 SGB X lies between two bodies in the sense of § 35 SGB I; whatever
    is no consent says why it is necessary.
    """
    if (body.legal_basis == CONSENT) != (body.consent is not None):
        raise Invalid.at("body.consent", "with_basis", "A consent is stated, and where it is the basis only.")
    if (body.legal_basis == CONSENT) != (body.necessity is None):
        raise Invalid.at("body.necessity", "with_basis", "What rests on no consent says why it is necessary.")
    if body.legal_basis == "sgbx_69" and not between_sgb_bodies:
        raise Invalid.at(
            "body.legal_basis", "not_between_these", "§ 69 SGB X holds between § 35 bodies only."
        )
    if body.consent is not None:
        _check_consent(body, body.consent, today)


def _check_consent(body: IncomingRefer, consent: ConsentStatement, today: date) -> None:
    require_code("language", consent.language, "body.consent.language")
    for place, category in enumerate(consent.covers):
        require_code("data_category", category, f"body.consent.covers.{place}")
    covered = set(consent.covers)
    if not covered >= CONSENTED:
        raise Invalid.at("body.consent.covers", "not_covered", "A referral needs master_data and contact.")
    for place, category in needed_categories(body.concerns):
        if category not in covered:
            raise Invalid.at(f"body.concerns.{place}", "not_covered", f"The consent covers no {category}.")
    if consent.obtained_on > today:
        raise Invalid.at("body.consent.obtained_on", "in_the_future", "A consent is obtained before.")
    if consent.form == "spoken" and not_spoken(covered):
        raise Invalid.at(
            "body.consent.form", "never_spoken", "Special categories need a written or electronic consent."
        )
    if consent.given_by == "client" and was_under_age(
        body.person.birth_date, body.person.birth_year, consent.obtained_on
    ):
        raise Invalid.at(
            "body.consent.given_by", "under_age", "A guardian consents, or a minor who grasps what it means."
        )
    needs_words = consent.form == "spoken" or consent.given_by == "minor_with_capacity"
    if needs_words and consent.circumstance is None:
        raise Invalid.at("body.consent.circumstance", "missing", "Say in which circumstance it was given.")
