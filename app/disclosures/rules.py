"""Which legal bases hold between a unit and an institution: pure law, no database.

Sources: Art. 6 and 9 GDPR, § 3 DSG NRW, §§ 67d, 69, 71 SGB X, § 35 SGB I, §§ 87 and 88 AufenthG,
§ 32 StAG, § 4 KKG.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

DUTY_BASES = frozenset({"aufenthg_87", "sgbx_71", "stag_32", "kkg_4"})
"""Never a plain basis: norm, necessity and two persons are asked first."""

VITAL_INTEREST = "vital_interest"
"""Danger to life does not wait for a second person; the second person reviews it afterwards."""

NEEDS_NECESSITY = frozenset({"sgbx_69", VITAL_INTEREST, "gdpr_6_1_e"})
"""Without the client's will, the sender writes down why the disclosure is necessary."""

BY_CLIENT = "client_hands_over"
_SPECIAL = frozenset(
    {"health", "religion", "ethnic_origin", "sexual_orientation", "political_opinion", "criminal"}
)


@dataclass(frozen=True, slots=True)
class Sender:
    """The legal attributes of the unit that discloses."""

    is_sgb_body: bool
    is_public_body: bool


@dataclass(frozen=True, slots=True)
class Recipient:
    """The legal attributes of the institution."""

    is_sgb_body: bool
    receives_notifications: bool
    """Notifications under § 87 AufenthG go there: authorities of residence and naturalisation law."""


class Verdict(StrEnum):
    """Whether a basis may carry a disclosure."""

    HOLDS = "holds"
    DUTY_WORKFLOW = "duty_workflow_required"
    NOT_APPLICABLE = "legal_basis_not_applicable"


def plain_bases(sender: Sender, recipient: Recipient, channel: str) -> tuple[str, ...]:
    """Return the bases that can be offered, the safest first."""
    if channel == "client":
        return (BY_CLIENT,)
    if recipient.receives_notifications:
        return ("consent",)
    bases = ["consent"]
    if sender.is_sgb_body and recipient.is_sgb_body:
        bases.append("sgbx_69")
    if sender.is_public_body:
        bases.append("gdpr_6_1_e")
    return (*bases, VITAL_INTEREST)


def judge(
    basis: str, sender: Sender, recipient: Recipient, channel: str, categories: Iterable[str]
) -> Verdict:
    """Return whether the basis may carry these categories over this channel.

    The public task (Art. 6 (1) e GDPR) is no exception of Art. 9 (2), so it carries no special category.
    """
    if basis in DUTY_BASES:
        return Verdict.DUTY_WORKFLOW
    if recipient.receives_notifications and basis not in ("consent", BY_CLIENT):
        return Verdict.DUTY_WORKFLOW
    if basis not in plain_bases(sender, recipient, channel):
        return Verdict.NOT_APPLICABLE
    if basis == "gdpr_6_1_e" and _SPECIAL & set(categories):
        return Verdict.NOT_APPLICABLE
    return Verdict.HOLDS
