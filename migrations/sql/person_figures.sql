-- What statistics count of persons: keys instead of persons, the lead as the one who knows, codes and no words. `team`
-- are those beside the lead who had the case at the time.
-- Who is restricted or only kept (Art. 18 GDPR) is in none, nor is an entry that is only kept. One function for
-- each subject, for the reporting role alone: it may read none of these tables. They join whole tables: what was filled
-- just now the planner takes for a single row, and would look at every row of one table for every row of others.

GRANT SELECT (municipal_area_id, id, client_id, lead_user_id, opened_on, closed_on, is_restricted) ON cases TO kim_auth;
GRANT SELECT (municipal_area_id, id, pseudonym, household_key, birth_date, birth_precision, sex, is_restricted,
    processing_restricted_at) ON clients TO kim_auth;
GRANT SELECT (municipal_area_id, client_id, nationality, position) ON client_nationalities TO kim_auth;
GRANT SELECT (municipal_area_id, id, client_id, strand, residence_status, valid, superseded_at)
    ON residence_documents TO kim_auth;
GRANT SELECT (municipal_area_id, id, client_id, language, is_native, overall, valid, superseded_at)
    ON language_levels TO kim_auth;
GRANT SELECT (municipal_area_id, case_id, happened_at, language, interpreter, corrected_by_id)
    ON contacts TO kim_auth;
GRANT SELECT (municipal_area_id, id, case_id, life_domain, attainment, evaluated_on) ON goals TO kim_auth;
GRANT SELECT (municipal_area_id, id, case_id, assessed_on) ON assessments TO kim_auth;
GRANT SELECT (municipal_area_id, id, assessment_id, case_id, life_domain, scale) ON assessment_domains TO kim_auth;
CREATE POLICY count ON goals FOR SELECT TO kim_auth USING (true);
CREATE POLICY count ON assessments FOR SELECT TO kim_auth USING (true);
CREATE POLICY count ON assessment_domains FOR SELECT TO kim_auth USING (true);

-- The cases that statistics may count, with the keys of their persons. No definer itself, so that it is planned as a
-- part of what asks it: what is only called is expected to answer a thousand rows.
CREATE FUNCTION counted_cases(p_from date, p_until date)
RETURNS TABLE (case_id uuid, client_id uuid, person_key uuid, household_key uuid, contributor_id uuid, unit_id uuid,
    opened_on date, birth_date date, birth_precision text, sex text)
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT c.id, k.id, k.pseudonym, k.household_key, c.lead_user_id, c.unit_id, c.opened_on, k.birth_date,
        k.birth_precision, k.sex
    FROM public.cases c
    JOIN public.clients k ON k.municipal_area_id = c.municipal_area_id AND k.id = c.client_id
    WHERE c.municipal_area_id = public.ctx_area() AND c.opened_on <= p_until
        AND (c.closed_on IS NULL OR c.closed_on >= p_from)
        AND NOT c.is_restricted AND NOT k.is_restricted AND k.processing_restricted_at IS NULL;
END;
ALTER FUNCTION counted_cases(date, date) OWNER TO kim_auth;

-- Each client with a case that was open on a day of the period, as they were on its last day. `german` and
-- `german_at_first` are levels of the vocabulary, or `native`; null when none is written. A level without a first day
-- is the earliest. Every table is gone through once: a sub-select for each of 200,000 clients takes eight times as long.
CREATE FUNCTION active_client_figures(p_from date, p_until date)
RETURNS TABLE (person_key uuid, household_key uuid, contributor_id uuid, team text, residence_status text,
    nationalities text[], age int, sex text, german text, german_at_first text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' SET enable_nestloop = off
BEGIN ATOMIC
    WITH kept AS (
        SELECT DISTINCT p.client_id, p.entry_id FROM public.processing_restrictions p
        WHERE p.municipal_area_id = public.ctx_area() AND p.lifted_at IS NULL AND p.entry_id IS NOT NULL
    )
    SELECT c.person_key, c.household_key, c.contributor_id, t.team, d.residence_status,
        coalesce(n.nationalities, '{}'), public.age_at_least(c.birth_date, c.birth_precision, p_until), c.sex,
        g.levels[cardinality(g.levels)], g.levels[1]
    FROM (
        SELECT DISTINCT ON (a.client_id) a.* FROM public.counted_cases(p_from, p_until) a
        WHERE NOT EXISTS (SELECT FROM public.closed_throughout(p_from, p_until) s WHERE s.case_id = a.case_id)
        ORDER BY a.client_id, a.opened_on DESC, a.case_id
    ) c
    LEFT JOIN public.case_teams(p_from, p_until) t ON t.case_id = c.case_id
    LEFT JOIN (
        SELECT DISTINCT ON (r.client_id) r.client_id,
            CASE WHEN p.entry_id IS NULL THEN r.residence_status END AS residence_status
        FROM public.residence_documents r
        LEFT JOIN kept p ON p.client_id = r.client_id AND p.entry_id = r.id
        WHERE r.municipal_area_id = public.ctx_area() AND r.superseded_at IS NULL AND r.valid @> p_until
        ORDER BY r.client_id, r.strand DESC
    ) d ON d.client_id = c.client_id
    LEFT JOIN (
        SELECT m.client_id, array_agg(m.nationality ORDER BY m.position) AS nationalities
        FROM public.client_nationalities m WHERE m.municipal_area_id = public.ctx_area()
        GROUP BY m.client_id
    ) n ON n.client_id = c.client_id
    LEFT JOIN (
        SELECT l.client_id, array_agg(CASE WHEN l.is_native THEN 'native' ELSE l.overall END
            ORDER BY lower(l.valid) NULLS FIRST, l.id) AS levels
        FROM public.language_levels l
        WHERE l.municipal_area_id = public.ctx_area() AND l.language = 'deu' AND l.superseded_at IS NULL
            AND coalesce(lower(l.valid), p_until) <= p_until AND (l.is_native OR l.overall IS NOT NULL)
            AND NOT EXISTS (SELECT FROM kept p WHERE p.client_id = l.client_id AND p.entry_id = l.id)
        GROUP BY l.client_id
    ) g ON g.client_id = c.client_id;
END;
ALTER FUNCTION active_client_figures(date, date) OWNER TO kim_auth;

-- Each person and language in which somebody interpreted at a contact of the period, by whom and how often.
CREATE FUNCTION interpreted_contact_figures(p_from date, p_until date)
RETURNS TABLE (person_key uuid, household_key uuid, contributor_id uuid, team text, language text,
    interpreters text[], contacts int)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' SET enable_nestloop = off
BEGIN ATOMIC
    SELECT c.person_key, c.household_key, (array_agg(c.contributor_id ORDER BY c.opened_on DESC, c.case_id))[1],
        (array_agg(t.team ORDER BY c.opened_on DESC, c.case_id))[1], n.language, array_agg(DISTINCT n.interpreter),
        count(*)::int
    FROM public.contacts n
    JOIN public.counted_cases('-infinity', p_until) c ON c.case_id = n.case_id
    LEFT JOIN public.case_teams(p_from, p_until) t ON t.case_id = c.case_id
    WHERE n.municipal_area_id = public.ctx_area() AND n.interpreter <> 'none' AND n.corrected_by_id IS NULL
        AND n.happened_at >= p_from::timestamp AT TIME ZONE 'Europe/Berlin'
        AND n.happened_at < (p_until + 1)::timestamp AT TIME ZONE 'Europe/Berlin'
    GROUP BY c.person_key, c.household_key, n.language;
END;
ALTER FUNCTION interpreted_contact_figures(date, date) OWNER TO kim_auth;

-- Each person, life domain and attainment of goals that were evaluated in the period.
CREATE FUNCTION goal_figures(p_from date, p_until date)
RETURNS TABLE (person_key uuid, household_key uuid, contributor_id uuid, team text, life_domain text,
    attainment text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' SET enable_nestloop = off
BEGIN ATOMIC
    SELECT DISTINCT ON (c.person_key, g.life_domain, g.attainment) c.person_key, c.household_key,
        c.contributor_id, t.team, g.life_domain, g.attainment
    FROM public.goals g
    JOIN public.counted_cases('-infinity', p_until) c ON c.case_id = g.case_id
    LEFT JOIN public.case_teams(p_from, p_until) t ON t.case_id = c.case_id
    WHERE g.municipal_area_id = public.ctx_area() AND g.attainment IS NOT NULL
        AND g.evaluated_on BETWEEN p_from AND p_until
    ORDER BY c.person_key, g.life_domain, g.attainment, c.opened_on DESC, c.case_id;
END;
ALTER FUNCTION goal_figures(date, date) OWNER TO kim_auth;

-- Each person and life domain that was assessed in the period and at least once before: the scale (1 very hard
-- to 5 good) at the first and at the latest assessment of the case. Only cases assessed in the period are gone through.
CREATE FUNCTION life_domain_figures(p_from date, p_until date)
RETURNS TABLE (person_key uuid, household_key uuid, contributor_id uuid, team text, life_domain text,
    at_first int, at_last int)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' SET enable_nestloop = off
BEGIN ATOMIC
    SELECT DISTINCT ON (c.person_key, s.life_domain) c.person_key, c.household_key, c.contributor_id,
        t.team, s.life_domain, s.scales[1], s.scales[cardinality(s.scales)]
    FROM (
        SELECT a.case_id, d.life_domain, array_agg(d.scale ORDER BY a.assessed_on, a.id) AS scales,
            max(a.assessed_on) AS last_on
        FROM public.assessments a
        JOIN public.assessment_domains d ON d.municipal_area_id = a.municipal_area_id AND d.assessment_id = a.id
        WHERE a.municipal_area_id = public.ctx_area() AND d.scale IS NOT NULL AND a.assessed_on <= p_until
            AND a.case_id IN (SELECT l.case_id FROM public.assessments l
                WHERE l.municipal_area_id = public.ctx_area() AND l.assessed_on BETWEEN p_from AND p_until)
        GROUP BY a.case_id, d.life_domain
    ) s
    JOIN public.counted_cases('-infinity', p_until) c ON c.case_id = s.case_id
    LEFT JOIN public.case_teams(p_from, p_until) t ON t.case_id = c.case_id
    WHERE s.last_on >= p_from AND cardinality(s.scales) > 1
    ORDER BY c.person_key, s.life_domain, s.last_on DESC, c.case_id;
END;
ALTER FUNCTION life_domain_figures(date, date) OWNER TO kim_auth;

SET ROLE kim_auth;
REVOKE EXECUTE ON FUNCTION counted_cases(date, date), active_client_figures(date, date),
    interpreted_contact_figures(date, date), goal_figures(date, date), life_domain_figures(date, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION active_client_figures(date, date), interpreted_contact_figures(date, date),
    goal_figures(date, date), life_domain_figures(date, date) TO kim_reporting;
SET ROLE kim_owner;
