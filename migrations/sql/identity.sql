-- Sign-in, sessions, secrets, accounts. The application role reads none of these tables: it calls these
-- functions, and whoever is signed in gets through them only what is theirs to know.

-- Sign-in

-- A living account with the areas it may enter; no row for nobody, for a disabled one, for one without a role.
CREATE FUNCTION find_sign_in(p_email text)
RETURNS TABLE (account_id uuid, password_hash text, must_change_password boolean,
    password_changed_at timestamptz, area_ids text[], area_names text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT a.id, a.password_hash, a.must_change_password, a.password_changed_at,
        array_agg(area.id ORDER BY area.id), array_agg(area.name ORDER BY area.id)
    FROM public.accounts a
    JOIN public.users u ON u.account_id = a.id AND u.disabled_at IS NULL
    JOIN public.municipal_areas area ON area.id = u.municipal_area_id
    WHERE a.email = p_email AND a.disabled_at IS NULL
        AND EXISTS (SELECT FROM public.memberships m
            WHERE m.municipal_area_id = u.municipal_area_id AND m.user_id = u.id
                AND m.started_at <= now() AND (m.ended_at IS NULL OR m.ended_at > now()))
    GROUP BY a.id;
END;
ALTER FUNCTION find_sign_in(text) OWNER TO kim_auth;

-- Starts a session in one area and makes its person the context, without any role, for the journal. The account is
-- locked, and no row comes back where its password is another one than was compared: whoever changes it ends the
-- sessions that there are, and one that is just being started by the old password would outlive it. So is the user,
-- for who is being disabled.
CREATE FUNCTION start_session(p_id uuid, p_account uuid, p_area text, p_token bytea, p_hours int, p_compared text)
RETURNS TABLE (user_id uuid, expires_at timestamptz)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    SELECT u.id, now() + make_interval(hours => p_hours) INTO user_id, expires_at
    FROM public.users u JOIN public.accounts a ON a.id = u.account_id AND a.disabled_at IS NULL
    WHERE u.municipal_area_id = p_area AND u.account_id = p_account AND u.disabled_at IS NULL FOR SHARE OF u;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    PERFORM FROM public.accounts a
    WHERE a.id = p_account AND a.disabled_at IS NULL AND a.password_hash = p_compared FOR SHARE;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    INSERT INTO public.sessions (id, municipal_area_id, account_id, user_id, expires_at)
    VALUES (p_id, p_area, p_account, user_id, expires_at);
    INSERT INTO public.refresh_tokens (token_sha256, session_id, expires_at) VALUES (p_token, p_id, expires_at);
    PERFORM public.set_context(
        p_area, user_id::text, p_id::text, coalesce(public.ctx_request(), ''), '{}', '{}');
    RETURN NEXT;
END $$;
ALTER FUNCTION start_session(uuid, uuid, text, bytea, int, text) OWNER TO kim_auth;

-- Exchanges a refresh token for the next one. Verdicts: renewed, used (a second use), ended, unknown.
-- The row is locked: of two at once the second one finds it used.
CREATE FUNCTION use_refresh_token(p_token bytea, p_next bytea)
RETURNS TABLE (verdict text, session_id uuid, account_id uuid, user_id uuid, municipal_area_id text,
    expires_at timestamptz, must_change_password boolean)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    v_used timestamptz;
    v_lives boolean;
BEGIN
    SELECT r.used_at, s.id, s.account_id, s.user_id, s.municipal_area_id, s.expires_at, a.must_change_password,
        s.ended_at IS NULL AND s.expires_at > now() AND a.disabled_at IS NULL AND u.disabled_at IS NULL
    INTO v_used, session_id, account_id, user_id, municipal_area_id, expires_at, must_change_password, v_lives
    FROM public.refresh_tokens r
    JOIN public.sessions s ON s.id = r.session_id
    JOIN public.accounts a ON a.id = s.account_id
    JOIN public.users u ON u.municipal_area_id = s.municipal_area_id AND u.id = s.user_id
    WHERE r.token_sha256 = p_token FOR UPDATE OF r;
    verdict := CASE WHEN v_lives IS NULL THEN 'unknown' WHEN NOT v_lives THEN 'ended'
        WHEN v_used IS NOT NULL THEN 'used' ELSE 'renewed' END;
    IF verdict = 'renewed' THEN
        UPDATE public.refresh_tokens r SET used_at = now() WHERE r.token_sha256 = p_token;
        INSERT INTO public.refresh_tokens (token_sha256, session_id, expires_at)
        VALUES (p_next, session_id, expires_at);
        PERFORM public.set_context(municipal_area_id, user_id::text, session_id::text,
            coalesce(public.ctx_request(), ''), '{}', '{}');
    END IF;
    RETURN NEXT;
END $$;
ALTER FUNCTION use_refresh_token(bytea, bytea) OWNER TO kim_auth;

-- A refresh token came a second time: somebody has stolen it, so the session ends for both of them.
CREATE FUNCTION end_reused_session(p_token bytea) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    v record;
BEGIN
    UPDATE public.sessions s SET ended_at = now(), end_reason = 'refresh_token_reused'
    FROM public.refresh_tokens r
    WHERE r.token_sha256 = p_token AND r.used_at IS NOT NULL AND s.id = r.session_id AND s.ended_at IS NULL
    RETURNING s.id, s.municipal_area_id, s.user_id INTO v;
    IF FOUND THEN
        PERFORM public.set_context(v.municipal_area_id, v.user_id::text, v.id::text,
            coalesce(public.ctx_request(), ''), '{}', '{}');
        INSERT INTO public.audit_journal (action, object_type, object_id, outcome, reason)
        VALUES ('session.renew', 'session', v.id, 'refused', 'refresh_token_reused');
    END IF;
END $$;
ALTER FUNCTION end_reused_session(bytea) OWNER TO kim_auth;

-- A failed sign-in, in the journal of each area that the account belongs to; without one, in nobody's.
CREATE FUNCTION journal_failed_sign_in(p_email text) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    v record;
BEGIN
    FOR v IN SELECT u.municipal_area_id, u.id FROM public.accounts a
        JOIN public.users u ON u.account_id = a.id WHERE a.email = p_email
    LOOP
        PERFORM public.set_context(v.municipal_area_id, '', '', coalesce(public.ctx_request(), ''), '{}', '{}');
        INSERT INTO public.audit_journal (action, object_type, object_id, outcome, reason)
        VALUES ('session.start', 'user', v.id, 'refused', 'sign_in_failed');
    END LOOP;
    IF NOT FOUND THEN
        INSERT INTO public.audit_journal (action, object_type, outcome, reason)
        VALUES ('session.start', 'user', 'refused', 'sign_in_failed');
    END IF;
END $$;
ALTER FUNCTION journal_failed_sign_in(text) OWNER TO kim_auth;

-- Counters of failures, under digests

CREATE FUNCTION login_counters(p_keys bytea[])
RETURNS TABLE (key_sha256 bytea, failures int, last_failure_at timestamptz, last_success_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT t.key_sha256, t.failures, t.last_failure_at, t.last_success_at
    FROM public.login_throttles t WHERE t.key_sha256 = ANY (p_keys);
END;
ALTER FUNCTION login_counters(bytea[]) OWNER TO kim_auth;

-- Tries to hold each key until the transaction ends, and says which were free.
CREATE FUNCTION take_login_turn(p_keys bytea[]) RETURNS boolean[]
LANGUAGE sql VOLATILE SET search_path = ''
BEGIN ATOMIC
    SELECT array_agg(pg_try_advisory_xact_lock(hashtextextended('login:' || encode(k, 'hex'), 0)) ORDER BY place)
    FROM unnest(p_keys) WITH ORDINALITY AS t (k, place);
END;

-- One more failure under each key, after half of what was there has been forgotten in each half-life.
CREATE FUNCTION count_login_failure(p_keys bytea[], p_now timestamptz, p_half_life interval) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    INSERT INTO public.login_throttles AS t (key_sha256, failures, last_failure_at)
    SELECT k, 1, p_now FROM unnest(p_keys) AS k ORDER BY k
    ON CONFLICT (key_sha256) DO UPDATE SET
        failures = 1 + least(1000000, t.failures >> least(30, greatest(0, floor(
            extract(epoch FROM p_now - coalesce(t.last_failure_at, p_now)) / extract(epoch FROM p_half_life)
        )))::int),
        last_failure_at = p_now;
END;
ALTER FUNCTION count_login_failure(bytea[], timestamptz, interval) OWNER TO kim_auth;

-- A success ends the row of failures and makes the source a known one of the account.
CREATE FUNCTION note_login_success(p_keys bytea[], p_now timestamptz) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    INSERT INTO public.login_throttles (key_sha256, failures, last_success_at)
    SELECT k, 0, p_now FROM unnest(p_keys) AS k ORDER BY k
    ON CONFLICT (key_sha256) DO UPDATE SET failures = 0, last_success_at = p_now;
END;
ALTER FUNCTION note_login_success(bytea[], timestamptz) OWNER TO kim_auth;

-- What is kept of sign-ins no longer than needed: counters 90 days, invitations 90 days after their end, tokens and
-- proofs until they have expired.
CREATE FUNCTION forget_old_sign_ins() RETURNS bigint
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    WITH counters AS (DELETE FROM public.login_throttles t
            WHERE greatest(t.last_failure_at, t.last_success_at) < now() - interval '90 days' RETURNING 1),
        invited AS (DELETE FROM public.invitations v WHERE v.expires_at < now() - interval '90 days' RETURNING 1),
        tokens AS (DELETE FROM public.refresh_tokens r WHERE r.expires_at < now() RETURNING 1),
        proofs AS (DELETE FROM public.used_proofs p WHERE p.expires_at < now() RETURNING 1)
    SELECT (SELECT count(*) FROM counters) + (SELECT count(*) FROM invited) + (SELECT count(*) FROM tokens)
        + (SELECT count(*) FROM proofs);
END;
ALTER FUNCTION forget_old_sign_ins() OWNER TO kim_auth;

-- One's own account: whose session the context names

CREATE FUNCTION own_account() RETURNS TABLE (email text, must_change_password boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT a.email, a.must_change_password FROM public.sessions s JOIN public.accounts a ON a.id = s.account_id
    WHERE s.id = public.ctx_session() AND s.user_id = public.ctx_user() AND s.ended_at IS NULL;
END;
ALTER FUNCTION own_account() OWNER TO kim_auth;

CREATE FUNCTION own_password_hash() RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT a.password_hash FROM public.sessions s JOIN public.accounts a ON a.id = s.account_id
    WHERE s.id = public.ctx_session() AND s.user_id = public.ctx_user() AND s.ended_at IS NULL;
END;
ALTER FUNCTION own_password_hash() OWNER TO kim_auth;

-- Sets one's own password and ends every other session of the account, in all its areas.
CREATE FUNCTION set_password(p_hash text) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    v_account uuid;
BEGIN
    UPDATE public.accounts a SET password_hash = p_hash, password_changed_at = now(), must_change_password = false
    FROM public.sessions s
    WHERE s.id = public.ctx_session() AND s.user_id = public.ctx_user() AND s.ended_at IS NULL
        AND a.id = s.account_id
    RETURNING a.id INTO v_account;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING errcode = '42501', message = 'no living session';
    END IF;
    UPDATE public.sessions s SET ended_at = now(), end_reason = 'password_changed'
    WHERE s.account_id = v_account AND s.id <> public.ctx_session() AND s.ended_at IS NULL;
END $$;
ALTER FUNCTION set_password(text) OWNER TO kim_auth;

CREATE FUNCTION set_own_language(p_language text, p_version int) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE public.users u SET language = p_language
    WHERE u.municipal_area_id = public.ctx_area() AND u.id = public.ctx_user() AND u.version = p_version;
    RETURN FOUND;
END $$;
ALTER FUNCTION set_own_language(text, int) OWNER TO kim_auth;
GRANT UPDATE (language) ON users TO kim_auth;
CREATE POLICY own_language ON users FOR UPDATE TO kim_auth USING (true) WITH CHECK (true);

CREATE FUNCTION own_sessions()
RETURNS TABLE (id uuid, municipal_area_id text, area_name text, started_at timestamptz, expires_at timestamptz,
    is_current boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT s.id, s.municipal_area_id, area.name, s.started_at, s.expires_at, s.id = mine.id
    FROM public.sessions mine
    JOIN public.sessions s ON s.account_id = mine.account_id AND s.ended_at IS NULL AND s.expires_at > now()
    JOIN public.municipal_areas area ON area.id = s.municipal_area_id
    WHERE mine.id = public.ctx_session() AND mine.user_id = public.ctx_user() AND mine.ended_at IS NULL;
END;
ALTER FUNCTION own_sessions() OWNER TO kim_auth;

CREATE FUNCTION end_session(p_id uuid) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE public.sessions s SET ended_at = now(), end_reason = 'signed_out'
    WHERE s.id = p_id AND s.ended_at IS NULL AND s.expires_at > now()
        AND s.account_id = (SELECT mine.account_id FROM public.sessions mine
            WHERE mine.id = public.ctx_session() AND mine.user_id = public.ctx_user());
    RETURN FOUND;
END $$;
ALTER FUNCTION end_session(uuid) OWNER TO kim_auth;
