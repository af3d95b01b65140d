-- Hand-overs: written where a case gets a new lead (`assign_case`), read by the case's team, acknowledged by the
-- new lead. Needs works_on_case of tasks.sql.

CALL protect_table('case_handovers');
GRANT SELECT, UPDATE (acknowledged_at, note) ON case_handovers TO kim_app;
GRANT INSERT, SELECT (municipal_area_id, id, case_id, from_user_id, to_user_id, assigned_by) ON case_handovers
    TO kim_auth;
CREATE POLICY team ON case_handovers FOR SELECT TO kim_app USING (case_id = ANY ((SELECT my_cases())::uuid[]));
CREATE POLICY acknowledge ON case_handovers FOR UPDATE TO kim_app
    USING (to_user_id = (SELECT ctx_user()) AND case_id = ANY ((SELECT my_cases())::uuid[]));
CREATE POLICY hand_over ON case_handovers FOR INSERT TO kim_auth WITH CHECK (true);
CREATE POLICY review ON case_handovers FOR SELECT TO kim_auth USING (true);

GRANT UPDATE (assignee_id, given_by, state, participant_ids) ON tasks TO kim_auth;
CREATE POLICY hand_over ON tasks FOR UPDATE TO kim_auth USING (true) WITH CHECK (true);

-- What was due for a lead who is no longer on the case falls to the new one, who is told, unless they took it over
-- themselves; of somebody hidden the rest of the team is told, since no team lead looks after it. Called by give_case.
CREATE FUNCTION hand_over_case(p_case uuid, p_from uuid, p_to uuid) RETURNS uuid
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    v_id uuid := public.new_id();
BEGIN
    INSERT INTO public.case_handovers (municipal_area_id, id, case_id, at, from_user_id, to_user_id, assigned_by)
    VALUES (public.ctx_area(), v_id, p_case, now(), p_from, p_to, public.ctx_user());
    INSERT INTO public.notifications (municipal_area_id, id, user_id, kind, object_type, object_id, created_at)
    SELECT public.ctx_area(), public.new_id(), told.user_id, told.kind, 'case', p_case, now()
    FROM (
        SELECT p_to AS user_id, 'case_handed_over' AS kind
        UNION ALL
        SELECT t.user_id, 'case_lead_changed' FROM public.cases c
        CROSS JOIN LATERAL public.remaining_team(c.municipal_area_id, c.id) AS t (user_id)
        WHERE c.municipal_area_id = public.ctx_area() AND c.id = p_case AND c.is_restricted AND t.user_id <> p_to
    ) told
    WHERE told.user_id <> public.ctx_user();
    IF public.works_on_case(p_case, p_from) THEN
        RETURN v_id;
    END IF;
    WITH due AS (
        SELECT t.id, t.state FROM public.tasks t
        WHERE t.municipal_area_id = public.ctx_area() AND t.case_id = p_case AND t.assignee_id = p_from
            AND t.done_at IS NULL ORDER BY t.id FOR UPDATE
    ), handed AS (
        UPDATE public.tasks t SET assignee_id = p_to, given_by = NULL, state = 'open',
            participant_ids = array_remove(t.participant_ids, p_to)
        FROM due WHERE t.municipal_area_id = public.ctx_area() AND t.id = due.id
        RETURNING t.id, due.state AS source
    )
    INSERT INTO public.task_steps (municipal_area_id, id, task_id, case_id, at, step, source, target, assignee_id)
    SELECT public.ctx_area(), public.new_id(), h.id, p_case, now(), 'take_over', h.source, 'open', p_to
    FROM handed h;
    RETURN v_id;
END $$;
ALTER FUNCTION hand_over_case(uuid, uuid, uuid) OWNER TO kim_auth;
-- For the worker: whether somebody may hear that a case was taken over. Of somebody hidden those alone who work on it.
CREATE FUNCTION hears_of_handover(p_case uuid, p_user uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT EXISTS (SELECT FROM public.cases c WHERE c.municipal_area_id = public.ctx_area() AND c.id = p_case
        AND (NOT c.is_restricted OR public.works_on_case(c.id, p_user)));
END;
ALTER FUNCTION hears_of_handover(uuid, uuid) OWNER TO kim_auth;
SET ROLE kim_auth;
REVOKE EXECUTE ON FUNCTION hand_over_case(uuid, uuid, uuid), hears_of_handover(uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hears_of_handover(uuid, uuid) TO kim_worker;
SET ROLE kim_owner;
