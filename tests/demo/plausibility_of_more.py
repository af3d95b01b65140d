"""The same for what stands beside the plan of a case, for guardians, and for those who only asked."""

from tests.demo.plausibility import Rule

_AT_WORK = """(SELECT count(DISTINCT k.lead_user_id) FROM {table} x JOIN cases k ON k.id = x.case_id
    WHERE k.municipal_area_id = '{area}')"""


def _spread(table: str) -> Rule:
    """Return a rule that the case managers of both areas, the first of all among them, have some."""
    counts = " OR ".join(
        f"{_AT_WORK.format(table=table, area=area)} < 5" for area in ("KIM-05170", "KIM-05914")
    )
    return Rule(
        f"the case managers of both areas have some {table.replace('_', ' ')}",
        f"SELECT 1 WHERE {counts}",
        f"DELETE FROM {table} WHERE municipal_area_id = 'KIM-05914'",
    )


_CHANGED = """cases k JOIN legal_domain_periods b ON b.client_id = k.client_id
    AND b.legal_domain = 'ASYLBLG' JOIN legal_domain_periods a ON a.client_id = k.client_id
    AND lower(a.valid) = upper(b.valid) AND a.legal_domain IS NOT NULL"""

MORE = (
    Rule(
        "a benefit that followed AsylbLG opened its checklist in every case that was open on that day",
        f"""SELECT k.id FROM {_CHANGED} WHERE lower(a.valid) BETWEEN k.opened_on
            AND coalesce(k.closed_on, DAY) - 1 AND NOT EXISTS (SELECT FROM domain_changes d
            JOIN domain_change_items i ON i.domain_change_id = d.id WHERE d.case_id = k.id
            AND (d.before, d.after, d.changed_on) = (b.legal_domain, a.legal_domain, lower(a.valid)))""",
        "DELETE FROM domain_changes WHERE id = (SELECT id FROM domain_changes ORDER BY id LIMIT 1)",
    ),
    Rule(
        "an item is settled after its checklist was opened, before today and while the case is open",
        """SELECT i.id FROM domain_change_items i JOIN domain_changes d ON d.id = i.domain_change_id
            JOIN cases k ON k.id = i.case_id WHERE i.settled_at < d.opened_at OR i.settled_at >= DAY
            OR i.settled_at::date > k.closed_on OR d.opened_at::date < d.changed_on""",
        "UPDATE domain_change_items SET settled_at = DAY + 3 WHERE state = 'done'",
    ),
    Rule(
        "no child benefit is not for parents",
        """SELECT i.id FROM domain_change_items i JOIN cases k ON k.id = i.case_id
            WHERE i.code = 'child_benefit' AND i.reason LIKE 'Keine Kinder%' AND EXISTS (SELECT FROM
            household_members m WHERE m.client_id = k.client_id AND m.relation = 'child')""",
        """UPDATE domain_change_items SET state = 'not_needed', settled_at = opened_at, reason =
            'Keine Kinder im Haushalt' FROM domain_changes d WHERE d.id = domain_change_id
            AND code = 'child_benefit'""",
    ),
    Rule(
        "an interpreter comes in the client's language, to who needs one, and is asked beforehand",
        """SELECT x.id FROM interpretings x JOIN cases k ON k.id = x.case_id
            JOIN clients c ON c.id = k.client_id WHERE c.needs_interpreter = false
            OR x.language <> c.contact_language OR (x.state = 'held') <> (x.starts_at < DAY)
            OR x.created_at >= x.starts_at OR EXISTS (SELECT FROM interpreting_steps s
                WHERE s.interpreting_id = x.id AND (s.step = 'hold') <> (s.at > x.starts_at))""",
        "UPDATE interpretings SET starts_at = DAY - 9 WHERE state = 'requested'",
    ),
    Rule(
        "steps of an interpreting follow each other and end in its state, with a service that interprets",
        """SELECT x.id FROM interpretings x LEFT JOIN institutions i ON i.id = x.provider_id
            WHERE i.institution_type <> 'sprachmittlung' OR x.state <> (SELECT target
            FROM interpreting_steps s WHERE s.interpreting_id = x.id ORDER BY at DESC LIMIT 1)""",
        "UPDATE interpretings SET state = 'confirmed' WHERE state = 'requested'",
    ),
    Rule(
        "who lives in a shelter gets an interpreter of another circle",
        """SELECT x.id FROM interpretings x JOIN cases k ON k.id = x.case_id
            WHERE k.is_restricted AND x.state IN ('confirmed', 'held') AND NOT x.circle_excluded""",
        """UPDATE cases SET is_restricted = true WHERE id IN
            (SELECT case_id FROM interpretings WHERE state = 'held' AND NOT circle_excluded)""",
    ),
    Rule(
        "a draft is a few days old, of the lead, in an open case",
        """SELECT t.id FROM contact_drafts t JOIN cases k ON k.id = t.case_id WHERE k.closed_on IS NOT NULL
            OR t.author_id <> k.lead_user_id OR t.happened_at::date < k.opened_on
            OR t.changed_at NOT BETWEEN DAY - 10 AND DAY OR t.happened_at > t.created_at""",
        "UPDATE contact_drafts SET changed_at = DAY - 40",
    ),
    *(_spread(table) for table in ("interpretings", "contact_drafts")),
)
