-- Assignments: the one relation that policies read. They change only through these definer functions,
-- because a foreign key accepts what the eye cannot see.

CALL protect_table('assignments');
GRANT SELECT ON assignments TO kim_app;
GRANT SELECT (municipal_area_id, user_id, client_id, case_id, unit_id, kind, active_from, active_until)
    ON assignments TO kim_worker;
GRANT SELECT (municipal_area_id, user_id, client_id, unit_id, kind, is_restricted, is_held, active_from,
    active_until) ON assignments TO kim_reporting;
GRANT SELECT, INSERT, UPDATE ON assignments TO kim_auth;
CREATE POLICY own ON assignments FOR SELECT TO kim_app USING (user_id = (SELECT ctx_user()));
-- Who has which case, for the team's lead: a list without content, never a restricted case.
CREATE POLICY lead ON assignments FOR SELECT TO kim_app
    USING (unit_id = ANY ((SELECT ctx_places('team_lead'))::uuid[]) AND case_id IS NOT NULL
        AND NOT is_restricted);
CREATE POLICY serve ON assignments FOR SELECT TO kim_worker, kim_reporting USING (true);
CREATE POLICY keep ON assignments TO kim_auth USING (true) WITH CHECK (true);

-- The cases and clients whose content the actor may see now, in the roles that count for this request.
-- A team lead sees content by assignment or break-glass only. The registrar sees the client, and so does
-- everybody on one of the client's cases. An assignment counts at its unit only: who no longer works there
-- has lost it; only a registrar's has no case. Every table of a statement asks anew, and nothing is kept between
-- two looks but the plan: of plpgsql (an SQL function is planned anew with each call), and of one owner. A plan
-- depends on whose policies are in it, so that each change between the caller and the definer functions, which
-- ask too, would cost a new one (0.3 ms). No policy adds to these conditions: they are all there is.
-- A broken glass shows nothing to the transaction that breaks it (its `now()` is when it began): whoever takes the
-- act back has seen nothing, and what stands has its review.
CREATE FUNCTION my_cases() RETURNS uuid[]
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    RETURN ARRAY(
        SELECT a.case_id FROM public.assignments a
        WHERE a.user_id = (SELECT public.ctx_user()) AND a.municipal_area_id = (SELECT public.ctx_area())
            AND a.kind <> 'registrar'
            AND a.active_from <= now() AND (a.active_until IS NULL OR a.active_until > now())
            AND (a.kind <> 'break_glass' AND a.unit_id = ANY ((SELECT public.ctx_places('case_manager'))::uuid[])
                OR a.unit_id = ANY ((SELECT public.ctx_places('team_lead'))::uuid[])
                    AND (a.kind <> 'break_glass' OR a.active_from < now())));
END $$;
ALTER FUNCTION my_cases() OWNER TO kim_auth;

CREATE FUNCTION my_clients() RETURNS uuid[]
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    RETURN ARRAY(
        SELECT a.client_id FROM public.assignments a
        WHERE a.user_id = (SELECT public.ctx_user()) AND a.municipal_area_id = (SELECT public.ctx_area())
            AND a.active_from <= now() AND (a.active_until IS NULL OR a.active_until > now())
            AND (a.kind <> 'break_glass' AND a.unit_id = ANY ((SELECT public.ctx_places('case_manager'))::uuid[])
                OR a.unit_id = ANY ((SELECT public.ctx_places('team_lead'))::uuid[])
                    AND (a.kind <> 'break_glass' OR a.active_from < now())));
END $$;
ALTER FUNCTION my_clients() OWNER TO kim_auth;

-- Of these clients, whom the actor knows for good: as their registrar, or as the lead of one of their cases. What
-- a member, a deputy or a broken glass shows is for one case or a while, and must not become more.
CREATE FUNCTION my_lasting_clients() RETURNS uuid[]
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    RETURN ARRAY(
        SELECT a.client_id FROM public.assignments a
        WHERE a.user_id = (SELECT public.ctx_user()) AND a.municipal_area_id = (SELECT public.ctx_area())
            AND a.kind IN ('lead', 'registrar')
            AND a.active_from <= now() AND a.active_until IS NULL
            AND a.unit_id = ANY ((SELECT public.ctx_places('case_manager'))::uuid[]));
END $$;
ALTER FUNCTION my_lasting_clients() OWNER TO kim_auth;

-- What the actor is to a case or client right now; empty when nothing.
CREATE FUNCTION my_relations(p_client uuid, p_case uuid) RETURNS text[] LANGUAGE sql STABLE
RETURN ARRAY(
    SELECT DISTINCT a.kind FROM assignments a
    WHERE a.user_id = (SELECT ctx_user()) AND a.municipal_area_id = (SELECT ctx_area())
        AND (a.case_id = p_case OR (p_case IS NULL AND a.client_id = p_client))
        AND a.active_from <= now() AND (a.active_until IS NULL OR a.active_until > now())
        AND a.unit_id = ANY (CASE WHEN a.kind = 'break_glass' THEN (SELECT ctx_places('team_lead'))
            ELSE (SELECT ctx_places('case_manager') || ctx_places('team_lead')) END)
);

-- kim_auth must look at what an assignment points to, and at nothing else of it.
GRANT SELECT (municipal_area_id, id, unit_id, created_by, is_restricted) ON clients TO kim_auth;
CREATE POLICY assign ON clients FOR SELECT TO kim_auth USING (true);
GRANT SELECT (municipal_area_id, id, client_id, unit_id, lead_user_id, is_restricted) ON cases TO kim_auth;
GRANT UPDATE (lead_user_id) ON cases TO kim_auth;
CREATE POLICY assign ON cases FOR SELECT TO kim_auth USING (true);
CREATE POLICY lead ON cases FOR UPDATE TO kim_auth USING (true) WITH CHECK (true);

-- Whether somebody who can sign in holds one of these roles at a unit; without roles: whether what they are
-- assigned there still counts. Who no longer works there is told of nothing.
CREATE FUNCTION belongs_to(p_user uuid, p_unit uuid, p_roles text[] DEFAULT '{case_manager,team_lead}')
RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT EXISTS (
        SELECT FROM public.memberships m JOIN public.users u
            ON u.municipal_area_id = m.municipal_area_id AND u.id = m.user_id AND u.disabled_at IS NULL
        WHERE m.municipal_area_id = public.ctx_area() AND m.user_id = p_user AND m.unit_id = p_unit
            AND m.role = ANY (p_roles) AND m.started_at <= now()
            AND (m.ended_at IS NULL OR m.ended_at > now()));
END;
ALTER FUNCTION belongs_to(uuid, uuid, text[]) OWNER TO kim_auth;

-- Somebody hidden is seen by the teams of their running cases alone, as long as there are any: whoever worked with
-- them before, or registered them, has no business with where they are now. Whoever brings that about has another
-- minute, to see what they did.
CREATE FUNCTION keep_to_running_team(p_client uuid) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    -- Of two who bring it about at once the second one sees what the first did.
    PERFORM pg_advisory_xact_lock(hashtextextended('running team:' || public.ctx_area() || p_client, 0));
    WITH held AS (
        SELECT a.id, a.user_id, a.kind, a.active_from, a.active_until, coalesce(c.phase <> 'closed', false) AS of_running,
            public.belongs_to(a.user_id, a.unit_id) AS is_there
        FROM public.assignments a
        LEFT JOIN public.cases c ON c.municipal_area_id = a.municipal_area_id AND c.id = a.case_id
        WHERE a.municipal_area_id = public.ctx_area() AND a.client_id = p_client AND a.kind <> 'break_glass'
            AND (a.active_until IS NULL OR a.active_until > now())
    ), team AS (
        SELECT h.user_id, max(coalesce(h.active_until, 'infinity')) AS until FROM held h
        WHERE h.of_running AND h.is_there AND h.active_from <= now() GROUP BY h.user_id
    ), ending AS (
        SELECT h.id, coalesce(t.until, now() + CASE WHEN h.user_id = public.ctx_user() THEN interval '1 minute'
            ELSE interval '0' END) AS at
        FROM held h LEFT JOIN team t ON t.user_id = h.user_id WHERE NOT h.of_running
    )
    UPDATE public.assignments a SET active_until = greatest(e.at, a.active_from)
    FROM ending e
    WHERE a.municipal_area_id = public.ctx_area() AND a.id = e.id AND e.at < coalesce(a.active_until, 'infinity')
        AND EXISTS (SELECT FROM held r
            WHERE r.of_running AND r.is_there AND r.kind = 'lead' AND r.active_until IS NULL);
END $$;
ALTER FUNCTION keep_to_running_team(uuid) OWNER TO kim_auth;

-- Whether somebody is a case manager of a unit, for those who work or lead there.
CREATE FUNCTION works_at(p_user uuid, p_unit uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT p_unit = ANY (public.ctx_places('case_manager') || public.ctx_places('team_lead'))
        AND public.belongs_to(p_user, p_unit, '{case_manager}');
END;
ALTER FUNCTION works_at(uuid, uuid) OWNER TO kim_auth;

-- The one who created a client registers themselves: once, while nobody is assigned yet.
CREATE FUNCTION register_client(p_id uuid, p_client uuid) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    INSERT INTO public.assignments
        (municipal_area_id, id, user_id, client_id, unit_id, kind, created_by, is_restricted)
    SELECT c.municipal_area_id, p_id, public.ctx_user(), c.id, c.unit_id, 'registrar', public.ctx_user(),
        c.is_restricted
    FROM public.clients c
    WHERE c.municipal_area_id = public.ctx_area() AND c.id = p_client AND c.created_by = public.ctx_user()
        AND c.unit_id = ANY (public.ctx_places('case_manager'))
        AND NOT EXISTS (SELECT FROM public.assignments a
            WHERE a.municipal_area_id = c.municipal_area_id AND a.client_id = c.id);
    IF NOT FOUND THEN
        RAISE EXCEPTION USING errcode = '42501', message = 'only the creator registers a new client';
    END IF;
END $$;
ALTER FUNCTION register_client(uuid, uuid) OWNER TO kim_auth;

-- Makes somebody the lead of a case that the caller holds, and returns the hand-over if there was another one before.
CREATE FUNCTION give_case(p_id uuid, p_case uuid, p_user uuid) RETURNS uuid
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    v_case record;
    v_handover uuid;
BEGIN
    SELECT c.client_id, c.unit_id, c.lead_user_id, c.is_restricted INTO STRICT v_case FROM public.cases c
    WHERE c.municipal_area_id = public.ctx_area() AND c.id = p_case;
    -- Held, so that whoever becomes the lead and leaves at the same moment is not taken for somebody who stays: their
    -- going waits and tells of this case, or is seen here, also where it came after this transaction began.
    PERFORM FROM public.users u
    WHERE u.municipal_area_id = public.ctx_area() AND u.id = p_user AND u.disabled_at IS NULL FOR SHARE;
    IF NOT FOUND OR NOT EXISTS (SELECT FROM public.memberships m
        WHERE m.municipal_area_id = public.ctx_area() AND m.user_id = p_user AND m.unit_id = v_case.unit_id
            AND m.role = 'case_manager' AND (m.ended_at IS NULL OR m.ended_at > clock_timestamp()))
    THEN
        RAISE EXCEPTION USING errcode = '23514', constraint = 'ck_assignments_same_unit',
            message = 'not a case manager of this unit any more';
    END IF;
    -- Whoever leads is no member or deputy beside it: they would go on seeing the case when they have handed it over.
    UPDATE public.assignments a SET active_until = greatest(now(), a.active_from)
    WHERE a.municipal_area_id = public.ctx_area() AND a.case_id = p_case
        AND (a.active_until IS NULL OR a.active_until > now())
        AND (a.kind = 'lead' OR a.kind IN ('member', 'deputy') AND a.user_id = p_user);
    -- Whoever hands the last case of a client on has no business with the client any more.
    UPDATE public.assignments r SET active_until = now()
    WHERE r.municipal_area_id = public.ctx_area() AND r.client_id = v_case.client_id
        AND r.kind = 'registrar' AND r.active_until IS NULL AND r.user_id <> p_user
        AND NOT EXISTS (SELECT FROM public.assignments o
            WHERE o.municipal_area_id = r.municipal_area_id AND o.client_id = r.client_id
                AND o.user_id = r.user_id AND o.case_id IS NOT NULL
                AND (o.active_until IS NULL OR o.active_until > now()));
    UPDATE public.cases c SET lead_user_id = p_user
    WHERE c.municipal_area_id = public.ctx_area() AND c.id = p_case AND c.lead_user_id <> p_user;
    INSERT INTO public.assignments
        (municipal_area_id, id, user_id, client_id, case_id, unit_id, kind, created_by, is_restricted)
    VALUES (public.ctx_area(), p_id, p_user, v_case.client_id, p_case, v_case.unit_id, 'lead', public.ctx_user(),
        v_case.is_restricted);
    IF v_case.lead_user_id <> p_user THEN
        v_handover := public.hand_over_case(p_case, v_case.lead_user_id, p_user);
    END IF;
    IF v_case.is_restricted THEN
        PERFORM public.keep_to_running_team(v_case.client_id);
    END IF;
    RETURN v_handover;
END $$;
ALTER FUNCTION give_case(uuid, uuid, uuid) OWNER TO kim_auth;

-- Assigns a case. The right: who opens a case leads it, which only the registrar of the client or the lead of
-- another of their cases may (a deputy would keep sight of the client beyond the deputyship); the unit's team
-- lead assigns lead and members; the lead or the unit's team lead names a deputy, nobody themselves; a team
-- lead breaks the glass for themselves, with a reason and an end. Of somebody hidden the team lead knows nothing: the lead
-- of a running case hands it on, and when they have left, whoever is still on its team takes it over, closed or not.
CREATE FUNCTION assign_case(
    p_id uuid, p_case uuid, p_user uuid, p_kind text, p_from timestamptz, p_until timestamptz, p_reason text
) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    v_case record;
    v_me uuid := public.ctx_user();
    v_leads_team boolean;
    v_leads_case boolean;
    v_allowed boolean;
BEGIN
    -- The client first, as whoever restricts them does, who would find the case held and wait for ever.
    PERFORM FROM public.clients k JOIN public.cases c ON c.municipal_area_id = k.municipal_area_id AND c.client_id = k.id
    WHERE c.municipal_area_id = public.ctx_area() AND c.id = p_case FOR SHARE OF k;
    -- Whoever writes an entry holds the key of the case: it is in before the hand-over, which takes it along, or
    -- comes after it.
    IF p_kind = 'lead' THEN
        PERFORM FROM public.cases c
        WHERE c.municipal_area_id = public.ctx_area() AND c.id = p_case FOR UPDATE;
    END IF;
    -- Held, so that an assignment and a restriction at the same moment wait for each other.
    SELECT c.client_id, c.unit_id, c.lead_user_id, c.is_restricted, c.phase INTO v_case FROM public.cases c
    WHERE c.municipal_area_id = public.ctx_area() AND c.id = p_case FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING errcode = '42501', message = 'unknown case';
    END IF;
    v_leads_team := v_case.unit_id = ANY (public.ctx_places('team_lead')) AND NOT v_case.is_restricted;
    -- Like every assignment, that of the lead counts at its unit only.
    v_leads_case := v_case.unit_id = ANY (public.ctx_places('case_manager')) AND EXISTS (SELECT FROM public.assignments a
        WHERE a.municipal_area_id = public.ctx_area() AND a.case_id = p_case AND a.user_id = v_me
            AND a.kind = 'lead' AND a.active_from <= now() AND a.active_until IS NULL);
    v_allowed := CASE p_kind
        WHEN 'lead' THEN (v_leads_team AND p_user <> v_me) OR (
            v_case.is_restricted AND CASE WHEN p_user <> v_me THEN v_leads_case AND v_case.phase <> 'closed'
                ELSE v_case.unit_id = ANY (public.ctx_places('case_manager'))
                    AND v_me IN (SELECT public.remaining_team(public.ctx_area(), p_case)) END
        ) OR (
            p_user = v_me AND v_case.lead_user_id = v_me
            AND v_case.unit_id = ANY (public.ctx_places('case_manager'))
            AND NOT EXISTS (SELECT FROM public.assignments a
                WHERE a.municipal_area_id = public.ctx_area() AND a.case_id = p_case)
            AND EXISTS (SELECT FROM public.assignments a
                WHERE a.municipal_area_id = public.ctx_area() AND a.client_id = v_case.client_id
                    AND a.user_id = v_me AND a.kind IN ('lead', 'registrar') AND a.active_from <= now()
                    AND a.unit_id = ANY (public.ctx_places('case_manager'))
                    AND a.active_until IS NULL))
        WHEN 'member' THEN (v_leads_team OR v_leads_case) AND p_user <> v_me
        WHEN 'deputy' THEN (v_leads_team OR v_leads_case) AND p_user <> v_me AND p_until IS NOT NULL
        WHEN 'break_glass' THEN v_leads_team AND p_user = v_me AND length(trim(p_reason)) >= 10
            AND p_until <= now() + interval '3 hours' AND p_from IS NULL
        ELSE false END;
    IF v_allowed IS NOT TRUE THEN
        RAISE EXCEPTION USING errcode = '42501', message = 'no right to assign this case';
    END IF;
    -- The team takes over what its lead has left. A lead may have come back a moment ago, so that it is asked here.
    IF p_kind = 'lead' AND p_user = v_me AND v_me IN (SELECT public.remaining_team(public.ctx_area(), p_case))
        AND public.belongs_to(v_case.lead_user_id, v_case.unit_id, '{case_manager}')
    THEN
        RAISE EXCEPTION USING errcode = '23514', constraint = 'ck_assignments_lead_left',
            message = 'the lead works at the unit';
    END IF;
    IF p_kind <> 'break_glass' AND NOT public.works_at(p_user, v_case.unit_id) THEN
        RAISE EXCEPTION USING errcode = '23514', constraint = 'ck_assignments_same_unit',
            message = 'not a case manager of this unit';
    END IF;
    -- Once the case is held: of two requests at once for the same person the second finds what the first wrote.
    IF p_kind IN ('lead', 'member') AND EXISTS (SELECT FROM public.assignments a
        WHERE a.municipal_area_id = public.ctx_area() AND a.case_id = p_case AND a.user_id = p_user
            AND a.kind = p_kind AND (a.active_until IS NULL OR a.active_until > now()))
    THEN
        RAISE EXCEPTION USING errcode = '23505', constraint = 'uq_assignments_held', message = 'they are that already';
    END IF;
    IF p_kind = 'lead' THEN
        PERFORM public.give_case(p_id, p_case, p_user);
        RETURN;
    END IF;
    INSERT INTO public.assignments (municipal_area_id, id, user_id, client_id, case_id, unit_id, kind,
        active_from, active_until, reason, created_by, is_restricted)
    VALUES (public.ctx_area(), p_id, p_user, v_case.client_id, p_case, v_case.unit_id, p_kind,
        coalesce(p_from, now()), p_until, p_reason, v_me, v_case.is_restricted);
    -- A new lead is told by hand_over_case. Whoever stands in from a later day is told of it now.
    INSERT INTO public.notifications (municipal_area_id, id, user_id, kind, object_type, object_id, created_at)
    SELECT public.ctx_area(), public.new_id(), p_user,
        CASE p_kind WHEN 'deputy' THEN 'case_deputised' ELSE 'case_joined' END, 'case', p_case, now()
    WHERE p_kind IN ('deputy', 'member');
    IF v_case.is_restricted THEN
        PERFORM public.keep_to_running_team(v_case.client_id);
    END IF;
END $$;
ALTER FUNCTION assign_case(uuid, uuid, uuid, text, timestamptz, timestamptz, text) OWNER TO kim_auth;

-- Whoever breaks the glass is reviewed, whichever way they did it: the review is opened in the same transaction.
CREATE FUNCTION broken_glass_is_reviewed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM public.access_reviews r
        WHERE r.municipal_area_id = NEW.municipal_area_id AND r.kind = 'break_glass' AND r.object_id = NEW.id)
    THEN
        RAISE EXCEPTION USING errcode = '42501', message = 'a broken glass needs its review';
    END IF;
    RETURN NULL;
END $$;
ALTER FUNCTION broken_glass_is_reviewed() OWNER TO kim_auth;
CREATE CONSTRAINT TRIGGER glass_is_reviewed AFTER INSERT ON assignments
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.kind = 'break_glass' AND current_user = 'kim_auth')
    EXECUTE FUNCTION broken_glass_is_reviewed();

-- Ends an assignment: the lead of the case, the unit's team lead, or the person themselves (not the lead). Who is
-- taken off a team is no member after that, however often they were one.
CREATE FUNCTION end_assignment(p_id uuid) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    v_ended boolean;
BEGIN
    UPDATE public.assignments a SET active_until = greatest(now(), a.active_from)
    WHERE a.municipal_area_id = public.ctx_area() AND a.kind IN ('member', 'deputy', 'break_glass')
        AND (a.id = p_id OR a.kind = 'member' AND EXISTS (SELECT FROM public.assignments t
            WHERE t.municipal_area_id = a.municipal_area_id AND t.id = p_id AND t.kind = 'member'
                AND t.case_id = a.case_id AND t.user_id = a.user_id))
        AND (a.active_until IS NULL OR a.active_until > now())
        AND (a.user_id = public.ctx_user()
            OR (a.unit_id = ANY (public.ctx_places('team_lead')) AND NOT a.is_restricted)
            OR EXISTS (SELECT FROM public.assignments l
                WHERE l.municipal_area_id = a.municipal_area_id AND l.case_id = a.case_id
                    AND l.user_id = public.ctx_user() AND l.kind = 'lead'
                    AND l.unit_id = ANY (public.ctx_places('case_manager')) AND l.active_from <= now()
                    AND (l.active_until IS NULL OR l.active_until > now())));
    v_ended := FOUND;
    PERFORM public.keep_to_running_team(a.client_id), public.tell_of_vacancies(a.municipal_area_id, a.unit_id)
    FROM public.assignments a
    WHERE v_ended AND a.municipal_area_id = public.ctx_area() AND a.id = p_id AND a.is_restricted;
    RETURN v_ended;
END $$;
ALTER FUNCTION end_assignment(uuid) OWNER TO kim_auth;

-- Who registered the client of a case and works with them without a case of their own: for the lead of the case
-- and the unit's team lead, who may end that.
CREATE FUNCTION may_end_registrars(p_case uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT EXISTS (SELECT FROM public.cases c
        WHERE c.municipal_area_id = public.ctx_area() AND c.id = p_case
            AND (c.unit_id = ANY (public.ctx_places('team_lead')) AND NOT c.is_restricted
                OR EXISTS (SELECT FROM public.assignments l
                    WHERE l.municipal_area_id = c.municipal_area_id AND l.case_id = c.id
                        AND l.user_id = public.ctx_user() AND l.kind = 'lead'
                        AND l.unit_id = ANY (public.ctx_places('case_manager')) AND l.active_from <= now()
                        AND (l.active_until IS NULL OR l.active_until > now()))));
END;
ALTER FUNCTION may_end_registrars(uuid) OWNER TO kim_auth;

CREATE FUNCTION case_registrars(p_case uuid)
RETURNS TABLE (id uuid, user_id uuid, display_name text, active_from timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT a.id, a.user_id, u.display_name, a.active_from
    FROM public.cases c
    JOIN public.assignments a ON a.municipal_area_id = c.municipal_area_id AND a.client_id = c.client_id
        AND a.kind = 'registrar' AND (a.active_until IS NULL OR a.active_until > now())
    JOIN public.users u ON u.municipal_area_id = a.municipal_area_id AND u.id = a.user_id
    WHERE c.municipal_area_id = public.ctx_area() AND c.id = p_case AND public.may_end_registrars(p_case);
END;
ALTER FUNCTION case_registrars(uuid) OWNER TO kim_auth;

-- Ends the right of a registrar of a case's client, at once. What they do by a case stays theirs.
CREATE FUNCTION end_registrar(p_case uuid, p_id uuid) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE public.assignments a SET active_until = greatest(now(), a.active_from)
    FROM public.cases c
    WHERE c.municipal_area_id = public.ctx_area() AND c.id = p_case AND public.may_end_registrars(p_case)
        AND a.municipal_area_id = c.municipal_area_id AND a.client_id = c.client_id AND a.id = p_id
        AND a.kind = 'registrar' AND (a.active_until IS NULL OR a.active_until > now());
    RETURN FOUND;
END $$;
ALTER FUNCTION end_registrar(uuid, uuid) OWNER TO kim_auth;

-- The team of a case, for those who are on it (mutual policies would recurse).
CREATE FUNCTION case_team(p_case uuid)
RETURNS TABLE (id uuid, user_id uuid, display_name text, kind text, active_from timestamptz, active_until timestamptz,
    is_active boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT a.id, a.user_id, u.display_name, a.kind, a.active_from, a.active_until, public.belongs_to(a.user_id, a.unit_id,
        CASE a.kind WHEN 'break_glass' THEN '{team_lead}'::text[] ELSE '{case_manager}'::text[] END)
    FROM public.assignments a JOIN public.users u
        ON u.municipal_area_id = a.municipal_area_id AND u.id = a.user_id
    WHERE a.municipal_area_id = public.ctx_area() AND a.case_id = p_case
        AND (a.active_until IS NULL OR a.active_until > now())
        AND (p_case = ANY ((SELECT public.my_cases())::uuid[])
            OR (a.unit_id = ANY (public.ctx_places('team_lead')) AND NOT a.is_restricted));
END;
ALTER FUNCTION case_team(uuid) OWNER TO kim_auth;

SET ROLE kim_auth;
REVOKE EXECUTE ON FUNCTION my_cases(), my_clients(), my_lasting_clients() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION my_cases(), my_clients(), my_lasting_clients() TO kim_app;
REVOKE EXECUTE ON FUNCTION works_at(uuid, uuid), belongs_to(uuid, uuid, text[]), register_client(uuid, uuid),
    assign_case(uuid, uuid, uuid, text, timestamptz, timestamptz, text), end_assignment(uuid), case_team(uuid),
    give_case(uuid, uuid, uuid), may_end_registrars(uuid), case_registrars(uuid), end_registrar(uuid, uuid),
    keep_to_running_team(uuid), broken_glass_is_reviewed() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION works_at(uuid, uuid), register_client(uuid, uuid),
    assign_case(uuid, uuid, uuid, text, timestamptz, timestamptz, text), end_assignment(uuid), case_team(uuid),
    case_registrars(uuid), end_registrar(uuid, uuid) TO kim_app;
GRANT EXECUTE ON FUNCTION belongs_to(uuid, uuid, text[]) TO kim_worker;
SET ROLE kim_owner;
