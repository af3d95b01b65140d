"""What a referral of the demonstration carries, in the shape in which the API freezes it."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from app.demo.referring import DemoReferral


def concern_of(referral: "DemoReferral") -> dict[str, str | None]:
    """Return why it is made: coded for an authority of residence law, in words for others."""
    return {"code": referral.concern, "text": None if referral.concern else referral.situation.request}


def data_of(referral: "DemoReferral") -> dict[str, dict[str, Any]]:
    """Return what leaves: for an authority of residence law name and date of birth alone."""
    client = referral.case.client
    person = client.person
    master: dict[str, Any] = {
        "name": {"given": person.given_name, "family": person.family_name},
        "birth_date": person.birth_date.isoformat(),
    }
    if referral.concern:
        return {"master_data": master}
    contact = {
        "language": client.voice.origin.language,
        **({} if client.is_child else {"needs_interpreter": client.needs_interpreter}),
        **({"no_voicemail": True} if client.is_restricted else {}),
    }
    return {"master_data": {**master, "sex": person.sex}, "contact": contact}
