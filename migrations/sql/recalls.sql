-- After a consent has ended: what recipients are asked, the task for the team, and renewal. And how long a kind of
-- institution has to answer.

CALL protect_table('referral_deadlines');
CALL track_versions('referral_deadlines');
GRANT SELECT, INSERT ON referral_deadlines TO kim_app;
GRANT UPDATE (answer_days, reminder_days, changed_by) ON referral_deadlines TO kim_app;
CREATE POLICY read ON referral_deadlines FOR SELECT TO kim_app USING (true);
CREATE POLICY add ON referral_deadlines FOR INSERT TO kim_app
    WITH CHECK ((SELECT ctx_is('admin')) AND changed_by = (SELECT ctx_user()));
CREATE POLICY change ON referral_deadlines FOR UPDATE TO kim_app
    USING ((SELECT ctx_is('admin')))
    WITH CHECK ((SELECT ctx_is('admin')) AND changed_by = (SELECT ctx_user()));

CALL protect_table('referral_recalls');
CALL track_versions('referral_recalls');
GRANT SELECT ON referral_recalls TO kim_app, kim_worker, kim_auth;
GRANT UPDATE (acknowledged_at, account, deleted_on, kept_reason, norm, source, answered_at, answered_by)
    ON referral_recalls TO kim_app;
GRANT INSERT, UPDATE (chased_at) ON referral_recalls TO kim_worker;
GRANT INSERT, UPDATE (acknowledged_at) ON referral_recalls TO kim_auth;
CREATE POLICY team ON referral_recalls FOR SELECT TO kim_app
    USING (id = ANY ((SELECT my_referrals())::uuid[]));
CREATE POLICY addressed ON referral_recalls FOR SELECT TO kim_app
    USING (institution_id = ANY ((SELECT my_institutions())::uuid[]) AND is_on_platform
        AND (site_id IS NULL OR site_id = ANY ((SELECT my_sites())::uuid[])));
-- Whoever was asked answers: on the platform the institution, off it the team for it; neither for the other.
CREATE POLICY team_answer ON referral_recalls FOR UPDATE TO kim_app
    USING (id = ANY ((SELECT my_referrals())::uuid[]) AND (SELECT ctx_is('case_manager')) AND NOT is_on_platform)
    WITH CHECK (id = ANY ((SELECT my_referrals())::uuid[]) AND answered_by = (SELECT ctx_user()));
CREATE POLICY addressed_answer ON referral_recalls FOR UPDATE TO kim_app
    USING (institution_id = ANY ((SELECT my_institutions())::uuid[]) AND is_on_platform
        AND (site_id IS NULL OR site_id = ANY ((SELECT my_sites())::uuid[])))
    WITH CHECK (institution_id = ANY ((SELECT my_institutions())::uuid[]) AND answered_by = (SELECT ctx_user()));
CREATE POLICY serve ON referral_recalls TO kim_worker USING (true) WITH CHECK (true);
CREATE POLICY recall ON referral_recalls TO kim_auth USING (true) WITH CHECK (true);

-- What was answered stays as it was told.
CREATE FUNCTION keep_answer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING errcode = '23514', constraint = 'ck_referral_recalls_answer_is_final',
        message = 'an answer stays';
END $$;
CREATE TRIGGER final BEFORE UPDATE ON referral_recalls
    FOR EACH ROW WHEN (OLD.answered_at IS NOT NULL) EXECUTE FUNCTION keep_answer();

-- Who confirms the revocation of a referral has confirmed what they were asked.
CREATE FUNCTION recall_follows_request() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE public.referral_recalls c SET acknowledged_at = NEW.revocation_acknowledged_at
    WHERE c.municipal_area_id = NEW.municipal_area_id AND c.id = NEW.id AND c.acknowledged_at IS NULL;
    RETURN NULL;
END $$;
ALTER FUNCTION recall_follows_request() OWNER TO kim_auth;
CREATE TRIGGER acknowledge AFTER UPDATE OF revocation_acknowledged_at ON referral_requests
    FOR EACH ROW WHEN (OLD.revocation_acknowledged_at IS NULL AND NEW.revocation_acknowledged_at IS NOT NULL)
    EXECUTE FUNCTION recall_follows_request();

-- A task for the lead of a referral's case, from the system. None where the case is closed or its data are only
-- kept (Art. 18 GDPR): then the notification is all. What the recorded answer finishes names it.
GRANT SELECT (municipal_area_id, id, name) ON institutions TO kim_auth;
CREATE FUNCTION open_referral_task(p_referral uuid, p_kind text, p_at timestamptz) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    v record;
    v_task uuid := public.new_id();
BEGIN
    SELECT c.id, c.lead_user_id, k.pseudonym, i.name INTO v
    FROM public.referrals r
    JOIN public.referral_requests q ON q.municipal_area_id = r.municipal_area_id AND q.id = r.id
    JOIN public.institutions i ON i.municipal_area_id = q.municipal_area_id AND i.id = q.institution_id
    JOIN public.cases c ON c.municipal_area_id = r.municipal_area_id AND c.id = r.case_id
    JOIN public.clients k ON k.municipal_area_id = c.municipal_area_id AND k.id = c.client_id
    WHERE r.municipal_area_id = public.ctx_area() AND r.id = p_referral
        AND c.phase <> 'closed' AND k.processing_restricted_at IS NULL;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    INSERT INTO public.tasks (municipal_area_id, id, case_id, title, due_on, assignee_id, created_by, recall_id)
    VALUES (public.ctx_area(), v_task, v.id,
        CASE p_kind WHEN 'recall_to_tell' THEN 'Widerruf mitteilen und Antwort eintragen: '
            WHEN 'end_to_tell' THEN 'Ende der Einwilligung mitteilen und Antwort eintragen: '
            WHEN 'recall_overdue' THEN 'Nachfragen, ob nach dem Ende der Einwilligung gelöscht wurde: '
            ELSE 'Einwilligung abgelaufen, Vermittlung beendet: ' END || v.name,
        (p_at AT TIME ZONE 'Europe/Berlin')::date, v.lead_user_id, v.lead_user_id,
        CASE WHEN p_kind IN ('recall_to_tell', 'end_to_tell') THEN p_referral END);
    INSERT INTO public.task_steps (municipal_area_id, id, task_id, case_id, at, step, target, assignee_id)
    VALUES (public.ctx_area(), public.new_id(), v_task, v.id, p_at, 'create', 'open', v.lead_user_id);
    INSERT INTO public.audit_journal (action, object_type, object_id, client_pseudonyms)
    VALUES ('task.create', 'task', v_task, ARRAY[v.pseudonym]);
END $$;
ALTER FUNCTION open_referral_task(uuid, text, timestamptz) OWNER TO kim_auth;

-- Asks every recipient of what rested on a withdrawn consent what becomes of the data, also of referrals that ended
-- long ago, and also where nobody recorded the delivery: on the telephone nothing waits, and whether a letter went only
-- the team knows. Not of a draft, or of what the client carried. After `revoke_referrals`.
CREATE FUNCTION recall_referrals(p_consent uuid, p_days int, p_at timestamptz)
RETURNS TABLE (referral_id uuid, institution_id uuid, channel text, client_pseudonym uuid)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    FOR referral_id, institution_id, channel, client_pseudonym IN
        SELECT q.id, q.institution_id, q.channel, q.client_pseudonym
        FROM public.consents c
        JOIN public.referrals r ON r.municipal_area_id = c.municipal_area_id AND r.client_id = c.client_id
        JOIN public.referral_requests q ON q.municipal_area_id = r.municipal_area_id AND q.id = r.id
        WHERE c.municipal_area_id = public.ctx_area() AND c.id = p_consent AND c.withdrawn_at IS NOT NULL
            AND (r.consent_id = c.id OR c.purpose = 'case_documentation' AND q.state = 'revoked'
                AND q.closed_at = c.withdrawn_at AND coalesce(c.case_id, r.case_id) = r.case_id)
            AND q.delivery IS NOT NULL AND r.legal_basis <> 'client_hands_over'
        ORDER BY q.id
    LOOP
        INSERT INTO public.referral_recalls (municipal_area_id, id, institution_id, client_pseudonym,
            is_on_platform, reason, asked_at, due_at)
        VALUES (public.ctx_area(), referral_id, institution_id, client_pseudonym, channel = 'platform',
            'consent_withdrawn', p_at, p_at + p_days * interval '1 day')
        ON CONFLICT DO NOTHING;
        CONTINUE WHEN NOT FOUND;
        IF channel <> 'platform' THEN
            PERFORM public.open_referral_task(referral_id, 'recall_to_tell', p_at);
        END IF;
        RETURN NEXT;
    END LOOP;
END $$;
ALTER FUNCTION recall_referrals(uuid, int, timestamptz) OWNER TO kim_auth;

-- What rested on a consent rests on the one that follows it, where that one covers the same, and all that the sender
-- told in messages since; of what it does not cover the ids are told, and it ends with the old one. Also referrals
-- that the recorder does not see.
GRANT SELECT (data_categories, follows_id) ON consents TO kim_auth;
GRANT UPDATE (consent_id) ON referrals TO kim_auth;
GRANT UPDATE (readable_until) ON referral_packages TO kim_auth;
CREATE POLICY renew ON referrals FOR UPDATE TO kim_auth USING (true) WITH CHECK (true);
GRANT SELECT (municipal_area_id, id, referral_id, side, data_categories) ON referral_messages TO kim_auth;
CREATE POLICY renew ON referral_messages FOR SELECT TO kim_auth USING (true);
CREATE FUNCTION renew_referrals(p_consent uuid, p_open text[])
RETURNS TABLE (referral_id uuid, client_pseudonym uuid, is_covered boolean)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    -- The end of its last day where the offices are.
    v_ends_at timestamptz := (SELECT (n.valid_until + 1)::timestamp AT TIME ZONE 'Europe/Berlin'
        FROM public.consents n WHERE n.municipal_area_id = public.ctx_area() AND n.id = p_consent);
BEGIN
    FOR referral_id, client_pseudonym, is_covered IN
        SELECT q.id, q.client_pseudonym, r.data_categories <@ n.data_categories AND n.direction IN ('to', 'mutual')
            AND coalesce(n.case_id, r.case_id) = r.case_id
        FROM public.consents n
        JOIN public.referrals r ON r.municipal_area_id = n.municipal_area_id AND r.consent_id = n.follows_id
        JOIN public.referral_requests q ON q.municipal_area_id = r.municipal_area_id AND q.id = r.id
        WHERE n.municipal_area_id = public.ctx_area() AND n.id = p_consent AND n.withdrawn_at IS NULL
            AND n.recorded_by = public.ctx_user() AND q.state = ANY (p_open)
        ORDER BY q.id FOR UPDATE OF q
    LOOP
        -- Asked only now: whoever writes a message holds the request until it is there.
        is_covered := is_covered AND NOT EXISTS (SELECT FROM public.referral_messages m
            JOIN public.consents n ON n.municipal_area_id = m.municipal_area_id AND n.id = p_consent
            WHERE m.municipal_area_id = public.ctx_area() AND m.referral_id = renew_referrals.referral_id
                AND m.side = 'sender' AND NOT m.data_categories <@ n.data_categories);
        IF is_covered THEN
            UPDATE public.referrals r SET consent_id = p_consent
            WHERE r.municipal_area_id = public.ctx_area() AND r.id = referral_id;
            UPDATE public.referral_requests q SET consent_ends_at = v_ends_at
            WHERE q.municipal_area_id = public.ctx_area() AND q.id = referral_id;
            UPDATE public.referral_packages p SET readable_until = v_ends_at
            WHERE p.municipal_area_id = public.ctx_area() AND p.id = referral_id;
        END IF;
        RETURN NEXT;
    END LOOP;
END $$;
ALTER FUNCTION renew_referrals(uuid, text[]) OWNER TO kim_auth;
GRANT SELECT (recorded_by) ON consents TO kim_auth;

SET ROLE kim_auth;
REVOKE EXECUTE ON FUNCTION recall_follows_request(), open_referral_task(uuid, text, timestamptz),
    recall_referrals(uuid, int, timestamptz), renew_referrals(uuid, text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION open_referral_task(uuid, text, timestamptz), tell_of_revocation(uuid, timestamptz)
    TO kim_worker;
GRANT EXECUTE ON FUNCTION recall_referrals(uuid, int, timestamptz), renew_referrals(uuid, text[])
    TO kim_app;
SET ROLE kim_owner;
