-- Grants and policies of areas, units, institutions, users, memberships, sessions, outbox, idempotency.

GRANT SELECT ON municipal_areas, catalogue_entries TO kim_app, kim_auth;
GRANT SELECT (id, name) ON municipal_areas TO kim_worker;

-- Units, positions and institutions are no personal data, but stay in their area.
CALL protect_table('units');
CALL track_versions('units');
GRANT SELECT, INSERT, UPDATE ON units TO kim_app;
GRANT SELECT (municipal_area_id, id, kind, municipality) ON units TO kim_reporting;
CREATE POLICY read ON units FOR SELECT TO kim_app, kim_reporting USING (true);
CREATE POLICY add ON units FOR INSERT TO kim_app WITH CHECK ((SELECT ctx_is('admin')));
CREATE POLICY change ON units FOR UPDATE TO kim_app
    USING ((SELECT ctx_is('admin'))) WITH CHECK ((SELECT ctx_is('admin')));

CALL protect_table('positions');
CALL track_versions('positions');
GRANT SELECT, INSERT ON positions TO kim_app;
CALL let_change('positions');
GRANT SELECT (municipal_area_id, unit_id, component, is_assistant, full_time_equivalents, funded_year,
    filled_from, filled_until) ON positions TO kim_reporting;
CREATE POLICY read ON positions FOR SELECT TO kim_app, kim_reporting USING (true);
CREATE POLICY add ON positions FOR INSERT TO kim_app WITH CHECK ((SELECT ctx_is('assistant')));
CREATE POLICY change ON positions FOR UPDATE TO kim_app
    USING ((SELECT ctx_is('assistant'))) WITH CHECK ((SELECT ctx_is('assistant')));

CALL protect_table('institutions');
CALL track_versions('institutions');
GRANT SELECT, INSERT, UPDATE ON institutions TO kim_app;
GRANT SELECT (municipal_area_id, id, institution_type, is_active) ON institutions TO kim_worker;
CREATE POLICY read ON institutions FOR SELECT TO kim_app, kim_worker USING (true);
CREATE POLICY add ON institutions FOR INSERT TO kim_app
    WITH CHECK ((SELECT ctx_is('coordinator') OR ctx_is('assistant')));
CREATE POLICY change ON institutions FOR UPDATE TO kim_app
    USING ((SELECT ctx_is('coordinator') OR ctx_is('assistant')))
    WITH CHECK ((SELECT ctx_is('coordinator') OR ctx_is('assistant')));

-- Users: colleagues' names are seen inside the area by those who work in it; partners see themselves.
CALL protect_table('users');
CALL track_versions('users');
-- Whose account somebody signs in with is never changed: another's would be that person.
GRANT SELECT, INSERT, UPDATE (display_name, language, disabled_at) ON users TO kim_app;
GRANT SELECT ON users TO kim_auth;
GRANT SELECT (municipal_area_id, id, disabled_at) ON users TO kim_worker;
CREATE POLICY read ON users FOR SELECT TO kim_app
    USING (id = (SELECT ctx_user())
        OR (SELECT ctx_roles() && '{admin,case_manager,team_lead,coordinator,assistant,privacy_officer}'));
CREATE POLICY add ON users FOR INSERT TO kim_app WITH CHECK ((SELECT ctx_is('admin')));
CREATE POLICY change ON users FOR UPDATE TO kim_app
    USING ((SELECT ctx_is('admin'))) WITH CHECK ((SELECT ctx_is('admin')));
CREATE POLICY serve ON users FOR SELECT TO kim_worker USING (true);
CREATE POLICY sign_in ON users FOR SELECT TO kim_auth USING (true);

CALL protect_table('memberships');
CALL track_versions('memberships');
-- What somebody was is not rewritten: it ends.
GRANT SELECT, INSERT, UPDATE (ended_at) ON memberships TO kim_app;
GRANT SELECT ON memberships TO kim_auth;
GRANT SELECT (municipal_area_id, user_id, role, unit_id, institution_id, started_at, ended_at) ON memberships
    TO kim_worker;
CREATE POLICY read ON memberships FOR SELECT TO kim_app
    USING (user_id = (SELECT ctx_user())
        OR (SELECT ctx_is('admin'))
        OR unit_id = ANY ((SELECT ctx_places('team_lead') || ctx_places('case_manager'))::uuid[]));
-- Nobody changes their own rights.
CREATE POLICY add ON memberships FOR INSERT TO kim_app
    WITH CHECK ((SELECT ctx_is('admin')) AND user_id <> (SELECT ctx_user()));
CREATE POLICY change ON memberships FOR UPDATE TO kim_app
    USING ((SELECT ctx_is('admin')) AND user_id <> (SELECT ctx_user()))
    WITH CHECK ((SELECT ctx_is('admin')) AND user_id <> (SELECT ctx_user()));
CREATE POLICY serve ON memberships FOR SELECT TO kim_worker USING (true);
CREATE POLICY sign_in ON memberships FOR SELECT TO kim_auth USING (true);

-- One person never holds roles that must be apart; the user's row is the lock. A machine holds none.
CREATE FUNCTION keep_roles_apart() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    v_roles text[];
BEGIN
    PERFORM FROM public.users u WHERE u.municipal_area_id = NEW.municipal_area_id AND u.id = NEW.user_id
        AND u.account_id IS NULL;
    IF FOUND THEN
        RAISE EXCEPTION USING errcode = '23514', constraint = 'ck_memberships_of_a_person',
            message = 'a machine holds no membership';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('roles:' || NEW.user_id, 0));
    SELECT array_agg(DISTINCT m.role) || NEW.role INTO v_roles FROM public.memberships m
    WHERE m.municipal_area_id = NEW.municipal_area_id AND m.user_id = NEW.user_id
        AND m.id <> NEW.id AND (m.ended_at IS NULL OR m.ended_at > now());
    IF v_roles && '{coordinator,admin,authority_officer}' AND v_roles && '{case_manager,team_lead,privacy_officer}'
    THEN
        RAISE EXCEPTION USING errcode = '23514', constraint = 'ck_memberships_roles_apart',
            message = 'these roles are never held together';
    END IF;
    -- Who is at an institution reads what was sent there: whom a unit works with, or what it must see nobody of.
    IF EXISTS (SELECT FROM public.memberships m
            WHERE m.municipal_area_id = NEW.municipal_area_id AND m.user_id = NEW.user_id AND m.id <> NEW.id
                AND (m.ended_at IS NULL OR m.ended_at > now())
                AND (m.unit_id IS NULL) <> (NEW.unit_id IS NULL))
    THEN
        RAISE EXCEPTION USING errcode = '23514', constraint = 'ck_memberships_roles_apart',
            message = 'a role at an institution is never held with one at a unit';
    END IF;
    RETURN NEW;
END $$;
ALTER FUNCTION keep_roles_apart() OWNER TO kim_auth;
CREATE TRIGGER roles_apart BEFORE INSERT OR UPDATE ON memberships
    FOR EACH ROW WHEN (NEW.ended_at IS NULL OR NEW.ended_at > now()) EXECUTE FUNCTION keep_roles_apart();
-- Whoever makes the trigger must be able to call it, so its rights are taken afterwards.
SET ROLE kim_auth;
REVOKE EXECUTE ON FUNCTION keep_roles_apart() FROM PUBLIC;
SET ROLE kim_owner;

-- Accounts, sessions and secrets belong to the definer functions alone.
ALTER TABLE accounts ENABLE ROW LEVEL SECURITY;
ALTER TABLE accounts FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE ON accounts TO kim_auth;
CREATE POLICY sign_in ON accounts TO kim_auth USING (true) WITH CHECK (true);
ALTER TABLE sessions ENABLE ROW LEVEL SECURITY;
ALTER TABLE sessions FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE ON sessions TO kim_auth;
CREATE POLICY sign_in ON sessions TO kim_auth USING (true) WITH CHECK (true);
ALTER TABLE refresh_tokens ENABLE ROW LEVEL SECURITY;
ALTER TABLE refresh_tokens FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON refresh_tokens TO kim_auth;
CREATE POLICY sign_in ON refresh_tokens TO kim_auth USING (true) WITH CHECK (true);
ALTER TABLE login_throttles ENABLE ROW LEVEL SECURITY;
ALTER TABLE login_throttles FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, UPDATE, DELETE ON login_throttles TO kim_auth;
CREATE POLICY sign_in ON login_throttles TO kim_auth USING (true) WITH CHECK (true);

-- Checks the session, sets the context, and answers who it is with the memberships that count here.
-- No row: the session has ended. Empty arrays: signed in, but without any of these roles.
-- A machine's session is the credential by which it got its token: `scopes` are those it has, null for people.
CREATE FUNCTION open_session(p_session uuid, p_roles text[], p_request text)
RETURNS TABLE (user_id uuid, account_id uuid, municipal_area_id text, roles text[], places uuid[],
    must_change_password boolean, scopes text[])
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    SELECT s.user_id, s.account_id, s.municipal_area_id,
        coalesce(array_agg(m.role) FILTER (WHERE m.role = ANY (p_roles)), '{}'),
        coalesce(array_agg(coalesce(m.unit_id, m.institution_id)) FILTER (WHERE m.role = ANY (p_roles)), '{}'),
        a.must_change_password
    INTO user_id, account_id, municipal_area_id, roles, places, must_change_password
    FROM public.sessions s
    JOIN public.accounts a ON a.id = s.account_id AND a.disabled_at IS NULL
    JOIN public.users u ON u.municipal_area_id = s.municipal_area_id AND u.id = s.user_id
        AND u.disabled_at IS NULL
    -- Whoever is at an institution that is not active has no role there until it is again.
    LEFT JOIN public.memberships m ON m.municipal_area_id = s.municipal_area_id AND m.user_id = s.user_id
        AND m.started_at <= now() AND (m.ended_at IS NULL OR m.ended_at > now())
        AND NOT EXISTS (SELECT FROM public.institutions i
            WHERE i.municipal_area_id = m.municipal_area_id AND i.id = m.institution_id AND NOT i.is_active)
    WHERE s.id = p_session AND s.ended_at IS NULL AND s.expires_at > now()
    GROUP BY s.user_id, s.account_id, s.municipal_area_id, a.must_change_password;
    IF user_id IS NULL THEN
        SELECT m.partner_system_id, m.municipal_area_id, m.scopes, false,
            CASE WHEN 'partner_system' = ANY (p_roles) THEN '{partner_system}'::text[] ELSE '{}' END,
            CASE WHEN 'partner_system' = ANY (p_roles) THEN ARRAY[m.institution_id] ELSE '{}' END
        INTO user_id, municipal_area_id, scopes, must_change_password, roles, places
        FROM public.living_credential(p_session) m;
    END IF;
    IF user_id IS NULL THEN
        PERFORM public.set_context('', '', '', p_request, '{}', '{}');
        RETURN;
    END IF;
    PERFORM public.set_context(
        municipal_area_id, user_id::text, p_session::text, p_request, roles,
        ARRAY(SELECT r || ':' || p FROM unnest(roles, places) AS held(r, p)));
    RETURN NEXT;
END $$;
REVOKE EXECUTE ON FUNCTION open_session(uuid, text[], text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION open_session(uuid, text[], text) TO kim_app;
ALTER FUNCTION open_session(uuid, text[], text) OWNER TO kim_auth;

-- Idempotency keys: everybody their own.
CALL protect_table('idempotency_keys');
GRANT SELECT, INSERT ON idempotency_keys TO kim_app;
GRANT SELECT (municipal_area_id, created_at), DELETE ON idempotency_keys TO kim_worker;
CREATE POLICY own ON idempotency_keys TO kim_app
    USING (user_id = (SELECT ctx_user())) WITH CHECK (user_id = (SELECT ctx_user()));
CREATE POLICY clean ON idempotency_keys TO kim_worker USING (true);

-- The outbox: written by anybody in the transaction of an event, read by the worker.
CALL protect_table('outbox');
GRANT INSERT (municipal_area_id, id, event, handler, payload) ON outbox TO kim_app, kim_worker;
GRANT SELECT (municipal_area_id, id, attempts, done_at, parked_at, available_at), DELETE ON outbox TO kim_worker;
GRANT UPDATE (done_at, failure, available_at, parked_at) ON outbox TO kim_worker;
GRANT SELECT, UPDATE ON outbox TO kim_auth;
CREATE POLICY add ON outbox FOR INSERT TO kim_app, kim_worker WITH CHECK (true);
-- Files and releases are no business of an institution: what it does tells others, and nothing more.
CREATE POLICY of_institutions ON outbox AS RESTRICTIVE FOR INSERT TO kim_app
    WITH CHECK (NOT (SELECT ctx_roles() && '{partner_user,partner_system,authority_officer}')
        OR handler <> ALL ('{delete_bytes,check_export,compose_export,compute_release,watch_effects}'));
CREATE POLICY work ON outbox TO kim_worker USING (true) WITH CHECK (true);
CREATE POLICY claim ON outbox TO kim_auth USING (true) WITH CHECK (true);

-- Takes due rows across all areas; a worker that dies leaves them due again after the lease.
CREATE FUNCTION claim_outbox(p_count int)
RETURNS TABLE (municipal_area_id text, id uuid, event text, handler text, payload jsonb, attempts int)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    UPDATE public.outbox o SET attempts = o.attempts + 1, available_at = now() + interval '5 minutes'
    FROM (
        SELECT d.municipal_area_id, d.id FROM public.outbox d
        WHERE d.done_at IS NULL AND d.parked_at IS NULL AND d.available_at <= now()
        ORDER BY d.available_at LIMIT p_count FOR UPDATE SKIP LOCKED
    ) due
    WHERE o.municipal_area_id = due.municipal_area_id AND o.id = due.id
    RETURNING o.municipal_area_id, o.id, o.event, o.handler, o.payload, o.attempts;
END;
REVOKE EXECUTE ON FUNCTION claim_outbox(int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION claim_outbox(int) TO kim_worker;
ALTER FUNCTION claim_outbox(int) OWNER TO kim_auth;

-- How much is due and how much has been given up, for the metrics: two numbers of all areas together.
CREATE FUNCTION outbox_backlog() RETURNS TABLE (due bigint, parked bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT (SELECT count(*) FROM public.outbox o
            WHERE o.done_at IS NULL AND o.parked_at IS NULL AND o.available_at <= now()),
        (SELECT count(*) FROM public.outbox o WHERE o.parked_at IS NOT NULL);
END;
REVOKE EXECUTE ON FUNCTION outbox_backlog() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION outbox_backlog() TO kim_app;
ALTER FUNCTION outbox_backlog() OWNER TO kim_auth;
