-- Accounts as administrators and operators see them. An account is the same in every area, so what an
-- administrator may do with one ends at their own area. With it: the grants of identity.sql.

-- A new account. One that exists is never linked by an administrator alone: whoever made it elsewhere knows its
-- password, and would come in with it. The operator links it (`provision_user`).
CREATE FUNCTION ensure_account(p_id uuid, p_email text, p_hash text) RETURNS uuid
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF NOT public.ctx_is('admin') THEN
        RAISE EXCEPTION USING errcode = '42501', message = 'only an administrator makes accounts';
    END IF;
    INSERT INTO public.accounts (id, email, password_hash, password_changed_at, must_change_password)
    VALUES (p_id, p_email, p_hash, now(), true);
    RETURN p_id;
END $$;
ALTER FUNCTION ensure_account(uuid, text, text) OWNER TO kim_auth;

CREATE FUNCTION user_emails() RETURNS TABLE (user_id uuid, email text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT u.id, a.email FROM public.users u JOIN public.accounts a ON a.id = u.account_id
    WHERE u.municipal_area_id = public.ctx_area() AND public.ctx_is('admin');
END;
ALTER FUNCTION user_emails() OWNER TO kim_auth;

-- Ends what somebody has open in the administrator's area; returns how many sessions that were.
CREATE FUNCTION end_user_sessions(p_user uuid, p_reason text) RETURNS int
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    v_count int;
BEGIN
    UPDATE public.sessions s SET ended_at = now(), end_reason = p_reason
    WHERE s.municipal_area_id = public.ctx_area() AND s.user_id = p_user AND s.ended_at IS NULL
        AND public.ctx_is('admin');
    GET DIAGNOSTICS v_count = ROW_COUNT;
    RETURN v_count;
END $$;
ALTER FUNCTION end_user_sessions(uuid, text) OWNER TO kim_auth;

-- Gives somebody an initial password again, and tells them, the privacy officers and the team leads of their units:
-- until they set one of their own, whoever gave it could come in as them. False when the account belongs to another area too: then it is
-- not this administrator's to open.
CREATE FUNCTION reset_password(p_user uuid, p_hash text) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    v_account uuid;
BEGIN
    SELECT u.account_id INTO v_account FROM public.users u
    WHERE u.municipal_area_id = public.ctx_area() AND u.id = p_user AND u.id <> public.ctx_user()
        AND public.ctx_is('admin');
    IF NOT FOUND THEN
        RAISE EXCEPTION USING errcode = '42501', message = 'nobody whose password this administrator sets';
    END IF;
    PERFORM FROM public.accounts a WHERE a.id = v_account FOR UPDATE;  -- waits for an area that is just linking it
    IF EXISTS (SELECT FROM public.users u
        WHERE u.account_id = v_account AND u.municipal_area_id <> public.ctx_area()) THEN
        RETURN false;
    END IF;
    UPDATE public.accounts a SET password_hash = p_hash, password_changed_at = now(), must_change_password = true
    WHERE a.id = v_account;
    UPDATE public.sessions s SET ended_at = now(), end_reason = 'password_reset'
    WHERE s.account_id = v_account AND s.ended_at IS NULL;
    INSERT INTO public.notifications (municipal_area_id, id, user_id, kind, object_type, object_id, created_at)
    SELECT public.ctx_area(), public.new_id(), told.user_id, 'password_reset', 'user', p_user, now()
    FROM public.overseers_of(public.ctx_area(), p_user) AS told (user_id);
    RETURN true;
END $$;
ALTER FUNCTION reset_password(uuid, text) OWNER TO kim_auth;

-- For the operator, in the owner's role: the first person of an area, with the unit when that is new.
CREATE FUNCTION provision_user(
    p_ids uuid[], p_area text, p_email text, p_hash text, p_name text, p_role text, p_unit text
) RETURNS uuid LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    v_account uuid;
    v_unit uuid;
BEGIN
    PERFORM public.set_context(p_area, '', '', '', '{operator}', '{}');
    INSERT INTO public.accounts (id, email, password_hash, password_changed_at, must_change_password)
    VALUES (p_ids[1], p_email, p_hash, now(), true) ON CONFLICT (email) DO NOTHING;
    SELECT a.id INTO v_account FROM public.accounts a WHERE a.email = p_email;
    INSERT INTO public.units (municipal_area_id, id, name, kind, legal_regime, is_public_body, is_sgb_body)
    VALUES (p_area, p_ids[2], p_unit, 'ki', 'dsg_nrw', true, false)
    ON CONFLICT (municipal_area_id, name) DO NOTHING;
    SELECT u.id INTO v_unit FROM public.units u WHERE u.municipal_area_id = p_area AND u.name = p_unit;
    INSERT INTO public.users (municipal_area_id, id, account_id, display_name)
    VALUES (p_area, p_ids[3], v_account, p_name);
    INSERT INTO public.memberships (municipal_area_id, id, user_id, role, unit_id)
    VALUES (p_area, p_ids[4], p_ids[3], p_role, v_unit);
    INSERT INTO public.audit_journal (action, object_type, object_id, changed)
    VALUES ('user.create', 'user', p_ids[3], ARRAY[p_role]);
    RETURN p_ids[3];
END $$;
ALTER FUNCTION provision_user(uuid[], text, text, text, text, text, text) OWNER TO kim_auth;
GRANT SELECT, INSERT ON units TO kim_auth;
GRANT INSERT ON users, memberships TO kim_auth;
CREATE POLICY provision ON units TO kim_auth USING (true) WITH CHECK (true);
CREATE POLICY provision ON users FOR INSERT TO kim_auth WITH CHECK (true);
CREATE POLICY provision ON memberships FOR INSERT TO kim_auth WITH CHECK (true);

-- As their owner: anybody else's REVOKE and GRANT changes nothing, and says so in a warning only.
SET ROLE kim_auth;
REVOKE EXECUTE ON FUNCTION find_sign_in(text), start_session(uuid, uuid, text, bytea, int, text),
    use_refresh_token(bytea, bytea), end_reused_session(bytea), journal_failed_sign_in(text),
    login_counters(bytea[]), count_login_failure(bytea[], timestamptz, interval),
    note_login_success(bytea[], timestamptz), forget_old_sign_ins(), own_account(), own_password_hash(),
    set_password(text), set_own_language(text, int), own_sessions(), end_session(uuid),
    ensure_account(uuid, text, text), user_emails(), end_user_sessions(uuid, text),
    reset_password(uuid, text), provision_user(uuid[], text, text, text, text, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION find_sign_in(text), start_session(uuid, uuid, text, bytea, int, text),
    use_refresh_token(bytea, bytea), end_reused_session(bytea), journal_failed_sign_in(text),
    login_counters(bytea[]), count_login_failure(bytea[], timestamptz, interval),
    note_login_success(bytea[], timestamptz), own_account(), own_password_hash(), set_password(text),
    set_own_language(text, int), own_sessions(), end_session(uuid), ensure_account(uuid, text, text),
    user_emails(), end_user_sessions(uuid, text), reset_password(uuid, text) TO kim_app;
GRANT EXECUTE ON FUNCTION forget_old_sign_ins() TO kim_worker;
GRANT EXECUTE ON FUNCTION provision_user(uuid[], text, text, text, text, text, text) TO kim_owner;
SET ROLE kim_owner;
