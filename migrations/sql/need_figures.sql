-- Needs of persons and offers of institutions by the same topics, the life domains, as the reporting role reads them.
-- Who is restricted or only kept (Art. 18 GDPR) is in no need; of offers nothing of a person is read.

GRANT SELECT (state) ON assessment_domains TO kim_auth;
GRANT SELECT (municipal_area_id, id, institution_id, topics, site_ids, status, funding_ends_on) ON offers TO kim_auth;
GRANT SELECT (municipal_area_id, id, offer_id, free_places, told_at) ON offer_capacities TO kim_auth;
GRANT SELECT (municipal_area_id, id, institution_type, municipality, is_active) ON institutions TO kim_auth;
GRANT SELECT (municipal_area_id, id, municipality, is_active) ON institution_sites TO kim_auth;
CREATE POLICY count ON offers FOR SELECT TO kim_auth USING (true);
CREATE POLICY count ON offer_capacities FOR SELECT TO kim_auth USING (true);

-- The topics of what was referred until a day: those of its offer, or that of its coded concern; of others nobody
-- knows them. `failed_on` is the day on which it came to nothing. What informed the youth welfare office is in none.
CREATE FUNCTION referred_topics(p_until date)
RETURNS TABLE (case_id uuid, topic text, institution_id uuid, failed_on date)
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT r.case_id, f.topic, q.institution_id,
        (CASE
            WHEN q.state = 'rejected' AND q.rejection_reason NOT IN ('incomplete', 'already_known')
                THEN q.answered_at
            WHEN q.state = 'expired' THEN q.deadline_at
            WHEN q.state IN ('completed', 'failed')
                AND q.outcome IN ('no_capacity', 'not_eligible', 'not_responsible', 'no_answer') THEN q.closed_at
            END AT TIME ZONE 'Europe/Berlin')::date
    FROM public.referral_requests q
    JOIN public.referrals r ON r.municipal_area_id = q.municipal_area_id AND r.id = q.id
    LEFT JOIN public.offers o ON o.municipal_area_id = r.municipal_area_id AND o.id = r.offer_id
    CROSS JOIN LATERAL unnest(CASE WHEN r.offer_id IS NOT NULL THEN o.topics
        WHEN r.concern_code = 'naturalisation' THEN ARRAY['naturalisation']
        WHEN r.concern_code NOT IN ('information_on_request', 'notification') THEN ARRAY['residence'] END) f (topic)
    WHERE q.municipal_area_id = public.ctx_area() AND q.state <> 'entered_in_error' AND r.legal_basis <> 'kkg_4'
        AND (r.offer_id IS NOT NULL OR r.concern_code NOT IN ('information_on_request', 'notification'))
        AND q.requested_at < (p_until + 1)::timestamp AT TIME ZONE 'Europe/Berlin';
END;
ALTER FUNCTION referred_topics(date) OWNER TO kim_auth;

-- Each person and topic whose need was told for the first time of the year in the period: an assessment named it, or a
-- referral for it came to nothing. The lead and town are those of that case; `institution_ids` are all that were
-- ever asked for the topic, whatever came of it, since they know of the need too.
CREATE FUNCTION need_figures(p_year date, p_first date, p_last date)
RETURNS TABLE (person_key uuid, household_key uuid, contributor_id uuid, topic text, municipality text,
    institution_ids uuid[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' SET enable_nestloop = off
BEGIN ATOMIC
    WITH counted AS MATERIALIZED (
        SELECT c.* FROM public.counted_cases('-infinity', p_last) c
    ), referred AS MATERIALIZED (
        SELECT r.* FROM public.referred_topics(p_last) r
    ), told AS (
        SELECT DISTINCT ON (c.client_id, t.topic) c.client_id, c.person_key, c.household_key, c.contributor_id, t.topic,
            c.unit_id, t.day
        FROM (
            SELECT a.case_id, d.life_domain AS topic, a.assessed_on AS day
            FROM public.assessments a
            JOIN public.assessment_domains d
                ON d.municipal_area_id = a.municipal_area_id AND d.assessment_id = a.id AND d.state = 'need'
            WHERE a.municipal_area_id = public.ctx_area() AND a.assessed_on BETWEEN p_year AND p_last
            UNION ALL
            SELECT r.case_id, r.topic, r.failed_on FROM referred r WHERE r.failed_on BETWEEN p_year AND p_last
        ) t
        JOIN counted c ON c.case_id = t.case_id
        ORDER BY c.client_id, t.topic, t.day, c.case_id
    )
    SELECT f.person_key, f.household_key, f.contributor_id, f.topic, u.municipality, i.institution_ids
    FROM told f
    LEFT JOIN public.units u ON u.municipal_area_id = public.ctx_area() AND u.id = f.unit_id
    LEFT JOIN (
        SELECT c.client_id, r.topic, array_agg(DISTINCT r.institution_id) AS institution_ids
        FROM referred r JOIN counted c ON c.case_id = r.case_id
        WHERE r.institution_id IS NOT NULL
        GROUP BY c.client_id, r.topic
    ) i ON i.client_id = f.client_id AND i.topic = f.topic
    WHERE f.day >= p_first;
END;
ALTER FUNCTION need_figures(date, date, date) OWNER TO kim_auth;

-- Each topic of an offer to which somebody could be referred on a day, with the places that were told last until then.
-- `municipalities` are those where it is found, null where none is written, and of offers that protect:
-- who needs protection is looked for where it is found. Of women's shelters nothing is told,
-- and how many places are taken of nobody: that counts persons.
CREATE FUNCTION offer_figures(p_day date)
RETURNS TABLE (offer_id uuid, topic text, municipalities text[], free_places int)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT o.id, t.topic, CASE WHEN 'protection' = ANY (o.topics) THEN NULL ELSE s.towns END, c.free_places
    FROM public.offers o
    JOIN public.institutions i ON i.municipal_area_id = o.municipal_area_id AND i.id = o.institution_id
    CROSS JOIN LATERAL unnest(o.topics) t (topic)
    CROSS JOIN LATERAL (SELECT count(*) AS sites, CASE WHEN cardinality(o.site_ids) = 0
            THEN array_remove(ARRAY[i.municipality], NULL)
            ELSE array_agg(DISTINCT x.municipality) FILTER (WHERE x.municipality IS NOT NULL) END AS towns
        FROM public.institution_sites x
        WHERE x.municipal_area_id = o.municipal_area_id AND x.id = ANY (o.site_ids) AND x.is_active) s
    LEFT JOIN LATERAL (SELECT y.free_places FROM public.offer_capacities y
        WHERE y.municipal_area_id = o.municipal_area_id AND y.offer_id = o.id
            AND y.told_at < (p_day + 1)::timestamp AT TIME ZONE 'Europe/Berlin'
        ORDER BY y.told_at DESC, y.id DESC LIMIT 1) c ON true
    WHERE o.municipal_area_id = public.ctx_area() AND o.status = 'active'
        AND (o.funding_ends_on IS NULL OR o.funding_ends_on >= p_day)
        AND (cardinality(o.site_ids) = 0 OR s.sites > 0) AND i.is_active AND i.institution_type <> 'frauenhaus';
END;
ALTER FUNCTION offer_figures(date) OWNER TO kim_auth;

SET ROLE kim_auth;
REVOKE EXECUTE ON FUNCTION referred_topics(date), need_figures(date, date, date), offer_figures(date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION need_figures(date, date, date), offer_figures(date) TO kim_reporting;
SET ROLE kim_owner;
