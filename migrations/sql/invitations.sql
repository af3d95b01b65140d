-- Invitations: made and taken back by administrators, who read no digest; taken up by whoever is not signed in, by
-- the functions below, which tell nothing of an invitation that does not fit.

CALL protect_table('invitations');
GRANT SELECT (municipal_area_id, id, institution_id, role, email, site_ids, created_by, created_at, expires_at,
    revoked_at, accepted_at, accepted_by), UPDATE (revoked_at) ON invitations TO kim_app;
GRANT INSERT ON invitations TO kim_app;
GRANT SELECT, UPDATE (accepted_at, accepted_by), DELETE ON invitations TO kim_auth;
CREATE POLICY read ON invitations FOR SELECT TO kim_app USING ((SELECT ctx_is('admin')));
CREATE POLICY add ON invitations FOR INSERT TO kim_app
    WITH CHECK ((SELECT ctx_is('admin')) AND created_by = (SELECT ctx_user())
        AND accepted_at IS NULL AND revoked_at IS NULL);
CREATE POLICY change ON invitations FOR UPDATE TO kim_app
    USING ((SELECT ctx_is('admin')))
    WITH CHECK ((SELECT ctx_is('admin')));
CREATE POLICY accept ON invitations TO kim_auth USING (true) WITH CHECK (true);

-- An invitation that this code and address take up now, and the password of the account that there is already.
-- An account that is disabled, or whose password somebody else knows, takes up nothing, and nobody what they made
-- themselves. It ends with the rights of the administrator who made it.
CREATE FUNCTION find_invitation(p_code bytea, p_email text)
RETURNS TABLE (invitation_id uuid, has_account boolean, password_hash text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT v.id, a.id IS NOT NULL, a.password_hash
    FROM public.invitations v
    JOIN public.institutions i ON i.municipal_area_id = v.municipal_area_id AND i.id = v.institution_id
        AND i.is_active
    JOIN public.users u ON u.municipal_area_id = v.municipal_area_id AND u.id = v.created_by AND u.disabled_at IS NULL
    JOIN public.accounts b ON b.id = u.account_id AND b.disabled_at IS NULL
    LEFT JOIN public.accounts a ON a.email = v.email
    WHERE v.code_sha256 = p_code AND v.email = p_email AND v.accepted_at IS NULL AND v.revoked_at IS NULL
        AND v.expires_at > now() AND a.disabled_at IS NULL AND a.must_change_password IS NOT TRUE
        AND a.id IS DISTINCT FROM u.account_id
        AND EXISTS (SELECT FROM public.memberships m
            WHERE m.municipal_area_id = v.municipal_area_id AND m.user_id = v.created_by AND m.role = 'admin'
                AND m.started_at <= now() AND (m.ended_at IS NULL OR m.ended_at > now()));
END;
ALTER FUNCTION find_invitation(bytea, text) OWNER TO kim_auth;

-- Takes an invitation up: account (unless there is one, whose password the caller has compared), user, membership
-- with its sites. Of two at once the second one finds it used. No row: it does not fit (any more).
CREATE FUNCTION accept_invitation(p_code bytea, p_email text, p_name text, p_language text, p_hash text)
RETURNS TABLE (municipal_area_id text, user_id uuid, institution_id uuid, institution_name text, role text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    v public.invitations;
    v_account uuid;
    v_disabled timestamptz;
    v_membership uuid := public.new_id();
BEGIN
    SELECT * INTO v FROM public.invitations t WHERE t.code_sha256 = p_code FOR UPDATE;
    PERFORM FROM public.find_invitation(p_code, p_email) f WHERE f.has_account = (p_hash IS NULL);
    IF NOT FOUND THEN
        RETURN;
    END IF;
    IF p_hash IS NULL THEN
        SELECT a.id INTO v_account FROM public.accounts a WHERE a.email = p_email FOR UPDATE;
    ELSE
        INSERT INTO public.accounts (id, email, password_hash, password_changed_at, must_change_password)
        VALUES (public.new_id(), p_email, p_hash, now(), false) ON CONFLICT DO NOTHING RETURNING id INTO v_account;
    END IF;
    IF v_account IS NULL THEN
        RETURN;
    END IF;
    SELECT u.id, u.disabled_at INTO user_id, v_disabled FROM public.users u
    WHERE u.municipal_area_id = v.municipal_area_id AND u.account_id = v_account;
    IF v_disabled IS NOT NULL THEN
        RETURN;
    END IF;
    IF user_id IS NULL THEN
        user_id := public.new_id();
        INSERT INTO public.users (municipal_area_id, id, account_id, display_name, language)
        VALUES (v.municipal_area_id, user_id, v_account, p_name, p_language);
    END IF;
    PERFORM public.set_context(v.municipal_area_id, user_id::text, '', coalesce(public.ctx_request(), ''), '{}', '{}');
    INSERT INTO public.memberships (municipal_area_id, id, user_id, role, institution_id)
    VALUES (v.municipal_area_id, v_membership, user_id, v.role, v.institution_id);
    INSERT INTO public.membership_sites (municipal_area_id, id, membership_id, institution_id, site_id)
    SELECT v.municipal_area_id, public.new_id(), v_membership, v.institution_id, s FROM unnest(v.site_ids) AS s;
    UPDATE public.invitations t SET accepted_at = now(), accepted_by = accept_invitation.user_id
    WHERE t.municipal_area_id = v.municipal_area_id AND t.id = v.id;
    INSERT INTO public.audit_journal (action, object_type, object_id, changed)
    VALUES ('invitation.accept', 'invitation', v.id, '{}'),
        ('membership.grant', 'membership', v_membership, ARRAY[v.role]);
    PERFORM public.tell_administrators(v.municipal_area_id, 'invitation_accepted', v.institution_id);
    INSERT INTO public.notifications (municipal_area_id, id, user_id, kind, object_type, object_id, created_at)
    VALUES (v.municipal_area_id, public.new_id(), user_id, 'institution_joined', 'institution', v.institution_id,
        now());
    SELECT v.municipal_area_id, i.id, i.name, v.role INTO municipal_area_id, institution_id, institution_name, role
    FROM public.institutions i WHERE i.municipal_area_id = v.municipal_area_id AND i.id = v.institution_id;
    RETURN NEXT;
END $$;
ALTER FUNCTION accept_invitation(bytea, text, text, text, text) OWNER TO kim_auth;

-- Tells the administrators of the area something about an institution.
CREATE FUNCTION tell_administrators(p_area text, p_kind text, p_institution uuid) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    INSERT INTO public.notifications (municipal_area_id, id, user_id, kind, object_type, object_id, created_at)
    SELECT p_area, public.new_id(), m.user_id, p_kind, 'institution', p_institution, now()
    FROM (SELECT DISTINCT m.user_id FROM public.memberships m
        JOIN public.users u ON u.municipal_area_id = m.municipal_area_id AND u.id = m.user_id
            AND u.disabled_at IS NULL
        WHERE m.municipal_area_id = p_area AND m.role = 'admin' AND m.started_at <= now()
            AND (m.ended_at IS NULL OR m.ended_at > now())) m;
END;
ALTER FUNCTION tell_administrators(text, text, uuid) OWNER TO kim_auth;

SET ROLE kim_auth;
REVOKE EXECUTE ON FUNCTION find_invitation(bytea, text), accept_invitation(bytea, text, text, text, text),
    tell_administrators(text, text, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION find_invitation(bytea, text), accept_invitation(bytea, text, text, text, text)
    TO kim_app;
SET ROLE kim_owner;
