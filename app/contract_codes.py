"""Which vocabulary the codes of a field come from: `x-vocabulary`, for whoever offers a choice.

A name that means one thing stands once. Where a name means several things, or is a free text elsewhere, the
schema says which, or of a parameter the operation. Of a mapping, keys and values have a vocabulary each.
"""

from collections.abc import Iterator, Mapping
from typing import Any

EXTENSION = "x-vocabulary"

_SAME_NAME = (
    "access_route", "age_band", "barrier_type", "contact_type", "continued_effect", "data_category",
    "eu_ground", "household_type", "housing_type", "institution_group", "institution_type", "legal_basis",
    "legal_domain", "life_domain", "literacy", "livelihood", "marital_status", "municipality",
    "nationality_group", "pathway", "rejection_reason", "relation", "residence_group", "residence_status",
    "school_step", "school_type", "work_permission",
)  # fmt: skip
_LANGUAGES = (
    "client_feedback_language", "contact_language", "language", "languages", "privacy_notice_language",
    "text_language",
)  # fmt: skip
_LEVELS = ("listening", "overall", "reading", "speaking", "writing")
BY_NAME: dict[str, str] = {
    **{name: name for name in _SAME_NAME},
    **dict.fromkeys(_LANGUAGES, "language"),
    **dict.fromkeys(_LEVELS, "cefr_level"),
    "barrier_types": "barrier_type",
    "concern_code": "authority_concern",
    "concerns": "life_domain",
    "covers": "data_category",
    "data_categories": "data_category",
    "documentation_basis": "legal_basis",
    "effect": "barrier_effect",
    "from_legal_domain": "legal_domain",
    "institution_types": "institution_type",
    "law_version": "pathway_version",
    "level": "barrier_level",
    "missing_consents": "consent_purpose",
    "nationalities": "nationality",
    "possible_bases": "legal_basis",
    "special_categories": "data_category",
    "strand": "benefit_strand",
    "suggested_type": "institution_type",
    "to_legal_domain": "legal_domain",
    "topics": "life_domain",
    "work_permissions": "work_permission",
}
BY_SCHEMA: dict[str, dict[str, tuple[str, ...]]] = {
    "category": {
        "data_category": ("LeavingField", "LeftBehind"),
        "document_category": (
            "AttachmentRead", "DocumentChange", "DocumentLine", "DocumentRead", "PartnerAttachmentRead",
            "TransferDocument",
        ),
    },
    "after": {"legal_domain": ("DomainChangeLine", "DomainChangeRead")},
    "area": {"municipal_area": ("SignIn",)},
    "before": {"legal_domain": ("DomainChangeLine", "DomainChangeRead")},
    "channel": {"referral_channel": ("DisclosureRead", "ReferralLine")},
    "evidence": {
        "language_evidence": (
            "LanguageLevelCorrect", "LanguageLevelCreate", "LanguageLevelRead", "PackagedLanguage",
        ),
    },
    "group": {"institution_group": ("InstitutionRead",)},
    "into": {"pathway": ("PathwayStepTake",)},
    "kind": {"official_number": ("MergedNumber", "NumberFind", "NumberLine", "NumberRead", "NumberRecord")},
    "municipal_area_id": {"municipal_area": ("list_receiving_units",)},
    "norm": {"duty_norm": ("DutyRead", "DutyRequest", "DutySummary")},
    "outcome": {
        "intake_outcome": ("CaseIntake", "Intake"),
        "referral_outcome": (
            "AnswerRecord", "OutcomeItem", "PartnerReferralRead", "PartnerReferralTaken", "ReferralOutcome",
            "ReferralRead", "ReferralSummary",
        ),
    },
    "phase": {"case_phase": ("PhaseLoad",)},
    "purpose": {
        "consent_purpose": (
            "ConsentCreate", "ConsentLetter", "ConsentLine", "ConsentRead", "ConsentTextRead",
            "UnplacedWithdrawalRead", "WithdrawalReceipt", "WithdrawalTake",
        ),
        "number_purpose": ("NumberShow",),
    },
    "question": {"duty_question": ("AnswerGiven", "AnswerTo")},
    "reason": {
        "closing_reason": ("CaseClose", "Closing"),
        "rejection_reason": ("AnswerRecord", "ReferralReject", "RejectItem"),
    },
    "topic": {"life_domain": ("list_offers",)},
}  # fmt: skip
_OF_MAPPINGS = {"outcomes": ("life_domain", "case_outcome"), "groups": ("nationality_group", None)}
_ELSEWHERE = frozenset({"HsdsTerm"})
"""Schemas of others, whose names mean what those others say."""


def say_vocabularies(contract: Mapping[str, Any]) -> None:
    """Put the vocabulary beside each field and each parameter whose codes come from one."""
    for name, schema in contract["components"]["schemas"].items():
        if name not in _ELSEWHERE:
            for field, said in schema.get("properties", {}).items():
                _say(said, name, field)
    for operation, parameter in _parameters(contract):
        _say(parameter["schema"], operation, parameter["name"])


def vocabulary_of(schema: str, field: str) -> str | None:
    """Return the vocabulary of a field's codes; None where it holds none, or not always the same one's."""
    for vocabulary, schemas in BY_SCHEMA.get(field, {}).items():
        if schema in schemas:
            return vocabulary
    return BY_NAME.get(field)


def holds_texts(said: Mapping[str, Any]) -> bool:
    """Return whether a field is a text, a list of texts, or none; not of words that the contract lists."""
    if "anyOf" in said:
        return any(holds_texts(each) for each in said["anyOf"])
    if said.get("type") == "array":
        return holds_texts(said["items"])
    return said.get("type") == "string" and said.keys().isdisjoint({"enum", "format", "const"})


def _say(said: dict[str, Any], schema: str, field: str) -> None:
    vocabulary = vocabulary_of(schema, field)
    if vocabulary is not None and holds_texts(said):
        said[EXTENSION] = vocabulary
    elif field in _OF_MAPPINGS and said.get("type") == "object":
        keys, values = _OF_MAPPINGS[field]
        said["propertyNames"] = {**said.get("propertyNames", {}), EXTENSION: keys}
        if values is not None:
            said[EXTENSION] = values


def _parameters(contract: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for operations in contract["paths"].values():
        for operation in operations.values():
            for parameter in operation.get("parameters", ()):
                yield operation["operationId"], parameter
