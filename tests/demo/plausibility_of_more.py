"""The same for what stands beside the plan of a case, for guardians, and for those who only asked."""

from tests.demo.plausibility import CHILD, STATUS, Rule

_AT_WORK = """(SELECT count(DISTINCT k.lead_user_id) FROM {table} x JOIN cases k ON k.id = x.case_id
    WHERE k.municipal_area_id = '{area}')"""


def _spread(table: str) -> Rule:
    """Return a rule that the case managers of both areas have some."""
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
    AND lower(a.valid) BETWEEN upper(b.valid) AND upper(b.valid) + 31 AND a.legal_domain IS NOT NULL"""

MORE = (
    Rule(
        "a benefit that followed AsylbLG opened its checklist in every case that was open on that day",
        f"""SELECT k.id FROM {_CHANGED} WHERE lower(a.valid) BETWEEN k.opened_on
            AND coalesce(k.closed_on, DAY) - 1 AND NOT EXISTS (SELECT FROM domain_changes d
            JOIN domain_change_items i ON i.domain_change_id = d.id WHERE d.case_id = k.id
            AND (d.before, d.after, d.changed_on, d.days_without) = (b.legal_domain, a.legal_domain,
                lower(a.valid), lower(a.valid) - upper(b.valid)))""",
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
        "of the checklists some items are open, some done and some not needed",
        "SELECT 1 WHERE (SELECT count(DISTINCT state) FROM domain_change_items) < 3",
        "DELETE FROM domain_change_items WHERE state = 'open'",
    ),
    Rule(
        "nobody with children needs no child benefit",
        f"""SELECT i.id FROM domain_change_items i JOIN cases k ON k.id = i.case_id
            WHERE i.code = 'child_benefit' AND i.reason LIKE 'Keine Kinder%' AND EXISTS (SELECT FROM
            household_members m JOIN clients c ON c.id = m.member_client_id
                WHERE m.client_id = k.client_id AND m.relation = 'child' AND {CHILD})""",
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
    Rule(
        "an inquiry has what its state asks for: a reason, an institution, somebody to call back",
        """SELECT q.id FROM inquiries q JOIN inquiry_contents t ON t.id = q.id
            WHERE (q.state IN ('declined', 'removed')) <> (t.reason IS NOT NULL)
            OR (q.state = 'passed_on') <> (t.institution_id IS NOT NULL)
            OR (q.state IN ('open', 'waiting')) <> (t.finished_on IS NULL)
            OR (q.state IN ('open', 'waiting') AND t.reachable IS NULL)
            OR (q.state IN ('waiting', 'removed') AND q.waiting_since IS NULL)""",
        "UPDATE inquiry_contents SET reason = NULL",
    ),
    Rule(
        "an inquiry is received on a working day before today, and written down then",
        """SELECT q.id FROM inquiries q JOIN inquiry_contents t ON t.id = q.id
            WHERE t.received_on >= DAY OR extract(isodow FROM t.received_on) > 5
            OR t.finished_on < t.received_on OR q.waiting_since < t.received_on
            OR t.received_on <> q.created_at::date""",
        "UPDATE inquiry_contents SET received_on = DAY",
    ),
    Rule(
        "every inquiry is counted when it is received and when it is finished",
        """SELECT 1 WHERE (SELECT count(*) FROM inquiries) <> (SELECT count(*) FROM inquiry_figures
            WHERE event = 'received') OR (SELECT count(*) FROM inquiries WHERE state NOT IN
            ('open', 'waiting')) <> (SELECT count(*) FROM inquiry_figures WHERE event <> 'received')""",
        "DELETE FROM inquiry_figures WHERE event = 'declined'",
    ),
    Rule(
        "an inquiry that became a case came before it, on the same way, and tells of nobody any more",
        """SELECT q.id FROM inquiries q JOIN inquiry_contents t ON t.id = q.id
            LEFT JOIN cases k ON k.id = t.case_id LEFT JOIN case_contents c ON c.id = k.id
            WHERE (q.state = 'case') <> (k.id IS NOT NULL) OR t.received_on > k.opened_on
            OR t.finished_on <> k.opened_on OR t.access_route <> c.access_route OR k.is_restricted
            OR q.responsible_id <> k.lead_user_id
            OR (k.id IS NOT NULL AND num_nonnulls(t.name, t.reachable, t.note) > 0)""",
        "UPDATE inquiry_contents SET received_on = DAY WHERE case_id IS NOT NULL",
    ),
    Rule(
        "what is said of somebody of whom nothing came is kept for half a year",
        """SELECT q.id FROM inquiries q JOIN inquiry_contents t ON t.id = q.id WHERE q.state <> 'case'
            AND (t.forgotten_at IS NOT NULL) <> (t.finished_on + interval '6 months' <= DAY)""",
        "UPDATE inquiry_contents SET forgotten_at = NULL WHERE case_id IS NULL",
    ),
    Rule(
        "a child is on one way into school, under its own case or that of a parent",
        """SELECT e.id FROM school_entries e JOIN cases k ON k.id = e.case_id
            WHERE e.member_client_id IS NOT NULL AND NOT EXISTS (SELECT FROM household_members m
                WHERE m.client_id = k.client_id AND m.member_client_id = e.member_client_id
                AND m.relation = 'child')
            OR 1 < (SELECT count(*) FROM school_entries o JOIN cases c ON c.id = o.case_id WHERE
                coalesce(o.member_client_id, c.client_id) = coalesce(e.member_client_id, k.client_id))""",
        """UPDATE school_entries e SET member_client_id = k.client_id FROM cases k
            WHERE k.id = e.case_id AND member_client_id IS NOT NULL""",
    ),
    Rule(
        "two parents decide together, one alone, and both are parents in the household",
        """SELECT g.id FROM guardians g LEFT JOIN household_members m ON m.id = g.member_id
            WHERE g.kind = 'parent' AND (m.relation IS DISTINCT FROM 'parent' OR m.client_id <> g.client_id
            OR g.is_joint <> (1 < (SELECT count(*) FROM guardians o WHERE o.client_id = g.client_id
                AND o.kind = 'parent')))""",
        "UPDATE guardians SET is_joint = NOT is_joint WHERE kind = 'parent'",
    ),
    Rule(
        "guardians are of minors, and a youth welfare office is one by a court's order",
        f"""SELECT g.id FROM guardians g JOIN clients c ON c.id = g.client_id
            LEFT JOIN institutions i ON i.id = g.institution_id WHERE NOT {CHILD}
            OR (g.kind = 'supplementary_guardian') <> (i.institution_type IS NOT DISTINCT FROM 'jugendamt')
            OR (i.id IS NOT NULL) <> (g.evidence LIKE 'Beschluss%')""",
        "UPDATE guardians SET evidence = 'mündlich' WHERE institution_id IS NOT NULL",
    ),
    Rule(
        "no parent consents alone once joint custody is on file",
        """SELECT n.id FROM consents n JOIN guardians g ON g.client_id = n.client_id
            WHERE g.is_joint AND n.given_at > g.created_at""",
        "UPDATE guardians SET created_at = created_at - interval '900 days' WHERE is_joint",
    ),
    Rule(
        "a dispute is recorded when it is said, of one's own entry, and ends later",
        """SELECT d.id FROM disputes d LEFT JOIN addresses a ON a.id = d.entry_ids[1]
            WHERE d.created_at::date <> d.disputed_on OR d.resolved_at <= d.created_at
            OR d.resolved_at >= DAY
            OR (d.entry = 'addresses' AND a.client_id IS DISTINCT FROM d.client_id)""",
        "UPDATE disputes SET resolved_at = created_at - interval '1 day' WHERE outcome = 'confirmed'",
    ),
    Rule(
        "a period that must not be used is disputed, and nobody is restricted as a whole",
        """SELECT p.id FROM processing_restrictions p WHERE p.entry = 'client' OR NOT EXISTS (SELECT FROM
            disputes d WHERE d.client_id = p.client_id AND p.entry_id = ANY (d.entry_ids)
            AND d.outcome IS NULL)
            UNION ALL SELECT id FROM clients WHERE processing_restricted_at IS NOT NULL""",
        "UPDATE disputes SET entry_ids = '{}', entry = 'client' WHERE entry = 'addresses'",
    ),
    Rule(
        "an authority of residence law gets a code, name and birth date, with consent for it alone",
        """SELECT r.id FROM referrals r JOIN referral_requests q ON q.id = r.id
            JOIN institutions i ON i.id = q.institution_id LEFT JOIN referral_packages p ON p.id = r.id
            LEFT JOIN consents n ON n.id = r.consent_id
            WHERE (i.institution_type = 'auslaenderbehoerde') <> (r.concern_code IS NOT NULL)
            OR (r.concern_code IS NOT NULL AND (r.data_categories <> '{master_data}'
                OR n.institution_id <> q.institution_id OR n.data_categories <> r.data_categories
                OR p.content::jsonb -> 'concern' ->> 'code' <> r.concern_code
                OR (p.content::jsonb -> 'data' -> 'master_data') - '{name,birth_date}'::text[] <> '{}'))""",
        """UPDATE consents SET data_categories = '{master_data,contact}' WHERE id IN
            (SELECT consent_id FROM referrals WHERE concern_code IS NOT NULL)""",
    ),
    Rule(
        "a right to stay and permission to work are asked of the authority by who needs them",
        f"""SELECT r.id FROM referrals r JOIN clients c ON c.id = r.client_id
            WHERE (r.concern_code = 'right_to_stay' AND {STATUS} NOT LIKE 'DU-%') OR (r.concern_code
            = 'work_permission' AND {STATUS} NOT IN ('GEST', 'DU-60A2.1')) OR c.is_restricted
                AND r.concern_code IS NOT NULL""",
        "UPDATE referrals SET concern_code = 'right_to_stay' WHERE concern_code IS NOT NULL",
    ),
    Rule(
        "every authority of residence law has something to read",
        """SELECT i.id FROM institutions i WHERE i.institution_type = 'auslaenderbehoerde' AND NOT EXISTS
            (SELECT FROM referral_packages p WHERE p.institution_id = i.id AND NOT p.is_shut)""",
        'DELETE FROM referral_packages WHERE content LIKE \'%"code":"%\'',
    ),
    *(_spread(table) for table in ("interpretings", "contact_drafts")),
    Rule(
        "what a message tells of is covered by the consent and stands in the log of that moment",
        """SELECT m.id FROM referral_messages m JOIN referrals r ON r.id = m.referral_id
            JOIN consents c ON c.id = r.consent_id WHERE m.side = 'sender' AND m.text IS NOT NULL
            AND NOT (m.data_categories <@ c.data_categories AND EXISTS (SELECT FROM disclosure_log d
                WHERE d.referral_id = m.referral_id AND d.at = m.at
                AND d.data_categories = m.data_categories))""",
        """UPDATE referral_messages SET data_categories = '{health}' WHERE id = (SELECT id
            FROM referral_messages WHERE text IS NOT NULL ORDER BY id LIMIT 1)""",
    ),
    Rule(
        "some requests for information wait, some are answered; authorities of residence law get coded words",
        """SELECT 1 WHERE (SELECT count(DISTINCT state) FROM referral_messages) < 2 OR EXISTS (SELECT
            FROM referral_messages m JOIN referrals r ON r.id = m.referral_id
            WHERE r.concern_code IS NOT NULL AND m.code IS NULL)""",
        "DELETE FROM referral_messages WHERE state = 'open'",
    ),
)
