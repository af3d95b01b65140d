-- School entries belong to the case's team; one for another child of the household only while it is seen.

CALL keep_to_case_team('school_entries', 'case_id');
CALL keep_to_case_team('school_entry_steps', 'case_id');
CALL track_versions('school_entries');
GRANT SELECT, INSERT ON school_entries TO kim_app;
CALL let_change('school_entries');
-- What happened is not rewritten: a step can only be pointed at the one that corrects it.
GRANT SELECT, INSERT, UPDATE (corrected_by_id) ON school_entry_steps TO kim_app;
CALL move_with_parts('school_entries', 'school_entry_steps', 'school_entry_id');
CREATE POLICY member ON school_entries AS RESTRICTIVE TO kim_app
    USING (member_client_id IS NULL OR member_client_id = ANY ((SELECT my_clients())::uuid[]))
    WITH CHECK (member_client_id IS NULL OR member_client_id = ANY ((SELECT my_clients())::uuid[]));

-- What hangs on it is seen with it.
CREATE POLICY member ON school_entry_steps AS RESTRICTIVE TO kim_app
    USING (school_entry_id = ANY (ARRAY(SELECT p.id FROM school_entries p)))
    WITH CHECK (school_entry_id = ANY (ARRAY(SELECT p.id FROM school_entries p)));

-- Counts for those who see no child. Who is restricted or only kept (Art. 18 GDPR), of either side, is in none.
GRANT SELECT (municipal_area_id, id, case_id, member_client_id, stage, state, registered_on, waiting_since,
    first_day, ended_on) ON school_entries TO kim_auth;
GRANT SELECT (household_key, is_restricted, processing_restricted_at) ON clients TO kim_auth;
GRANT SELECT (lead_user_id, client_id, unit_id, is_restricted) ON cases TO kim_auth;
CREATE POLICY count ON school_entries FOR SELECT TO kim_auth USING (true);

-- How many children of a unit's open cases wait how long, for its team lead: bands, no child.
CREATE FUNCTION unit_school_waiting(p_unit uuid, p_day date) RETURNS TABLE (stage text, days int)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT e.stage, greatest(0, p_day - e.waiting_since)
    FROM public.school_entries e
    JOIN public.cases c ON c.municipal_area_id = e.municipal_area_id AND c.id = e.case_id
    JOIN public.clients k ON k.municipal_area_id = c.municipal_area_id AND k.id = c.client_id
    LEFT JOIN public.clients m ON m.municipal_area_id = e.municipal_area_id AND m.id = e.member_client_id
    WHERE e.municipal_area_id = public.ctx_area() AND c.unit_id = p_unit AND c.closed_on IS NULL
        AND e.first_day IS NULL AND e.ended_on IS NULL AND NOT c.is_restricted
        AND coalesce(NOT m.is_restricted, true) AND p_unit = ANY (public.ctx_places('team_lead'))
        AND k.processing_restricted_at IS NULL AND m.processing_restricted_at IS NULL;
END;
ALTER FUNCTION unit_school_waiting(uuid, date) OWNER TO kim_auth;

-- Who waited on a day, as statistics count them: keys instead of persons, the lead as the one who knows, the unit
-- where an area has several, and who beside the lead had the case that day. An entry that was left open when its case
-- was closed waits no more.
CREATE FUNCTION school_waiting_figures(p_day date)
RETURNS TABLE (person_key uuid, household_key uuid, contributor_id uuid, unit_id uuid, team text, stage text,
    days int)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT DISTINCT ON (1) coalesce(m.pseudonym, CASE WHEN e.member_name IS NULL THEN k.pseudonym ELSE e.id END),
        coalesce(m.household_key, k.household_key), c.lead_user_id,
        CASE WHEN (SELECT public.has_several_units(p_day, p_day)) THEN c.unit_id END, t.team, e.stage,
        p_day - e.waiting_since
    FROM public.school_entries e
    JOIN public.cases c ON c.municipal_area_id = e.municipal_area_id AND c.id = e.case_id
    JOIN public.clients k ON k.municipal_area_id = c.municipal_area_id AND k.id = c.client_id
    LEFT JOIN public.clients m ON m.municipal_area_id = e.municipal_area_id AND m.id = e.member_client_id
    LEFT JOIN public.case_teams(p_day, p_day) t ON t.case_id = c.id
    WHERE e.municipal_area_id = public.ctx_area() AND e.registered_on <= p_day AND e.waiting_since <= p_day
        AND (e.first_day IS NULL OR e.first_day > p_day) AND (e.ended_on IS NULL OR e.ended_on > p_day)
        AND (c.closed_on IS NULL OR c.closed_on > p_day)
        AND NOT c.is_restricted AND NOT k.is_restricted AND coalesce(NOT m.is_restricted, true)
        AND k.processing_restricted_at IS NULL AND m.processing_restricted_at IS NULL
    ORDER BY 1, e.waiting_since, e.id;
END;
GRANT SELECT (member_name) ON school_entries TO kim_auth;
ALTER FUNCTION school_waiting_figures(date) OWNER TO kim_auth;

-- What has waited since a day or longer, for the worker that proposes a report: entry and case, no child. Of a
-- child who is hidden nothing is proposed.
CREATE FUNCTION long_school_waiting(p_day date) RETURNS TABLE (id uuid, case_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT e.id, e.case_id FROM public.school_entries e
    JOIN public.cases c ON c.municipal_area_id = e.municipal_area_id AND c.id = e.case_id
    JOIN public.clients k ON k.municipal_area_id = c.municipal_area_id AND k.id = c.client_id
    LEFT JOIN public.clients m ON m.municipal_area_id = e.municipal_area_id AND m.id = e.member_client_id
    WHERE e.municipal_area_id = public.ctx_area() AND e.waiting_since <= p_day AND e.first_day IS NULL
        AND e.ended_on IS NULL AND c.closed_on IS NULL AND coalesce(NOT m.is_restricted, true)
        AND k.processing_restricted_at IS NULL AND m.processing_restricted_at IS NULL;
END;
ALTER FUNCTION long_school_waiting(date) OWNER TO kim_auth;

SET ROLE kim_auth;
REVOKE EXECUTE ON FUNCTION unit_school_waiting(uuid, date), school_waiting_figures(date),
    long_school_waiting(date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION long_school_waiting(date) TO kim_worker;
GRANT EXECUTE ON FUNCTION unit_school_waiting(uuid, date) TO kim_app;
GRANT EXECUTE ON FUNCTION school_waiting_figures(date) TO kim_reporting;
SET ROLE kim_owner;
