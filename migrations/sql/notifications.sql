-- Everybody reads and ticks off their own. The worker writes; the application cannot write for others,
-- except that a revocation, a restriction and a task are told at once, by the functions below and those of
-- tasks.sql.

CALL protect_table('notifications');
GRANT SELECT, UPDATE (read_at) ON notifications TO kim_app;
GRANT INSERT (municipal_area_id, id, user_id, kind, object_type, object_id, created_at)
    ON notifications TO kim_worker, kim_auth;
CREATE POLICY own ON notifications FOR SELECT TO kim_app USING (user_id = (SELECT ctx_user()));
CREATE POLICY tick ON notifications FOR UPDATE TO kim_app
    USING (user_id = (SELECT ctx_user())) WITH CHECK (user_id = (SELECT ctx_user()));
CREATE POLICY tell ON notifications FOR INSERT TO kim_worker, kim_auth WITH CHECK (true);
GRANT SELECT (municipal_area_id, created_at), DELETE ON notifications TO kim_worker;
CREATE POLICY old ON notifications FOR SELECT TO kim_worker USING (true);
CREATE POLICY forget ON notifications FOR DELETE TO kim_worker USING (true);

-- Tells both sides that a referral was revoked, within the withdrawal. Does nothing for any other referral,
-- and nothing a second time. Whoever calls it learns nothing.
CREATE FUNCTION tell_of_revocation(p_referral uuid, p_at timestamptz) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    INSERT INTO public.notifications
        (municipal_area_id, id, user_id, kind, object_type, object_id, created_at)
    SELECT q.municipal_area_id, md5('referral_revoked ' || q.id || ' ' || told.user_id)::uuid, told.user_id,
        'referral_revoked', 'referral', q.id, p_at
    FROM public.referral_requests q
    JOIN public.referrals r ON r.municipal_area_id = q.municipal_area_id AND r.id = q.id
    CROSS JOIN LATERAL (
        SELECT a.user_id FROM public.assignments a
        WHERE a.municipal_area_id = q.municipal_area_id AND a.case_id = r.case_id
            AND a.kind IN ('lead', 'member', 'deputy') AND a.active_from <= now()
            AND (a.active_until IS NULL OR a.active_until > now())
            AND public.belongs_to(a.user_id, a.unit_id)
        UNION
        SELECT t.user_id FROM public.told_of_referral(q.id, NULL, true) t
    ) told
    WHERE q.municipal_area_id = public.ctx_area() AND q.id = p_referral AND q.state = 'revoked'
    ON CONFLICT DO NOTHING;
END;
ALTER FUNCTION tell_of_revocation(uuid, timestamptz) OWNER TO kim_auth;

-- Somebody becomes restricted, whichever way: the team of each referral that its recipient can still read, or could
-- again after a second look or a late answer, is told at once, whoever restricts, and decides whether to end it (0161).
-- What is shut, now or later, is not opened again (referrals.sql), but for what informs the youth welfare office (§ 4
-- KKG): it is sent once, and a child must not wait for another one. The recipient hears nothing. The same of a referral
-- whose package names them as a member of the household (named_members.sql).
GRANT SELECT (readable_until) ON referral_packages TO kim_auth;
CREATE FUNCTION tell_of_restriction() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    v_ids uuid[] := ARRAY(
        SELECT r.id FROM public.referrals r
        WHERE r.municipal_area_id = NEW.municipal_area_id AND r.client_id = NEW.id
        UNION SELECT n.referral_id FROM public.named_members n
        WHERE n.municipal_area_id = NEW.municipal_area_id AND n.member_client_id = NEW.id
            AND n.referral_id IS NOT NULL);
BEGIN
    PERFORM FROM public.referral_packages p
    WHERE p.municipal_area_id = NEW.municipal_area_id AND NOT p.is_outdated AND p.id IN (
        SELECT r.id FROM public.referrals r
        WHERE r.municipal_area_id = NEW.municipal_area_id AND r.id = ANY (v_ids) AND r.legal_basis <> 'kkg_4')
    ORDER BY p.id FOR NO KEY UPDATE;
    UPDATE public.referral_packages p SET is_outdated = true FROM public.referrals r
    WHERE r.municipal_area_id = NEW.municipal_area_id AND r.id = ANY (v_ids)
        AND p.municipal_area_id = r.municipal_area_id AND p.id = r.id AND NOT p.is_outdated
        AND r.legal_basis <> 'kkg_4';
    INSERT INTO public.notifications
        (municipal_area_id, id, user_id, kind, object_type, object_id, created_at)
    SELECT DISTINCT ON (r.id, a.user_id) NEW.municipal_area_id, public.new_id(), a.user_id,
        'restricted_while_referred', 'referral', r.id, now()
    FROM public.referrals r
    JOIN public.referral_requests q ON q.municipal_area_id = r.municipal_area_id AND q.id = r.id
        AND q.requested_at IS NOT NULL
    JOIN public.referral_packages p ON p.municipal_area_id = r.municipal_area_id AND p.id = r.id
        AND p.withheld_at IS NULL AND CASE WHEN p.is_shut
            THEN q.state = 'expired' OR q.state = 'rejected' AND q.sent_back_at IS NULL
            ELSE p.readable_until IS NULL OR p.readable_until > now() END
    JOIN public.assignments a ON a.municipal_area_id = r.municipal_area_id AND a.case_id = r.case_id
        AND a.kind IN ('lead', 'member', 'deputy') AND a.active_from <= now()
        AND (a.active_until IS NULL OR a.active_until > now())
    WHERE r.municipal_area_id = NEW.municipal_area_id AND r.id = ANY (v_ids)
        AND public.belongs_to(a.user_id, a.unit_id);
    RETURN NULL;
END $$;
ALTER FUNCTION tell_of_restriction() OWNER TO kim_auth;
CREATE TRIGGER tell_of_restriction AFTER UPDATE OF is_restricted ON clients
    FOR EACH ROW WHEN (NEW.is_restricted AND NOT OLD.is_restricted) EXECUTE FUNCTION tell_of_restriction();

-- Somebody is restricted no more, whichever way: search, figures and statistics find them from now on, and everybody
-- else who works with them is told.
CREATE FUNCTION tell_of_lifting() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    INSERT INTO public.notifications
        (municipal_area_id, id, user_id, kind, object_type, object_id, created_at)
    SELECT NEW.municipal_area_id, public.new_id(), told.user_id, 'restriction_lifted', 'client', NEW.id, now()
    FROM (SELECT DISTINCT a.user_id FROM public.assignments a
        WHERE a.municipal_area_id = NEW.municipal_area_id AND a.client_id = NEW.id
            AND a.kind IN ('lead', 'member', 'deputy', 'registrar') AND a.active_from <= now()
            AND (a.active_until IS NULL OR a.active_until > now())
            AND a.user_id IS DISTINCT FROM public.ctx_user()
            AND public.belongs_to(a.user_id, a.unit_id)) told;
    RETURN NULL;
END $$;
ALTER FUNCTION tell_of_lifting() OWNER TO kim_auth;
CREATE TRIGGER tell_of_lifting AFTER UPDATE OF is_restricted ON clients
    FOR EACH ROW WHEN (OLD.is_restricted AND NOT NEW.is_restricted) EXECUTE FUNCTION tell_of_lifting();

-- Who watches over administrators: the privacy officers of the area, and the team leads of somebody's units; of all
-- units where nobody is named. Also those who are disabled, and those who were it within 30 days: an administrator
-- switches nobody off before doing what they are told of. A disabled person reads it when they come back.
CREATE FUNCTION overseers_of(p_area text, p_person uuid) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    WITH lately AS (
        SELECT m.user_id, m.role, m.unit_id FROM public.memberships m
        WHERE m.municipal_area_id = p_area AND m.started_at <= now()
            AND (m.ended_at IS NULL OR m.ended_at > now() - interval '30 days')
    )
    SELECT l.user_id FROM lately l
    WHERE l.role = 'privacy_officer' OR l.role = 'team_lead' AND (p_person IS NULL
        OR l.unit_id IN (SELECT o.unit_id FROM lately o WHERE o.user_id = p_person))
    UNION
    SELECT p_person WHERE p_person IS NOT NULL;
END;
ALTER FUNCTION overseers_of(text, uuid) OWNER TO kim_auth;

-- A privacy officer was disabled, is enabled again or has lost the role: they and everybody who watches are told,
-- whoever did it and whichever way.
CREATE FUNCTION tell_of_officer() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    v_officer uuid := (to_jsonb(OLD) ->> CASE TG_TABLE_NAME WHEN 'users' THEN 'id' ELSE 'user_id' END)::uuid;
    v_kind text := CASE WHEN TG_TABLE_NAME = 'memberships' THEN 'privacy_officer_ended'
        WHEN to_jsonb(NEW) ->> 'disabled_at' IS NULL THEN 'privacy_officer_enabled' ELSE 'privacy_officer_disabled' END;
BEGIN
    IF TG_TABLE_NAME = 'memberships' OR EXISTS (SELECT FROM public.memberships m
        WHERE m.municipal_area_id = NEW.municipal_area_id AND m.user_id = v_officer AND m.role = 'privacy_officer'
            AND m.started_at <= now() AND (m.ended_at IS NULL OR m.ended_at > now() - interval '30 days'))
    THEN
        INSERT INTO public.notifications (municipal_area_id, id, user_id, kind, object_type, object_id, created_at)
        SELECT NEW.municipal_area_id, public.new_id(), told.user_id, v_kind, 'user', v_officer, now()
        FROM (SELECT public.overseers_of(NEW.municipal_area_id, NULL) UNION SELECT v_officer) AS told (user_id);
    END IF;
    RETURN NULL;
END $$;
ALTER FUNCTION tell_of_officer() OWNER TO kim_auth;
CREATE TRIGGER tell_of_officer AFTER UPDATE OF disabled_at ON users FOR EACH ROW
    WHEN ((OLD.disabled_at IS NULL) <> (NEW.disabled_at IS NULL)) EXECUTE FUNCTION tell_of_officer();
CREATE TRIGGER tell_of_officer AFTER UPDATE ON memberships FOR EACH ROW
    WHEN (OLD.role = 'privacy_officer' AND OLD.ended_at IS NULL
        AND (NEW.ended_at IS NOT NULL OR NEW.role <> OLD.role OR NEW.user_id <> OLD.user_id))
    EXECUTE FUNCTION tell_of_officer();

-- Somebody can read what leaves for the state-wide database from now on: a person there, a machine by a key or secret
-- (a second one as well), or everybody at an institution that becomes one. Privacy officers and team leads are told at
-- once, whoever lets in and whichever way, since nobody of the area may read a line (0338).
CREATE FUNCTION tell_of_state_database() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    v_new jsonb := to_jsonb(NEW);
    v_type text := CASE TG_TABLE_NAME WHEN 'partner_credentials' THEN 'partner_system'
        WHEN 'institutions' THEN 'institution' ELSE 'user' END;
    v_object uuid := (v_new ->> CASE TG_TABLE_NAME WHEN 'partner_credentials' THEN 'partner_system_id'
        WHEN 'memberships' THEN 'user_id' ELSE 'id' END)::uuid;
BEGIN
    PERFORM FROM public.institutions i
    WHERE i.municipal_area_id = NEW.municipal_area_id AND i.institution_type = 'landesdatenbank'
        AND i.id IN (
            SELECT coalesce((v_new ->> 'institution_id')::uuid, v_object)
            UNION SELECT s.institution_id FROM public.partner_systems s
            WHERE TG_TABLE_NAME = 'partner_credentials' AND s.municipal_area_id = NEW.municipal_area_id
                AND s.id = v_object
            UNION SELECT m.institution_id FROM public.memberships m
            WHERE TG_TABLE_NAME = 'users' AND m.municipal_area_id = NEW.municipal_area_id
                AND m.user_id = v_object AND m.ended_at IS NULL);
    IF FOUND THEN
        INSERT INTO public.notifications
            (municipal_area_id, id, user_id, kind, object_type, object_id, created_at)
        SELECT NEW.municipal_area_id, public.new_id(), told.user_id, 'state_database_let_in', v_type, v_object, now()
        FROM public.overseers_of(NEW.municipal_area_id, NULL) AS told (user_id);
    END IF;
    RETURN NULL;
END $$;
ALTER FUNCTION tell_of_state_database() OWNER TO kim_auth;
CREATE TRIGGER tell_of_state_database AFTER INSERT ON memberships FOR EACH ROW
    WHEN (NEW.institution_id IS NOT NULL) EXECUTE FUNCTION tell_of_state_database();
CREATE TRIGGER tell_of_state_database AFTER INSERT ON partner_credentials FOR EACH ROW
    EXECUTE FUNCTION tell_of_state_database();
CREATE TRIGGER tell_of_state_database AFTER UPDATE OF disabled_at ON users FOR EACH ROW
    WHEN (OLD.disabled_at IS NOT NULL AND NEW.disabled_at IS NULL) EXECUTE FUNCTION tell_of_state_database();
CREATE TRIGGER tell_of_state_database AFTER UPDATE OF institution_type ON institutions FOR EACH ROW
    WHEN (NEW.institution_type = 'landesdatenbank' AND OLD.institution_type <> NEW.institution_type)
    EXECUTE FUNCTION tell_of_state_database();
SET ROLE kim_auth;
REVOKE EXECUTE ON FUNCTION tell_of_restriction(), tell_of_lifting(), tell_of_state_database(), tell_of_officer(),
    overseers_of(text, uuid) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION tell_of_revocation(uuid, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tell_of_revocation(uuid, timestamptz) TO kim_app;
SET ROLE kim_owner;
