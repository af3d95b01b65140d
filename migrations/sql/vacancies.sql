-- Vacancies: cases of somebody hidden whose lead has left and on whose team nobody works any more (closed ones while no
-- other case of theirs runs), and clients without a case whose registrar has left, hidden or not. Somebody must
-- name who has them from now on, who may not know of whom. A team lead learns that there is one at the unit, by an id that
-- says nothing: made of the client's pseudonym, which no team lead reads, and another one for each who leaves.

-- `p_gone` counts as gone already: the end of a membership is written a moment after its transaction began.
CREATE FUNCTION vacancies_of(p_area text, p_units uuid[], p_gone uuid DEFAULT NULL)
RETURNS TABLE (id uuid, case_id uuid, client_id uuid, unit_id uuid, pseudonym uuid, is_restricted boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT left(encode(sha256(convert_to('vacancy ' || k.pseudonym || c.id || c.lead_user_id, 'UTF8')), 'hex'), 32)::uuid,
        c.id, c.client_id, c.unit_id, k.pseudonym, true
    FROM public.cases c
    JOIN public.clients k ON k.municipal_area_id = c.municipal_area_id AND k.id = c.client_id
    WHERE c.municipal_area_id = p_area AND c.unit_id = ANY (p_units) AND c.is_restricted
        AND (c.phase <> 'closed' OR NOT EXISTS (SELECT FROM public.cases o
            WHERE o.municipal_area_id = p_area AND o.client_id = c.client_id AND o.phase <> 'closed'))
        AND NOT EXISTS (
            SELECT FROM (SELECT c.lead_user_id INTERSECT
                    SELECT public.holders_of(p_area, c.unit_id, 'case_manager')
                UNION ALL SELECT public.remaining_team(p_area, c.id)) AS here (user_id)
            WHERE here.user_id IS DISTINCT FROM p_gone)
    UNION ALL
    (WITH here AS MATERIALIZED (
        SELECT of_unit.unit_id, holder.user_id
        FROM (SELECT DISTINCT m.unit_id FROM public.memberships m
            WHERE m.municipal_area_id = p_area AND m.role = 'case_manager') of_unit
        CROSS JOIN LATERAL public.holders_of(p_area, of_unit.unit_id, 'case_manager') AS holder (user_id)
        WHERE holder.user_id IS DISTINCT FROM p_gone)
    SELECT left(encode(sha256(convert_to('vacancy ' || k.pseudonym || k.id
            || coalesce((SELECT max(a.id::text) FROM public.assignments a
                WHERE a.municipal_area_id = p_area AND a.client_id = k.id), ''), 'UTF8')), 'hex'), 32)::uuid,
        NULL::uuid AS case_id, k.id, k.unit_id, k.pseudonym, k.is_restricted
    FROM public.clients k
    WHERE k.municipal_area_id = p_area AND k.unit_id = ANY (p_units) AND k.merged_into IS NULL
        AND NOT EXISTS (SELECT FROM public.cases c WHERE c.municipal_area_id = p_area AND c.client_id = k.id)
        AND NOT EXISTS (SELECT FROM public.assignments a
            JOIN here ON here.unit_id = a.unit_id AND here.user_id = a.user_id
            WHERE a.municipal_area_id = p_area AND a.client_id = k.id AND a.active_from <= now()
                AND (a.active_until IS NULL OR a.active_until > now())));
END;
ALTER FUNCTION vacancies_of(text, uuid[], uuid) OWNER TO kim_auth;

-- What a team lead finds in the list of what is due: that there is one, and nothing of it.
CREATE FUNCTION vacancies() RETURNS TABLE (id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT v.id FROM public.vacancies_of(public.ctx_area(), public.ctx_places('team_lead')) v;
END;
ALTER FUNCTION vacancies() OWNER TO kim_auth;

-- Told once a vacancy and team lead, however often it is looked for.
CREATE FUNCTION tell_of_vacancies(p_area text, p_unit uuid, p_gone uuid DEFAULT NULL) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    INSERT INTO public.notifications
        (municipal_area_id, id, user_id, kind, object_type, object_id, created_at)
    SELECT p_area, md5('vacancy ' || v.id || ' ' || told.user_id)::uuid, told.user_id, 'vacancy_open', 'vacancy',
        v.id, now()
    FROM public.vacancies_of(p_area, ARRAY[p_unit], p_gone) v
    CROSS JOIN LATERAL public.holders_of(p_area, v.unit_id, 'team_lead') AS told (user_id)
    ON CONFLICT DO NOTHING;
END;
ALTER FUNCTION tell_of_vacancies(text, uuid, uuid) OWNER TO kim_auth;

-- Whoever was on a team leaves the unit or is disabled, lead or not.
CREATE FUNCTION tell_of_leaving_team() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF TG_TABLE_NAME = 'memberships' THEN
        PERFORM public.tell_of_vacancies(NEW.municipal_area_id, NEW.unit_id, NEW.user_id);
    ELSE
        PERFORM public.tell_of_vacancies(m.municipal_area_id, m.unit_id) FROM public.memberships m
        WHERE m.municipal_area_id = NEW.municipal_area_id AND m.user_id = NEW.id AND m.role = 'case_manager'
            AND m.ended_at IS NULL;
    END IF;
    RETURN NULL;
END $$;
ALTER FUNCTION tell_of_leaving_team() OWNER TO kim_auth;
CREATE TRIGGER tell_of_leaving_team AFTER UPDATE OF ended_at ON memberships
    FOR EACH ROW WHEN (OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL AND NEW.role = 'case_manager')
    EXECUTE FUNCTION tell_of_leaving_team();
CREATE TRIGGER tell_of_leaving_team AFTER UPDATE OF disabled_at ON users
    FOR EACH ROW WHEN (OLD.disabled_at IS NULL AND NEW.disabled_at IS NOT NULL)
    EXECUTE FUNCTION tell_of_leaving_team();

-- For the worker: a deputyship ends by itself.
CREATE FUNCTION remind_of_vacancies() RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT public.tell_of_vacancies(u.municipal_area_id, u.unit_id) FROM (
        SELECT c.municipal_area_id, c.unit_id FROM public.cases c
        WHERE c.municipal_area_id = public.ctx_area() AND c.is_restricted
        UNION SELECT k.municipal_area_id, k.unit_id FROM public.clients k
        WHERE k.municipal_area_id = public.ctx_area()) u;
END;
ALTER FUNCTION remind_of_vacancies() OWNER TO kim_auth;

-- The team lead of the unit names who has it from now on, and sees nothing by that, neither case nor client: what the
-- journal says of them is written here. Returns the hand-over, which only the review of it takes: of a client without a
-- case the new registrar's assignment, or nothing where they are not hidden.
CREATE FUNCTION name_lead(p_id uuid, p_vacancy uuid, p_user uuid) RETURNS uuid
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    v record;
BEGIN
    SELECT f.case_id, f.client_id, f.unit_id, f.pseudonym, f.is_restricted INTO v
    FROM public.vacancies_of(public.ctx_area(), public.ctx_places('team_lead')) f WHERE f.id = p_vacancy;
    -- Of two who name somebody at once the second one finds that it is no vacancy any more.
    PERFORM pg_advisory_xact_lock(hashtextextended('vacancy:' || public.ctx_area() || v.client_id, 0));
    PERFORM FROM public.cases c WHERE c.municipal_area_id = public.ctx_area() AND c.id = v.case_id FOR UPDATE;
    IF NOT EXISTS (SELECT FROM public.vacancies_of(public.ctx_area(), public.ctx_places('team_lead')) f
        WHERE f.id = p_vacancy) OR p_user = public.ctx_user()
    THEN
        RAISE EXCEPTION USING errcode = '42501', message = 'no right to name a lead';
    END IF;
    IF NOT public.works_at(p_user, v.unit_id) THEN
        RAISE EXCEPTION USING errcode = '23514', constraint = 'ck_assignments_same_unit',
            message = 'not a case manager of this unit';
    END IF;
    INSERT INTO public.audit_journal (action, object_type, object_id, client_pseudonyms, outcome, changed)
    VALUES ('vacancy.fill', CASE WHEN v.case_id IS NULL THEN 'client' ELSE 'case' END,
        coalesce(v.case_id, v.client_id), ARRAY[v.pseudonym], 'done',
        ARRAY[CASE WHEN v.case_id IS NULL THEN 'registrar' ELSE 'lead' END]);
    IF v.case_id IS NOT NULL THEN
        RETURN public.give_case(p_id, v.case_id, p_user);
    END IF;
    -- Whoever comes back does not go on with a client who was given to somebody else.
    UPDATE public.assignments a SET active_until = greatest(now(), a.active_from)
    WHERE a.municipal_area_id = public.ctx_area() AND a.client_id = v.client_id
        AND (a.active_until IS NULL OR a.active_until > now());
    INSERT INTO public.assignments
        (municipal_area_id, id, user_id, client_id, unit_id, kind, created_by, is_restricted)
    VALUES (public.ctx_area(), p_id, p_user, v.client_id, v.unit_id, 'registrar', public.ctx_user(), v.is_restricted);
    INSERT INTO public.notifications (municipal_area_id, id, user_id, kind, object_type, object_id, created_at)
    VALUES (public.ctx_area(), public.new_id(), p_user, 'client_handed_over', 'client', v.client_id, now());
    RETURN CASE WHEN v.is_restricted THEN p_id END;
END $$;
ALTER FUNCTION name_lead(uuid, uuid, uuid) OWNER TO kim_auth;

-- Whoever makes themselves or somebody else the lead of somebody hidden, without having led it, is reviewed: in the same
-- transaction, and whoever named somebody says why.
CREATE FUNCTION new_lead_is_reviewed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF EXISTS (SELECT FROM public.cases c WHERE c.municipal_area_id = NEW.municipal_area_id AND c.id = NEW.case_id
            AND c.is_restricted
            UNION ALL SELECT FROM public.clients k WHERE k.municipal_area_id = NEW.municipal_area_id
                AND k.id = (to_jsonb(NEW) ->> 'client_id')::uuid AND k.is_restricted)
        AND NOT EXISTS (SELECT FROM public.access_reviews r
            WHERE r.municipal_area_id = NEW.municipal_area_id AND r.object_id = NEW.id
                AND (r.kind = 'case_taken_over' OR r.kind = 'lead_named' AND length(trim(r.reason)) >= 10))
    THEN
        RAISE EXCEPTION USING errcode = '42501', message = 'a new lead needs a review';
    END IF;
    RETURN NULL;
END $$;
ALTER FUNCTION new_lead_is_reviewed() OWNER TO kim_auth;
CREATE CONSTRAINT TRIGGER new_lead_is_reviewed AFTER INSERT ON case_handovers DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.assigned_by <> NEW.from_user_id AND current_user = 'kim_auth')
    EXECUTE FUNCTION new_lead_is_reviewed();
CREATE CONSTRAINT TRIGGER new_registrar_is_reviewed AFTER INSERT ON assignments DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.kind = 'registrar' AND NEW.created_by <> NEW.user_id AND current_user = 'kim_auth')
    EXECUTE FUNCTION new_lead_is_reviewed();

SET ROLE kim_auth;
REVOKE EXECUTE ON FUNCTION vacancies_of(text, uuid[], uuid), vacancies(), tell_of_vacancies(text, uuid, uuid),
    tell_of_leaving_team(), remind_of_vacancies(), name_lead(uuid, uuid, uuid), new_lead_is_reviewed() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION vacancies(), name_lead(uuid, uuid, uuid) TO kim_app;
GRANT EXECUTE ON FUNCTION remind_of_vacancies() TO kim_worker;
SET ROLE kim_owner;
