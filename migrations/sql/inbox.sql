-- The team inbox of an institution: who has taken charge of a referral, and who stands in for whom. For people of
-- the institution alone: neither the sender nor a machine sees any of it.

CALL protect_table('referral_charges');
CALL track_versions('referral_charges');
GRANT SELECT, DELETE ON referral_charges TO kim_app;
GRANT INSERT, UPDATE (user_id, since) ON referral_charges TO kim_app;
GRANT SELECT, DELETE ON referral_charges TO kim_auth;
CREATE POLICY team ON referral_charges TO kim_app
    USING (institution_id = ANY ((SELECT ctx_places('partner_user') || ctx_places('authority_officer'))::uuid[])
        AND (site_id IS NULL OR site_id = ANY ((SELECT my_sites())::uuid[])))
    WITH CHECK (institution_id = ANY ((SELECT ctx_places('partner_user') || ctx_places('authority_officer'))::uuid[])
        AND EXISTS (SELECT FROM referral_requests q WHERE q.id = referral_charges.id));
CREATE POLICY settle ON referral_charges TO kim_auth USING (true) WITH CHECK (true);

-- In charge is somebody who sees the referral. Looked at after the policies have been asked.
CREATE FUNCTION charge_fits() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF NEW.user_id NOT IN (SELECT public.readers_of(NEW.municipal_area_id, NEW.institution_id, NEW.site_id)) THEN
        RAISE EXCEPTION USING errcode = '23514', constraint = 'ck_referral_charges_reader',
            message = 'nobody who sees this referral';
    END IF;
    RETURN NULL;
END $$;
ALTER FUNCTION charge_fits() OWNER TO kim_auth;
CREATE TRIGGER fits AFTER INSERT OR UPDATE OF user_id ON referral_charges
    FOR EACH ROW EXECUTE FUNCTION charge_fits();

CALL protect_table('partner_deputyships');
GRANT SELECT, INSERT, UPDATE (ended_at) ON partner_deputyships TO kim_app;
GRANT SELECT, UPDATE (ended_at) ON partner_deputyships TO kim_auth;
CREATE POLICY own ON partner_deputyships FOR SELECT TO kim_app
    USING ((SELECT ctx_user()) IN (user_id, deputy_id)
        AND institution_id = ANY ((SELECT ctx_places('partner_user') || ctx_places('authority_officer'))::uuid[]));
CREATE POLICY name ON partner_deputyships FOR INSERT TO kim_app
    WITH CHECK (user_id = (SELECT ctx_user()) AND ended_at IS NULL
        AND institution_id = ANY ((SELECT ctx_places('partner_user') || ctx_places('authority_officer'))::uuid[]));
CREATE POLICY finish ON partner_deputyships FOR UPDATE TO kim_app
    USING ((SELECT ctx_user()) IN (user_id, deputy_id)
        AND institution_id = ANY ((SELECT ctx_places('partner_user') || ctx_places('authority_officer'))::uuid[]))
    WITH CHECK ((SELECT ctx_user()) IN (user_id, deputy_id) AND ended_at IS NOT NULL);
CREATE POLICY settle ON partner_deputyships TO kim_auth USING (true) WITH CHECK (true);

-- Whether somebody sees everything of an institution that another one sees there.
CREATE FUNCTION sees_no_less(p_area text, p_institution uuid, p_who uuid, p_than uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT p_who IN (SELECT public.readers_of(p_area, p_institution, NULL))
        AND p_than IN (SELECT public.readers_of(p_area, p_institution, NULL))
        AND NOT EXISTS (SELECT FROM public.institution_sites s
            WHERE s.municipal_area_id = p_area AND s.institution_id = p_institution
                AND p_than IN (SELECT public.readers_of(p_area, p_institution, s.id))
                AND p_who NOT IN (SELECT public.readers_of(p_area, p_institution, s.id)));
END;
ALTER FUNCTION sees_no_less(text, uuid, uuid, uuid) OWNER TO kim_auth;

CREATE FUNCTION deputyship_fits() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF NOT public.sees_no_less(NEW.municipal_area_id, NEW.institution_id, NEW.deputy_id, NEW.user_id) THEN
        RAISE EXCEPTION USING errcode = '23514', constraint = 'ck_partner_deputyships_sees_no_less',
            message = 'no colleague who sees as much';
    END IF;
    RETURN NULL;
END $$;
ALTER FUNCTION deputyship_fits() OWNER TO kim_auth;
CREATE TRIGGER fits AFTER INSERT ON partner_deputyships FOR EACH ROW EXECUTE FUNCTION deputyship_fits();

-- The people of the institutions where the actor is one of them: whom a referral can be handed to.
CREATE FUNCTION partner_colleagues()
RETURNS TABLE (user_id uuid, display_name text, institution_id uuid, site_ids uuid[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT u.id, u.display_name, m.institution_id,
        CASE WHEN bool_and(x.site_id IS NOT NULL) THEN array_agg(DISTINCT x.site_id ORDER BY x.site_id)
            ELSE '{}' END
    FROM public.memberships m
    JOIN public.users u ON u.municipal_area_id = m.municipal_area_id AND u.id = m.user_id AND u.disabled_at IS NULL
    LEFT JOIN public.membership_sites x ON x.municipal_area_id = m.municipal_area_id AND x.membership_id = m.id
    WHERE m.municipal_area_id = public.ctx_area() AND m.role IN ('partner_user', 'authority_officer')
        AND m.institution_id = ANY (public.ctx_places('partner_user') || public.ctx_places('authority_officer'))
        AND m.ended_at IS NULL AND m.started_at <= now()
    GROUP BY u.municipal_area_id, u.id, u.display_name, m.institution_id;
END;
ALTER FUNCTION partner_colleagues() OWNER TO kim_auth;

-- Whose referrals at an institution somebody looks after on a day: their own, and those of whom they stand in for.
CREATE FUNCTION stands_in_for(p_day date) RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT ARRAY(SELECT d.user_id FROM public.partner_deputyships d
        WHERE d.municipal_area_id = public.ctx_area() AND d.deputy_id = public.ctx_user()
            AND d.institution_id = ANY (
                public.ctx_places('partner_user') || public.ctx_places('authority_officer'))
            AND d.ended_at IS NULL AND p_day BETWEEN d.first_day AND d.last_day);
END;
ALTER FUNCTION stands_in_for(date) OWNER TO kim_auth;

-- Whom the institution's side of a referral is told of: what comes and what must stop, everybody who sees it;
-- everything else whoever is in charge and who stands in for them that day, and without anybody everybody again.
CREATE FUNCTION told_of_referral(p_referral uuid, p_day date, p_everybody boolean) RETURNS TABLE (user_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    WITH readers AS (
        SELECT q.institution_id, r.user_id
        FROM public.referral_requests q, LATERAL public.readers_of(q.municipal_area_id, q.institution_id, q.site_id) AS r (user_id)
        WHERE q.municipal_area_id = public.ctx_area() AND q.id = p_referral
            AND q.channel = 'platform' AND q.requested_at IS NOT NULL
    ), in_charge AS (
        SELECT r.institution_id, r.user_id FROM public.referral_charges c JOIN readers r ON r.user_id = c.user_id
        WHERE c.municipal_area_id = public.ctx_area() AND c.id = p_referral AND NOT p_everybody
    )
    SELECT r.user_id FROM readers r
    WHERE NOT EXISTS (SELECT FROM in_charge)
        OR r.user_id IN (
            SELECT i.user_id FROM in_charge i
            UNION ALL
            SELECT d.deputy_id FROM in_charge i JOIN public.partner_deputyships d
                ON d.municipal_area_id = public.ctx_area() AND d.institution_id = i.institution_id
                    AND d.user_id = i.user_id AND d.ended_at IS NULL AND p_day BETWEEN d.first_day AND d.last_day);
END;
ALTER FUNCTION told_of_referral(uuid, date, boolean) OWNER TO kim_auth;

-- Charge and deputyship end with what they rest on: a membership, or the sites that somebody sees. Who comes changes
-- what the others see: a site that was nobody's is theirs alone.
CREATE FUNCTION settle_inbox(p_area text, p_user uuid) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    DELETE FROM public.referral_charges c
    WHERE c.municipal_area_id = p_area AND c.user_id = p_user
        AND p_user NOT IN (SELECT public.readers_of(p_area, c.institution_id, c.site_id));
    UPDATE public.partner_deputyships d SET ended_at = now()
    WHERE d.municipal_area_id = p_area AND p_user IN (d.user_id, d.deputy_id) AND d.ended_at IS NULL
        AND NOT public.sees_no_less(p_area, d.institution_id, d.deputy_id, d.user_id);
END;
ALTER FUNCTION settle_inbox(text, uuid) OWNER TO kim_auth;

CREATE FUNCTION settle_inbox_of(p_area text, p_institution uuid) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    WITH held AS MATERIALIZED (
        SELECT DISTINCT c.user_id, c.site_id FROM public.referral_charges c
        WHERE c.municipal_area_id = p_area AND c.institution_id = p_institution
    ), gone AS MATERIALIZED (
        SELECT h.user_id, h.site_id FROM held h
        WHERE h.user_id NOT IN (SELECT public.readers_of(p_area, p_institution, h.site_id)))
    DELETE FROM public.referral_charges c USING gone g
    WHERE c.municipal_area_id = p_area AND c.institution_id = p_institution AND c.user_id = g.user_id
        AND c.site_id IS NOT DISTINCT FROM g.site_id;
    UPDATE public.partner_deputyships d SET ended_at = now()
    WHERE d.municipal_area_id = p_area AND d.institution_id = p_institution AND d.ended_at IS NULL
        AND NOT public.sees_no_less(p_area, p_institution, d.deputy_id, d.user_id);
END;
ALTER FUNCTION settle_inbox_of(text, uuid) OWNER TO kim_auth;

CREATE FUNCTION inbox_follows_membership() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    PERFORM public.settle_inbox(NEW.municipal_area_id, NEW.user_id);
    RETURN NULL;
END $$;
ALTER FUNCTION inbox_follows_membership() OWNER TO kim_auth;
CREATE TRIGGER settle_inbox AFTER UPDATE OF ended_at ON memberships
    FOR EACH ROW WHEN (NEW.institution_id IS NOT NULL AND OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL)
    EXECUTE FUNCTION inbox_follows_membership();

CREATE FUNCTION inbox_follows_user() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    PERFORM public.settle_inbox(NEW.municipal_area_id, NEW.id);
    RETURN NULL;
END $$;
ALTER FUNCTION inbox_follows_user() OWNER TO kim_auth;
CREATE TRIGGER settle_inbox AFTER UPDATE OF disabled_at ON users
    FOR EACH ROW WHEN (OLD.disabled_at IS NULL AND NEW.disabled_at IS NOT NULL)
    EXECUTE FUNCTION inbox_follows_user();

CREATE FUNCTION inbox_follows_return() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    PERFORM public.settle_inbox_of(p.municipal_area_id, p.institution_id) FROM (
        SELECT DISTINCT m.municipal_area_id, m.institution_id FROM public.memberships m
        WHERE m.municipal_area_id = NEW.municipal_area_id AND m.user_id = NEW.id AND m.ended_at IS NULL
            AND m.institution_id IS NOT NULL ORDER BY m.institution_id) p;
    RETURN NULL;
END $$;
ALTER FUNCTION inbox_follows_return() OWNER TO kim_auth;
CREATE TRIGGER settle_inbox_of AFTER UPDATE OF disabled_at ON users
    FOR EACH ROW WHEN (OLD.disabled_at IS NOT NULL AND NEW.disabled_at IS NULL)
    EXECUTE FUNCTION inbox_follows_return();

-- At the end of the transaction, when all sites of the membership are written.
CREATE FUNCTION inbox_follows_sites() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        PERFORM public.settle_inbox_of(OLD.municipal_area_id, OLD.institution_id);
    ELSE
        PERFORM public.settle_inbox_of(NEW.municipal_area_id, NEW.institution_id);
    END IF;
    RETURN NULL;
END $$;
ALTER FUNCTION inbox_follows_sites() OWNER TO kim_auth;
CREATE CONSTRAINT TRIGGER settle_inbox_of AFTER INSERT ON memberships
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.institution_id IS NOT NULL)
    EXECUTE FUNCTION inbox_follows_sites();
CREATE CONSTRAINT TRIGGER settle_inbox AFTER INSERT OR DELETE ON membership_sites
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION inbox_follows_sites();

SET ROLE kim_auth;
REVOKE EXECUTE ON FUNCTION charge_fits(), deputyship_fits(), sees_no_less(text, uuid, uuid, uuid), partner_colleagues(),
    stands_in_for(date), told_of_referral(uuid, date, boolean), settle_inbox(text, uuid),
    settle_inbox_of(text, uuid), inbox_follows_membership(), inbox_follows_user(), inbox_follows_return(),
    inbox_follows_sites() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION partner_colleagues(), stands_in_for(date) TO kim_app;
GRANT EXECUTE ON FUNCTION told_of_referral(uuid, date, boolean) TO kim_worker;
SET ROLE kim_owner;
