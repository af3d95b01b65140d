-- Retention: started and ended by definer functions, which ask the case itself whether it is closed.

CALL protect_table('retentions');
GRANT SELECT ON retentions TO kim_app, kim_worker;
GRANT SELECT, INSERT, UPDATE, DELETE ON retentions TO kim_auth;
CREATE POLICY oversee ON retentions FOR SELECT TO kim_app USING ((SELECT ctx_is('privacy_officer')));
CREATE POLICY serve ON retentions FOR SELECT TO kim_worker USING (true);
CREATE POLICY keep ON retentions TO kim_auth USING (true) WITH CHECK (true);

GRANT SELECT (phase) ON cases TO kim_auth;

CREATE FUNCTION start_retention(p_id uuid, p_case uuid, p_on date, p_delete_after date) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    INSERT INTO public.retentions (municipal_area_id, id, object_type, object_id, client_id,
        client_pseudonym, unit_id, starts_on, delete_after, reason)
    SELECT c.municipal_area_id, p_id, 'case', c.id, c.client_id, k.pseudonym, c.unit_id, p_on, p_delete_after,
        CASE t.closing_reason WHEN 'consent_withdrawn' THEN 'consent_withdrawn' ELSE 'closed' END
    FROM public.cases c
    JOIN public.clients k ON k.municipal_area_id = c.municipal_area_id AND k.id = c.client_id
    LEFT JOIN public.case_contents t ON t.municipal_area_id = c.municipal_area_id AND t.id = c.id
    WHERE c.municipal_area_id = public.ctx_area() AND c.id = p_case AND c.phase = 'closed'
        AND c.client_id = ANY (public.my_clients())
    ON CONFLICT (municipal_area_id, object_type, object_id) DO UPDATE
        SET starts_on = excluded.starts_on, delete_after = excluded.delete_after, reason = excluded.reason;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING errcode = '42501', message = 'only what is closed has a retention';
    END IF;
END $$;
ALTER FUNCTION start_retention(uuid, uuid, date, date) OWNER TO kim_auth;

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
REVOKE EXECUTE ON FUNCTION start_retention(uuid, uuid, date, date), end_retention(uuid, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION start_retention(uuid, uuid, date, date), end_retention(uuid, date) TO kim_app;
SET ROLE kim_owner;

-- What stands for a client in the journal, for the privacy officer alone: a person asks who read their data.
CREATE FUNCTION client_pseudonym(p_client uuid) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT c.pseudonym FROM public.clients c
    WHERE c.municipal_area_id = public.ctx_area() AND c.id = p_client AND public.ctx_is('privacy_officer');
END;
ALTER FUNCTION client_pseudonym(uuid) OWNER TO kim_auth;

-- Where a client's data were shown. `@>` on arrays is not leakproof, so its index cannot serve a query that
-- stands behind a policy; the privacy officer's own policy is asked here instead.
GRANT SELECT (at, position, municipal_area_id, client_pseudonyms) ON audit_journal TO kim_auth;
CREATE POLICY find ON audit_journal FOR SELECT TO kim_auth USING (true);
CREATE FUNCTION journal_about(p_client uuid) RETURNS TABLE (at timestamptz, "position" bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT j.at, j."position" FROM public.audit_journal j
    WHERE j.client_pseudonyms @> ARRAY[p_client] AND j.municipal_area_id = public.ctx_area()
        AND public.ctx_is('privacy_officer');
END;
ALTER FUNCTION journal_about(uuid) OWNER TO kim_auth;

SET ROLE kim_auth;
REVOKE EXECUTE ON FUNCTION client_pseudonym(uuid), journal_about(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION client_pseudonym(uuid), journal_about(uuid) TO kim_app;
SET ROLE kim_owner;
