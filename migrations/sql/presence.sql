-- An institution is on the platform while it is active and somebody of it has an account there, whichever way they
-- came and go. When the last one has gone, or it is active no more, administrators and the teams of what is under way
-- are told. Without people its webhooks end; while it is not active they wait, as if they were paused.

GRANT SELECT (municipal_area_id, id, on_platform), UPDATE (on_platform) ON institutions TO kim_auth;
CREATE POLICY presence ON institutions FOR UPDATE TO kim_auth USING (true) WITH CHECK (true);
GRANT UPDATE (state, ended_at) ON webhooks TO kim_auth;
CREATE POLICY stop ON webhooks FOR UPDATE TO kim_auth USING (true) WITH CHECK (true);
GRANT UPDATE (state, failure, ended_at) ON webhook_deliveries TO kim_auth;

-- Nobody is left who manages the webhooks: they end, and what waits is parked, as after an answer of 410.
CREATE FUNCTION stop_webhooks(p_area text, p_institution uuid) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE public.webhooks w SET state = 'ended', ended_at = now()
    WHERE w.municipal_area_id = p_area AND w.institution_id = p_institution AND w.state <> 'ended';
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    UPDATE public.webhook_deliveries d SET state = 'parked', failure = 'webhook_ended', ended_at = now(),
        leased_until = NULL
    WHERE d.municipal_area_id = p_area AND d.institution_id = p_institution AND d.state = 'pending';
    RETURN true;
END $$;
ALTER FUNCTION stop_webhooks(text, uuid) OWNER TO kim_auth;

-- The row of the institution is the lock: of the last two who go at once, the second one finds nobody.
CREATE FUNCTION settle_presence(p_area text, p_institution uuid) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    v_was boolean;
    v_is_active boolean;
    v_is boolean;
    v_roles text[];
BEGIN
    SELECT i.on_platform, i.is_active INTO v_was, v_is_active FROM public.institutions i
    WHERE i.municipal_area_id = p_area AND i.id = p_institution FOR NO KEY UPDATE;
    SELECT coalesce(array_agg(DISTINCT m.role), '{}') INTO v_roles FROM public.memberships m
    JOIN public.users u ON u.municipal_area_id = m.municipal_area_id AND u.id = m.user_id AND u.disabled_at IS NULL
    WHERE m.municipal_area_id = p_area AND m.institution_id = p_institution AND m.ended_at IS NULL
        AND m.role IN ('partner_user', 'authority_officer');
    v_is := v_is_active AND v_roles <> '{}';
    IF v_was <> v_is THEN
        UPDATE public.institutions i SET on_platform = v_is
        WHERE i.municipal_area_id = p_area AND i.id = p_institution;
    END IF;
    IF NOT 'partner_user' = ANY (v_roles) AND public.stop_webhooks(p_area, p_institution) THEN
        PERFORM public.tell_administrators(p_area, 'webhooks_stopped', p_institution);
    END IF;
    IF v_was AND NOT v_is THEN
        PERFORM public.tell_of_absence(p_area, p_institution);
    END IF;
END $$;
ALTER FUNCTION settle_presence(text, uuid) OWNER TO kim_auth;

-- Nobody there reads what is under way: whoever sent it must know.
CREATE FUNCTION tell_of_absence(p_area text, p_institution uuid) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT public.tell_administrators(p_area, 'institution_left', p_institution);
    INSERT INTO public.notifications (municipal_area_id, id, user_id, kind, object_type, object_id, created_at)
    SELECT DISTINCT ON (q.id, a.user_id) p_area, public.new_id(), a.user_id, 'recipient_left', 'referral', q.id,
        now()
    FROM public.referral_requests q
    JOIN public.referrals r ON r.municipal_area_id = q.municipal_area_id AND r.id = q.id
    JOIN public.assignments a ON a.municipal_area_id = r.municipal_area_id AND a.case_id = r.case_id
        AND a.kind IN ('lead', 'member', 'deputy') AND a.active_from <= now()
        AND (a.active_until IS NULL OR a.active_until > now())
    WHERE q.municipal_area_id = p_area AND q.institution_id = p_institution AND q.channel = 'platform'
        AND q.state IN ('requested', 'accepted', 'in_progress', 'on_hold', 'expired')
        AND public.belongs_to(a.user_id, a.unit_id);
    INSERT INTO public.audit_journal (action, object_type, object_id)
    VALUES ('institution.leave_platform', 'institution', p_institution);
END;
ALTER FUNCTION tell_of_absence(text, uuid) OWNER TO kim_auth;

CREATE FUNCTION presence_follows_membership() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    PERFORM public.settle_presence(NEW.municipal_area_id, NEW.institution_id);
    RETURN NULL;
END $$;
ALTER FUNCTION presence_follows_membership() OWNER TO kim_auth;
CREATE TRIGGER presence AFTER INSERT OR UPDATE OF ended_at ON memberships
    FOR EACH ROW WHEN (NEW.institution_id IS NOT NULL) EXECUTE FUNCTION presence_follows_membership();

CREATE FUNCTION presence_follows_user() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    PERFORM public.settle_presence(p.municipal_area_id, p.institution_id) FROM (
        SELECT DISTINCT m.municipal_area_id, m.institution_id FROM public.memberships m
        WHERE m.municipal_area_id = NEW.municipal_area_id AND m.user_id = NEW.id AND m.ended_at IS NULL
            AND m.institution_id IS NOT NULL ORDER BY m.institution_id) p;
    RETURN NULL;
END $$;
ALTER FUNCTION presence_follows_user() OWNER TO kim_auth;
CREATE TRIGGER presence AFTER UPDATE OF disabled_at ON users
    FOR EACH ROW WHEN ((OLD.disabled_at IS NULL) <> (NEW.disabled_at IS NULL))
    EXECUTE FUNCTION presence_follows_user();

CREATE FUNCTION presence_follows_activity() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    PERFORM public.settle_presence(NEW.municipal_area_id, NEW.id);
    RETURN NULL;
END $$;
ALTER FUNCTION presence_follows_activity() OWNER TO kim_auth;
CREATE TRIGGER presence AFTER UPDATE OF is_active ON institutions
    FOR EACH ROW WHEN (OLD.is_active <> NEW.is_active) EXECUTE FUNCTION presence_follows_activity();

-- Nothing goes to an institution that is not active: no package, no second look, no message. Held until the
-- transaction ends, so whoever makes it inactive meanwhile waits.
CREATE FUNCTION recipient_is_active() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    PERFORM FROM public.institutions i
    WHERE i.municipal_area_id = NEW.municipal_area_id AND i.id = NEW.institution_id AND i.is_active FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING errcode = '23514', constraint = 'ck_institutions_receives',
            message = 'nothing goes to an institution that is not active';
    END IF;
    RETURN NULL;
END $$;
ALTER FUNCTION recipient_is_active() OWNER TO kim_auth;
CREATE TRIGGER recipient_is_active AFTER UPDATE OF state ON referral_requests
    FOR EACH ROW WHEN (NEW.state = 'requested' AND OLD.state <> 'requested') EXECUTE FUNCTION recipient_is_active();
CREATE TRIGGER recipient_is_active AFTER INSERT ON referral_messages
    FOR EACH ROW WHEN (NEW.side = 'sender') EXECUTE FUNCTION recipient_is_active();
CREATE TRIGGER recipient_is_active AFTER INSERT ON incoming_messages
    FOR EACH ROW WHEN (NEW.side = 'unit') EXECUTE FUNCTION recipient_is_active();

-- Whether an institution is on the platform, held until the transaction ends: who sends meanwhile is told with the
-- others when the last one there goes afterwards.
CREATE FUNCTION hold_presence(p_institution uuid) RETURNS boolean
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT i.on_platform FROM public.institutions i
    WHERE i.municipal_area_id = public.ctx_area() AND i.id = p_institution FOR SHARE;
END;
ALTER FUNCTION hold_presence(uuid) OWNER TO kim_auth;

-- A webhook stands where somebody manages it. Whoever goes while they make or resume one leaves none behind: this waits
-- for what settles their going, or is found by it.
CREATE FUNCTION webhook_is_managed() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    PERFORM FROM public.institutions i
    WHERE i.municipal_area_id = NEW.municipal_area_id AND i.id = NEW.institution_id FOR SHARE;
    IF NOT EXISTS (SELECT FROM public.memberships m JOIN public.users u
        ON u.municipal_area_id = m.municipal_area_id AND u.id = m.user_id AND u.disabled_at IS NULL
        WHERE m.municipal_area_id = NEW.municipal_area_id AND m.institution_id = NEW.institution_id
            AND m.role = 'partner_user' AND m.ended_at IS NULL)
    THEN
        RAISE EXCEPTION USING errcode = '42501', message = 'nobody is left who manages the webhook';
    END IF;
    RETURN NULL;
END $$;
ALTER FUNCTION webhook_is_managed() OWNER TO kim_auth;
CREATE TRIGGER is_managed AFTER INSERT ON webhooks
    FOR EACH ROW WHEN (NEW.state = 'active') EXECUTE FUNCTION webhook_is_managed();
CREATE TRIGGER is_managed_again AFTER UPDATE OF state ON webhooks
    FOR EACH ROW WHEN (NEW.state = 'active' AND OLD.state <> 'active') EXECUTE FUNCTION webhook_is_managed();

SET ROLE kim_auth;
REVOKE EXECUTE ON FUNCTION stop_webhooks(text, uuid), settle_presence(text, uuid), tell_of_absence(text, uuid),
    presence_follows_membership(), presence_follows_user(), presence_follows_activity(), recipient_is_active(),
    hold_presence(uuid), webhook_is_managed() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hold_presence(uuid) TO kim_app;
SET ROLE kim_owner;
