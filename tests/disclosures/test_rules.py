"""Which legal bases hold between whom: against a table that is written here a second time."""

import pytest

from app.catalogues.check import vocabulary
from app.disclosures.basis import recipient_of
from app.disclosures.rules import DUTY_BASES, Recipient, Sender, Verdict, judge, plain_bases

OFFICE, TOWN, CHARITY = Sender(True, True), Sender(False, True), Sender(False, False)
SGB, OTHER, AUTHORITY = Recipient(True, False), Recipient(False, False), Recipient(False, True)

OFFERED: list[tuple[Sender, Recipient, str, tuple[str, ...]]] = [
    (OFFICE, SGB, "platform", ("consent", "sgbx_69", "gdpr_6_1_e", "vital_interest")),
    (OFFICE, OTHER, "letter", ("consent", "gdpr_6_1_e", "vital_interest")),
    (TOWN, SGB, "platform", ("consent", "gdpr_6_1_e", "vital_interest")),
    (CHARITY, SGB, "phone", ("consent", "vital_interest")),
    (CHARITY, OTHER, "accompanied", ("consent", "vital_interest")),
    (OFFICE, AUTHORITY, "platform", ("consent",)),
    (TOWN, AUTHORITY, "letter", ("consent",)),
    (OFFICE, SGB, "client", ("client_hands_over",)),
    (TOWN, AUTHORITY, "client", ("client_hands_over",)),
]


@pytest.mark.parametrize(("sender", "recipient", "channel", "offered"), OFFERED)
def test_bases_follow_from_sender_and_recipient(
    sender: Sender, recipient: Recipient, channel: str, offered: tuple[str, ...]
) -> None:
    assert plain_bases(sender, recipient, channel) == offered
    for basis in vocabulary("legal_basis"):
        holds = judge(basis, sender, recipient, channel, ["master_data"]) is Verdict.HOLDS
        assert holds is (basis in offered), basis


@pytest.mark.parametrize("sender", [OFFICE, TOWN, CHARITY])
@pytest.mark.parametrize("recipient", [SGB, OTHER, AUTHORITY])
@pytest.mark.parametrize("channel", ["platform", "letter", "client"])
@pytest.mark.parametrize("basis", sorted(DUTY_BASES))
def test_duties_always_take_the_duty_workflow(
    sender: Sender, recipient: Recipient, channel: str, basis: str
) -> None:
    assert judge(basis, sender, recipient, channel, []) is Verdict.DUTY_WORKFLOW
    assert basis not in plain_bases(sender, recipient, channel)


@pytest.mark.parametrize("basis", ["sgbx_69", "vital_interest", "gdpr_6_1_e"])
def test_authority_of_residence_law_gets_nothing_without_consent(basis: str) -> None:
    assert judge(basis, OFFICE, AUTHORITY, "platform", []) is Verdict.DUTY_WORKFLOW


def test_public_task_carries_no_special_category() -> None:
    assert judge("gdpr_6_1_e", TOWN, OTHER, "platform", ["contact", "health"]) is Verdict.NOT_APPLICABLE
    assert judge("vital_interest", TOWN, OTHER, "platform", ["health"]) is Verdict.HOLDS


def test_recipients_of_notifications_are_the_three_authorities() -> None:
    kinds = [kind for kind in vocabulary("institution_type") if recipient_of(kind).receives_notifications]
    assert kinds == ["auslaenderbehoerde", "einbuergerungsbehoerde", "zentrale_abh"]
