"""The way of a duty and its questions, against tables that are written here a second time. Pure."""

from itertools import product

import pytest

from app.catalogues.check import vocabulary
from app.disclosures.basis import recipient_of
from app.disclosures.rules import DUTY_BASES, Ground, Recipient, Sender, examine
from app.referrals.duties.rules import CONCERNS, NORMS, WAY, Side, State, Step, questions, stopped_by

LEADS_ON = {
    (Step.REQUEST, Side.TEAM, None): State.REQUESTED,
    (Step.APPROVE, Side.SECOND, State.REQUESTED): State.APPROVED,
    (Step.REFUSE, Side.SECOND, State.REQUESTED): State.REFUSED,
    (Step.WITHDRAW, Side.TEAM, State.REQUESTED): State.WITHDRAWN,
    (Step.WITHDRAW, Side.TEAM, State.APPROVED): State.WITHDRAWN,
    (Step.WITHDRAW, Side.SYSTEM, State.REQUESTED): State.WITHDRAWN,
    (Step.WITHDRAW, Side.SYSTEM, State.APPROVED): State.WITHDRAWN,
    (Step.EXPIRE, Side.SYSTEM, State.REQUESTED): State.EXPIRED,
    (Step.EXPIRE, Side.SYSTEM, State.APPROVED): State.EXPIRED,
    (Step.SEND, Side.PREPARER, State.APPROVED): State.SENT,
}


@pytest.mark.parametrize(("step", "side", "state"), list(product(Step, Side, (None, *State))))
def test_every_step_of_every_side_from_every_state(step: Step, side: Side, state: State | None) -> None:
    assert WAY.target_of(step, state, side) == LEADS_ON.get((step, side, state))


def test_norms_questions_and_concerns_stand_in_the_vocabularies() -> None:
    assert set(NORMS) == set(vocabulary("duty_norm"))
    assert set(CONCERNS.values()) < set(vocabulary("authority_concern"))
    asked = {name for norm in NORMS for name in questions(norm, entrusted=True)}
    assert asked == set(vocabulary("duty_question"))
    for norm in NORMS.values():
        assert norm.basis in DUTY_BASES
        assert all(recipient_of(kind).receives_notifications for kind in norm.recipients)


def test_authorities_of_the_database_are_those_of_the_catalogue() -> None:
    kinds = {kind for kind in vocabulary("institution_type") if recipient_of(kind).receives_notifications}
    assert kinds == {"auslaenderbehoerde", "zentrale_abh", "einbuergerungsbehoerde"}  # as in guard_package


BASE = {
    "own_tasks": True,
    "special_rule": False,
    "entrusted": False,
    "milder_way": False,
    "client_told": False,
}


def test_nothing_stands_against_what_the_law_carries() -> None:
    assert stopped_by("aufenthg_87_2_1_1", BASE) == []
    assert stopped_by("aufenthg_87_1", {**BASE, "single_request": True}) == []
    assert stopped_by("sgbx_71_2_1_2", {**BASE, "within_71": True}) == []
    assert stopped_by("sgbx_71_2_1_2", {**BASE, "within_71": False}) == ["within_71"]


@pytest.mark.parametrize("norm", list(NORMS))
def test_each_answer_of_the_wrong_kind_stops_alone(norm: str) -> None:
    right = {"own_tasks": True, "special_rule": False, "entrusted": False, "milder_way": False,
             "client_told": True, "single_request": True, "within_71": True}  # fmt: skip
    asked = {name: right[name] for name in questions(norm, entrusted=False)}
    assert stopped_by(norm, asked) == []
    for name in set(asked) - {"client_told", "entrusted"}:
        assert stopped_by(norm, {**asked, name: not asked[name]}) == [name]


OFFICE, TOWN, CHARITY = Sender(True, True), Sender(False, True), Sender(False, False)


def _kind(code: str) -> Recipient:
    return recipient_of(code)


GROUNDS: list[tuple[str, Sender, str, Ground]] = [
    ("aufenthg_87", TOWN, "auslaenderbehoerde", Ground.BY_DUTY),
    ("aufenthg_87", TOWN, "zentrale_abh", Ground.BY_DUTY),
    ("aufenthg_87", TOWN, "einbuergerungsbehoerde", Ground.OTHER_RECIPIENT),
    ("aufenthg_87", TOWN, "bamf", Ground.OTHER_RECIPIENT),
    ("aufenthg_87", OFFICE, "auslaenderbehoerde", Ground.SOCIAL_DATA),
    ("aufenthg_87", CHARITY, "auslaenderbehoerde", Ground.NO_PUBLIC_BODY),
    ("sgbx_71", OFFICE, "auslaenderbehoerde", Ground.BY_DUTY),
    ("sgbx_71", TOWN, "auslaenderbehoerde", Ground.NO_SOCIAL_DATA),
    ("sgbx_71", CHARITY, "auslaenderbehoerde", Ground.NO_SOCIAL_DATA),
    ("stag_32", TOWN, "einbuergerungsbehoerde", Ground.BY_DUTY),
    ("stag_32", OFFICE, "einbuergerungsbehoerde", Ground.SOCIAL_DATA),
    ("stag_32", TOWN, "auslaenderbehoerde", Ground.OTHER_RECIPIENT),
    ("kkg_4", CHARITY, "jugendamt", Ground.BY_CHILD_PROTECTION),
    ("kkg_4", OFFICE, "jugendamt", Ground.BY_CHILD_PROTECTION),
    ("kkg_4", OFFICE, "polizei", Ground.OTHER_RECIPIENT),
    ("vital_interest", TOWN, "auslaenderbehoerde", Ground.CONSENT_OR_DUTY),
    ("vital_interest", CHARITY, "polizei", Ground.HOLDS),
    ("gdpr_6_1_e", CHARITY, "jobcenter", Ground.NO_PUBLIC_BODY),
    ("sgbx_69", OFFICE, "schule", Ground.NOT_BOTH_SGB_BODIES),
    ("client_hands_over", OFFICE, "schule", Ground.NOT_CARRIED_BY_CLIENT),
    ("made_up", OFFICE, "schule", Ground.UNKNOWN),
]


@pytest.mark.parametrize(("basis", "sender", "kind", "ground"), GROUNDS)
def test_what_stands_for_and_against_a_basis(basis: str, sender: Sender, kind: str, ground: Ground) -> None:
    assert examine(basis, sender, _kind(kind), "platform", ["master_data"]) is ground
    assert examine(basis, sender, _kind(kind), "client", []) is (
        Ground.HOLDS if basis == "client_hands_over" else Ground.CARRIED_BY_CLIENT
    )


def test_public_task_carries_no_health() -> None:
    assert examine("gdpr_6_1_e", TOWN, _kind("arztpraxis"), "letter", ["health"]) is Ground.SPECIAL_CATEGORY
