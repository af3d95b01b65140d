"""The steps of § 4 KKG against a table that is written here a second time. Pure."""

from itertools import product

import pytest

from app.child_protection.rules import EXCUSED, NEEDS, SENDING, TEAM, WAY, State, Step, needs_excuse

LEADS_ON = {
    ("note", TEAM, None): "noted",
    ("counsel", TEAM, "noted"): "counselled",
    ("counsel", TEAM, "counselled"): "counselled",
    ("counsel", TEAM, "discussed"): "discussed",
    ("counsel", TEAM, "helping"): "helping",
    ("discuss", TEAM, "counselled"): "discussed",
    ("discuss", TEAM, "discussed"): "discussed",
    ("discuss", TEAM, "helping"): "discussed",
    ("offer_help", TEAM, "discussed"): "helping",
    ("offer_help", TEAM, "helping"): "helping",
    ("decide_to_inform", TEAM, "discussed"): "to_inform",
    ("decide_to_inform", TEAM, "helping"): "to_inform",
    ("decide_to_inform", TEAM, "informed"): "to_inform",
    ("decide_to_inform", TEAM, "answered"): "to_inform",
    ("decide_at_once", TEAM, "noted"): "to_inform",
    ("decide_at_once", TEAM, "counselled"): "to_inform",
    ("inform", SENDING, "to_inform"): "informed",
    ("answer", TEAM, "informed"): "answered",
    ("answer", TEAM, "answered"): "answered",
    **{("end", TEAM, state): "ended" for state in State if state is not State.ENDED},
}


@pytest.mark.parametrize(("step", "by", "state"), list(product(Step, (TEAM, SENDING), (None, *State))))
def test_every_step_from_every_state(step: Step, by: str, state: State | None) -> None:
    assert WAY.target_of(step, state, by) == LEADS_ON.get((step, by, state))


def test_what_is_left_out_is_excused_only_where_the_law_knows_it() -> None:
    assert set(EXCUSED) == {Step.DISCUSS, Step.DECIDE_TO_INFORM, Step.DECIDE_AT_ONCE}
    assert needs_excuse(Step.DISCUSS, {"with_guardians": True, "with_child": False})
    assert not needs_excuse(Step.DISCUSS, {"with_guardians": True, "with_child": True})
    assert not needs_excuse(Step.OFFER_HELP, {"is_accepted": False})
    assert set(NEEDS) == set(Step) - {Step.NOTE, Step.INFORM}
