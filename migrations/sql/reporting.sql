-- Releases are prepared by coordinators and computed by the worker; what is published is a copy for those
-- who read only what is published. Whatever was shown once is never changed or deleted: nobody is granted it.

CALL protect_table('releases');
CALL track_versions('releases');
GRANT SELECT ON releases TO kim_app, kim_auth;
GRANT SELECT (municipal_area_id, id, quarter, detail, state, content_de) ON releases TO kim_worker;
GRANT INSERT ON releases TO kim_app;
GRANT UPDATE (state, refusal, computed_at, content_de, content_en, sha256) ON releases TO kim_worker;
GRANT UPDATE (state, published_by, published_at) ON releases TO kim_auth;
CREATE POLICY coordinate ON releases FOR SELECT TO kim_app USING ((SELECT ctx_is('coordinator')));
CREATE POLICY request ON releases FOR INSERT TO kim_app
    WITH CHECK ((SELECT ctx_is('coordinator')) AND requested_by = (SELECT ctx_user())
        AND state = 'requested' AND sha256 IS NULL);
CREATE POLICY serve ON releases FOR SELECT TO kim_worker USING (true);
CREATE POLICY compute ON releases FOR UPDATE TO kim_worker
    USING (state = 'requested') WITH CHECK (state IN ('computed', 'refused'));
CREATE POLICY publish ON releases TO kim_auth USING (true) WITH CHECK (true);

-- Even a coordinator sees protected cells only: nothing else is ever written here.
CALL protect_table('release_cells');
GRANT SELECT ON release_cells TO kim_app;
GRANT INSERT ON release_cells TO kim_worker;
CREATE POLICY coordinate ON release_cells FOR SELECT TO kim_app USING ((SELECT ctx_is('coordinator')));
CREATE POLICY compute ON release_cells FOR INSERT TO kim_worker WITH CHECK (true);
-- For the effect checks of obstacles: what was published, and nothing else of it.
GRANT SELECT (municipal_area_id, release_id, table_name, key, codes, value) ON release_cells TO kim_worker;
CREATE POLICY watch ON release_cells FOR SELECT TO kim_worker USING (true);

CALL protect_table('release_tables');
GRANT SELECT ON release_tables TO kim_app, kim_auth;
GRANT INSERT ON release_tables TO kim_worker;
CREATE POLICY coordinate ON release_tables FOR SELECT TO kim_app USING ((SELECT ctx_is('coordinator')));
CREATE POLICY compute ON release_tables FOR INSERT TO kim_worker WITH CHECK (true);
CREATE POLICY publish ON release_tables FOR SELECT TO kim_auth USING (true);

CALL protect_table('ledger');
GRANT SELECT (municipal_area_id, year, key, value, persons), INSERT ON ledger TO kim_worker;
CREATE POLICY serve ON ledger FOR SELECT TO kim_worker USING (true);
CREATE POLICY learn ON ledger FOR INSERT TO kim_worker WITH CHECK (true);

-- Published: read in the own area, and by the Land in all. Only the function below writes. When a release was asked
-- for and computed is not in the copy: the time between them depends on figures that nobody sees.
ALTER TABLE published_releases ENABLE ROW LEVEL SECURITY;
ALTER TABLE published_releases FORCE ROW LEVEL SECURITY;
GRANT SELECT ON published_releases TO kim_app;
GRANT INSERT ON published_releases TO kim_auth;
CREATE POLICY own_area ON published_releases FOR SELECT TO kim_app
    USING (municipal_area_id = (SELECT ctx_area())
        AND (SELECT ctx_roles() && '{coordinator,steering_member,assistant}'));
CREATE POLICY state ON published_releases FOR SELECT TO kim_app
    USING ((SELECT ctx_is('state_viewer') AND ctx_area() = 'NRW'));
CREATE POLICY publish ON published_releases FOR INSERT TO kim_auth WITH CHECK (true);

ALTER TABLE published_tables ENABLE ROW LEVEL SECURITY;
ALTER TABLE published_tables FORCE ROW LEVEL SECURITY;
GRANT SELECT ON published_tables TO kim_app;
GRANT INSERT ON published_tables TO kim_auth;
CREATE POLICY own_area ON published_tables FOR SELECT TO kim_app
    USING (municipal_area_id = (SELECT ctx_area())
        AND (SELECT ctx_roles() && '{coordinator,steering_member,assistant}'));
CREATE POLICY state ON published_tables FOR SELECT TO kim_app
    USING ((SELECT ctx_is('state_viewer') AND ctx_area() = 'NRW'));
CREATE POLICY publish ON published_tables FOR INSERT TO kim_auth WITH CHECK (true);

-- Publishes a computed release and copies it. Two persons: whoever asked for it does not publish it.
CREATE FUNCTION publish_release(p_release uuid, p_now timestamptz) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF NOT public.ctx_is('coordinator') THEN
        RAISE EXCEPTION USING errcode = '42501', message = 'only a coordinator publishes a release';
    END IF;
    UPDATE public.releases r SET state = 'published', published_by = public.ctx_user(), published_at = p_now
    WHERE r.municipal_area_id = public.ctx_area() AND r.id = p_release AND r.state = 'computed'
        AND r.requested_by <> public.ctx_user();
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    INSERT INTO public.published_releases (municipal_area_id, id, quarter, published_at, content_de,
        content_en, sha256, version)
    SELECT r.municipal_area_id, r.id, r.quarter, r.published_at, r.content_de, r.content_en, r.sha256, r.version
    FROM public.releases r WHERE r.municipal_area_id = public.ctx_area() AND r.id = p_release;
    INSERT INTO public.published_tables (municipal_area_id, release_id, name, json_de, json_en, csv_de, csv_en)
    SELECT t.municipal_area_id, t.release_id, t.name, t.json_de, t.json_en, t.csv_de, t.csv_en
    FROM public.release_tables t
    WHERE t.municipal_area_id = public.ctx_area() AND t.release_id = p_release AND t.is_public;
    RETURN true;
END $$;
ALTER FUNCTION publish_release(uuid, timestamptz) OWNER TO kim_auth;

-- Puts a release aside that is not published. What it showed stays in the ledger.
CREATE FUNCTION discard_release(p_release uuid) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF NOT public.ctx_is('coordinator') THEN
        RAISE EXCEPTION USING errcode = '42501', message = 'only a coordinator discards a release';
    END IF;
    UPDATE public.releases r SET state = 'discarded'
    WHERE r.municipal_area_id = public.ctx_area() AND r.id = p_release AND r.state IN ('requested', 'computed');
    RETURN FOUND;
END $$;
ALTER FUNCTION discard_release(uuid) OWNER TO kim_auth;

SET ROLE kim_auth;
REVOKE EXECUTE ON FUNCTION publish_release(uuid, timestamptz), discard_release(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION publish_release(uuid, timestamptz), discard_release(uuid) TO kim_app;
SET ROLE kim_owner;
