"""What supplies each thing that a phase is left with: sentence, operation, place in its body. Pure.

The sentence is for people and names neither operation nor field.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Supply:
    """How one missing thing comes to be there."""

    message: str
    operation: str
    """`operationId` of the contract."""
    place: str


SUPPLIES: Mapping[str, Supply] = {
    "privacy_notice": Supply(
        "The privacy notice (Art. 13 GDPR) is not noted with its version, language and day.",
        "record_intake",
        "body.privacy_notice_version",
    ),
    "intake_criteria": Supply("Not all criteria C1 to C7 are answered.", "record_intake", "body.criteria"),
    "voluntary_participation": Supply(
        "Case management needs criterion C6: the client takes part voluntarily.",
        "record_intake",
        "body.criteria",
    ),
    "intake_outcome": Supply(
        "Intake has no outcome with which the case goes on: case management or counselling.",
        "record_intake",
        "body.outcome",
    ),
    "documentation_basis": Supply(
        "No legal basis of the documentation is stated, and no consent to documentation holds today: state"
        " the basis, or record a consent to documentation.",
        "record_intake",
        "body.documentation_basis",
    ),
    "documentation_consent": Supply(
        "The documentation is stated to rest on consent, and no consent to documentation holds today: record"
        " one, or state another legal basis at intake.",
        "record_consent",
        "body.purpose",
    ),
    "need": Supply("No assessment names a need.", "record_assessment", "body.domains"),
    "new_assessment": Supply(
        "Nothing was assessed anew since this phase began.", "record_assessment", "body.domains"
    ),
    "goal": Supply("The plan has no goal.", "set_goal", "body.wording"),
    "measure": Supply("A goal without attainment has no measure.", "add_measure", "body.wording"),
    "agreement": Supply(
        "No agreement of the client to the plan is noted that was given since this phase began: send with the"
        " step how and on which day they agreed. One of an earlier day belongs to the plan before.",
        "take_phase",
        "body.agreement",
    ),
    "linking": Supply(
        "There is no referral, and no reason why nobody had to be brought in; send the reason with the step,"
        " or make a referral.",
        "take_phase",
        "body.linking_reason",
    ),
    "review_date": Supply("No day of the next review is set.", "change_case", "body.next_review_on"),
    "goal_attainment": Supply(
        "A goal is not said to be attained, in part, not, or dropped.", "change_goal", "body.attainment"
    ),
    "client_feedback": Supply("What the client says is not noted.", "change_case", "body.client_feedback"),
    "skip_reason": Supply("Passing over a phase needs a reason.", "take_phase", "body.skip_reason"),
}
"""By the words of `rules.NEEDS`, which stand in `missing` of a 409 `incomplete`."""


def needs(missing: Iterable[str]) -> list[dict[str, str]]:
    """Return for each missing thing what it is and what supplies it, as it stands in the answer."""
    return [{"missing": word, **asdict(SUPPLIES[word])} for word in missing]


def sentences(missing: Iterable[str]) -> str:
    """Return what is missing in sentences."""
    return " ".join(SUPPLIES[word].message for word in missing)
