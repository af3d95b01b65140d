-- Who of an institution sees what is addressed to one of its sites. A membership without sites is of the whole
-- institution. What is for a site that is nobody's is everybody's there: nothing that was sent lies unseen.

CALL protect_table('membership_sites');
GRANT SELECT, INSERT, DELETE ON membership_sites TO kim_app;
GRANT SELECT, INSERT ON membership_sites TO kim_auth;
CREATE POLICY own ON membership_sites FOR SELECT TO kim_app
    USING ((SELECT ctx_is('admin')) OR membership_id = ANY (ARRAY(
        SELECT m.id FROM memberships m WHERE m.user_id = (SELECT ctx_user()))));
-- Nobody changes what they themselves see.
CREATE POLICY add ON membership_sites FOR INSERT TO kim_app
    WITH CHECK ((SELECT ctx_is('admin')) AND NOT membership_id = ANY (ARRAY(
        SELECT m.id FROM memberships m WHERE m.user_id = (SELECT ctx_user()))));
CREATE POLICY remove ON membership_sites FOR DELETE TO kim_app
    USING ((SELECT ctx_is('admin')) AND NOT membership_id = ANY (ARRAY(
        SELECT m.id FROM memberships m WHERE m.user_id = (SELECT ctx_user()))));
CREATE POLICY sight ON membership_sites TO kim_auth USING (true) WITH CHECK (true);

GRANT SELECT (municipal_area_id, id, institution_id) ON institution_sites TO kim_auth;
CREATE POLICY sight ON institution_sites FOR SELECT TO kim_auth USING (true);

-- The people who see what is addressed to a site, or to the whole institution where none is named.
CREATE FUNCTION readers_of(p_area text, p_institution uuid, p_site uuid) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    WITH people AS (
        SELECT m.user_id, p_site IS NULL
            OR NOT EXISTS (SELECT FROM public.membership_sites x
                WHERE x.municipal_area_id = m.municipal_area_id AND x.membership_id = m.id)
            OR EXISTS (SELECT FROM public.membership_sites x
                WHERE x.municipal_area_id = m.municipal_area_id AND x.membership_id = m.id
                    AND x.site_id = p_site) AS is_theirs
        FROM public.memberships m
        JOIN public.users u ON u.municipal_area_id = m.municipal_area_id AND u.id = m.user_id
            AND u.disabled_at IS NULL
        WHERE m.municipal_area_id = p_area AND m.institution_id = p_institution
            AND m.role IN ('partner_user', 'authority_officer') AND m.ended_at IS NULL AND m.started_at <= now()
    )
    SELECT DISTINCT p.user_id FROM people p
    WHERE p.is_theirs OR NOT EXISTS (SELECT FROM people o WHERE o.is_theirs);
END;
ALTER FUNCTION readers_of(text, uuid, uuid) OWNER TO kim_auth;

-- The sites of the actor's institutions that are theirs; a machine is of the whole institution. Keeps its plan, as
-- `my_cases()` does.
CREATE FUNCTION my_sites() RETURNS uuid[]
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    v_people uuid[] := public.ctx_places('partner_user') || public.ctx_places('authority_officer');
    v_machines uuid[] := public.ctx_places('partner_system');
BEGIN
    IF cardinality(v_people || v_machines) = 0 THEN
        RETURN '{}';
    END IF;
    RETURN ARRAY(
        SELECT s.id FROM public.institution_sites s
        WHERE s.municipal_area_id = (SELECT public.ctx_area())
            AND (s.institution_id = ANY (v_machines) OR s.institution_id = ANY (v_people)
                AND public.ctx_user() IN (SELECT public.readers_of(s.municipal_area_id, s.institution_id, s.id)))
        ORDER BY s.id);
END $$;
ALTER FUNCTION my_sites() OWNER TO kim_auth;

-- Copies the site of a request to what hangs on it, so that the policies there ask no other table.
CREATE FUNCTION site_follows_request() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    SELECT q.site_id INTO NEW.site_id FROM public.referral_requests q
    WHERE q.municipal_area_id = NEW.municipal_area_id AND q.id = (to_jsonb(NEW) ->> TG_ARGV[0])::uuid;
    RETURN NEW;
END $$;
ALTER FUNCTION site_follows_request() OWNER TO kim_auth;
CREATE TRIGGER site BEFORE INSERT ON referral_packages
    FOR EACH ROW EXECUTE FUNCTION site_follows_request('id');
CREATE TRIGGER site BEFORE INSERT ON referral_receipts
    FOR EACH ROW EXECUTE FUNCTION site_follows_request('referral_id');
CREATE TRIGGER site BEFORE INSERT ON referral_recalls
    FOR EACH ROW EXECUTE FUNCTION site_follows_request('id');
CREATE TRIGGER site BEFORE INSERT ON referral_charges
    FOR EACH ROW EXECUTE FUNCTION site_follows_request('id');
CREATE TRIGGER site BEFORE INSERT ON partner_barriers
    FOR EACH ROW EXECUTE FUNCTION site_follows_request('referral_id');

SET ROLE kim_auth;
REVOKE EXECUTE ON FUNCTION readers_of(text, uuid, uuid), my_sites(), site_follows_request() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION my_sites() TO kim_app;
SET ROLE kim_owner;
