"""What an expert of the field would check, as questions to the database that find what cannot be.

Each rule comes with a change that breaks it, so that a rule which finds nothing is known to look.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    """A sentence, a query for the rows that contradict it (`DAY` is today), and a planted contradiction."""

    says: str
    finds: str
    plant: str


REGISTERED = "(SELECT active_from FROM assignments a WHERE a.client_id = c.id AND a.kind = 'registrar')"
CHILD = "c.birth_date > DAY - interval '18 years'"
STATUS = "(SELECT residence_status FROM residence_documents r WHERE r.client_id = c.id)"
LIVES_ON = """(SELECT coalesce(legal_domain, livelihood) FROM legal_domain_periods l
    WHERE l.client_id = c.id AND upper_inf(l.valid))"""
A_CHILD = "(SELECT id FROM clients WHERE birth_date > DAY - interval '14 years' ORDER BY id LIMIT 1)"
AN_ADULT = "(SELECT id FROM clients WHERE marital_status = 'GS' ORDER BY id LIMIT 1)"
A_RESTRICTED = "(SELECT id FROM clients WHERE is_restricted ORDER BY id LIMIT 1)"
A_FREE = "(SELECT id FROM clients WHERE NOT is_restricted AND marital_status = 'VH' ORDER BY id LIMIT 1)"


def _with_status(code: str) -> str:
    return f"(SELECT client_id FROM residence_documents WHERE residence_status = '{code}' ORDER BY 1 LIMIT 1)"


PERSONS = (
    Rule(
        "nobody is registered before birth",
        f"SELECT id FROM clients c WHERE {REGISTERED} < birth_date",
        f"UPDATE clients SET birth_date = DAY WHERE id = {AN_ADULT}",
    ),
    Rule(
        "every child lives with a parent",
        f"""SELECT id FROM clients c WHERE {CHILD} AND NOT EXISTS (SELECT FROM household_members m
            WHERE m.client_id = c.id AND m.relation = 'parent')""",
        f"DELETE FROM household_members WHERE client_id = {A_CHILD}",
    ),
    Rule(
        "parents are at least eighteen years older than their children",
        """SELECT p.id FROM household_members m JOIN clients p ON p.id = m.client_id
            JOIN clients c ON c.id = m.member_client_id
            WHERE m.relation = 'child' AND p.birth_date > c.birth_date - interval '18 years'""",
        """UPDATE clients SET birth_date = birth_date + interval '30 years' WHERE id =
            (SELECT client_id FROM household_members WHERE relation = 'child' ORDER BY id LIMIT 1)""",
    ),
    Rule(
        "siblings are born months apart",
        """SELECT c.id FROM household_members m JOIN clients c ON c.id = m.client_id
            JOIN clients s ON s.id = m.member_client_id
            WHERE m.relation = 'sibling' AND c.birth_date > DAY - interval '18 years'
            AND abs(c.birth_date - s.birth_date) < 280""",
        """UPDATE clients c SET birth_date = s.birth_date + 30 FROM household_members m, clients s WHERE
            c.id = m.client_id AND s.id = m.member_client_id AND m.id = (SELECT id FROM household_members
            WHERE relation = 'sibling' AND client_id IN (SELECT id FROM clients c
            WHERE birth_date > DAY - interval '18 years') ORDER BY id LIMIT 1)""",
    ),
    Rule(
        "both sides of a relation say the same",
        """SELECT m.id FROM household_members m WHERE NOT EXISTS (SELECT FROM household_members o
            WHERE o.client_id = m.member_client_id AND o.member_client_id = m.client_id AND o.relation =
            CASE m.relation WHEN 'child' THEN 'parent' WHEN 'parent' THEN 'child' ELSE m.relation END)""",
        "UPDATE household_members SET relation = 'trusted' WHERE relation = 'parent'",
    ),
    Rule(
        "spouses are married",
        """SELECT c.id FROM clients c JOIN household_members m ON m.client_id = c.id
            WHERE m.relation = 'spouse' AND c.marital_status <> 'VH'""",
        "UPDATE clients SET marital_status = 'LD' WHERE household_type = 'couple'",
    ),
    Rule(
        "the type of a household fits its members",
        f"""SELECT household_key FROM (SELECT household_key, min(household_type) AS kind,
            count(*) FILTER (WHERE {CHILD}) AS children, count(*) FILTER (WHERE NOT {CHILD}) AS adults,
            count(DISTINCT household_type) AS kinds FROM clients c GROUP BY 1) h
            WHERE kinds > 1 OR NOT CASE kind WHEN 'family' THEN adults > 1
            WHEN 'single_parent' THEN adults = 1 AND children > 0
            WHEN 'couple' THEN adults = 2 AND children = 0
            WHEN 'single' THEN adults = 1 AND children = 0 ELSE children = 0 END""",
        "UPDATE clients SET household_type = 'family' WHERE household_type = 'single'",
    ),
    Rule(
        "a household lives at one address",
        """SELECT c.household_key FROM clients c JOIN addresses a ON a.client_id = c.id
            GROUP BY 1 HAVING count(DISTINCT (a.street, a.town, a.housing_type)) > 1""",
        "UPDATE addresses SET street = 'Anderswo ' || id WHERE street IS NOT NULL",
    ),
    Rule(
        "names within a household differ",
        "SELECT household_key FROM clients GROUP BY household_key, given_name HAVING count(*) > 1",
        "UPDATE clients SET given_name = 'Ivan'",
    ),
    Rule(
        "what somebody lives on fits the residence status",
        f"""SELECT c.id FROM clients c WHERE CASE WHEN {STATUS} = 'GEST' OR {STATUS} LIKE 'DU-%'
            THEN {LIVES_ON} IN ('SGB_II', 'SGB_XII') ELSE {LIVES_ON} = 'ASYLBLG' END""",
        """UPDATE legal_domain_periods SET legal_domain = 'SGB_II' WHERE legal_domain = 'ASYLBLG'""",
    ),
    Rule(
        "nobody of pension age lives on SGB II or on work",
        f"""SELECT c.id FROM clients c WHERE birth_date < DAY - interval '67 years'
            AND {LIVES_ON} IN ('SGB_II', 'work')""",
        f"UPDATE clients SET birth_date = '1940-01-01' WHERE id = {_with_status('AE-24')}",
    ),
    Rule(
        "children do not work",
        f"SELECT c.id FROM clients c WHERE {CHILD} AND {LIVES_ON} = 'work'",
        f"""UPDATE legal_domain_periods SET legal_domain = NULL, livelihood = 'work'
            WHERE client_id = {A_CHILD}""",
    ),
    Rule(
        "only Ukrainians have § 24, and only citizens of the Union move freely",
        f"""SELECT c.id FROM clients c JOIN client_nationalities n ON n.client_id = c.id WHERE
            (n.nationality = '166') <> ({STATUS} = 'AE-24')
            OR (n.nationality IN ('154', '125')) <> ({STATUS} = 'EU-UB')""",
        f"""UPDATE residence_documents SET residence_status = 'AE-24'
            WHERE client_id = {_with_status("EU-UB")}""",
    ),
    Rule(
        "a document begins before it ends and is not from the future",
        "SELECT id FROM residence_documents WHERE lower(valid) > DAY OR printed_end <= lower(valid)",
        "UPDATE residence_documents SET printed_end = '2001-01-01' WHERE residence_status = 'GEST'",
    ),
    Rule(
        "only children of school age are on the way into school, at a school for their age",
        """SELECT c.id FROM schooling_periods s JOIN clients c ON c.id = s.client_id
            WHERE NOT extract(year FROM age(DAY, c.birth_date)) BETWEEN 6 AND 17
            OR (s.school LIKE '%Grundschule%' AND c.birth_date <= DAY - interval '10 years')
            OR (s.school LIKE '%Berufskolleg%' AND c.birth_date > DAY - interval '16 years')""",
        """UPDATE clients SET birth_date = '1980-01-01'
            WHERE id = (SELECT client_id FROM schooling_periods LIMIT 1)""",
    ),
    Rule(
        "who lives in a shelter is a woman or her child, restricted, without a place",
        f"""SELECT c.id FROM clients c JOIN addresses a ON a.client_id = c.id WHERE
            c.is_restricted <> (a.housing_type = 'womens_shelter') OR (c.is_restricted AND
            (a.street IS NOT NULL OR NOT c.no_post OR (c.sex <> 'w' AND NOT {CHILD})))""",
        f"UPDATE clients SET is_restricted = true WHERE id = {A_FREE}",
    ),
    Rule(
        "a restricted person is assigned to one case manager and counted nowhere",
        """SELECT c.id FROM clients c WHERE is_restricted AND (
            (SELECT count(DISTINCT user_id) FROM assignments a WHERE a.client_id = c.id) <> 1
            OR EXISTS (SELECT FROM assignments a WHERE a.client_id = c.id AND NOT a.is_restricted)
            OR EXISTS (SELECT FROM cases k WHERE k.client_id = c.id AND NOT k.is_restricted)
            OR EXISTS (SELECT FROM barrier_figures f WHERE f.person_key = c.pseudonym))""",
        f"UPDATE assignments SET is_restricted = false WHERE client_id = {A_RESTRICTED}",
    ),
    Rule(
        "clients live where their case manager works",
        """SELECT c.id FROM clients c JOIN addresses a ON a.client_id = c.id JOIN units u ON u.id = c.unit_id
            WHERE u.municipality <> a.municipality""",
        "UPDATE addresses SET municipality = '05170012' WHERE municipality = '05170024'",
    ),
)
