"""What team leads see to or decide as second persons, and children who are to be looked after again."""

from app.work.working_list.groups import Source

_LOCAL = "({} AT TIME ZONE 'Europe/Berlin')::date"
_OF_THE_UNIT = """t.municipal_area_id = (SELECT ctx_area())
            AND t.unit_id = ANY ((SELECT ctx_places('team_lead'))::uuid[])"""
_COURSES = "mine m JOIN child_protections t ON t.municipal_area_id = (SELECT ctx_area()) AND t.case_id = m.id"

OF_CASE: tuple[Source, ...] = (
    Source("child_protection_due", _COURSES,
           "t.ended_at IS NULL AND (t.look_again_on <= $1::date OR t.state = 'to_inform')", "t.look_again_on",
           "CASE WHEN t.state = 'to_inform' THEN 'to_inform' ELSE 'look_again' END",
           "child_protection", shows={"code": "t.state", "since": "t.noticed_on"}),
    Source("cases_without_lead", "mine m",
           "m.is_restricted AND m.relation <> 'lead' AND NOT works_at(m.lead_user_id, m.unit_id)",
           "$1::date", "'to_take_over'", "case", target_id="m.id",
           shows={"title": "m.number", "responsible_id": "m.lead_user_id"}),
)  # fmt: skip

DECISIONS: tuple[Source, ...] = (
    Source("cases_without_lead", "cases_without_lead() t", "true",
           f"coalesce({_LOCAL.format('t.since')}, $1::date)", "'lead_has_left'", "case",
           shows={"title": "t.number", "responsible_id": "t.lead_user_id",
                  "since": _LOCAL.format("t.since")}),
    Source("cases_without_lead", "vacancies() t", "true", "$1::date", "'nobody_left'", "vacancy"),
    Source("decisions_due", "duties t",
           f"""{_OF_THE_UNIT} AND t.state = 'requested'
            AND (SELECT ctx_user()) NOT IN (t.prepared_by, t.drafted_by)""",
           _LOCAL.format("t.valid_until"), "'duty_to_decide'", "duty",
           shows={"code": "t.norm", "institution_id": "t.institution_id", "responsible_id": "t.prepared_by",
                  "since": _LOCAL.format("t.requested_at")}),
    Source("decisions_due", "access_reviews t",
           f"""{_OF_THE_UNIT} AND t.reviewed_at IS NULL
            AND t.acted_by <> (SELECT ctx_user())""",
           _LOCAL.format("t.due_at"),
           "CASE WHEN t.due_at <= $2::timestamptz THEN 'review_overdue' ELSE 'review_to_judge' END",
           "access_review", shows={"code": "t.kind", "responsible_id": "t.acted_by",
                                   "since": _LOCAL.format("t.acted_at")}),
)  # fmt: skip
"""For team leads, without a person: cases that nobody leads, duties, and what was done alone in a hurry."""
