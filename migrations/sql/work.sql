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
SET ROLE kim_auth;
REVOKE EXECUTE ON FUNCTION case_team_history(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION case_team_history(uuid) TO kim_app;
SET ROLE kim_owner;
