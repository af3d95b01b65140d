-- Machines of partner institutions: kept by the administrators of the area, who read no secret. What a token
-- needs without anybody being signed in goes through these functions; which proofs are used up and how much a
-- machine may still ask belongs to them alone.

CALL protect_table('partner_systems');
CALL track_versions('partner_systems');
GRANT SELECT, INSERT ON partner_systems TO kim_app;
CALL let_change('partner_systems');
GRANT SELECT ON partner_systems TO kim_auth;
CREATE POLICY read ON partner_systems FOR SELECT TO kim_app USING ((SELECT ctx_is('admin')));
CREATE POLICY add ON partner_systems FOR INSERT TO kim_app
    WITH CHECK ((SELECT ctx_is('admin')) AND created_by = (SELECT ctx_user()));
CREATE POLICY change ON partner_systems FOR UPDATE TO kim_app
    USING ((SELECT ctx_is('admin'))) WITH CHECK ((SELECT ctx_is('admin')));
CREATE POLICY admit ON partner_systems FOR SELECT TO kim_auth USING (true);

CALL protect_table('partner_credentials');
GRANT SELECT (municipal_area_id, id, partner_system_id, kind, kid, x, y, created_by, created_at, expires_at,
    revoked_at, last_used_at), INSERT, UPDATE (revoked_at) ON partner_credentials TO kim_app;
GRANT SELECT, UPDATE (last_used_at) ON partner_credentials TO kim_auth;
CREATE POLICY read ON partner_credentials FOR SELECT TO kim_app USING ((SELECT ctx_is('admin')));
CREATE POLICY add ON partner_credentials FOR INSERT TO kim_app
    WITH CHECK ((SELECT ctx_is('admin')) AND created_by = (SELECT ctx_user()));
CREATE POLICY change ON partner_credentials FOR UPDATE TO kim_app
    USING ((SELECT ctx_is('admin'))) WITH CHECK ((SELECT ctx_is('admin')));
CREATE POLICY admit ON partner_credentials FOR SELECT TO kim_auth USING (true);
CREATE POLICY note_use ON partner_credentials FOR UPDATE TO kim_auth USING (true) WITH CHECK (true);

CALL protect_table('partner_allowances');
GRANT SELECT (municipal_area_id, id, last_used_at) ON partner_allowances TO kim_app;
GRANT SELECT, INSERT, UPDATE ON partner_allowances TO kim_auth;
CREATE POLICY read ON partner_allowances FOR SELECT TO kim_app USING ((SELECT ctx_is('admin')));
CREATE POLICY admit ON partner_allowances TO kim_auth USING (true) WITH CHECK (true);

ALTER TABLE used_proofs ENABLE ROW LEVEL SECURITY;
ALTER TABLE used_proofs FORCE ROW LEVEL SECURITY;
GRANT SELECT, INSERT, DELETE ON used_proofs TO kim_auth;
CREATE POLICY admit ON used_proofs TO kim_auth USING (true) WITH CHECK (true);

GRANT SELECT (municipal_area_id, id, is_active) ON institutions TO kim_auth;

-- A credential that opens something at this moment: neither it nor its machine is revoked, it has not expired, and
-- the institution works with KIM.
CREATE FUNCTION living_credential(p_credential uuid)
RETURNS TABLE (municipal_area_id text, partner_system_id uuid, institution_id uuid, scopes text[],
    requests_per_minute int)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT s.municipal_area_id, s.id, s.institution_id, s.scopes, s.requests_per_minute
    FROM public.partner_credentials c
    JOIN public.partner_systems s ON s.municipal_area_id = c.municipal_area_id AND s.id = c.partner_system_id
        AND s.revoked_at IS NULL
    JOIN public.institutions i ON i.municipal_area_id = s.municipal_area_id AND i.id = s.institution_id
        AND i.is_active
    WHERE c.id = p_credential AND c.revoked_at IS NULL AND c.expires_at > now();
END;
ALTER FUNCTION living_credential(uuid) OWNER TO kim_auth;

-- What a machine proves itself with: the key of this name, or the secret of this id.
CREATE FUNCTION find_credential(p_client uuid, p_name text)
RETURNS TABLE (credential_id uuid, x text, y text, secret_hash text, scopes text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT c.id, c.x, c.y, c.secret_hash, l.scopes
    FROM public.partner_systems s
    JOIN public.partner_credentials c
        ON c.municipal_area_id = s.municipal_area_id AND c.partner_system_id = s.id
        AND CASE c.kind WHEN 'key' THEN c.kid = p_name ELSE c.id::text = p_name END,
    LATERAL public.living_credential(c.id) l
    WHERE s.id = p_client;
END;
ALTER FUNCTION find_credential(uuid, text) OWNER TO kim_auth;

-- Notes that a credential has got its machine a token, and makes the machine the context, without any role, for
-- the journal. False when it has been revoked in between.
CREATE FUNCTION use_credential(p_credential uuid, p_now timestamptz) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    v record;
BEGIN
    PERFORM FROM public.partner_credentials c WHERE c.id = p_credential FOR UPDATE;
    SELECT l.* INTO v FROM public.living_credential(p_credential) l;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    UPDATE public.partner_credentials c SET last_used_at = p_now WHERE c.id = p_credential;
    PERFORM public.set_context(v.municipal_area_id, v.partner_system_id::text, p_credential::text,
        coalesce(public.ctx_request(), ''), '{}', '{}');
    RETURN true;
END $$;
ALTER FUNCTION use_credential(uuid, timestamptz) OWNER TO kim_auth;

-- A refused request for a token, in the journal of the area of the machine it names; without one, in nobody's.
CREATE FUNCTION journal_refused_token(p_client uuid, p_reason text) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    v_area text;
BEGIN
    SELECT s.municipal_area_id INTO v_area FROM public.partner_systems s WHERE s.id = p_client;
    PERFORM public.set_context(coalesce(v_area, ''), '', '', coalesce(public.ctx_request(), ''), '{}', '{}');
    INSERT INTO public.audit_journal (action, object_type, object_id, outcome, reason)
    VALUES ('partner_system.token', 'partner_system', CASE WHEN v_area IS NOT NULL THEN p_client END, 'refused',
        p_reason);
END $$;
ALTER FUNCTION journal_refused_token(uuid, text) OWNER TO kim_auth;

-- Uses a proof up: true for the first of two, also at the same moment, because the second one waits for it.
CREATE FUNCTION use_proof(p_proof bytea, p_expires timestamptz) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    INSERT INTO public.used_proofs (proof_sha256, expires_at) VALUES (p_proof, p_expires)
    ON CONFLICT (proof_sha256) DO NOTHING;
    RETURN FOUND;
END $$;
ALTER FUNCTION use_proof(bytea, timestamptz) OWNER TO kim_auth;

-- Takes one request of what a machine may ask: its allowance grows by the minute up to a minute's worth. The
-- answer is the seconds to wait, 0 when it may go on, null when the credential opens nothing.
CREATE FUNCTION take_request(p_credential uuid, p_now timestamptz) RETURNS int
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    v record;
    v_left double precision;
BEGIN
    SELECT l.* INTO v FROM public.living_credential(p_credential) l;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    INSERT INTO public.partner_allowances AS a (municipal_area_id, id, requests_left, counted_at, last_used_at)
    VALUES (v.municipal_area_id, v.partner_system_id, v.requests_per_minute - 1, p_now, p_now)
    ON CONFLICT (municipal_area_id, id) DO UPDATE SET
        requests_left = least(v.requests_per_minute, a.requests_left + v.requests_per_minute / 60.0
            * greatest(0, extract(epoch FROM p_now - a.counted_at))) - 1,
        counted_at = greatest(a.counted_at, p_now), last_used_at = greatest(a.last_used_at, p_now)
    RETURNING a.requests_left INTO v_left;
    IF v_left >= 0 THEN
        RETURN 0;
    END IF;
    -- A refused request is given back: whoever comes too often does not wait ever longer.
    UPDATE public.partner_allowances a SET requests_left = a.requests_left + 1
    WHERE a.municipal_area_id = v.municipal_area_id AND a.id = v.partner_system_id;
    RETURN greatest(1, ceil(-v_left * 60.0 / v.requests_per_minute));
END $$;
ALTER FUNCTION take_request(uuid, timestamptz) OWNER TO kim_auth;

-- Keys and secrets in use that end between two spans from now, of the area, and whose machines they are of: not those
-- that were made for a shorter life, nor those that were exchanged (one that lasts longer was used since).
CREATE FUNCTION credentials_ending(p_now timestamptz, p_after interval, p_within interval)
RETURNS TABLE (id uuid, partner_system_id uuid, institution_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT c.id, s.id, s.institution_id
    FROM public.partner_credentials c
    JOIN public.partner_systems s ON s.municipal_area_id = c.municipal_area_id AND s.id = c.partner_system_id
        AND s.revoked_at IS NULL
    JOIN public.institutions i ON i.municipal_area_id = s.municipal_area_id AND i.id = s.institution_id
        AND i.is_active
    WHERE c.municipal_area_id = public.ctx_area() AND c.revoked_at IS NULL
        AND c.expires_at > p_now + p_after AND c.expires_at <= p_now + p_within
        AND c.created_at <= c.expires_at - p_within
        AND NOT EXISTS (SELECT FROM public.partner_credentials o
            WHERE o.municipal_area_id = c.municipal_area_id AND o.partner_system_id = c.partner_system_id
                AND o.revoked_at IS NULL AND o.expires_at > c.expires_at
                AND o.last_used_at > coalesce(c.last_used_at, '-infinity'));
END;
ALTER FUNCTION credentials_ending(timestamptz, interval, interval) OWNER TO kim_auth;

SET ROLE kim_auth;
REVOKE EXECUTE ON FUNCTION living_credential(uuid), find_credential(uuid, text),
    use_credential(uuid, timestamptz), journal_refused_token(uuid, text), use_proof(bytea, timestamptz),
    take_request(uuid, timestamptz), credentials_ending(timestamptz, interval, interval) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION find_credential(uuid, text), use_credential(uuid, timestamptz),
    journal_refused_token(uuid, text), use_proof(bytea, timestamptz), take_request(uuid, timestamptz) TO kim_app;
GRANT EXECUTE ON FUNCTION credentials_ending(timestamptz, interval, interval) TO kim_worker;
SET ROLE kim_owner;
