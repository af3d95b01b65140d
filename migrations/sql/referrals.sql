-- Referrals: the case's team sees its side, a partner only requests addressed to its institution that were
-- sent over the platform, and their packages while there is something to do with them: not when the request
-- was rejected, has expired or ended by the other side, nor when the consent behind it has run out.

-- The referrals of the actor's cases, as the policies of `referrals` say it: what informs the youth welfare office
-- (§ 4 KKG) only for those who work on the case, not by a broken glass (child_protection.sql). Like `my_cases()` it keeps its plan and
-- is bound by no policy, which would ask for the cases a second time.
CREATE FUNCTION my_referrals() RETURNS uuid[]
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    RETURN ARRAY(
        SELECT r.id FROM public.referrals r
        WHERE r.municipal_area_id = (SELECT public.ctx_area())
            AND r.case_id = ANY ((SELECT public.my_cases())::uuid[])
            AND (r.legal_basis <> 'kkg_4' OR r.case_id = ANY ((SELECT public.my_worked_cases())::uuid[])));
END $$;
ALTER FUNCTION my_referrals() OWNER TO kim_auth;
SET ROLE kim_auth;
REVOKE EXECUTE ON FUNCTION my_referrals() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION my_referrals() TO kim_app;
SET ROLE kim_owner;

-- The institutions in whose name the actor answers.
CREATE FUNCTION my_institutions() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE
RETURN ctx_places('partner_user') || ctx_places('partner_system') || ctx_places('authority_officer');

CALL protect_table('referrals');
GRANT SELECT, INSERT ON referrals TO kim_app;
GRANT UPDATE (consent_id) ON referrals TO kim_app;
GRANT SELECT ON referrals TO kim_auth;
GRANT SELECT (municipal_area_id, id, client_id, case_id) ON referrals TO kim_worker;
CREATE POLICY read ON referrals FOR SELECT TO kim_app USING (case_id = ANY ((SELECT my_cases())::uuid[]));
CREATE POLICY draft ON referrals FOR INSERT TO kim_app
    WITH CHECK (case_id = ANY ((SELECT my_cases())::uuid[]) AND (SELECT ctx_is('case_manager')));
CREATE POLICY send ON referrals FOR UPDATE TO kim_app
    USING (case_id = ANY ((SELECT my_cases())::uuid[]) AND (SELECT ctx_is('case_manager')))
    WITH CHECK (case_id = ANY ((SELECT my_cases())::uuid[]));
CREATE POLICY serve ON referrals FOR SELECT TO kim_worker USING (true);
CREATE POLICY revoke ON referrals FOR SELECT TO kim_auth USING (true);

CALL protect_table('referral_requests');
CALL track_versions('referral_requests');
GRANT SELECT, INSERT ON referral_requests TO kim_app;
GRANT UPDATE (state, delivery, requested_at, deadline_at, reminded_day, sent_back_at, answered_at, closed_at,
    rejection_reason, hold_reason, cancel_reason, outcome, revocation_acknowledged_at, answer_days, reminder_days,
    consent_ends_at, suggested_type, last_message_at)
    ON referral_requests TO kim_app;
GRANT UPDATE (state, delivery, reminded_day, outcome, closed_at, revoke_reason) ON referral_requests TO kim_worker;
GRANT UPDATE (state, closed_at, outcome, revoke_reason, consent_ends_at) ON referral_requests TO kim_auth;
GRANT SELECT ON referral_requests TO kim_worker, kim_auth;
CREATE POLICY team ON referral_requests FOR SELECT TO kim_app
    USING (id = ANY ((SELECT my_referrals())::uuid[]));
CREATE POLICY addressed ON referral_requests FOR SELECT TO kim_app
    USING (institution_id = ANY ((SELECT my_institutions())::uuid[])
        AND requested_at IS NOT NULL AND channel = 'platform'
        AND (site_id IS NULL OR site_id = ANY ((SELECT my_sites())::uuid[])));
-- Written before its referral, so the case cannot be checked here; the referral's own policy does.
CREATE POLICY draft ON referral_requests FOR INSERT TO kim_app
    WITH CHECK ((SELECT ctx_is('case_manager')) AND state = 'draft' AND requested_at IS NULL);
CREATE POLICY team_step ON referral_requests FOR UPDATE TO kim_app
    USING (id = ANY ((SELECT my_referrals())::uuid[]) AND (SELECT ctx_is('case_manager')))
    WITH CHECK (id = ANY ((SELECT my_referrals())::uuid[]));
CREATE POLICY addressed_step ON referral_requests FOR UPDATE TO kim_app
    USING (institution_id = ANY ((SELECT my_institutions())::uuid[])
        AND requested_at IS NOT NULL AND channel = 'platform'
        AND (site_id IS NULL OR site_id = ANY ((SELECT my_sites())::uuid[])))
    WITH CHECK (institution_id = ANY ((SELECT my_institutions())::uuid[])
        AND requested_at IS NOT NULL AND channel = 'platform'
        AND (site_id IS NULL OR site_id = ANY ((SELECT my_sites())::uuid[])));
-- The steps of a recipient, as the state machine has them: no other reopens what was shut, or ends what is not theirs.
CREATE FUNCTION is_step_of_recipient(p_from text, p_to text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE p_from
    WHEN 'requested' THEN p_to IN ('accepted', 'rejected', 'cancelled')
    WHEN 'expired' THEN p_to IN ('accepted', 'rejected')
    WHEN 'accepted' THEN p_to IN ('in_progress', 'completed', 'failed', 'cancelled')
    WHEN 'in_progress' THEN p_to IN ('on_hold', 'completed', 'failed', 'cancelled')
    WHEN 'on_hold' THEN p_to IN ('in_progress', 'completed', 'failed', 'cancelled')
    ELSE false END;
CREATE FUNCTION keep_recipient_to_steps() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
    IF current_user = 'kim_app' AND NEW.institution_id = ANY (public.my_institutions())
        AND NOT public.is_step_of_recipient(OLD.state, NEW.state)
    THEN
        RAISE EXCEPTION USING errcode = '42501', message = 'this is no step of the recipient';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER keep_recipient_to_steps BEFORE UPDATE OF state ON referral_requests
    FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION keep_recipient_to_steps();
CREATE POLICY serve ON referral_requests TO kim_worker USING (true) WITH CHECK (true);
CREATE POLICY revoke ON referral_requests TO kim_auth USING (true) WITH CHECK (true);

CALL protect_table('referral_packages');
GRANT SELECT, INSERT ON referral_packages TO kim_app;
GRANT UPDATE (withheld_at, readable_until) ON referral_packages TO kim_app;
GRANT UPDATE (withheld_at, is_shut, is_outdated) ON referral_packages TO kim_auth;
GRANT SELECT (municipal_area_id, id, withheld_at, is_shut, is_outdated) ON referral_packages TO kim_auth;
CREATE POLICY team ON referral_packages FOR SELECT TO kim_app
    USING (id = ANY ((SELECT my_referrals())::uuid[]));
CREATE POLICY addressed ON referral_packages FOR SELECT TO kim_app
    USING (institution_id = ANY ((SELECT my_institutions())::uuid[]) AND is_on_platform
        AND (site_id IS NULL OR site_id = ANY ((SELECT my_sites())::uuid[]))
        AND withheld_at IS NULL AND NOT is_shut AND (readable_until IS NULL OR readable_until > now()));
CREATE POLICY send ON referral_packages FOR INSERT TO kim_app
    WITH CHECK (id = ANY ((SELECT my_referrals())::uuid[]) AND (SELECT ctx_is('case_manager')));
CREATE POLICY withhold ON referral_packages FOR UPDATE TO kim_app
    USING (id = ANY ((SELECT my_referrals())::uuid[]) AND (SELECT ctx_is('case_manager')))
    WITH CHECK (id = ANY ((SELECT my_referrals())::uuid[]));
CREATE POLICY revoke ON referral_packages TO kim_auth USING (true) WITH CHECK (true);

-- A package is shut and opened with the state of its request, whoever moves it: the recipient of what was
-- rejected or has expired sees that it was, and nothing more. A second look or a late answer opens it again, unless the
-- person was hidden since it was frozen: it may say where they lived, or live.
CREATE FUNCTION is_shut_in(p_state text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN p_state IN ('rejected', 'expired', 'cancelled', 'revoked', 'entered_in_error');

CREATE FUNCTION shut_package() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE public.referral_packages p SET is_shut = public.is_shut_in(NEW.state)
    WHERE p.municipal_area_id = NEW.municipal_area_id AND p.id = NEW.id
        AND p.is_shut <> public.is_shut_in(NEW.state) AND NOT (p.is_shut AND p.is_outdated);
    RETURN NULL;
END $$;
ALTER FUNCTION shut_package() OWNER TO kim_auth;
CREATE TRIGGER shut AFTER UPDATE OF state ON referral_requests
    FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION shut_package();

CREATE FUNCTION package_follows_request() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    SELECT public.is_shut_in(q.state) INTO NEW.is_shut FROM public.referral_requests q
    WHERE q.municipal_area_id = NEW.municipal_area_id AND q.id = NEW.id;
    NEW.is_shut := coalesce(NEW.is_shut, true);
    RETURN NEW;
END $$;
ALTER FUNCTION package_follows_request() OWNER TO kim_auth;
CREATE TRIGGER follow_request BEFORE INSERT ON referral_packages
    FOR EACH ROW EXECUTE FUNCTION package_follows_request();

-- Whether a package that is shut will not be opened again; held until the transaction ends, so that whoever hides the
-- person meanwhile finds it open and tells the team. Asked by either side of the referral, otherwise false.
CREATE FUNCTION stays_shut(p_referral uuid) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    PERFORM FROM public.referral_requests q
    WHERE q.municipal_area_id = public.ctx_area() AND q.id = p_referral
        AND (q.id = ANY (public.my_referrals()) OR q.institution_id = ANY (public.my_institutions())
            AND (q.site_id IS NULL OR q.site_id = ANY (public.my_sites())));
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    RETURN coalesce((SELECT p.is_shut AND p.is_outdated FROM public.referral_packages p
        WHERE p.municipal_area_id = public.ctx_area() AND p.id = p_referral FOR NO KEY UPDATE), false);
END $$;
ALTER FUNCTION stays_shut(uuid) OWNER TO kim_auth;
SET ROLE kim_auth;
REVOKE EXECUTE ON FUNCTION shut_package(), package_follows_request(), stays_shut(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION stays_shut(uuid) TO kim_app;
SET ROLE kim_owner;

-- History and answers: both sides write, the case's team reads.
CALL protect_table('referral_events');
GRANT SELECT, INSERT ON referral_events TO kim_app;
GRANT INSERT ON referral_events TO kim_worker, kim_auth;
CREATE POLICY team ON referral_events FOR SELECT TO kim_app
    USING (referral_id = ANY ((SELECT my_referrals())::uuid[]));
CREATE POLICY write ON referral_events FOR INSERT TO kim_app
    WITH CHECK (user_id = (SELECT ctx_user())
        AND CASE side WHEN 'sender' THEN (SELECT ctx_is('case_manager'))
                AND referral_id = ANY ((SELECT my_referrals())::uuid[])
            WHEN 'recipient' THEN institution_id = ANY ((SELECT my_institutions())::uuid[])
                AND EXISTS (SELECT FROM referral_requests q WHERE q.id = referral_id)
            ELSE false END);
CREATE POLICY serve ON referral_events FOR INSERT TO kim_worker WITH CHECK (side = 'system');
CREATE POLICY revoke ON referral_events FOR INSERT TO kim_auth WITH CHECK (side = 'system');

CALL protect_table('referral_answers');
GRANT SELECT, INSERT ON referral_answers TO kim_app;
CREATE POLICY team ON referral_answers FOR SELECT TO kim_app
    USING (referral_id = ANY ((SELECT my_referrals())::uuid[]));
CREATE POLICY write ON referral_answers FOR INSERT TO kim_app
    WITH CHECK (user_id = (SELECT ctx_user())
        AND (institution_id = ANY ((SELECT my_institutions())::uuid[])
                AND EXISTS (SELECT FROM referral_requests q WHERE q.id = referral_id)
            OR referral_id = ANY ((SELECT my_referrals())::uuid[]) AND (SELECT ctx_is('case_manager'))));

-- kim_auth reads of a consent only whether it holds, and locks it; the one column that it may change lets a
-- consent follow its client into another record (merging.sql).
GRANT SELECT (municipal_area_id, id, client_id, case_id, institution_id, purpose, direction, given_on,
    valid_until, withdrawn_at) ON consents TO kim_auth;
GRANT UPDATE (client_id) ON consents TO kim_auth;
CREATE POLICY gate ON consents FOR SELECT TO kim_auth USING (true);
CREATE POLICY gate_lock ON consents FOR UPDATE TO kim_auth USING (true) WITH CHECK (true);

-- A withdrawn consent ends what rests on it, also referrals of cases that the recorder of the withdrawal
-- does not see. The consent to documentation carries the data themselves, so with it the referrals of the cases that
-- it covered end, but for what a danger or a duty asked for: a child must not wait because a guardian withdrew. Does
-- nothing for a consent that the caller has not withdrawn in this transaction.
CREATE FUNCTION revoke_referrals(p_consent uuid, p_open text[], p_at timestamptz)
RETURNS TABLE (referral_id uuid, institution_id uuid, from_state text, client_pseudonym uuid)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    v_ids uuid[];
BEGIN
    SELECT array_agg(r.id) INTO v_ids
    FROM public.consents c JOIN public.referrals r ON r.municipal_area_id = c.municipal_area_id
        AND r.client_id = c.client_id
        AND (r.consent_id = c.id OR c.purpose = 'case_documentation' AND coalesce(c.case_id, r.case_id) = r.case_id
            AND r.legal_basis NOT IN ('kkg_4', 'vital_interest', 'aufenthg_87', 'sgbx_71', 'stag_32'))
    WHERE c.municipal_area_id = public.ctx_area() AND c.id = p_consent AND c.withdrawn_at = p_at
        AND c.withdrawn_by = public.ctx_user() AND c.changed_xid = pg_current_xact_id();
    IF v_ids IS NULL THEN
        RETURN;
    END IF;
    FOR referral_id, institution_id, from_state, client_pseudonym IN
        SELECT q.id, q.institution_id, q.state, q.client_pseudonym
        FROM public.referral_requests q
        WHERE q.municipal_area_id = public.ctx_area() AND q.id = ANY (v_ids) AND q.state = ANY (p_open)
        ORDER BY q.id FOR UPDATE
    LOOP
        UPDATE public.referral_requests q SET state = 'revoked', closed_at = p_at, outcome = NULL,
            revoke_reason = 'consent_withdrawn'
        WHERE q.municipal_area_id = public.ctx_area() AND q.id = referral_id;
        INSERT INTO public.referral_events (municipal_area_id, id, referral_id, institution_id, at, step,
            from_state, to_state, side)
        VALUES (public.ctx_area(), public.new_id(), referral_id, institution_id, p_at, 'revoke',
            from_state, 'revoked', 'system');
        RETURN NEXT;
    END LOOP;
    -- After the requests, as every other step takes its locks. Packages of ended referrals are withheld too; the
    -- request moves with it, so that a recipient who catches up is told.
    PERFORM FROM public.referral_requests q
    WHERE q.municipal_area_id = public.ctx_area() AND q.id = ANY (v_ids) ORDER BY q.id FOR UPDATE;
    WITH withheld AS (UPDATE public.referral_packages p SET withheld_at = p_at
        WHERE p.municipal_area_id = public.ctx_area() AND p.id = ANY (v_ids) AND p.withheld_at IS NULL
        RETURNING p.id)
    UPDATE public.referral_requests q SET outcome = q.outcome
    WHERE q.municipal_area_id = public.ctx_area() AND q.id IN (SELECT id FROM withheld) AND q.state <> 'revoked';
END $$;
ALTER FUNCTION revoke_referrals(uuid, text[], timestamptz) OWNER TO kim_auth;

-- Whether the client agreed that this institution tells about them; holds the consent against a withdrawal.
-- Asked by the institution itself or by the case's team, otherwise false.
CREATE FUNCTION feedback_agreed(p_referral uuid, p_on date) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    v_referral record;
BEGIN
    SELECT r.client_id, r.case_id, q.institution_id INTO v_referral
    FROM public.referrals r JOIN public.referral_requests q
        ON q.municipal_area_id = r.municipal_area_id AND q.id = r.id
    WHERE r.municipal_area_id = public.ctx_area() AND r.id = p_referral
        AND (q.institution_id = ANY (public.ctx_places('partner_user') || public.ctx_places('partner_system')
                || public.ctx_places('authority_officer'))
                AND (q.site_id IS NULL OR q.site_id = ANY (public.my_sites()))
            OR r.id = ANY (public.my_referrals()));
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM FROM public.consents c
    WHERE c.municipal_area_id = public.ctx_area() AND c.client_id = v_referral.client_id
        AND c.institution_id = v_referral.institution_id AND c.purpose IN ('referral', 'feedback')
        AND c.direction IN ('from', 'mutual') AND (c.case_id IS NULL OR c.case_id = v_referral.case_id)
        AND c.withdrawn_at IS NULL AND c.given_on <= p_on AND c.valid_until >= p_on
    ORDER BY c.id DESC FOR SHARE;  -- as a withdrawal and a sending lock them
    RETURN FOUND;
END $$;
ALTER FUNCTION feedback_agreed(uuid, date) OWNER TO kim_auth;

SET ROLE kim_auth;
REVOKE EXECUTE ON FUNCTION revoke_referrals(uuid, text[], timestamptz), feedback_agreed(uuid, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION revoke_referrals(uuid, text[], timestamptz), feedback_agreed(uuid, date) TO kim_app;
SET ROLE kim_owner;
