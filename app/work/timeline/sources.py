"""Where the entries of a timeline come from: one row of this table for each way something happens."""

from app.work.timeline.messages import REQUEST_OVER, SAID
from app.work.timeline.source import INSTITUTION, NOTE_LENGTH, Source, end_of

_CONTACT = Source(
    kind="contact",
    rows="contacts t",
    where="t.case_id = $1 AND t.corrected_by_id IS NULL",
    at="t.happened_at",
    actor="t.author_id",
    what="CASE WHEN o.id IS NULL THEN 'recorded' ELSE 'corrected' END",
    details=f"""json_build_object('contact_type', t.contact_type, 'minutes', t.minutes,
        'language', t.language, 'interpreter', t.interpreter, 'note', left(t.note, {NOTE_LENGTH}),
        'note_goes_on', coalesce(length(t.note) > {NOTE_LENGTH}, false),
        'recorded_at', t.created_at, 'corrects', o.id)""",
    by_id="t.municipal_area_id = (SELECT ctx_area()) AND t.id = s.id",
)
_PHASE = Source(
    kind="phase",
    rows="case_phases_of_case t",
    where="true",
    at="t.at",
    actor="t.user_id",
    what="""CASE WHEN t.source IS NULL THEN 'opened' WHEN t.target = 'closed' THEN 'closed'
        WHEN t.source = 'closed' THEN 'reopened'
        WHEN t.passed_over <> '{}' THEN 'skipped' ELSE 'moved' END""",
    details="""json_build_object('from', t.source, 'to', t.target, 'reason', t.reason,
        'passed_over', t.passed_over)""",
)
_ASSESSMENT = Source(
    kind="assessment",
    rows="assessments_of_case t",
    where="true",
    at=f"least(t.created_at, {end_of('t.assessed_on')})",
    actor="t.author_id",
    what="'recorded'",
    details=f"""json_build_object('assessed_on', t.assessed_on, 'summary', left(t.summary, {NOTE_LENGTH}),
        'needs', (SELECT coalesce(json_agg(d.life_domain ORDER BY d.life_domain), '[]')
            FROM assessment_domains d WHERE d.municipal_area_id = t.municipal_area_id
                AND d.assessment_id = t.id AND d.state = 'need'))""",
)
_REFERRAL = Source(
    kind="referral",
    rows="referral_events_of_case t",
    where="t.from_state IS DISTINCT FROM t.to_state",
    at="t.at",
    actor="t.user_id",
    what="t.to_state",
    details=f"""json_build_object('referral_id', t.referral_id, 'institution', {INSTITUTION.format("t")},
        'channel', (SELECT q.channel FROM referral_requests q
            WHERE q.municipal_area_id = t.municipal_area_id AND q.id = t.referral_id),
        'from', t.from_state, 'to', t.to_state, 'side', t.side, 'reason', t.reason, 'source', t.source)""",
)
_CONSENT_DETAILS = f"""json_build_object('purpose', t.purpose, 'institution', {INSTITUTION.format("t")},
    'receiving_unit', t.receiving_unit_name, 'form', t.form, 'valid_until', t.valid_until,
    'for_every_case', t.case_id IS NULL)"""
_CONSENT_GIVEN = Source(
    kind="consent",
    rows="consented t",
    where="true",
    at="t.given_at",
    actor="t.recorded_by",
    what="'given'",
    details=_CONSENT_DETAILS,
)
_CONSENT_WITHDRAWN = Source(
    kind="consent",
    rows="consented t",
    where="t.withdrawn_at IS NOT NULL",
    at="t.withdrawn_at",
    actor="t.withdrawn_by",
    what="'withdrawn'",
    details=_CONSENT_DETAILS,
)
_CONSENT_ENDS = end_of("t.valid_until")
_CONSENT_EXPIRED = Source(
    kind="consent",
    rows="consented t",
    where=f"""{_CONSENT_ENDS} < $7
        AND (t.withdrawn_at IS NULL OR t.withdrawn_at > {_CONSENT_ENDS})""",
    at=_CONSENT_ENDS,
    actor="NULL",
    what="'expired'",
    details=_CONSENT_DETAILS,
)
_DOCUMENT_DETAILS = """json_build_object('title', t.title, 'category', t.category, 'document_kind', t.kind,
    'dated_on', t.dated_on, 'is_removed', t.removed_at IS NOT NULL, 'removal_reason', t.removal_reason)"""
_DOCUMENT_ADDED = Source(
    kind="document",
    rows="documents_of_case t",
    where="true",
    at="t.created_at",
    actor="t.created_by",
    what="'added'",
    details=_DOCUMENT_DETAILS,
)
_DOCUMENT_REMOVED = Source(
    kind="document",
    rows="documents_of_case t",
    where="t.removed_at IS NOT NULL",
    at="t.removed_at",
    actor="t.removed_by",
    what="'removed'",
    details=_DOCUMENT_DETAILS,
)
_TASK_DETAILS = """json_build_object('title', t.title, 'due_on', t.due_on,
    'assignee', (SELECT json_build_object('id', a.id, 'name', a.display_name) FROM users a
        WHERE a.municipal_area_id = t.municipal_area_id AND a.id = t.assignee_id),
    'is_done', t.done_at IS NOT NULL)"""
_TASK_CREATED = Source(
    kind="task",
    rows="tasks_of_case t",
    where="true",
    at="t.created_at",
    actor="t.created_by",
    what="'created'",
    details=_TASK_DETAILS,
)
_TASK_DONE = Source(
    kind="task",
    rows="tasks_of_case t",
    where="t.done_at IS NOT NULL",
    at="t.done_at",
    actor="t.done_by",
    what="'done'",
    details=_TASK_DETAILS,
)
_BARRIER_DETAILS = f"""json_build_object('barrier_type', t.barrier_type, 'effect', t.effect,
    'institution', {INSTITUTION.format("t")}, 'interface_from', t.interface_from,
    'interface_to', t.interface_to, 'since', t.since, 'resolved_on', t.resolved_on)"""
_BARRIER_FILED = Source(
    kind="barrier",
    rows="barrier_reports_of_case t",
    where="true",
    at="t.created_at",
    actor="t.reported_by",
    what="'filed'",
    details=_BARRIER_DETAILS,
)
_BARRIER_RESOLVED = Source(
    kind="barrier",
    rows="barrier_reports_of_case t",
    where="t.resolved_on IS NOT NULL",
    at=f"greatest(t.created_at, least(t.changed_at, {end_of('t.resolved_on')}))",
    actor="NULL",
    what="'resolved'",
    details=_BARRIER_DETAILS,
)
_DOMAIN_CHANGE = Source(
    kind="domain_change",
    rows="domain_changes_of_case t",
    where="true",
    at="t.opened_at",
    actor="NULL",
    what="'opened'",
    details="""json_build_object('before', t.before, 'after', t.after, 'changed_on', t.changed_on,
        'days_without', t.days_without)""",
)
_TEAM_DETAILS = """json_build_object('user', json_build_object('id', t.user_id, 'name', t.display_name),
    'relation', t.kind, 'active_from', t.active_from, 'active_until', t.active_until)"""
_TEAM_JOINED = Source(
    kind="team",
    rows="team t",
    where="true",
    at="t.created_at",
    actor="t.created_by",
    what="""CASE t.kind WHEN 'deputy' THEN 'deputised' WHEN 'break_glass' THEN 'glass_broken'
        ELSE 'assigned' END""",
    details=_TEAM_DETAILS,
)
_TEAM_LEFT = Source(
    kind="team",
    rows="team t",
    where="t.active_until <= now()",
    at="t.active_until",
    actor="NULL",
    what="'ended'",
    details=_TEAM_DETAILS,
)

_CONFERENCE_DETAILS = """json_build_object('form', t.form, 'occasion', t.occasion, 'starts_at', t.starts_at,
    'participants', (SELECT count(*) FROM conference_participants p
        WHERE p.municipal_area_id = t.municipal_area_id AND p.conference_id = t.id AND p.removed_at IS NULL),
    'reason', t.cancel_reason)"""
_CONFERENCE_PLANNED = Source(
    kind="conference",
    rows="conferences_of_case t",
    where="true",
    at="t.created_at",
    actor="t.created_by",
    what="'planned'",
    details=_CONFERENCE_DETAILS,
)
_CONFERENCE_ENDED = Source(
    kind="conference",
    rows="conferences_of_case t",
    where="t.ended_at IS NOT NULL",
    at="CASE t.state WHEN 'held' THEN least(t.starts_at, t.ended_at) ELSE t.ended_at END",
    actor="t.ended_by",
    what="t.state",
    details=_CONFERENCE_DETAILS,
)
_PATHWAY = Source(
    kind="pathway",
    rows="""pathway_steps_of_case t
        JOIN pathways p ON p.municipal_area_id = t.municipal_area_id AND p.id = t.pathway_id""",
    where="true",
    at="t.at",
    actor="t.user_id",
    what="t.step",
    details="""json_build_object('pathway_id', t.pathway_id, 'pathway', p.pathway,
        'requirement', t.requirement, 'from', t.source, 'to', t.target, 'reason', t.reason)""",
)
_SCHOOL = Source(
    kind="school",
    rows="""school_entry_steps_of_case t
        JOIN school_entries e ON e.municipal_area_id = t.municipal_area_id AND e.id = t.school_entry_id""",
    where="t.corrected_by_id IS NULL AND t.step <> 'change'",
    at=f"least(t.at, {end_of('t.happened_on')})",
    actor="t.user_id",
    what="t.step",
    details="""json_build_object('school_entry_id', t.school_entry_id, 'stage', e.stage,
        'to', t.target, 'happened_on', t.happened_on, 'school', t.school, 'refusal', t.refusal,
        'reason', t.reason)""",
)

_TRANSFER_DETAILS = """json_build_object('receiving_unit',
    json_build_object('id', t.receiving_unit_id, 'name', t.receiving_unit_name),
    'reason', coalesce(t.decline_reason, t.withdraw_reason, t.reason))"""
_TRANSFER_OFFERED = Source(
    kind="transfer",
    rows="case_transfers_of_case t",
    where="t.offered_at IS NOT NULL",
    at="t.offered_at",
    actor="t.offered_by",
    what="'offered'",
    details=_TRANSFER_DETAILS,
)
_TRANSFER_ACCEPTED = Source(
    kind="transfer",
    rows="case_transfers_of_case t",
    where="t.accepted_at IS NOT NULL",
    at="t.accepted_at",
    actor="NULL",
    what="'accepted'",
    details=_TRANSFER_DETAILS,
)
_TRANSFER_ENDED = Source(
    kind="transfer",
    rows="case_transfers_of_case t",
    where="t.offered_at IS NOT NULL AND t.ended_at IS NOT NULL",
    at="t.ended_at",
    actor="NULL",
    what="t.state",
    details=_TRANSFER_DETAILS,
)

SOURCES: tuple[Source, ...] = (
    _CONSENT_GIVEN,
    _CONSENT_WITHDRAWN,
    _CONSENT_EXPIRED,
    _TRANSFER_OFFERED,
    _TRANSFER_ACCEPTED,
    _TRANSFER_ENDED,
    _PHASE,
    _TEAM_JOINED,
    _TEAM_LEFT,
    _ASSESSMENT,
    _DOCUMENT_ADDED,
    _DOCUMENT_REMOVED,
    _CONTACT,
    _TASK_CREATED,
    _TASK_DONE,
    _REFERRAL,
    SAID,
    REQUEST_OVER,
    _BARRIER_FILED,
    _BARRIER_RESOLVED,
    _CONFERENCE_PLANNED,
    _CONFERENCE_ENDED,
    _PATHWAY,
    _SCHOOL,
    _DOMAIN_CHANGE,
)
"""Their place here orders what stands at one moment: what brings about before what comes of it."""
