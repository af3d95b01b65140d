-- Calendar addresses: everybody their own, and nobody reads a digest. A program without sign-in comes in through
-- one function, which makes it the case manager who shared the address, with the rights of this moment.

CALL protect_table('calendar_feeds');
GRANT SELECT (municipal_area_id, id, user_id, created_at, revoked_at, last_used_at),
    INSERT (municipal_area_id, id, user_id, secret_sha256, created_at), UPDATE (revoked_at)
    ON calendar_feeds TO kim_app;
CREATE POLICY own ON calendar_feeds FOR SELECT TO kim_app USING (user_id = (SELECT ctx_user()));
CREATE POLICY share ON calendar_feeds FOR INSERT TO kim_app
    WITH CHECK (user_id = (SELECT ctx_user()) AND (SELECT ctx_is('case_manager')));
CREATE POLICY revoke ON calendar_feeds FOR UPDATE TO kim_app
    USING (user_id = (SELECT ctx_user())) WITH CHECK (user_id = (SELECT ctx_user()));
GRANT SELECT, UPDATE (last_used_at, window_started_at, window_uses) ON calendar_feeds TO kim_auth;
CREATE POLICY open_read ON calendar_feeds FOR SELECT TO kim_auth USING (true);
CREATE POLICY open ON calendar_feeds FOR UPDATE TO kim_auth USING (true) WITH CHECK (true);

-- No row: unknown, revoked, or its owner may not work here any more. The row is locked, so reads at the same
-- moment are counted one after the other; a read that must wait is not counted.
CREATE FUNCTION open_calendar(p_secret bytea, p_now timestamptz, p_window interval, p_most int)
RETURNS TABLE (feed_id uuid, user_id uuid, wait_seconds int)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    v record;
    v_places uuid[];
    v_fresh boolean;
BEGIN
    SELECT f.municipal_area_id, f.id, f.user_id, f.window_started_at, f.window_uses INTO v
    FROM public.calendar_feeds f
    JOIN public.users u ON u.municipal_area_id = f.municipal_area_id AND u.id = f.user_id
        AND u.disabled_at IS NULL
    JOIN public.accounts a ON a.id = u.account_id AND a.disabled_at IS NULL AND NOT a.must_change_password
    WHERE f.secret_sha256 = p_secret AND f.revoked_at IS NULL FOR UPDATE OF f;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    v_places := ARRAY(SELECT m.unit_id FROM public.memberships m
        WHERE m.municipal_area_id = v.municipal_area_id AND m.user_id = v.user_id AND m.role = 'case_manager'
            AND m.started_at <= now() AND (m.ended_at IS NULL OR m.ended_at > now()));
    IF cardinality(v_places) = 0 THEN
        RETURN;
    END IF;
    feed_id := v.id;
    user_id := v.user_id;
    wait_seconds := 0;
    v_fresh := coalesce(v.window_started_at + p_window <= p_now, true);
    IF NOT v_fresh AND v.window_uses >= p_most THEN
        wait_seconds := greatest(1, ceil(extract(epoch FROM v.window_started_at + p_window - p_now)));
        RETURN NEXT;
        RETURN;
    END IF;
    UPDATE public.calendar_feeds f SET last_used_at = p_now,
        window_started_at = CASE WHEN v_fresh THEN p_now ELSE f.window_started_at END,
        window_uses = CASE WHEN v_fresh THEN 1 ELSE f.window_uses + 1 END
    WHERE f.municipal_area_id = v.municipal_area_id AND f.id = v.id;
    PERFORM public.set_context(v.municipal_area_id, v.user_id::text, '', coalesce(public.ctx_request(), ''),
        '{case_manager}', ARRAY(SELECT 'case_manager:' || p FROM unnest(v_places) AS p));
    RETURN NEXT;
END $$;
ALTER FUNCTION open_calendar(bytea, timestamptz, interval, int) OWNER TO kim_auth;
SET ROLE kim_auth;
REVOKE EXECUTE ON FUNCTION open_calendar(bytea, timestamptz, interval, int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION open_calendar(bytea, timestamptz, interval, int) TO kim_app;
SET ROLE kim_owner;
