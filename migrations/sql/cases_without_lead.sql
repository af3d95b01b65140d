-- Running cases whose lead works at their unit no longer: somebody else has to lead them, and only the unit's team leads
-- can see to it. A restricted case is told to none of them: they do not know that it exists. Whoever is still on its team
-- is told instead, and takes it over (0390).

-- Those who hold a role at a unit and can sign in.
CREATE FUNCTION holders_of(p_area text, p_unit uuid, p_role text) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT DISTINCT m.user_id FROM public.memberships m
    JOIN public.users u ON u.municipal_area_id = m.municipal_area_id AND u.id = m.user_id AND u.disabled_at IS NULL
    WHERE m.municipal_area_id = p_area AND m.unit_id = p_unit AND m.role = p_role AND m.started_at <= now()
        AND (m.ended_at IS NULL OR m.ended_at > now());
END;
ALTER FUNCTION holders_of(text, uuid, text) OWNER TO kim_auth;

-- Members and deputies of today who work at the unit of the case: who goes on when its lead has left.
CREATE FUNCTION remaining_team(p_area text, p_case uuid) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT DISTINCT a.user_id FROM public.assignments a
    WHERE a.municipal_area_id = p_area AND a.case_id = p_case AND a.kind IN ('member', 'deputy')
        AND a.active_from <= now() AND (a.active_until IS NULL OR a.active_until > now())
        AND a.user_id IN (SELECT public.holders_of(p_area, a.unit_id, 'case_manager'));
END;
ALTER FUNCTION remaining_team(text, uuid) OWNER TO kim_auth;

-- Told once: by the end of the membership of somebody who can sign in, or by the disabling of somebody who holds one,
-- whoever writes it and whichever way. Ids only.
CREATE FUNCTION tell_of_leaving_lead() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    v_new jsonb := to_jsonb(NEW);
    v_lead uuid := (v_new ->> CASE TG_TABLE_NAME WHEN 'users' THEN 'id' ELSE 'user_id' END)::uuid;
    v_ended uuid := CASE TG_TABLE_NAME WHEN 'memberships' THEN (v_new ->> 'id')::uuid END;
BEGIN
    INSERT INTO public.notifications
        (municipal_area_id, id, user_id, kind, object_type, object_id, created_at)
    SELECT c.municipal_area_id, public.new_id(), told.user_id, 'case_without_lead', 'case', c.id, now()
    FROM public.cases c
    CROSS JOIN LATERAL (
        SELECT public.holders_of(c.municipal_area_id, c.unit_id, 'team_lead') WHERE NOT c.is_restricted
        UNION ALL
        SELECT public.remaining_team(c.municipal_area_id, c.id) WHERE c.is_restricted) AS told (user_id)
    WHERE c.municipal_area_id = NEW.municipal_area_id AND c.lead_user_id = v_lead AND c.phase <> 'closed'
        AND told.user_id <> v_lead
        AND EXISTS (SELECT FROM public.memberships m
            WHERE m.municipal_area_id = c.municipal_area_id AND m.user_id = v_lead AND m.unit_id = c.unit_id
                AND m.role = 'case_manager' AND (m.id = v_ended OR v_ended IS NULL AND m.ended_at IS NULL))
        AND (v_ended IS NULL OR EXISTS (SELECT FROM public.users u
            WHERE u.municipal_area_id = c.municipal_area_id AND u.id = v_lead AND u.disabled_at IS NULL));
    RETURN NULL;
END $$;
ALTER FUNCTION tell_of_leaving_lead() OWNER TO kim_auth;
CREATE TRIGGER tell_of_leaving_lead AFTER UPDATE OF ended_at ON memberships
    FOR EACH ROW WHEN (OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL AND NEW.role = 'case_manager')
    EXECUTE FUNCTION tell_of_leaving_lead();
CREATE TRIGGER tell_of_leaving_lead AFTER UPDATE OF disabled_at ON users
    FOR EACH ROW WHEN (OLD.disabled_at IS NULL AND NEW.disabled_at IS NOT NULL)
    EXECUTE FUNCTION tell_of_leaving_lead();

-- What a team lead finds in the list of what is due, and since when.
CREATE FUNCTION cases_without_lead() RETURNS TABLE (id uuid, number text, lead_user_id uuid, since timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    WITH running AS (
        SELECT c.id, c.number, c.lead_user_id, c.unit_id FROM public.cases c
        WHERE c.municipal_area_id = public.ctx_area() AND c.unit_id = ANY (public.ctx_places('team_lead'))
            AND c.phase <> 'closed' AND NOT c.is_restricted
    ), gone AS (
        SELECT l.lead_user_id, l.unit_id, (SELECT least(u.disabled_at, max(m.ended_at)) FROM public.users u
            LEFT JOIN public.memberships m ON m.municipal_area_id = u.municipal_area_id AND m.user_id = u.id
                AND m.unit_id = l.unit_id AND m.role = 'case_manager'
            WHERE u.municipal_area_id = public.ctx_area() AND u.id = l.lead_user_id
            GROUP BY u.disabled_at) AS since
        FROM (SELECT DISTINCT r.lead_user_id, r.unit_id FROM running r) l
        WHERE NOT public.belongs_to(l.lead_user_id, l.unit_id, '{case_manager}')
    )
    SELECT r.id, r.number, r.lead_user_id, g.since FROM running r JOIN gone g USING (lead_user_id, unit_id);
END;
ALTER FUNCTION cases_without_lead() OWNER TO kim_auth;

-- For the worker, where nobody of a team is left: the case of a referral and who leads the unit. A restricted case
-- gives nobody.
CREATE FUNCTION team_leads_of_referral(p_referral uuid) RETURNS TABLE (case_id uuid, user_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT c.id, told.user_id FROM public.referrals r
    JOIN public.cases c ON c.municipal_area_id = r.municipal_area_id AND c.id = r.case_id
    CROSS JOIN LATERAL public.holders_of(c.municipal_area_id, c.unit_id, 'team_lead') AS told (user_id)
    WHERE r.municipal_area_id = public.ctx_area() AND r.id = p_referral AND NOT c.is_restricted
        AND c.phase <> 'closed';
END;
ALTER FUNCTION team_leads_of_referral(uuid) OWNER TO kim_auth;

SET ROLE kim_auth;
REVOKE EXECUTE ON FUNCTION holders_of(text, uuid, text), remaining_team(text, uuid), tell_of_leaving_lead(), cases_without_lead(),
    team_leads_of_referral(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION cases_without_lead() TO kim_app;
GRANT EXECUTE ON FUNCTION team_leads_of_referral(uuid) TO kim_worker;
SET ROLE kim_owner;
