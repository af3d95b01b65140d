"""Which legal bases hold between a unit and an institution: pure law, no database.

Sources: Art. 6 and 9 GDPR, § 3 DSG NRW, §§ 67d, 69, 71 SGB X, § 35 SGB I, §§ 87 and 88 AufenthG,
§ 32 StAG, § 4 KKG.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

CHILD_PROTECTION = "kkg_4"
"""Has steps of its own: see `app.child_protection`."""

DUTY_BASES = frozenset({"aufenthg_87", "sgbx_71", "stag_32", CHILD_PROTECTION})
"""Never a plain basis: norm, necessity and two persons are asked first, or the steps of § 4 KKG."""

RESIDENCE_AUTHORITIES = frozenset({"auslaenderbehoerde", "zentrale_abh"})
NATURALISATION_AUTHORITY = "einbuergerungsbehoerde"
YOUTH_OFFICE = "jugendamt"

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
    kind: str = ""
    """The code of the kind of institution; duties name theirs exactly."""


class Verdict(StrEnum):
    """Whether a basis may carry a disclosure."""

    HOLDS = "holds"
    DUTY_WORKFLOW = "duty_workflow_required"
    NOT_APPLICABLE = "legal_basis_not_applicable"


class Ground(StrEnum):
    """Why a basis carries a disclosure, or what stands against it."""

    HOLDS = "holds"
    BY_DUTY = "duty_workflow"
    BY_CHILD_PROTECTION = "child_protection_steps"
    CARRIED_BY_CLIENT = "carried_by_client"
    NOT_CARRIED_BY_CLIENT = "not_carried_by_client"
    CONSENT_OR_DUTY = "consent_or_duty_only"
    NOT_BOTH_SGB_BODIES = "not_both_sgb_bodies"
    NO_PUBLIC_BODY = "no_public_body"
    SPECIAL_CATEGORY = "special_category"
    OTHER_RECIPIENT = "other_recipient"
    SOCIAL_DATA = "social_data"
    NO_SOCIAL_DATA = "no_social_data"
    UNKNOWN = "unknown_basis"


PREPARED = frozenset({Ground.BY_DUTY, Ground.BY_CHILD_PROTECTION})
"""Such a disclosure can be drafted; it is sent when its own path has let it through."""


def examine(
    basis: str, sender: Sender, recipient: Recipient, channel: str, categories: Iterable[str]
) -> Ground:
    """Return whether the basis may carry these categories over this channel, and if not, why.

    The public task (Art. 6 (1) e GDPR) is no exception of Art. 9 (2), so it carries no special category.
    Social data leave for an authority of residence law by § 71 (2) SGB X only (§ 88 (1) AufenthG).
    """
    if channel == "client":
        return Ground.HOLDS if basis == BY_CLIENT else Ground.CARRIED_BY_CLIENT
    if basis in DUTY_BASES:
        return _duty(basis, sender, recipient)
    if basis in _PLAIN:
        return _plain(basis, sender, recipient, categories)
    return Ground.NOT_CARRIED_BY_CLIENT if basis == BY_CLIENT else Ground.UNKNOWN


def _plain(basis: str, sender: Sender, recipient: Recipient, categories: Iterable[str]) -> Ground:
    against: Ground | None = None
    if basis == "consent":
        return Ground.HOLDS
    if recipient.receives_notifications:
        against = Ground.CONSENT_OR_DUTY
    elif basis == "sgbx_69" and not (sender.is_sgb_body and recipient.is_sgb_body):
        against = Ground.NOT_BOTH_SGB_BODIES
    elif basis == "gdpr_6_1_e" and not sender.is_public_body:
        against = Ground.NO_PUBLIC_BODY
    elif basis == "gdpr_6_1_e" and _SPECIAL & set(categories):
        against = Ground.SPECIAL_CATEGORY
    return against or Ground.HOLDS


def _duty(basis: str, sender: Sender, recipient: Recipient) -> Ground:
    if basis == CHILD_PROTECTION:
        return Ground.BY_CHILD_PROTECTION if recipient.kind == YOUTH_OFFICE else Ground.OTHER_RECIPIENT
    wanted = {NATURALISATION_AUTHORITY} if basis == "stag_32" else RESIDENCE_AUTHORITIES
    if recipient.kind not in wanted:
        return Ground.OTHER_RECIPIENT
    if basis == "sgbx_71":
        return Ground.BY_DUTY if sender.is_sgb_body else Ground.NO_SOCIAL_DATA
    if not sender.is_public_body:
        return Ground.NO_PUBLIC_BODY
    return Ground.SOCIAL_DATA if sender.is_sgb_body else Ground.BY_DUTY


_PLAIN = ("consent", "sgbx_69", "gdpr_6_1_e", VITAL_INTEREST)


def plain_bases(sender: Sender, recipient: Recipient, channel: str) -> tuple[str, ...]:
    """Return the bases that can be offered without further steps, the safest first."""
    offered = (BY_CLIENT, *_PLAIN)
    return tuple(x for x in offered if examine(x, sender, recipient, channel, ()) is Ground.HOLDS)


def judge(
    basis: str, sender: Sender, recipient: Recipient, channel: str, categories: Iterable[str]
) -> Verdict:
    """Return whether the basis carries this as a plain one, without the steps of a duty."""
    ground = examine(basis, sender, recipient, channel, categories)
    if basis in DUTY_BASES or ground is Ground.CONSENT_OR_DUTY:
        return Verdict.DUTY_WORKFLOW
    return Verdict.HOLDS if ground is Ground.HOLDS else Verdict.NOT_APPLICABLE
