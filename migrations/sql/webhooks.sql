-- Webhooks belong to an institution and are managed by its people alone: a machine that could move an address would
-- take what its credentials were stolen for. Secrets are written by the application and read by the worker.

CALL protect_table('webhooks');
CALL track_versions('webhooks');
GRANT SELECT, INSERT, DELETE, UPDATE (url, label, kinds, state, ended_at) ON webhooks TO kim_app;
GRANT SELECT (municipal_area_id, id, institution_id, url, kinds, signature, state), UPDATE (state, ended_at)
    ON webhooks TO kim_worker;
GRANT SELECT (municipal_area_id, id, institution_id, state) ON webhooks TO kim_auth;
CREATE POLICY own ON webhooks TO kim_app
    USING (institution_id = ANY ((SELECT ctx_places('partner_user'))::uuid[]));
CREATE POLICY serve ON webhooks TO kim_worker USING (true) WITH CHECK (true);
CREATE POLICY claim ON webhooks FOR SELECT TO kim_auth USING (true);

CALL protect_table('webhook_secrets');
GRANT SELECT (municipal_area_id, id, webhook_id, institution_id, public_key, created_at, expires_at), INSERT,
    UPDATE (expires_at) ON webhook_secrets TO kim_app;
GRANT SELECT (municipal_area_id, id, webhook_id, sealed, created_at, expires_at), DELETE
    ON webhook_secrets TO kim_worker;
CREATE POLICY own ON webhook_secrets FOR SELECT TO kim_app
    USING (institution_id = ANY ((SELECT ctx_places('partner_user'))::uuid[]));
CREATE POLICY add ON webhook_secrets FOR INSERT TO kim_app
    WITH CHECK (institution_id = ANY ((SELECT ctx_places('partner_user'))::uuid[]));
CREATE POLICY rotate ON webhook_secrets FOR UPDATE TO kim_app
    USING (institution_id = ANY ((SELECT ctx_places('partner_user'))::uuid[]));
CREATE POLICY sign ON webhook_secrets FOR SELECT TO kim_worker USING (true);
CREATE POLICY forget ON webhook_secrets FOR DELETE TO kim_worker USING (true);
-- What is worth nothing without the keys, to seal it anew.
CREATE POLICY rotation ON webhook_secrets FOR SELECT TO kim_owner USING (true);
CREATE POLICY reseal ON webhook_secrets FOR UPDATE TO kim_owner USING (true) WITH CHECK (true);

-- Of events the application adds none but a test: what happened to referrals is told by the worker.
CALL protect_table('webhook_deliveries');
GRANT SELECT, INSERT (municipal_area_id, id, webhook_id, institution_id, event_id, kind, happened_at, created_at,
    state, next_at), UPDATE (state, failures, next_at, failure, ended_at) ON webhook_deliveries TO kim_app;
GRANT SELECT (municipal_area_id, id, webhook_id, institution_id, event_id, kind, referral_id, incoming_id, happened_at,
    created_at, state, failures, claims, next_at, ended_at), DELETE,
    INSERT (municipal_area_id, id, webhook_id, institution_id, event_id, kind, referral_id, incoming_id, happened_at,
    created_at, state, next_at), UPDATE (state, failures, next_at, leased_until, failure, ended_at)
    ON webhook_deliveries TO kim_worker;
GRANT SELECT (municipal_area_id, id, webhook_id, institution_id, state, next_at, leased_until, claims),
    UPDATE (claims, leased_until) ON webhook_deliveries TO kim_auth;
CREATE POLICY own ON webhook_deliveries FOR SELECT TO kim_app
    USING (institution_id = ANY ((SELECT ctx_places('partner_user'))::uuid[]));
CREATE POLICY test ON webhook_deliveries FOR INSERT TO kim_app
    WITH CHECK (kind = 'webhook.test' AND institution_id = ANY ((SELECT ctx_places('partner_user'))::uuid[]));
CREATE POLICY resend ON webhook_deliveries FOR UPDATE TO kim_app
    USING (state = 'parked' AND institution_id = ANY ((SELECT ctx_places('partner_user'))::uuid[]))
    WITH CHECK (state = 'pending' AND institution_id = ANY ((SELECT ctx_places('partner_user'))::uuid[]));
CREATE POLICY serve ON webhook_deliveries TO kim_worker USING (true) WITH CHECK (true);
CREATE POLICY claim ON webhook_deliveries TO kim_auth USING (true) WITH CHECK (true);

CALL protect_table('webhook_attempts');
GRANT SELECT ON webhook_attempts TO kim_app;
GRANT INSERT ON webhook_attempts TO kim_worker;
CREATE POLICY own ON webhook_attempts FOR SELECT TO kim_app
    USING (institution_id = ANY ((SELECT ctx_places('partner_user'))::uuid[]));
CREATE POLICY write ON webhook_attempts FOR INSERT TO kim_worker WITH CHECK (true);

-- Takes what is due across all areas, a few of each webhook and of each institution, counting those that are under
-- way; nothing of an institution that is not active. Whoever claims waits for whoever claims: so the counts are right,
-- and it takes milliseconds.
CREATE FUNCTION claim_webhook_deliveries(
    p_count int, p_webhook int, p_institution int, p_now timestamptz, p_lease interval
) RETURNS TABLE (municipal_area_id text, id uuid, claims int)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('claim_webhook_deliveries', 0));
    RETURN QUERY
    UPDATE public.webhook_deliveries d SET claims = d.claims + 1, leased_until = p_now + p_lease
    FROM (
        SELECT i.municipal_area_id, due.id
        FROM (SELECT DISTINCT w.municipal_area_id, w.institution_id FROM public.webhooks w
            JOIN public.institutions o ON o.municipal_area_id = w.municipal_area_id AND o.id = w.institution_id
                AND o.is_active
            WHERE w.state = 'active') i
        CROSS JOIN LATERAL (
            SELECT first.id, first.next_at FROM public.webhooks w
            CROSS JOIN LATERAL (
                SELECT q.id, q.next_at FROM public.webhook_deliveries q
                WHERE q.municipal_area_id = w.municipal_area_id AND q.webhook_id = w.id AND q.state = 'pending'
                    AND q.next_at <= p_now AND (q.leased_until IS NULL OR q.leased_until <= p_now)
                ORDER BY q.next_at, q.id
                LIMIT greatest(0, p_webhook - (SELECT count(*) FROM public.webhook_deliveries b
                    WHERE b.municipal_area_id = w.municipal_area_id AND b.institution_id = w.institution_id
                        AND b.webhook_id = w.id AND b.leased_until > p_now))
                FOR UPDATE OF q SKIP LOCKED
            ) first
            WHERE w.municipal_area_id = i.municipal_area_id AND w.institution_id = i.institution_id
                AND w.state = 'active'
            ORDER BY first.next_at, first.id
            LIMIT greatest(0, p_institution - (SELECT count(*) FROM public.webhook_deliveries b
                WHERE b.municipal_area_id = i.municipal_area_id AND b.institution_id = i.institution_id
                    AND b.leased_until > p_now))
        ) due
        ORDER BY due.next_at, due.id LIMIT p_count
    ) chosen
    WHERE d.municipal_area_id = chosen.municipal_area_id AND d.id = chosen.id
    RETURNING d.municipal_area_id, d.id, d.claims;
END $$;
ALTER FUNCTION claim_webhook_deliveries(int, int, int, timestamptz, interval) OWNER TO kim_auth;
SET ROLE kim_auth;
REVOKE EXECUTE ON FUNCTION claim_webhook_deliveries(int, int, int, timestamptz, interval) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION claim_webhook_deliveries(int, int, int, timestamptz, interval) TO kim_worker;
SET ROLE kim_owner;
