"""The same for cases: time, texts, contacts, plans, consents, referrals and barriers."""

from tests.demo.plausibility import LIVES_ON, STATUS, Rule

_CASES = "cases k JOIN clients c ON c.id = k.client_id"
_AGE = "extract(year FROM age(k.opened_on, c.birth_date))"
_CHILDRENS = "('school', 'child_care', 'language', 'training')"
_A_CASE_OF_A_CHILD = f"""(SELECT k.id FROM {_CASES} JOIN goals g ON g.case_id = k.id
    WHERE {_AGE} BETWEEN 6 AND 13 ORDER BY 1 LIMIT 1)"""
_A_CASE_OF_AN_ADULT = f"(SELECT k.id FROM {_CASES} WHERE {_AGE} > 20 ORDER BY 1 LIMIT 1)"


def _text_only_for(says: str, words: str, condition: str) -> Rule:
    """Return a rule that words occur in a concern only where a condition holds."""
    return Rule(
        says,
        f"""SELECT k.id FROM {_CASES} JOIN case_contents t ON t.id = k.id
            WHERE t.concern ~ '{words}' AND NOT ({condition})""",
        f"""UPDATE case_contents SET concern =
            (SELECT concern FROM case_contents WHERE concern ~ '{words}' LIMIT 1)""",
    )


def _barrier_only_for(says: str, code: str, condition: str) -> Rule:
    """Return a rule that barriers of some types occur only where a condition holds."""
    return Rule(
        says,
        f"""SELECT b.id FROM barrier_reports b JOIN cases k ON k.id = b.case_id
            JOIN clients c ON c.id = k.client_id WHERE b.barrier_type ~ '{code}' AND NOT ({condition})""",
        f"""UPDATE barrier_reports SET barrier_type =
            (SELECT barrier_type FROM barrier_reports WHERE barrier_type ~ '{code}' LIMIT 1)""",
    )


def _contact(kind: str, words: str) -> Rule:
    """Return a rule that the note of a kind of contact, and of no other, says these words."""
    return Rule(
        f"the note of a contact of the kind {kind} is about one",
        f"SELECT id FROM contacts WHERE (contact_type = '{kind}') <> (note ~ '{words}')",
        f"UPDATE contacts SET contact_type = 'office' WHERE contact_type = '{kind}'",
    )


_PARENT = "EXISTS (SELECT FROM household_members m WHERE m.client_id = c.id AND m.relation = 'child')"
_LEFT_ASYLBLG = """EXISTS (SELECT FROM legal_domain_periods l WHERE l.client_id = c.id
    AND l.legal_domain = 'ASYLBLG' AND NOT upper_inf(l.valid))"""
_HAPPENED = """SELECT k.id, x.at FROM cases k JOIN (
    SELECT case_id, happened_at AS at FROM contacts UNION ALL SELECT case_id, at FROM case_phases
    UNION ALL SELECT case_id, reported_on FROM barrier_reports
    UNION ALL SELECT case_id, given_at FROM consents
    UNION ALL SELECT case_id, assessed_on FROM assessments UNION ALL SELECT case_id, set_on FROM goals
    UNION ALL SELECT case_id, done_on FROM measures WHERE done_on IS NOT NULL
    UNION ALL SELECT r.case_id, q.closed_at FROM referrals r JOIN referral_requests q ON q.id = r.id
        WHERE q.closed_at IS NOT NULL
    UNION ALL SELECT r.case_id, e.at FROM referrals r JOIN referral_events e ON e.referral_id = r.id
) x ON x.case_id = k.id"""

CASES = (
    Rule(
        "a case begins after the registration, and its number says the year",
        f"""SELECT k.id FROM {_CASES} JOIN assignments a ON a.client_id = c.id AND a.kind = 'registrar'
            WHERE k.opened_on < a.active_from::date
            OR left(k.number, 4)::int <> extract(year FROM k.opened_on)""",
        f"UPDATE cases SET opened_on = '2020-01-06' WHERE id = {_A_CASE_OF_AN_ADULT}",
    ),
    Rule(
        "nothing happens before a case is opened, after it is closed or tomorrow",
        f"{_HAPPENED} WHERE x.at::date NOT BETWEEN k.opened_on AND coalesce(k.closed_on, DAY)",
        f"UPDATE contacts SET happened_at = DAY + interval '9 days' WHERE case_id = {_A_CASE_OF_AN_ADULT}",
    ),
    Rule(
        "nothing lies before the birth of whom it is about",
        f"""SELECT k.id FROM {_CASES} WHERE c.birth_date > least(
            (SELECT min(happened_at)::date FROM contacts x WHERE x.case_id = k.id),
            (SELECT min(assessed_on) FROM assessments x WHERE x.case_id = k.id))
        UNION ALL SELECT b.id FROM barrier_reports b JOIN barrier_persons x ON x.report_id = b.id
            JOIN clients c ON c.id = x.client_id GROUP BY b.id, b.since
            HAVING b.since < min(c.birth_date) AND count(*) = count(c.birth_date)""",
        "UPDATE barrier_reports SET since = '1900-01-01'",
    ),
    Rule(
        "a consent lasts ten years at the most",
        "SELECT id FROM consents WHERE valid_until > given_on + interval '120 months'",
        "UPDATE consents SET valid_until = given_on + 3700",
    ),
    Rule(
        "contacts happen in office hours of working days",
        """SELECT id FROM contacts WHERE extract(isodow FROM happened_at) > 5 OR
            (happened_at AT TIME ZONE 'Europe/Berlin')::time NOT BETWEEN '08:00' AND '17:30'""",
        f"UPDATE contacts SET happened_at = '2026-03-01 10:15Z' WHERE case_id = {_A_CASE_OF_AN_ADULT}",
    ),
    Rule(
        "phases follow each other in time and end in the phase of the case",
        """SELECT k.id FROM cases k WHERE phase <> (SELECT target FROM case_phases p WHERE p.case_id = k.id
            ORDER BY at DESC LIMIT 1) OR EXISTS (SELECT FROM (SELECT source, lag(target) OVER (ORDER BY at)
            AS before FROM case_phases p WHERE p.case_id = k.id) s WHERE source IS DISTINCT FROM before)""",
        "UPDATE case_phases SET at = at - interval '400 days' WHERE target = 'linking'",
    ),
    Rule(
        "what intake decided is the kind of the case",
        "SELECT k.id FROM cases k JOIN case_contents t ON t.id = k.id WHERE t.intake_outcome <> k.kind",
        "UPDATE cases SET kind = 'counselling'",
    ),
    Rule(
        "nobody has two open cases",
        "SELECT client_id FROM cases WHERE closed_on IS NULL GROUP BY 1 HAVING count(*) > 1",
        """UPDATE cases SET client_id = (SELECT client_id FROM cases WHERE closed_on IS NULL LIMIT 1)
            WHERE closed_on IS NULL""",
    ),
    Rule(
        "children under three have no case of their own",
        f"SELECT k.id FROM {_CASES} WHERE {_AGE} < 3",
        "UPDATE clients SET birth_date = DAY - 400 WHERE id IN (SELECT client_id FROM cases LIMIT 9)",
    ),
    Rule(
        "goals of children are about school, day care and language, of adults never about school",
        f"""SELECT g.id FROM goals g JOIN cases k ON k.id = g.case_id JOIN clients c ON c.id = k.client_id
            WHERE CASE WHEN {_AGE} < 18 THEN g.life_domain NOT IN {_CHILDRENS}
            ELSE g.life_domain IN ('school', 'training') END""",
        f"UPDATE goals SET life_domain = 'work' WHERE case_id = {_A_CASE_OF_A_CHILD}",
    ),
    Rule(
        "what became of a goal is known since a day, after it was set",
        """SELECT id FROM goals WHERE (attainment IS NULL) <> (evaluated_on IS NULL)
            OR evaluated_on NOT BETWEEN set_on AND DAY""",
        "UPDATE goals SET evaluated_on = NULL",
    ),
    Rule(
        "an obstacle rests on what was noticed at its institutions about its barriers",
        """SELECT l.id FROM obstacle_links l JOIN obstacles o ON o.id = l.obstacle_id
            JOIN observations s ON s.id = l.observation_id WHERE NOT (s.barrier_type = ANY (o.barrier_types)
            AND s.institution_type = ANY (o.institution_types))""",
        """UPDATE obstacle_links SET observation_id = (SELECT id FROM observations LIMIT 1)
            WHERE observation_id IS NOT NULL""",
    ),
    Rule(
        "for children a guardian of their household consents, adults consent themselves",
        """SELECT n.id FROM consents n JOIN clients c ON c.id = n.client_id WHERE (n.given_by = 'guardian')
            <> (c.birth_date > n.given_on - interval '18 years') OR (n.guardian IS NOT NULL AND NOT EXISTS (
            SELECT FROM clients p WHERE p.household_key = c.household_key
            AND position(p.given_name || ' ' || p.family_name IN n.guardian) > 0))""",
        "UPDATE consents SET guardian = 'Mutter, Ausweis lag vor' WHERE given_by = 'guardian'",
    ),
    Rule(
        "an open case beyond intake rests on a consent that holds today",
        """SELECT k.id FROM cases k WHERE phase NOT IN ('intake', 'closed') AND NOT EXISTS (SELECT FROM
            consents n
            WHERE n.case_id = k.id AND n.purpose = 'case_documentation' AND n.valid_until >= DAY)""",
        "UPDATE consents SET valid_until = given_on + 30 WHERE purpose = 'case_documentation'",
    ),
    Rule(
        "a plan beyond planning has goals and measures, and nothing in a closed case is open",
        """SELECT k.id FROM cases k WHERE phase IN ('linking', 'monitoring', 'evaluation', 'closed') AND (
            NOT EXISTS (SELECT FROM measures m WHERE m.case_id = k.id)
            OR (phase = 'closed' AND EXISTS
                (SELECT FROM measures m WHERE m.case_id = k.id AND state = 'open')))""",
        "UPDATE measures SET state = 'open', done_on = NULL",
    ),
    _contact("visit", "Hausbesuch"),
    _contact("phone", "Telefonat|ruft an|telefonisch|Rückruf bei"),
    _contact("video", "Video"),
    _contact("message", "Nachricht|Kurznachricht"),
    _contact("accompanied", "Gemeinsam mit .* gegangen|egleit(et|ung) ?(zu|\\.)|begleitet\\. Thema"),
    Rule(
        "nobody visits, writes to or accompanies who lives in a shelter",
        """SELECT t.id FROM contacts t JOIN cases k ON k.id = t.case_id
            WHERE k.is_restricted AND contact_type NOT IN ('office', 'phone')""",
        "UPDATE contacts SET contact_type = 'visit' WHERE contact_type = 'phone'",
    ),
    Rule(
        "who needs no interpreter has none and speaks German",
        """SELECT t.id FROM contacts t JOIN cases k ON k.id = t.case_id JOIN clients c ON c.id = k.client_id
            WHERE c.needs_interpreter = false AND (t.interpreter <> 'none' OR t.language <> 'deu')""",
        "UPDATE contacts SET interpreter = 'professional'",
    ),
    _text_only_for("school places are asked for by children", "Schulplatz|Erstförderklasse", f"{_AGE} < 18"),
    _text_only_for("a place in day care is asked for by small children", "Kita", f"{_AGE} < 6"),
    _text_only_for("a right to stay is asked for with a Duldung", "Duldung", f"{STATUS} LIKE 'DU-%'"),
    _text_only_for("the asylum procedure occupies who is in it", "Asylverfahren", f"{STATUS} = 'GEST'"),
    _text_only_for(
        "the Jobcenter's notices are read by who lives on SGB II", "Bescheide des Jobcenters",
        f"{LIVES_ON} = 'SGB_II'",
    ),
    _text_only_for(
        "benefits under AsylbLG are too little for who has them", "nach dem AsylbLG",
        f"{LIVES_ON} = 'ASYLBLG'",
    ),
    _text_only_for("old age is the matter of the old", "Rentenalter", f"{_AGE} > 60"),
    _text_only_for("a shelter is the matter of who lives in one", "geschützt", "c.is_restricted"),
    _barrier_only_for("barriers at school hit children of school age", "^F", f"{_AGE} BETWEEN 5 AND 17"),
    _barrier_only_for("barriers at day care hit the small or parents", "^G", f"{_AGE} < 7 OR {_PARENT}"),
    _barrier_only_for(
        "naturalisation is no matter without a title", "^O",
        f"{STATUS} NOT IN ('GEST', 'AE-24') AND {_AGE} > 17",
    ),
    _barrier_only_for("titles are given late to who has or wants one", "^A", f"{STATUS} <> 'EU-UB'"),
    _barrier_only_for("health insurers refuse citizens of the Union", "^J2$", f"{STATUS} = 'EU-UB'"),
    _barrier_only_for("a gap on change meets who left AsylbLG", "^B1$", _LEFT_ASYLBLG),
    _barrier_only_for("child benefit is delayed for parents", "^C7$", _PARENT),
    _barrier_only_for("a shelter is missing for who needs one", "^P", "c.is_restricted"),
    Rule(
        "a referral goes to an institution on the platform that suits the age, under a consent that holds",
        f"""SELECT q.id FROM referral_requests q JOIN referrals r ON r.id = q.id
            JOIN institutions i ON i.id = q.institution_id JOIN cases k ON k.id = r.case_id
            JOIN clients c ON c.id = k.client_id LEFT JOIN consents n ON n.id = r.consent_id
            WHERE NOT i.on_platform OR (i.institution_type IN ('schule', 'schulamt', 'kita')) <> ({_AGE} < 18)
            OR (q.requested_at IS NOT NULL AND (n.institution_id IS DISTINCT FROM q.institution_id
                OR n.given_at > q.requested_at OR n.withdrawn_at < q.requested_at))""",
        "UPDATE institutions SET on_platform = false WHERE institution_type = 'mbe'",
    ),
    Rule(
        "a referral is answered after it was sent",
        """SELECT id FROM referral_requests WHERE answered_at <= requested_at OR closed_at < answered_at
            OR (state = 'expired' AND closed_at < deadline_at)""",
        "UPDATE referral_requests SET answered_at = requested_at - interval '1 day' WHERE state = 'accepted'",
    ),
    Rule(
        "a barrier's figure says what its report says",
        """SELECT b.id FROM barrier_reports b JOIN barrier_figures f ON f.report_id = b.id
            WHERE (b.level, b.effect, b.barrier_type) <> (f.level, f.effect, f.barrier_type)""",
        "UPDATE barrier_figures SET level = 'law'",
    ),
    Rule(
        "what happened long ago was not written down today",
        """SELECT id FROM contacts WHERE happened_at < DAY - 30 AND created_at > DAY - 1
            UNION ALL SELECT id FROM barrier_reports WHERE reported_on < DAY - 30 AND created_at > DAY - 1
            UNION ALL SELECT id FROM assessments WHERE assessed_on < DAY - 30 AND created_at > DAY - 1
            UNION ALL SELECT id FROM assignments WHERE active_from < DAY - 30 AND created_at > DAY - 1""",
        "UPDATE barrier_reports SET created_at = now() WHERE reported_on < DAY - 90",
    ),
)  # fmt: skip
