"""What operations answer that lead from barriers to changed structures: reports, obstacles, releases."""

from tests.isolation.answers import Access, every, only
from tests.isolation.knowing import (
    AUTHORITIES,
    CASE_WORK,
    COORDINATION,
    COORDINATORS,
    INBOX,
    MANAGERS,
    OBSTACLE_KNOWN,
    PUBLISHED,
    RELEASE_KNOWN,
)

STRUCTURES: dict[str, Access] = {
    # Barriers: reports stay with the team, observations go to the coordination
    **dict.fromkeys(
        (
            "list_barriers", "file_barrier", "list_barrier_proposals", "confirm_barrier_proposal",
            "drop_barrier_proposal", "read_barrier", "change_barrier", "resolve_barrier", "write_observation",
            "read_barrier_proposal",
        ),
        CASE_WORK,
    ),
    **dict.fromkeys(
        ("list_observations", "list_signals", "list_partner_barrier_figures"), every(COORDINATORS)
    ),
    **dict.fromkeys(("list_similar_to_observation", "list_similar_to_obstacle"), COORDINATION),
    "list_obstacles_elsewhere": COORDINATION,
    "open_hearings": COORDINATION,
    **dict.fromkeys(
        ("list_obstacle_hearings", "read_obstacle_paper"), only(OBSTACLE_KNOWN, {"coordinator", "steering"})
    ),
    "list_hearings": every(INBOX),
    **dict.fromkeys(("read_hearing", "comment_on_hearing"), only(INBOX, {"partner"})),
    "list_outcomes": every(MANAGERS),
    "list_meetings": every(OBSTACLE_KNOWN),
    "read_meeting": only(OBSTACLE_KNOWN, {"coordinator", "steering"}),
    "plan_meeting": every(COORDINATORS),
    **dict.fromkeys(("change_meeting", "hold_meeting", "cancel_meeting"), COORDINATION),
    # Obstacles and releases
    "list_obstacles": every(OBSTACLE_KNOWN),
    **dict.fromkeys(
        ("read_obstacle", "list_effect_checks"), only(OBSTACLE_KNOWN, {"coordinator", "steering"})
    ),
    "create_obstacle": every(COORDINATORS),
    **dict.fromkeys(
        (
            "change_obstacle", "take_obstacle_step", "add_obstacle_measure", "change_obstacle_measure",
            "record_obstacle_decision", "check_obstacle_effect", "merge_obstacles", "split_obstacle",
            "add_obstacle_member", "change_obstacle_member",
        ),
        COORDINATION,
    ),
    **dict.fromkeys(("list_authority_figures", "enter_authority_figure"), every(AUTHORITIES)),
    **dict.fromkeys(
        ("read_authority_figure", "correct_authority_figure"), only(AUTHORITIES, {"officer"})
    ),
    "list_releases": every(RELEASE_KNOWN),
    "request_release": every(COORDINATORS),
    **dict.fromkeys(
        ("read_release", "read_release_table", "read_release_workbook", "read_release_gaps"), PUBLISHED
    ),
    "read_release_report": only(OBSTACLE_KNOWN, {"coordinator", "steering"}),
    **dict.fromkeys(("publish_release", "discard_release"), COORDINATION),
}  # fmt: skip
