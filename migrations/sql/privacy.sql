-- Retention: started and ended by definer functions, which ask the case itself whether it is closed.

CALL protect_table('retentions');
GRANT SELECT ON retentions TO kim_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON retentions TO kim_auth;
CREATE POLICY oversee ON retentions FOR SELECT TO kim_app USING ((SELECT ctx_is('privacy_officer')));
CREATE POLICY keep ON retentions TO kim_auth USING (true) WITH CHECK (true);

GRANT SELECT (phase) ON cases TO kim_auth;

GRANT SELECT (withdrawn_by) ON consents TO kim_auth;
CREATE FUNCTION start_retention(p_id uuid, p_case uuid, p_on date, p_delete_after date, p_at timestamptz)
RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF p_delete_after < p_on OR p_delete_after < (now() AT TIME ZONE 'Europe/Berlin')::date THEN
        RAISE EXCEPTION USING errcode = '42501', message = 'what is closed now is not erased before today';
    END IF;
    INSERT INTO public.retentions (municipal_area_id, id, object_type, object_id, client_id,
        client_pseudonym, unit_id, starts_on, delete_after, reason)
    SELECT c.municipal_area_id, p_id, 'case', c.id, c.client_id, k.pseudonym, c.unit_id, p_on, p_delete_after,
        CASE t.closing_reason WHEN 'consent_withdrawn' THEN 'consent_withdrawn' ELSE 'closed' END
    FROM public.cases c
    JOIN public.clients k ON k.municipal_area_id = c.municipal_area_id AND k.id = c.client_id
    LEFT JOIN public.case_contents t ON t.municipal_area_id = c.municipal_area_id AND t.id = c.id
    WHERE c.municipal_area_id = public.ctx_area() AND c.id = p_case AND c.phase = 'closed'
        -- Also for whoever has just taken down a withdrawal of somebody they do not know (withdrawals.sql).
        AND (c.id = ANY (public.my_cases()) AND public.ctx_is('case_manager') OR t.closing_reason = 'consent_withdrawn'
            AND EXISTS (SELECT FROM public.consents s
                WHERE s.municipal_area_id = c.municipal_area_id AND s.client_id = c.client_id
                    AND s.purpose = 'case_documentation' AND s.withdrawn_by = public.ctx_user()
                    AND s.withdrawn_at = p_at))
    -- What counts already is not shortened.
    ON CONFLICT (municipal_area_id, object_type, object_id) DO UPDATE
        SET starts_on = excluded.starts_on, reason = excluded.reason,
            delete_after = greatest(retentions.delete_after, excluded.delete_after);
    IF NOT FOUND THEN
        RAISE EXCEPTION USING errcode = '42501', message = 'only what is closed has a retention';
    END IF;
END $$;
ALTER FUNCTION start_retention(uuid, uuid, date, date, timestamptz) OWNER TO kim_auth;

-- False when the time of keeping is over. An open case has none to end.
CREATE FUNCTION end_retention(p_case uuid, p_on date) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM public.cases c
        WHERE c.municipal_area_id = public.ctx_area() AND c.id = p_case AND c.phase <> 'closed'
            AND c.client_id = ANY (public.my_clients()))
    THEN
        RAISE EXCEPTION USING errcode = '42501', message = 'what is closed keeps its retention';
    END IF;
    IF EXISTS (SELECT FROM public.retentions r
        WHERE r.municipal_area_id = public.ctx_area() AND r.object_type = 'case' AND r.object_id = p_case
            AND r.delete_after < p_on)
    THEN
        RETURN false;
    END IF;
    DELETE FROM public.retentions r
    WHERE r.municipal_area_id = public.ctx_area() AND r.object_type = 'case' AND r.object_id = p_case;
    RETURN true;
END $$;
ALTER FUNCTION end_retention(uuid, date) OWNER TO kim_auth;

SET ROLE kim_auth;
REVOKE EXECUTE ON FUNCTION start_retention(uuid, uuid, date, date, timestamptz), end_retention(uuid, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION start_retention(uuid, uuid, date, date, timestamptz), end_retention(uuid, date) TO kim_app;
SET ROLE kim_owner;

-- What stands for a client in the journal, for the privacy officer alone: a person asks who read their data.
CREATE FUNCTION client_pseudonym(p_client uuid) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT c.pseudonym FROM public.clients c
    WHERE c.municipal_area_id = public.ctx_area() AND c.id = p_client AND public.ctx_is('privacy_officer')
    UNION
    SELECT m.merged_pseudonym FROM public.client_merges m
    WHERE m.municipal_area_id = public.ctx_area() AND m.merged_client_id = p_client
        AND public.ctx_is('privacy_officer')
    LIMIT 1;
END;
ALTER FUNCTION client_pseudonym(uuid) OWNER TO kim_auth;

-- All pseudonyms under which the journal speaks of one person, for the privacy officer: somebody who was
-- registered twice has two.
CREATE FUNCTION pseudonyms_of(p_client uuid) RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT array_agg(DISTINCT s.pseudonym) FROM (
        SELECT p_client AS pseudonym
        UNION ALL
        SELECT unnest(ARRAY[c.pseudonym, m.merged_pseudonym])
        FROM public.client_merges m JOIN public.clients c
            ON c.municipal_area_id = m.municipal_area_id AND c.id = m.client_id
        WHERE m.municipal_area_id = public.ctx_area() AND m.undone_at IS NULL AND m.client_id = (
            SELECT coalesce(
                (SELECT g.client_id FROM public.client_merges g
                WHERE g.municipal_area_id = public.ctx_area() AND g.merged_pseudonym = p_client
                    AND g.undone_at IS NULL LIMIT 1),
                (SELECT k.id FROM public.clients k
                WHERE k.municipal_area_id = public.ctx_area() AND k.pseudonym = p_client)))) s
    WHERE public.ctx_is('privacy_officer');
END;
ALTER FUNCTION pseudonyms_of(uuid) OWNER TO kim_auth;

-- Where a client's data were shown. `&&` on arrays is not leakproof, so its index cannot serve a query that
-- stands behind a policy; the privacy officer's own policy is asked here instead.
GRANT SELECT (at, position, municipal_area_id, client_pseudonyms) ON audit_journal TO kim_auth;
CREATE POLICY find ON audit_journal FOR SELECT TO kim_auth USING (true);
CREATE FUNCTION journal_about(p_client uuid) RETURNS TABLE (at timestamptz, "position" bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT j.at, j."position" FROM public.audit_journal j
    WHERE j.client_pseudonyms && public.pseudonyms_of(p_client) AND j.municipal_area_id = public.ctx_area()
        AND public.ctx_is('privacy_officer');
END;
ALTER FUNCTION journal_about(uuid) OWNER TO kim_auth;

SET ROLE kim_auth;
REVOKE EXECUTE ON FUNCTION client_pseudonym(uuid), journal_about(uuid), pseudonyms_of(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION client_pseudonym(uuid), journal_about(uuid), pseudonyms_of(uuid) TO kim_app;
SET ROLE kim_owner;

-- Access reviews: opened by the act itself, judged by somebody else, then final. A team lead judges the
-- disclosures of their unit, except of restricted persons, of whom they know nothing.
CALL protect_table('access_reviews');
CALL track_versions('access_reviews');
GRANT SELECT ON access_reviews TO kim_app;
GRANT UPDATE (reviewed_by, reviewed_at, outcome, note) ON access_reviews TO kim_app;
GRANT SELECT, INSERT, UPDATE (is_restricted, reminded) ON access_reviews TO kim_auth;
CREATE POLICY oversee ON access_reviews FOR SELECT TO kim_app USING ((SELECT ctx_is('privacy_officer')));
CREATE POLICY lead ON access_reviews FOR SELECT TO kim_app
    USING (kind = 'vital_interest' AND NOT is_restricted
        AND unit_id = ANY ((SELECT ctx_places('team_lead'))::uuid[]));
CREATE POLICY review ON access_reviews FOR UPDATE TO kim_app
    USING ((SELECT ctx_is('privacy_officer')) OR kind = 'vital_interest' AND NOT is_restricted
        AND unit_id = ANY ((SELECT ctx_places('team_lead'))::uuid[]))
    WITH CHECK (reviewed_by = (SELECT ctx_user()));
CREATE POLICY keep ON access_reviews TO kim_auth USING (true) WITH CHECK (true);

CREATE FUNCTION keep_review() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING errcode = '23514', constraint = 'ck_access_reviews_final', message = 'a review stays';
END $$;
CREATE TRIGGER final BEFORE UPDATE OF reviewed_by, reviewed_at, outcome, note ON access_reviews
    FOR EACH ROW WHEN (OLD.reviewed_at IS NOT NULL) EXECUTE FUNCTION keep_review();

-- Opens the review of what the caller has just done and tells who judges it, and a case's lead whose case
-- somebody looks at: ids only. Of a restricted person only the privacy officer hears.
CREATE FUNCTION open_access_review(
    p_id uuid, p_kind text, p_object uuid, p_at timestamptz, p_due timestamptz, p_reason text DEFAULT NULL
) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    v_case uuid;
    v_unit uuid;
    v_restricted boolean;
BEGIN
    -- Somebody hidden without a case, who was given to a case manager unseen.
    INSERT INTO public.access_reviews (municipal_area_id, id, kind, object_id, client_pseudonym,
        unit_id, is_restricted, acted_by, acted_at, reason, due_at)
    SELECT k.municipal_area_id, p_id, p_kind, p_object, k.pseudonym, k.unit_id, k.is_restricted, a.created_by, p_at,
        p_reason, p_due
    FROM public.assignments a
    JOIN public.clients k ON k.municipal_area_id = a.municipal_area_id AND k.id = a.client_id
    WHERE p_kind = 'lead_named' AND a.municipal_area_id = public.ctx_area() AND a.id = p_object
        AND a.kind = 'registrar' AND a.created_by = public.ctx_user() AND a.user_id <> a.created_by
    RETURNING unit_id, is_restricted INTO v_unit, v_restricted;
    IF NOT FOUND THEN
        INSERT INTO public.access_reviews (municipal_area_id, id, kind, object_id, case_id, client_pseudonym,
            unit_id, is_restricted, acted_by, acted_at, reason, due_at)
        SELECT c.municipal_area_id, p_id, p_kind, p_object, c.id, k.pseudonym, c.unit_id, c.is_restricted,
            public.ctx_user(), p_at, did.reason, p_due
        FROM (
            SELECT a.case_id, a.reason FROM public.assignments a
            WHERE p_kind = 'break_glass' AND a.municipal_area_id = public.ctx_area() AND a.id = p_object
                AND a.kind = 'break_glass' AND a.user_id = public.ctx_user()
            UNION ALL
            SELECT r.case_id, r.necessity FROM public.referrals r JOIN public.referral_requests q
                ON q.municipal_area_id = r.municipal_area_id AND q.id = r.id AND q.requested_at IS NOT NULL
            WHERE p_kind = 'vital_interest' AND r.municipal_area_id = public.ctx_area() AND r.id = p_object
                AND r.legal_basis = 'vital_interest' AND r.case_id = ANY (public.my_cases())
            UNION ALL
            SELECT h.case_id, p_reason FROM public.case_handovers h
            WHERE h.municipal_area_id = public.ctx_area() AND h.id = p_object AND h.assigned_by = public.ctx_user()
                AND p_kind = CASE h.assigned_by WHEN h.from_user_id THEN NULL WHEN h.to_user_id THEN 'case_taken_over'
                    ELSE 'lead_named' END
        ) did
        JOIN public.cases c ON c.municipal_area_id = public.ctx_area() AND c.id = did.case_id
        JOIN public.clients k ON k.municipal_area_id = c.municipal_area_id AND k.id = c.client_id
        -- Held, so that a review and a restriction at the same moment wait for each other.
        FOR SHARE OF c
        RETURNING case_id, unit_id, is_restricted INTO v_case, v_unit, v_restricted;
    END IF;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING errcode = '42501', message = 'nothing of this person is to be reviewed';
    END IF;
    INSERT INTO public.notifications (municipal_area_id, id, user_id, kind, object_type, object_id, created_at)
    SELECT public.ctx_area(), public.new_id(), told.user_id, told.kind, told.object_type, told.object_id, p_at
    FROM (
        SELECT m.user_id, 'review_due' AS kind, 'access_review' AS object_type, p_id AS object_id
        FROM public.memberships m
        JOIN public.users u ON u.municipal_area_id = m.municipal_area_id AND u.id = m.user_id
            AND u.disabled_at IS NULL
        WHERE m.municipal_area_id = public.ctx_area() AND m.started_at <= now()
            AND (m.ended_at IS NULL OR m.ended_at > now())
            AND (m.role = 'privacy_officer' OR m.role = 'team_lead' AND m.unit_id = v_unit
                AND p_kind = 'vital_interest' AND NOT v_restricted)
        UNION
        SELECT a.user_id, 'glass_broken', 'case', v_case FROM public.assignments a
        WHERE p_kind = 'break_glass' AND a.municipal_area_id = public.ctx_area() AND a.case_id = v_case
            AND a.kind = 'lead' AND a.active_from <= now() AND (a.active_until IS NULL OR a.active_until > now())
            AND public.belongs_to(a.user_id, a.unit_id)
    ) told
    WHERE told.user_id <> public.ctx_user();
END $$;
ALTER FUNCTION open_access_review(uuid, text, uuid, timestamptz, timestamptz, text) OWNER TO kim_auth;
SET ROLE kim_auth;
REVOKE EXECUTE ON FUNCTION open_access_review(uuid, text, uuid, timestamptz, timestamptz, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION open_access_review(uuid, text, uuid, timestamptz, timestamptz, text) TO kim_app;
SET ROLE kim_owner;

-- Overdue reviews, for the worker: told once to who judges, and when that did not help to the privacy officers. Of a
-- restricted person, and of a look by break-glass, only they hear. Nobody is told of their own act.
CREATE FUNCTION remind_of_reviews(p_at timestamptz, p_escalate timestamptz, p_limit int)
RETURNS TABLE (id uuid, client_pseudonym uuid)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
#variable_conflict use_column
DECLARE
    v record;
BEGIN
    FOR v IN
        SELECT r.id, r.kind, r.unit_id, r.is_restricted, r.acted_by, r.reminded, r.client_pseudonym
        FROM public.access_reviews r
        WHERE r.municipal_area_id = public.ctx_area() AND r.reviewed_at IS NULL
            AND (r.reminded = 0 AND r.due_at <= p_at OR r.reminded = 1 AND r.due_at <= p_escalate)
        ORDER BY r.due_at, r.id LIMIT p_limit FOR UPDATE SKIP LOCKED
    LOOP
        UPDATE public.access_reviews r SET reminded = v.reminded + 1
        WHERE r.municipal_area_id = public.ctx_area() AND r.id = v.id;
        INSERT INTO public.notifications
            (municipal_area_id, id, user_id, kind, object_type, object_id, created_at)
        SELECT DISTINCT ON (m.user_id) public.ctx_area(), public.new_id(), m.user_id,
            CASE v.reminded WHEN 0 THEN 'review_overdue' ELSE 'review_escalated' END, 'access_review', v.id, p_at
        FROM public.memberships m
        JOIN public.users u ON u.municipal_area_id = m.municipal_area_id AND u.id = m.user_id
            AND u.disabled_at IS NULL
        WHERE m.municipal_area_id = public.ctx_area() AND m.started_at <= now()
            AND (m.ended_at IS NULL OR m.ended_at > now()) AND m.user_id <> v.acted_by
            AND CASE WHEN v.kind = 'vital_interest' AND NOT v.is_restricted AND v.reminded = 0
                THEN m.role = 'team_lead' AND m.unit_id = v.unit_id ELSE m.role = 'privacy_officer' END;
        id := v.id;
        client_pseudonym := v.client_pseudonym;
        RETURN NEXT;
    END LOOP;
END $$;
ALTER FUNCTION remind_of_reviews(timestamptz, timestamptz, int) OWNER TO kim_auth;
SET ROLE kim_auth;
REVOKE EXECUTE ON FUNCTION remind_of_reviews(timestamptz, timestamptz, int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION remind_of_reviews(timestamptz, timestamptz, int) TO kim_worker;
SET ROLE kim_owner;
