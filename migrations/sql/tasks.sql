-- Tasks beyond `cases.sql`: series and history, the occurrence that follows, and who is told of what.

CALL keep_to_case_team('task_series', 'case_id');
CALL keep_to_case_team('task_steps', 'case_id');
GRANT SELECT, INSERT, UPDATE (ended_at) ON task_series TO kim_app;
GRANT SELECT, INSERT ON task_steps TO kim_app;

GRANT SELECT, INSERT ON tasks TO kim_auth;
GRANT SELECT, UPDATE (made, latest_on, ended_at) ON task_series TO kim_auth;
GRANT INSERT ON task_steps TO kim_auth;
CREATE POLICY recur_read ON tasks FOR SELECT TO kim_auth USING (true);
CREATE POLICY recur ON tasks FOR INSERT TO kim_auth WITH CHECK (true);
CREATE POLICY recur_read ON task_series FOR SELECT TO kim_auth USING (true);
CREATE POLICY recur ON task_series FOR UPDATE TO kim_auth USING (true) WITH CHECK (true);
CREATE POLICY recur ON task_steps FOR INSERT TO kim_auth WITH CHECK (true);

CREATE FUNCTION works_on_case(p_case uuid, p_user uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT EXISTS (SELECT FROM public.assignments a
        WHERE a.municipal_area_id = public.ctx_area() AND a.case_id = p_case AND a.user_id = p_user
            AND a.kind IN ('lead', 'member', 'deputy') AND a.active_from <= now()
            AND (a.active_until IS NULL OR a.active_until > now())
            AND public.belongs_to(a.user_id, a.unit_id));
END;
ALTER FUNCTION works_on_case(uuid, uuid) OWNER TO kim_auth;

-- A series of somebody whose data are only kept (Art. 18 GDPR) stands still; once that is lifted it goes on. Who
-- has written down a permitted use goes on with it.
GRANT SELECT (processing_restricted_at) ON clients TO kim_auth;
GRANT SELECT (used_by, allowed_until) ON processing_uses TO kim_auth;

-- For the worker, which reads neither tasks nor cases: rules of series whose last day has passed, no content.
CREATE FUNCTION due_task_series(p_today date, p_count int)
RETURNS TABLE (id uuid, frequency text, every int, first_on date, until_on date, count int, made int)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT s.id, s.frequency, s.every, s.first_on, s.until_on, s.count, s.made
    FROM public.task_series s
    JOIN public.cases c ON c.municipal_area_id = s.municipal_area_id AND c.id = s.case_id
    JOIN public.clients k ON k.municipal_area_id = c.municipal_area_id AND k.id = c.client_id
    WHERE s.municipal_area_id = public.ctx_area() AND s.ended_at IS NULL AND s.latest_on < p_today
        AND c.phase <> 'closed' AND k.processing_restricted_at IS NULL
    ORDER BY s.latest_on, s.id LIMIT p_count;
END;
ALTER FUNCTION due_task_series(date, int) OWNER TO kim_auth;

-- Makes the occurrence with this number after the last there is, as that one is now, for whoever may work on
-- the case and for the worker. The series is locked: a second call finds the number made and does nothing.
-- Numbers that were missed while nobody made any are passed over.
-- Without a day the series has ended. What a person who left the team had falls to the case's lead.
CREATE FUNCTION make_task_occurrence(
    p_series uuid, p_task uuid, p_step uuid, p_number int, p_on date, p_at timestamptz
) RETURNS boolean LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    v record;
    v_keeper uuid;
    v_state text;
BEGIN
    SELECT s.case_id, s.made, s.ended_at, c.lead_user_id, c.phase, k.pseudonym,
        k.processing_restricted_at IS NOT NULL AND NOT EXISTS (SELECT FROM public.processing_uses u
            WHERE u.municipal_area_id = k.municipal_area_id AND u.client_id = k.id
                AND u.used_by = public.ctx_user() AND u.allowed_until > now()) AS only_kept INTO v
    FROM public.task_series s
    JOIN public.cases c ON c.municipal_area_id = s.municipal_area_id AND c.id = s.case_id
    JOIN public.clients k ON k.municipal_area_id = c.municipal_area_id AND k.id = c.client_id
    WHERE s.municipal_area_id = public.ctx_area() AND s.id = p_series
        AND (public.ctx_is('system')
            OR (public.ctx_is('case_manager') AND s.case_id = ANY (public.my_cases())))
    FOR UPDATE OF s;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING errcode = '42501', message = 'no such series';
    END IF;
    IF v.made >= p_number OR v.ended_at IS NOT NULL OR v.phase = 'closed' OR v.only_kept THEN
        RETURN false;
    END IF;
    IF p_on IS NULL THEN
        UPDATE public.task_series s SET ended_at = p_at
        WHERE s.municipal_area_id = public.ctx_area() AND s.id = p_series;
        RETURN false;
    END IF;
    INSERT INTO public.tasks (municipal_area_id, id, case_id, kind, title, note, due_on, due_at, minutes, place,
        participant_ids, remind_minutes, assignee_id, created_by, given_by, state, series_id, occurrence)
    SELECT t.municipal_area_id, p_task, t.case_id, t.kind, t.title, t.note, p_on,
        (p_on + (t.due_at AT TIME ZONE 'Europe/Berlin')::time) AT TIME ZONE 'Europe/Berlin', t.minutes, t.place,
        ARRAY(SELECT each FROM unnest(t.participant_ids) AS each WHERE public.works_on_case(t.case_id, each)),
        t.remind_minutes, keeper.id, t.created_by,
        CASE WHEN keeper.id = t.assignee_id THEN t.given_by END,
        CASE WHEN t.state = 'offered' AND keeper.id = t.assignee_id THEN 'offered' ELSE 'open' END,
        t.series_id, p_number
    FROM public.tasks t
    CROSS JOIN LATERAL (SELECT CASE WHEN public.works_on_case(t.case_id, t.assignee_id)
        THEN t.assignee_id ELSE v.lead_user_id END AS id) keeper
    WHERE t.municipal_area_id = public.ctx_area() AND t.series_id = p_series AND t.occurrence = v.made
    RETURNING assignee_id, state INTO STRICT v_keeper, v_state;
    INSERT INTO public.task_steps
        (municipal_area_id, id, task_id, case_id, at, step, source, target, assignee_id, user_id)
    VALUES (public.ctx_area(), p_step, p_task, v.case_id, p_at, 'recur', NULL, v_state, v_keeper,
        public.ctx_user());
    INSERT INTO public.audit_journal (action, object_type, object_id, client_pseudonyms)
    VALUES ('task.recur', 'task', p_task, ARRAY[v.pseudonym]);
    UPDATE public.task_series s SET made = p_number, latest_on = p_on
    WHERE s.municipal_area_id = public.ctx_area() AND s.id = p_series;
    RETURN true;
END $$;
ALTER FUNCTION make_task_occurrence(uuid, uuid, uuid, int, date, timestamptz) OWNER TO kim_auth;

-- Reminders: ids only. The id of a notification comes from task, person and moment, so none comes twice; what
-- was missed for more than two days (no worker ran) is not made up for. Nobody off the team is reminded, and nobody
-- of what may not be worked on (Art. 18 GDPR): the list of what is due still shows it.
CREATE FUNCTION tell_due_tasks(p_now timestamptz) RETURNS int
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    v_count int;
BEGIN
    INSERT INTO public.notifications
        (municipal_area_id, id, user_id, kind, object_type, object_id, created_at)
    SELECT t.municipal_area_id,
        md5('task_due ' || t.id || ' ' || told.id || ' ' || extract(epoch FROM t.remind_at))::uuid,
        told.id, 'task_due', 'task', t.id, p_now
    FROM public.tasks t
    JOIN public.cases c ON c.municipal_area_id = t.municipal_area_id AND c.id = t.case_id
    JOIN public.clients k ON k.municipal_area_id = c.municipal_area_id AND k.id = c.client_id
    CROSS JOIN LATERAL unnest(t.assignee_id || t.participant_ids) AS told(id)
    WHERE t.municipal_area_id = public.ctx_area() AND t.done_at IS NULL AND c.phase <> 'closed'
        AND k.processing_restricted_at IS NULL
        AND t.remind_at <= p_now AND t.remind_at > p_now - interval '2 days'
        AND public.works_on_case(t.case_id, told.id)
    ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS v_count = ROW_COUNT;
    RETURN v_count;
END $$;
ALTER FUNCTION tell_due_tasks(timestamptz) OWNER TO kim_auth;

-- Whoever is offered a task is told at once; whoever gave it learns that it was accepted or came back, while they work
-- on the case: nobody else learns that something goes on with somebody hidden.
CREATE FUNCTION tell_of_task() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    INSERT INTO public.notifications
        (municipal_area_id, id, user_id, kind, object_type, object_id, created_at)
    SELECT NEW.municipal_area_id, public.new_id(), told.id, told.kind, 'task', NEW.id, now()
    FROM (SELECT CASE WHEN NEW.state = 'offered' THEN 'task_assigned'
                WHEN NEW.assignee_id = OLD.assignee_id THEN 'task_accepted' ELSE 'task_declined' END AS kind,
            CASE WHEN NEW.state = 'offered' OR NEW.assignee_id <> OLD.assignee_id
                THEN NEW.assignee_id ELSE NEW.given_by END AS id) told
    WHERE told.id IS DISTINCT FROM public.ctx_user() AND public.works_on_case(NEW.case_id, told.id);
    RETURN NULL;
END $$;
ALTER FUNCTION tell_of_task() OWNER TO kim_auth;
CREATE TRIGGER tell_new AFTER INSERT ON tasks
    FOR EACH ROW WHEN (NEW.state = 'offered') EXECUTE FUNCTION tell_of_task();
CREATE TRIGGER tell_handed_on AFTER UPDATE OF assignee_id ON tasks
    FOR EACH ROW WHEN (NEW.state = 'offered' AND NEW.assignee_id <> OLD.assignee_id)
    EXECUTE FUNCTION tell_of_task();
CREATE TRIGGER tell_answer AFTER UPDATE OF state ON tasks
    FOR EACH ROW WHEN (OLD.state = 'offered' AND NEW.state = 'open' AND OLD.assignee_id = ctx_user())
    EXECUTE FUNCTION tell_of_task();

-- Who takes part in an appointment is told that they do, and that they no longer do; they and the assignee that
-- somebody else moved or dropped it, or took that back. Of a series the first one tells: the others follow its rule.
CREATE FUNCTION tell_of_appointment() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    v_before uuid[] := coalesce(OLD.participant_ids, '{}');
    v_kind text := CASE WHEN TG_OP = 'INSERT' THEN NULL
        WHEN NEW.state = 'dropped' AND OLD.done_at IS NULL THEN 'task_dropped'
        WHEN OLD.state = 'dropped' AND NEW.done_at IS NULL THEN 'task_reopened'
        WHEN NEW.done_at IS NULL AND OLD.done_at IS NULL AND (NEW.due_on, NEW.due_at, NEW.place)
            IS DISTINCT FROM (OLD.due_on, OLD.due_at, OLD.place) THEN 'task_moved' END;
BEGIN
    INSERT INTO public.notifications
        (municipal_area_id, id, user_id, kind, object_type, object_id, created_at)
    SELECT NEW.municipal_area_id, public.new_id(), told.id, told.kind, 'task', NEW.id, now()
    FROM (
        SELECT each AS id, 'appointment_invited' AS kind FROM unnest(NEW.participant_ids) AS each
        WHERE NEW.done_at IS NULL AND each <> ALL (v_before)
        UNION ALL
        SELECT each, 'appointment_uninvited' FROM unnest(v_before) AS each
        WHERE NEW.done_at IS NULL AND each <> ALL (NEW.participant_ids || NEW.assignee_id)
        UNION ALL
        SELECT each, v_kind FROM unnest(NEW.participant_ids || NEW.assignee_id) AS each
        WHERE v_kind IS NOT NULL AND each = ANY (v_before || OLD.assignee_id)
    ) told
    WHERE told.id IS DISTINCT FROM public.ctx_user() AND public.works_on_case(NEW.case_id, told.id);
    RETURN NULL;
END $$;
ALTER FUNCTION tell_of_appointment() OWNER TO kim_auth;
CREATE TRIGGER tell_invited AFTER INSERT ON tasks
    FOR EACH ROW WHEN (NEW.participant_ids <> '{}' AND coalesce(NEW.occurrence, 1) = 1)
    EXECUTE FUNCTION tell_of_appointment();
CREATE TRIGGER tell_changed AFTER UPDATE OF participant_ids, due_on, due_at, place, state ON tasks
    FOR EACH ROW WHEN ((OLD.participant_ids, OLD.due_on, OLD.due_at, OLD.place, OLD.state)
        IS DISTINCT FROM (NEW.participant_ids, NEW.due_on, NEW.due_at, NEW.place, NEW.state))
    EXECUTE FUNCTION tell_of_appointment();

SET ROLE kim_auth;
REVOKE EXECUTE ON FUNCTION works_on_case(uuid, uuid), due_task_series(date, int),
    make_task_occurrence(uuid, uuid, uuid, int, date, timestamptz), tell_due_tasks(timestamptz), tell_of_task(),
    tell_of_appointment() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION make_task_occurrence(uuid, uuid, uuid, int, date, timestamptz) TO kim_app, kim_worker;
GRANT EXECUTE ON FUNCTION due_task_series(date, int), tell_due_tasks(timestamptz) TO kim_worker;
SET ROLE kim_owner;
