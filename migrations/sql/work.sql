-- Work: what one person's day needs to see across packages. It has no tables; these functions tell those who
-- may know it what the policies of `assignments` and `case_phases` would not show them.

-- Who has come to the team of a case and left it, for those who are on it now.
CREATE FUNCTION case_team_history(p_case uuid)
RETURNS TABLE (id uuid, user_id uuid, display_name text, kind text, created_by uuid, created_at timestamptz,
    active_from timestamptz, active_until timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT a.id, a.user_id, u.display_name, a.kind, a.created_by, a.created_at, a.active_from, a.active_until
    FROM public.assignments a JOIN public.users u
        ON u.municipal_area_id = a.municipal_area_id AND u.id = a.user_id
    WHERE a.municipal_area_id = public.ctx_area() AND a.case_id = p_case
        AND p_case = ANY (public.my_cases());
END;
ALTER FUNCTION case_team_history(uuid) OWNER TO kim_auth;

-- Since when the open cases of a unit have been in their phase, for its team lead: a moment of the shell, and
-- nothing of why. A restricted case is told only to those on its team.
GRANT SELECT (closed_on) ON cases TO kim_auth;
GRANT SELECT (municipal_area_id, id, case_id, at) ON case_phases TO kim_auth;
CREATE POLICY caseload ON case_phases FOR SELECT TO kim_auth USING (true);
CREATE FUNCTION unit_phases_since(p_unit uuid) RETURNS TABLE (case_id uuid, since timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT c.id, (SELECT max(p.at) FROM public.case_phases p
        WHERE p.municipal_area_id = c.municipal_area_id AND p.case_id = c.id)
    FROM public.cases c
    JOIN public.clients k ON k.municipal_area_id = c.municipal_area_id AND k.id = c.client_id
    WHERE c.municipal_area_id = public.ctx_area() AND c.unit_id = p_unit AND c.closed_on IS NULL
        AND k.processing_restricted_at IS NULL AND p_unit = ANY (public.ctx_places('team_lead'))
        AND (NOT c.is_restricted OR c.id = ANY ((SELECT public.my_cases())::uuid[]));
END;
ALTER FUNCTION unit_phases_since(uuid) OWNER TO kim_auth;

SET ROLE kim_auth;
REVOKE EXECUTE ON FUNCTION case_team_history(uuid), unit_phases_since(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION case_team_history(uuid), unit_phases_since(uuid) TO kim_app;
SET ROLE kim_owner;
