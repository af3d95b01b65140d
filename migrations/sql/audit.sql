-- The journal: insert only, and only the columns that say what was done. Who and where come from defaults.

CREATE TABLE audit_journal_rest PARTITION OF audit_journal DEFAULT;

ALTER TABLE audit_journal ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_journal FORCE ROW LEVEL SECURITY;
GRANT INSERT (action, object_type, object_id, client_pseudonyms, purpose, legal_basis, outcome, reason, changed)
    ON audit_journal TO kim_app, kim_worker, kim_auth;
GRANT SELECT ON audit_journal TO kim_app;

CREATE POLICY write ON audit_journal FOR INSERT TO kim_app, kim_worker, kim_auth
    WITH CHECK (municipal_area_id IS NOT DISTINCT FROM (SELECT ctx_area()));
CREATE POLICY oversee ON audit_journal FOR SELECT TO kim_app
    USING ((SELECT ctx_is('privacy_officer')) AND municipal_area_id = (SELECT ctx_area()));

-- One partition a month, made ahead by the worker. Rows that were caught by the rest stay there.
CREATE FUNCTION make_audit_partition(p_month date) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    v_first date := date_trunc('month', p_month);
    v_name text := 'audit_journal_' || to_char(v_first, 'YYYY_MM');
BEGIN
    -- A month whose rows the rest has already caught stays there: a new partition may not overlap them.
    IF to_regclass('public.' || v_name) IS NOT NULL OR EXISTS (
        SELECT FROM public.audit_journal_rest r
        WHERE r.at >= v_first AND r.at < v_first + interval '1 month')
    THEN
        RETURN false;
    END IF;
    EXECUTE format('CREATE TABLE public.%I PARTITION OF public.audit_journal FOR VALUES FROM (%L) TO (%L)',
        v_name, v_first, (v_first + interval '1 month')::date);
    EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', v_name);
    EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', v_name);
    RETURN true;
END $$;
REVOKE EXECUTE ON FUNCTION make_audit_partition(date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION make_audit_partition(date) TO kim_worker;
ALTER TABLE audit_journal_rest ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_journal_rest FORCE ROW LEVEL SECURITY;
-- The owner looks into the rest before it makes a partition.
CREATE POLICY keep ON audit_journal_rest FOR SELECT TO kim_owner USING (true);

-- A refusal in the caller's own name. The record that was asked for is named when it exists in the area, with
-- its client's pseudonym where it has one (an inquiry has none), so that the privacy officer sees who tried to
-- reach whom; an id that names nothing could be anything that somebody typed, and is left out. The caller learns
-- nothing: the answer is void.
-- Not found is written once a minute for each person, action and object, so that nobody floods the journal:
-- ids that exist are few and cannot be guessed, and all others count as one.
GRANT SELECT (user_id, action, object_id, outcome, reason) ON audit_journal TO kim_auth;
GRANT SELECT (municipal_area_id, id) ON inquiries TO kim_auth;
GRANT SELECT (municipal_area_id, id, case_id) ON barrier_proposals TO kim_auth;
CREATE POLICY refuse ON barrier_proposals FOR SELECT TO kim_auth USING (true);
CREATE FUNCTION note_refusal(p_action text, p_kind text, p_id uuid, p_reason text) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    v_pseudonym uuid;
    v_known uuid;
BEGIN
    SELECT k.pseudonym INTO v_pseudonym FROM public.clients k
    WHERE k.municipal_area_id = public.ctx_area() AND k.id = CASE p_kind
        WHEN 'client' THEN p_id
        WHEN 'case' THEN (SELECT c.client_id FROM public.cases c
            WHERE c.municipal_area_id = public.ctx_area() AND c.id = p_id)
        WHEN 'referral' THEN (SELECT r.client_id FROM public.referrals r
            WHERE r.municipal_area_id = public.ctx_area() AND r.id = p_id)
        WHEN 'transfer' THEN (SELECT c.client_id FROM public.case_transfers t
            JOIN public.cases c ON c.municipal_area_id = t.municipal_area_id AND c.id = t.case_id
            WHERE t.municipal_area_id = public.ctx_area() AND t.id = p_id)
        WHEN 'duty' THEN (SELECT c.client_id FROM public.duties d
            JOIN public.cases c ON c.municipal_area_id = d.municipal_area_id AND c.id = d.case_id
            WHERE d.municipal_area_id = public.ctx_area() AND d.id = p_id)
        WHEN 'child_protection' THEN (SELECT c.client_id FROM public.child_protections d
            JOIN public.cases c ON c.municipal_area_id = d.municipal_area_id AND c.id = d.case_id
            WHERE d.municipal_area_id = public.ctx_area() AND d.id = p_id)
        WHEN 'consent' THEN (SELECT s.client_id FROM public.consents s
            WHERE s.municipal_area_id = public.ctx_area() AND s.id = p_id)
        WHEN 'document' THEN (SELECT d.client_id FROM public.documents d
            WHERE d.municipal_area_id = public.ctx_area() AND d.id = p_id)
        WHEN 'barrier_report' THEN (SELECT c.client_id FROM public.barrier_reports b
            JOIN public.cases c ON c.municipal_area_id = b.municipal_area_id AND c.id = b.case_id
            WHERE b.municipal_area_id = public.ctx_area() AND b.id = p_id)
        WHEN 'barrier_proposal' THEN (SELECT c.client_id FROM public.barrier_proposals b
            JOIN public.cases c ON c.municipal_area_id = b.municipal_area_id AND c.id = b.case_id
            WHERE b.municipal_area_id = public.ctx_area() AND b.id = p_id)
        WHEN 'access_review' THEN (SELECT coalesce(c.client_id, a.client_id) FROM public.access_reviews v
            LEFT JOIN public.cases c ON c.municipal_area_id = v.municipal_area_id AND c.id = v.case_id
            LEFT JOIN public.assignments a ON a.municipal_area_id = v.municipal_area_id AND a.id = v.object_id
            WHERE v.municipal_area_id = public.ctx_area() AND v.id = p_id) END;
    v_known := CASE WHEN v_pseudonym IS NOT NULL OR p_kind = 'inquiry' AND EXISTS (
        SELECT FROM public.inquiries i WHERE i.municipal_area_id = public.ctx_area() AND i.id = p_id)
        OR p_kind = 'incoming_referral' AND EXISTS (
        SELECT FROM public.incoming_referrals r WHERE r.municipal_area_id = public.ctx_area() AND r.id = p_id)
        OR p_kind = 'transfer' AND EXISTS (
        SELECT FROM public.transfer_offers o WHERE o.municipal_area_id = public.ctx_area() AND o.id = p_id) THEN p_id END;
    IF p_reason = 'not_found' AND EXISTS (SELECT FROM public.audit_journal j
        WHERE j.municipal_area_id = public.ctx_area() AND j.at > clock_timestamp() - interval '1 minute'
            AND j.user_id = public.ctx_user() AND j.action = p_action AND j.reason = p_reason
            AND j.object_id IS NOT DISTINCT FROM v_known)
    THEN
        RETURN;
    END IF;
    INSERT INTO public.audit_journal (action, object_type, object_id, client_pseudonyms, outcome, reason)
    VALUES (p_action, CASE WHEN v_known IS NULL THEN 'operation' ELSE p_kind END, v_known,
        CASE WHEN v_pseudonym IS NULL THEN '{}'::uuid[] ELSE ARRAY[v_pseudonym] END, 'refused', p_reason);
END $$;
ALTER FUNCTION note_refusal(text, text, uuid, text) OWNER TO kim_auth;
SET ROLE kim_auth;
REVOKE EXECUTE ON FUNCTION note_refusal(text, text, uuid, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION note_refusal(text, text, uuid, text) TO kim_app;
SET ROLE kim_owner;
