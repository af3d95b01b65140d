"""Where the items of a working list come from: the rows behind each group.

The SQL speaks of the actor's open cases as `m` (see queries.py), of the row as `t`, of today as `$1`, of this
moment as `$2`, of the weeks without contact as `$3`, of those of waiting for a school as `$9` and of the days
without evidence of a consent as `$10`.
A source says what is due, never what follows.
"""

from app.clients.rules import EXPIRED
from app.work.working_list.groups import (
    BANDS,
    DAYS_BEFORE_CONFERENCE,
    DAYS_BEFORE_DEADLINE,
    DAYS_BEFORE_INTERPRETING,
    DAYS_BEFORE_NEXT,
    DAYS_BEFORE_REVIEW,
    DAYS_SHOWN_AFTER,
    DAYS_TO_ASK,
    Source,
)


def _of_case(table: str) -> str:
    return f"mine m JOIN {table} t ON t.municipal_area_id = (SELECT ctx_area()) AND t.case_id = m.id"


def _shared(name: str) -> str:
    return f"{name} t CROSS JOIN LATERAL (SELECT (t.mine).*) m"


def _local(moment: str) -> str:
    return f"({moment} AT TIME ZONE 'Europe/Berlin')::date"


def _band(name: str, end: str, passed: str) -> str:
    steps = " ".join(f"WHEN {end} <= $1::date + {days} THEN '{name}_within_{days}'" for days in BANDS)
    return f"CASE WHEN {end} < $1::date THEN '{passed}' {steps} END"


def _hint(end: str) -> str:
    return f"CASE WHEN {end} < $1::date THEN '{EXPIRED}' END"


_MY_TASKS = "(m.relation <> 'member' OR (SELECT ctx_user()) = ANY (t.assignee_id || t.participant_ids))"
_TASKS = _shared("due_tasks")
_TASK = {"title": "t.title", "responsible_id": "t.assignee_id"}
_SENT = _shared("sent")
_ANSWER_DUE = f"coalesce(t.deadline_at, t.requested_at + interval '{DAYS_TO_ASK} days')"
_ASKED = """mine m JOIN referrals r ON r.municipal_area_id = (SELECT ctx_area()) AND r.case_id = m.id
    JOIN referral_messages t ON t.municipal_area_id = r.municipal_area_id AND t.referral_id = r.id
        AND t.state = 'open'
    JOIN referral_requests q ON q.municipal_area_id = r.municipal_area_id AND q.id = r.id"""
_RENEWED = """EXISTS (SELECT FROM consents n WHERE n.municipal_area_id = t.municipal_area_id
    AND n.client_id = t.client_id AND n.purpose = t.purpose AND n.withdrawn_at IS NULL
    AND n.institution_id IS NOT DISTINCT FROM t.institution_id AND n.unit_id IS NOT DISTINCT FROM t.unit_id
    AND n.receiving_unit_id IS NOT DISTINCT FROM t.receiving_unit_id
    AND (n.case_id IS NULL OR n.case_id = t.case_id) AND n.valid_until > t.valid_until
    AND n.data_categories @> t.data_categories)"""
_CONSENTS = _shared("agreed")
_UNPROVEN = """t.withdrawn_at IS NULL AND t.valid_until >= $1::date AND t.form <> 'spoken'
    AND t.evidence_document_id IS NULL AND t.given_on + $10::int <= $1::date
    AND (SELECT count(*) FROM consent_signatures s
        WHERE s.municipal_area_id = t.municipal_area_id AND s.consent_id = t.id)
        < greatest((t.form <> 'electronic' OR t.given_by <> 'guardian' OR t.guardian IS NOT NULL)::int,
            (SELECT count(*) FROM consent_guardians g
            WHERE g.municipal_area_id = t.municipal_area_id AND g.consent_id = t.id))"""
"""A scan, or the signature of each who consented; a spoken consent is proven by its special circumstance. Of
guardians who are all hidden from the reader the signatures are hidden too: nothing is asked for."""
_DOCUMENT = _shared("documents")
_STILL_COUNTS = """(t.valid @> $1::date OR upper(t.valid) - 1 >= t.printed_end)
    AND NOT EXISTS (SELECT FROM residence_documents n WHERE n.municipal_area_id = t.municipal_area_id
        AND n.client_id = t.client_id AND n.strand = t.strand AND n.superseded_at IS NULL
        AND lower(n.valid) > lower(t.valid) AND n.valid @> $1::date)"""
_ENDS = {
    "code": "t.residence_status",
    "printed_end": "t.printed_end",
    "continued_effect": "t.continued_effect",
    "continued_until": "t.continued_until",
}
_IS_CONTACT = """x.municipal_area_id = (SELECT ctx_area()) AND x.case_id = m.id AND x.corrected_by_id IS NULL
    AND x.contact_type <> 'third_party' AND x.happened_at <= $2::timestamptz"""
_LAST_CONTACT = f"""quiet m CROSS JOIN LATERAL (SELECT (SELECT {_local("x.happened_at")} FROM contacts x
        WHERE {_IS_CONTACT} ORDER BY x.happened_at DESC LIMIT 1) AS last_on OFFSET 0) c"""
"""The fence (`OFFSET 0`) keeps the look at the contacts from being repeated for each place it is used in."""

_NEXT = "CASE WHEN t.next_on < $1::date THEN 'next_date_passed' ELSE 'next_date_near' END"
_REQUIREMENT = """mine m JOIN pathways t ON t.municipal_area_id = (SELECT ctx_area()) AND t.case_id = m.id
        AND t.state IN ('preparing', 'applied')
    JOIN pathway_requirements r ON r.municipal_area_id = t.municipal_area_id AND r.pathway_id = t.id"""
_ENDS_AT = "t.starts_at + t.minutes * interval '1 minute'"
_GUARDED_UNTIL = """least(t.valid_until, CASE WHEN t.kind <> 'legal_adviser'
    THEN (m.birth_date + interval '18 years')::date - 1 END)"""

_HELD = "hold_of_transfer(t.municipal_area_id, t.id)"
_NO_CONSENT = """NOT EXISTS (SELECT FROM consents s WHERE s.municipal_area_id = t.municipal_area_id
    AND s.client_id = m.client_id AND s.purpose = 'case_documentation' AND s.withdrawn_at IS NULL
    AND (s.case_id IS NULL OR s.case_id = m.id) AND s.valid_until >= $1::date)
    AND NOT EXISTS (SELECT FROM case_contents d WHERE d.municipal_area_id = t.municipal_area_id
        AND d.id = m.id AND d.documentation_basis <> 'consent')"""

SHARED: dict[str, str] = {
    "due_tasks": f"""SELECT t.*, m AS mine FROM {_of_case("tasks")}
        WHERE t.done_at IS NULL AND t.due_on <= $1::date""",
    "sent": """SELECT t.*, m AS mine FROM mine m
        JOIN referrals r ON r.municipal_area_id = (SELECT ctx_area()) AND r.case_id = m.id
        JOIN referral_requests t ON t.municipal_area_id = r.municipal_area_id AND t.id = r.id
        WHERE t.state IN ('requested', 'expired', 'rejected')""",
    "agreed": """SELECT t.*, m AS mine FROM mine m JOIN consents t
            ON t.municipal_area_id = (SELECT ctx_area()) AND t.client_id = m.client_id
            AND (t.case_id = m.id OR (t.case_id IS NULL AND m.is_first))
        WHERE t.withdrawn_at IS NULL""",
    "documents": f"""SELECT t.*, m AS mine FROM mine m JOIN residence_documents t
            ON t.municipal_area_id = (SELECT ctx_area()) AND t.client_id = m.client_id AND m.is_first
        WHERE t.superseded_at IS NULL AND {_STILL_COUNTS}""",
    "quiet": f"""SELECT m.* FROM mine m WHERE (SELECT true FROM contacts x WHERE {_IS_CONTACT}
        AND x.happened_at >= ($1::date - 7 * $3::int + 1)::timestamp AT TIME ZONE 'Europe/Berlin'
        LIMIT 1) IS NULL""",
}
"""What several sources read, read once: each table that is named costs a look at one's assignments.

The row of the case comes along as `mine`. To find it again by its id would be a comparison of each thing due
with each case: the planner expects one row of both, and nothing tells it better.
"""

SOURCES: tuple[Source, ...] = (
    Source("handovers", _of_case("case_handovers"),
           """t.acknowledged_at IS NULL AND t.to_user_id = (SELECT ctx_user()) AND m.relation = 'lead'
            AND NOT EXISTS (SELECT FROM case_handovers n WHERE n.municipal_area_id = t.municipal_area_id
                AND n.case_id = t.case_id AND (n.at, n.id) > (t.at, t.id))""",
           _local("t.at"), "'handover_to_acknowledge'", "case", target_id="m.id",
           shows={"responsible_id": "t.from_user_id", "since": _local("t.at")}),
    Source("tasks_overdue", _TASKS, f"{_MY_TASKS} AND t.due_on < $1::date", "t.due_on",
           "'overdue'", "task", shows=_TASK),
    Source("tasks_today", _TASKS, f"{_MY_TASKS} AND t.due_on = $1::date", "t.due_on",
           "'due_today'", "task", shows=_TASK),
    Source("referrals_unanswered", _SENT,
           f"""((t.state = 'requested'
                AND {_ANSWER_DUE} <= $2::timestamptz + interval '{DAYS_BEFORE_DEADLINE} days')
            OR (t.state = 'expired'
                AND t.deadline_at > $2::timestamptz - interval '{DAYS_SHOWN_AFTER} days'))""",
           _local(_ANSWER_DUE),
           f"""CASE WHEN t.state = 'expired' THEN 'no_answer' WHEN t.deadline_at IS NULL THEN 'ask_for_answer'
            WHEN {_ANSWER_DUE} <= $2::timestamptz THEN 'deadline_passed' ELSE 'deadline_near' END""",
           "referral", shows={"code": "t.channel", "institution_id": "t.institution_id",
                              "since": _local("t.requested_at")}),
    Source("information_requested", _ASKED, "q.state IN ('requested', 'accepted', 'in_progress', 'on_hold')",
           _local("t.due_at"),
           "CASE WHEN t.due_at <= $2::timestamptz THEN 'deadline_passed' ELSE 'to_answer' END",
           "referral", target_id="t.referral_id",
           shows={"institution_id": "t.institution_id", "since": _local("t.at")}),
    Source("residence_ending", _DOCUMENT,
           f"""t.printed_end <= $1::date + {BANDS[-1]}
            AND (t.printed_end >= $1::date OR coalesce(t.continued_effect, 'to_check') = 'to_check')""",
           "t.printed_end", _band("printed_end", "t.printed_end", "printed_end_passed"),
           "residence_document", shows={**_ENDS, "hint": _hint("t.printed_end")}),
    Source("residence_ending", _DOCUMENT, f"t.continued_until <= $1::date + {BANDS[-1]}",
           "t.continued_until", _band("continued_effect", "t.continued_until", "continued_effect_passed"),
           "residence_document",
           shows={**_ENDS, "hint": _hint("t.continued_until")}),
    Source("consents_without_evidence", _CONSENTS, _UNPROVEN, "t.given_on + $10::int",
           "CASE t.form WHEN 'electronic' THEN 'signature_missing' ELSE 'scan_missing' END", "consent",
           shows={"code": "t.purpose", "institution_id": "t.institution_id", "title": "t.evidence",
                  "since": "t.given_on"}),
    Source("consents_ending", _CONSENTS,
           f"""t.withdrawn_at IS NULL AND NOT {_RENEWED}
            AND t.valid_until BETWEEN $1::date - {DAYS_SHOWN_AFTER} AND $1::date + {BANDS[-1]}""",
           "t.valid_until", _band("ends", "t.valid_until", "ended"), "consent",
           shows={"code": "t.purpose", "institution_id": "t.institution_id"}),
    Source("guardianships_ending",
           """mine m JOIN guardians t ON t.municipal_area_id = (SELECT ctx_area())
            AND t.client_id = m.client_id AND m.is_first""",
           f"{_GUARDED_UNTIL} BETWEEN $1::date - {DAYS_SHOWN_AFTER} AND $1::date + {BANDS[-1]}",
           _GUARDED_UNTIL, _band("ends", _GUARDED_UNTIL, "ended"), "guardian", shows={"code": "t.kind"}),
    Source("referrals_rejected", _SENT,
           f"""t.state = 'rejected' AND t.sent_back_at IS NULL
            AND t.answered_at > $2::timestamptz - interval '{DAYS_SHOWN_AFTER} days'""",
           _local("t.answered_at"), "'second_look_possible'", "referral",
           shows={"code": "t.rejection_reason", "institution_id": "t.institution_id",
                  "since": _local("t.requested_at")}),
    Source("conferences_due", _of_case("conferences"),
           f"t.state = 'planned' AND {_local('t.starts_at')} <= $1::date + {DAYS_BEFORE_CONFERENCE}",
           _local("t.starts_at"),
           f"""CASE WHEN {_local("t.starts_at")} < $1::date THEN 'conference_to_record'
            WHEN {_local("t.starts_at")} = $1::date THEN 'conference_today' ELSE 'conference_near' END""",
           "conference", shows={"title": "t.occasion", "code": "t.form"}),
    Source("interpreting_due", _of_case("interpretings"),
           f"""(t.state IN ('needed', 'requested', 'declined')
                AND {_local("t.starts_at")} <= $1::date + {DAYS_BEFORE_INTERPRETING})
            OR (t.state = 'confirmed' AND {_ENDS_AT} <= $2::timestamptz)""",
           _local("t.starts_at"),
           f"""CASE WHEN {_ENDS_AT} <= $2::timestamptz THEN 'interpreting_to_record'
            WHEN t.state = 'requested' THEN 'interpreter_to_confirm' ELSE 'interpreter_to_request' END""",
           "interpreting", shows={"code": "t.language", "institution_id": "t.provider_id",
                                  "responsible_id": "t.colleague_id"}),
    Source("reviews_due",
           "mine m JOIN case_contents t ON t.municipal_area_id = (SELECT ctx_area()) AND t.id = m.id",
           f"t.next_review_on <= $1::date + {DAYS_BEFORE_REVIEW}", "t.next_review_on",
           """CASE WHEN t.next_review_on < $1::date THEN 'review_overdue'
            WHEN t.next_review_on = $1::date THEN 'review_today' ELSE 'review_near' END""",
           "case"),
    Source("domain_changes_open", _of_case("domain_changes"),
           """EXISTS (SELECT FROM domain_change_items i WHERE i.municipal_area_id = t.municipal_area_id
            AND i.domain_change_id = t.id AND i.state = 'open')""",
           "t.changed_on", "CASE WHEN t.days_without > 0 THEN 'days_without_benefit' ELSE 'items_open' END",
           "domain_change", shows={"code": "t.after", "since": "t.changed_on"}),
    Source("plan_overdue", _of_case("goals"), "t.attainment IS NULL AND t.target_on < $1::date",
           "t.target_on", "'goal_overdue'", "goal", shows={"title": "t.wording", "code": "t.life_domain"}),
    Source("plan_overdue", _of_case("measures"), "t.state = 'open' AND t.due_on < $1::date", "t.due_on",
           "'measure_overdue'", "measure", shows={"title": "t.wording", "code": "t.responsible"}),
    Source("cases_without_contact", _LAST_CONTACT,
           "coalesce(c.last_on, m.opened_on) + 7 * $3::int <= $1::date",
           "coalesce(c.last_on, m.opened_on) + 7 * $3::int",
           "CASE WHEN c.last_on IS NULL THEN 'never_met' ELSE 'no_contact' END", "case", target_id="m.id",
           shows={"since": "coalesce(c.last_on, m.opened_on)"}),
    Source("barrier_proposals", _of_case("barrier_proposals"), "t.state = 'open'", _local("t.proposed_at"),
           "'confirm_or_drop'", "barrier_proposal",
           shows={"code": "t.barrier_type", "institution_id": "t.institution_id"}),
    Source("pathways_due", f"{_of_case('pathways')} AND t.state IN ('preparing', 'applied')",
           f"t.next_on <= $1::date + {DAYS_BEFORE_NEXT}", "t.next_on", _NEXT, "pathway",
           shows={"code": "t.pathway"}),
    Source("pathways_due", _REQUIREMENT, f"r.next_on <= $1::date + {DAYS_BEFORE_NEXT}", "r.next_on",
           _NEXT.replace("t.next_on", "r.next_on"), "pathway",
           shows={"code": "t.pathway", "title": "r.requirement"}),
    Source("school_waiting", _of_case("school_entries"),
           """t.state IN ('registered', 'counselled', 'allocated', 'waiting', 'offered', 'accepted')
            AND t.waiting_since + 7 * $9::int <= $1::date""",
           "t.waiting_since + 7 * $9::int", "'waits_for_school'", "school_entry",
           shows={"code": "t.stage", "since": "t.waiting_since"}),
    Source("transfers_due", _of_case("case_transfers"),
           f"""((t.state IN ('offered', 'accepted')
                AND (t.deadline_at <= $2::timestamptz + interval '{DAYS_BEFORE_DEADLINE} days'
                    OR {_HELD} IS NOT NULL))
            OR (t.state IN ('declined', 'expired')
                AND t.ended_at > $2::timestamptz - interval '{DAYS_SHOWN_AFTER} days'))""",
           _local("coalesce(t.ended_at, t.deadline_at)"),
           f"""CASE WHEN t.state IN ('declined', 'expired') THEN 'transfer_' || t.state
            WHEN {_HELD} IS NOT NULL THEN 'transfer_on_hold' ELSE 'deadline_near' END""",
           "transfer", shows={"title": "t.receiving_unit_name", "code": "t.decline_reason",
                              "since": _local("t.offered_at")}),
    Source("transfers_due", _of_case("received_packages"), _NO_CONSENT, "m.opened_on",
           "'consents_to_take'", "case", target_id="m.id", shows={"since": "m.opened_on"}),
    Source("referrals_incoming",
           _of_case("incoming_receipts")
           + " JOIN incoming_referrals r ON r.municipal_area_id = t.municipal_area_id AND r.id = t.id",
           "t.end_acknowledged_at IS NULL AND r.state IN ('revoked', 'entered_in_error')",
           _local("r.closed_at"), "'referral_ended'", "incoming_referral",
           shows={"institution_id": "r.institution_id", "code": "r.state"}),
)  # fmt: skip

_RECEIVER = "t.municipal_area_id = (SELECT ctx_area()) AND"
_REFERRED = """(t.responsible_id IS NULL OR t.responsible_id = (SELECT ctx_user())
    OR t.unit_id = ANY ((SELECT ctx_places('team_lead'))::uuid[])) AND t.referral = 'unanswered'
    AND t.state IN ('open', 'waiting') AND t.answer_until IS NOT NULL"""
_OFFER = {"title": "t.sending_unit_name", "code": "t.reason", "since": _local("t.offered_at"),
          "responsible_id": "t.case_manager_id"}  # fmt: skip

WITHOUT_CASE: tuple[Source, ...] = (
    Source("transfers_offered", "transfer_offers t",
           f"""{_RECEIVER} t.unit_id = ANY ((SELECT ctx_places('team_lead'))::uuid[])
            AND (t.state = 'offered' OR (t.state = 'accepted'
                AND t.deadline_at <= $2::timestamptz + interval '{DAYS_BEFORE_DEADLINE} days'))""",
           _local("t.deadline_at"),
           """CASE WHEN t.state = 'accepted' THEN 'receipt_near'
            WHEN t.urgency = 'urgent' THEN 'offer_urgent' ELSE 'offer_to_answer' END""",
           "transfer", shows=_OFFER),
    Source("transfers_offered", "transfer_offers t",
           f"{_RECEIVER} t.case_manager_id = (SELECT ctx_user()) AND t.state = 'accepted'",
           _local("t.deadline_at"), "'to_receive'", "transfer", shows=_OFFER),
    Source("transfers_offered", "transfer_offers t",
           f"""{_RECEIVER} t.case_manager_id = (SELECT ctx_user()) AND t.withdrawal_acknowledged_at IS NULL
            AND (t.consent_withdrawn_at IS NOT NULL OR t.state = 'revoked')""",
           _local("coalesce(t.consent_withdrawn_at, t.ended_at)"), "'withdrawal_to_acknowledge'", "transfer",
           shows=_OFFER),
    Source("referrals_incoming", "inquiries t", f"{_RECEIVER} {_REFERRED}", _local("t.answer_until"),
           """CASE WHEN t.answer_until < $2::timestamptz THEN 'answer_overdue'
            WHEN t.responsible_id IS NULL THEN 'referral_to_take'
            WHEN t.priority_reason IS NOT NULL THEN 'answer_urgent' ELSE 'referral_to_answer' END""",
           "incoming_referral", shows={"code": "t.priority_reason", "since": "t.waiting_since",
                                       "responsible_id": "t.responsible_id"}),
)  # fmt: skip
"""What is due and belongs to no case of the reader's: an offer names nobody."""
