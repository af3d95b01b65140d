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
