-- What statistics count of cases, inquiries, referrals and changes of legal domain, as the reporting role reads it: keys
-- instead of persons, the lead as the one who knows. Who is restricted or only kept (Art. 18 GDPR) is in none.
-- The unit of a case knows of it too, since its team lead lists it: null where an area has one unit. `team` are those
-- beside the lead who had the case at the time, with a blank between.

GRANT SELECT (municipal_area_id, id, client_id, lead_user_id, kind, opened_on, is_restricted) ON cases TO kim_auth;
GRANT SELECT (municipal_area_id, id, case_id, at, target) ON case_phases TO kim_auth;
GRANT SELECT (municipal_area_id, id, access_route, closing_reason) ON case_contents TO kim_auth;
GRANT SELECT (municipal_area_id, id, access_route, finished_on, case_id, forgotten_at) ON inquiry_contents TO kim_auth;
GRANT SELECT (municipal_area_id, id, case_id, before, after, changed_on, days_without, opened_at)
    ON domain_changes TO kim_auth;
CREATE POLICY count ON domain_changes FOR SELECT TO kim_auth USING (true);

-- Cases that are open at the end of a day, in the phase of that day.
CREATE FUNCTION open_case_figures(p_day date)
RETURNS TABLE (person_key uuid, household_key uuid, contributor_id uuid, unit_id uuid, team text, phase text,
    access_route text, kind text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' SET enable_nestloop = off
BEGIN ATOMIC
    SELECT k.pseudonym, k.household_key, c.lead_user_id,
        CASE WHEN (SELECT public.has_several_units(p_day, p_day)) THEN c.unit_id END, m.team, p.target, t.access_route,
        c.kind
    FROM public.cases c
    JOIN public.case_contents t ON t.municipal_area_id = c.municipal_area_id AND t.id = c.id
    JOIN public.clients k ON k.municipal_area_id = c.municipal_area_id AND k.id = c.client_id
    JOIN (SELECT DISTINCT ON (s.case_id) s.case_id, s.target FROM public.case_phases s
        WHERE s.municipal_area_id = public.ctx_area()
            AND s.at < (p_day + 1)::timestamp AT TIME ZONE 'Europe/Berlin'
        ORDER BY s.case_id DESC, s.at DESC, s.id DESC) p ON p.case_id = c.id
    LEFT JOIN public.case_teams(p_day, p_day) m ON m.case_id = c.id
    WHERE c.municipal_area_id = public.ctx_area() AND p.target <> 'closed'
        AND NOT c.is_restricted AND NOT k.is_restricted AND k.processing_restricted_at IS NULL;
END;
ALTER FUNCTION open_case_figures(date) OWNER TO kim_auth;

-- Cases that were closed in a time and still are at its end, with the reason of the last closing.
CREATE FUNCTION closed_case_figures(p_first date, p_last date)
RETURNS TABLE (person_key uuid, household_key uuid, contributor_id uuid, unit_id uuid, team text, opened_on date,
    closed_on date, reason text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' SET enable_nestloop = off
BEGIN ATOMIC
    SELECT k.pseudonym, k.household_key, c.lead_user_id,
        CASE WHEN (SELECT public.has_several_units(p_first, p_last)) THEN c.unit_id END, m.team, c.opened_on,
        (p.at AT TIME ZONE 'Europe/Berlin')::date, t.closing_reason
    FROM public.case_phases p
    JOIN public.cases c ON c.municipal_area_id = p.municipal_area_id AND c.id = p.case_id
    JOIN public.case_contents t ON t.municipal_area_id = c.municipal_area_id AND t.id = c.id
    JOIN public.clients k ON k.municipal_area_id = c.municipal_area_id AND k.id = c.client_id
    LEFT JOIN public.case_teams(p_first, p_last) m ON m.case_id = c.id
    WHERE p.municipal_area_id = public.ctx_area() AND p.target = 'closed'
        AND p.at >= p_first::timestamp AT TIME ZONE 'Europe/Berlin'
        AND p.at < (p_last + 1)::timestamp AT TIME ZONE 'Europe/Berlin'
        AND NOT EXISTS (SELECT FROM public.case_phases s
            WHERE s.municipal_area_id = p.municipal_area_id AND s.case_id = p.case_id AND (s.at, s.id) > (p.at, p.id)
                AND s.at < (p_last + 1)::timestamp AT TIME ZONE 'Europe/Berlin')
        AND NOT c.is_restricted AND NOT k.is_restricted AND k.processing_restricted_at IS NULL;
END;
ALTER FUNCTION closed_case_figures(date, date) OWNER TO kim_auth;

-- Inquiries that came to an end in a time. Of one that became a case the person is known; what became of an erased
-- case is not told any more. What ever waited is known to its unit, what an institution referred to it.
CREATE FUNCTION ended_inquiry_figures(p_first date, p_last date)
RETURNS TABLE (person_key uuid, household_key uuid, contributor_id uuid, institution_id uuid, access_route text,
    result text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' SET enable_nestloop = off
BEGIN ATOMIC
    SELECT coalesce(k.pseudonym, i.id), coalesce(k.household_key, i.id),
        CASE WHEN i.waiting_since IS NULL THEN coalesce(i.responsible_id, i.unit_id) ELSE i.unit_id END,
        r.institution_id, t.access_route, i.state
    FROM public.inquiries i
    JOIN public.inquiry_contents t ON t.municipal_area_id = i.municipal_area_id AND t.id = i.id
    LEFT JOIN public.incoming_referrals r ON r.municipal_area_id = i.municipal_area_id AND r.id = i.id
    LEFT JOIN public.cases c ON c.municipal_area_id = t.municipal_area_id AND c.id = t.case_id
    LEFT JOIN public.clients k ON k.municipal_area_id = c.municipal_area_id AND k.id = c.client_id
    WHERE i.municipal_area_id = public.ctx_area() AND t.finished_on BETWEEN p_first AND p_last
        AND i.state IN ('advised', 'passed_on', 'declined', 'removed', 'case')
        AND (c.id IS NOT NULL OR i.state <> 'case')
        AND coalesce(NOT c.is_restricted AND NOT k.is_restricted AND k.processing_restricted_at IS NULL, true);
END;
ALTER FUNCTION ended_inquiry_figures(date, date) OWNER TO kim_auth;

-- Who was put on a waiting list and still waits at the end of a day: the whole unit reads its list. Where one unit alone
-- has case managers on that day, only its list counts and `contributor_id` is null: nobody inside is told what is not
-- their own. That is decided by who works there and never by who waits, which a unit would read of another.
CREATE FUNCTION waiting_inquiry_figures(p_day date)
RETURNS TABLE (person_key uuid, household_key uuid, contributor_id uuid, institution_id uuid, days int)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' SET enable_nestloop = off
BEGIN ATOMIC
    WITH staffed AS MATERIALIZED (
        SELECT CASE WHEN count(DISTINCT m.unit_id) = 1 THEN (array_agg(m.unit_id))[1] END AS alone
        FROM public.memberships m
        WHERE m.municipal_area_id = public.ctx_area() AND m.role = 'case_manager'
            AND m.started_at < (p_day + 1)::timestamp AT TIME ZONE 'Europe/Berlin'
            AND (m.ended_at IS NULL OR m.ended_at >= (p_day + 1)::timestamp AT TIME ZONE 'Europe/Berlin')
    )
    SELECT coalesce(k.pseudonym, i.id), coalesce(k.household_key, i.id),
        CASE WHEN (SELECT s.alone FROM staffed s) IS NULL THEN i.unit_id END, r.institution_id, p_day - i.waiting_since
    FROM public.inquiries i
    JOIN public.inquiry_contents t ON t.municipal_area_id = i.municipal_area_id AND t.id = i.id
    LEFT JOIN public.incoming_referrals r ON r.municipal_area_id = i.municipal_area_id AND r.id = i.id
    LEFT JOIN public.cases c ON c.municipal_area_id = t.municipal_area_id AND c.id = t.case_id
    LEFT JOIN public.clients k ON k.municipal_area_id = c.municipal_area_id AND k.id = c.client_id
    WHERE i.municipal_area_id = public.ctx_area() AND i.waiting_since <= p_day
        AND i.unit_id = coalesce((SELECT s.alone FROM staffed s), i.unit_id)
        AND (i.state IN ('open', 'waiting') OR t.finished_on > p_day
            OR i.state = 'lapsed' AND (t.forgotten_at AT TIME ZONE 'Europe/Berlin')::date > p_day)
        AND (c.id IS NOT NULL OR i.state <> 'case')
        AND coalesce(NOT c.is_restricted AND NOT k.is_restricted AND k.processing_restricted_at IS NULL, true);
END;
ALTER FUNCTION waiting_inquiry_figures(date) OWNER TO kim_auth;

-- Referrals that came to an end in a time, as they stand now. A draft, and one that should never have been, is none; nor
-- is what informed the youth welfare office (§ 4 KKG): that there was one is not told even to the team lead.
CREATE FUNCTION ended_referral_figures(p_first date, p_last date)
RETURNS TABLE (person_key uuid, household_key uuid, contributor_id uuid, institution_id uuid, institution_type text,
    state text, is_answered boolean, days int, outcome text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' SET enable_nestloop = off
BEGIN ATOMIC
    SELECT k.pseudonym, k.household_key, c.lead_user_id, n.id, n.institution_type, q.state,
        q.answered_at IS NOT NULL, (q.answered_at AT TIME ZONE 'Europe/Berlin')::date
            - (q.requested_at AT TIME ZONE 'Europe/Berlin')::date, q.outcome
    FROM public.referral_requests q
    JOIN public.referrals r ON r.municipal_area_id = q.municipal_area_id AND r.id = q.id
    JOIN public.institutions n ON n.municipal_area_id = q.municipal_area_id AND n.id = q.institution_id
    JOIN public.cases c ON c.municipal_area_id = r.municipal_area_id AND c.id = r.case_id
    JOIN public.clients k ON k.municipal_area_id = r.municipal_area_id AND k.id = r.client_id
    CROSS JOIN LATERAL (SELECT (CASE q.state WHEN 'rejected' THEN q.answered_at WHEN 'expired' THEN q.deadline_at
        ELSE q.closed_at END AT TIME ZONE 'Europe/Berlin')::date AS day) e
    WHERE q.municipal_area_id = public.ctx_area() AND q.requested_at IS NOT NULL AND r.legal_basis <> 'kkg_4'
        AND q.state IN ('completed', 'failed', 'rejected', 'expired', 'cancelled', 'revoked')
        AND e.day BETWEEN p_first AND p_last
        AND NOT c.is_restricted AND NOT k.is_restricted AND k.processing_restricted_at IS NULL;
END;
ALTER FUNCTION ended_referral_figures(date, date) OWNER TO kim_auth;

-- Changes of what a person lives on in a time, what was written down last before what was written earlier. A person's is
-- there once for each of their cases.
CREATE FUNCTION domain_change_figures(p_first date, p_last date)
RETURNS TABLE (person_key uuid, household_key uuid, contributor_id uuid, team text, before text, after text,
    days int)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = '' SET enable_nestloop = off
BEGIN ATOMIC
    SELECT k.pseudonym, k.household_key, c.lead_user_id, m.team, d.before, d.after, d.days_without
    FROM public.domain_changes d
    JOIN public.cases c ON c.municipal_area_id = d.municipal_area_id AND c.id = d.case_id
    JOIN public.clients k ON k.municipal_area_id = c.municipal_area_id AND k.id = c.client_id
    LEFT JOIN public.case_teams(p_first, p_last) m ON m.case_id = c.id
    WHERE d.municipal_area_id = public.ctx_area() AND d.changed_on BETWEEN p_first AND p_last AND d.withdrawn_at IS NULL
        AND NOT c.is_restricted AND NOT k.is_restricted AND k.processing_restricted_at IS NULL
    ORDER BY d.opened_at DESC, d.id;
END;
ALTER FUNCTION domain_change_figures(date, date) OWNER TO kim_auth;

SET ROLE kim_auth;
REVOKE EXECUTE ON FUNCTION open_case_figures(date), closed_case_figures(date, date), ended_inquiry_figures(date, date),
    waiting_inquiry_figures(date), ended_referral_figures(date, date), domain_change_figures(date, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION open_case_figures(date), closed_case_figures(date, date), ended_inquiry_figures(date, date),
    waiting_inquiry_figures(date), ended_referral_figures(date, date), domain_change_figures(date, date)
    TO kim_reporting;
SET ROLE kim_owner;
