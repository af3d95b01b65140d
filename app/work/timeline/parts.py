"""Parts of a timeline's statement that several sources, or keys and lines, take their rows from.

Each look at a table asks for the reader's rights again, so each of these is looked at once. A case has few
rows in them: only its contacts are many, and long.
"""

from app.disclosures.rules import CHILD_PROTECTION

_OF_CASE = "SELECT t.* FROM {} t WHERE t.municipal_area_id = (SELECT ctx_area()) AND t.case_id = $1"
_REFERRED = f"""SELECT r.id FROM referrals r
    WHERE r.municipal_area_id = (SELECT ctx_area()) AND r.case_id = $1
        AND r.legal_basis <> '{CHILD_PROTECTION}'"""
"""Child protection stands on no timeline, nor does what was said of it."""
_REFERRAL_EVENTS = """SELECT t.* FROM referral_events t
    WHERE t.municipal_area_id = (SELECT ctx_area())
        AND t.referral_id = ANY (ARRAY(SELECT r.id FROM referred r))"""
_REFERRAL_MESSAGES = _REFERRAL_EVENTS.replace("referral_events", "referral_messages")
_CONSENTS = """SELECT t.* FROM consents t
    WHERE t.client_id = (SELECT c.client_id FROM cases c WHERE c.id = $1)
        AND (t.case_id = $1 OR t.case_id IS NULL)"""
PARTS: dict[str, str] = {
    "team": "SELECT * FROM case_team_history($1)",
    "consented": _CONSENTS,
    "referred": _REFERRED,
    # By an array, so that the events are looked up by it and not those of all referrals of the reader.
    "referral_events_of_case": _REFERRAL_EVENTS,
    "referral_messages_of_case": _REFERRAL_MESSAGES,
    **{
        f"{table}_of_case": _OF_CASE.format(table)
        for table in (
            "case_phases",
            "case_transfers",
            "assessments",
            "documents",
            "tasks",
            "barrier_reports",
            "conferences",
            "pathway_steps",
            "school_entry_steps",
            "domain_changes",
        )
    },
}
