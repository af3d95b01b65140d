-- Hearings are opened by a function alone, which copies protected cells and nothing else: an institution reads what
-- was copied for it, and never an obstacle, a release or a signal.

CALL protect_table('obstacle_hearings');
CALL track_versions('obstacle_hearings');
GRANT SELECT, UPDATE (comment, commented_on, commented_by) ON obstacle_hearings TO kim_app;
GRANT SELECT (municipal_area_id, id, obstacle_id, release_id, institution_id) ON obstacle_hearings TO kim_worker;
GRANT INSERT, SELECT (municipal_area_id, id, obstacle_id, release_id, institution_id) ON obstacle_hearings TO kim_auth;
CREATE POLICY read ON obstacle_hearings FOR SELECT TO kim_app
    USING ((SELECT ctx_roles() && '{coordinator,steering_member}')
        AND obstacle_id = ANY ((SELECT my_obstacles())::uuid[]));
CREATE POLICY asked ON obstacle_hearings FOR SELECT TO kim_app
    USING (institution_id = ANY ((SELECT ctx_places('partner_user') || ctx_places('authority_officer'))::uuid[]));
CREATE POLICY comment ON obstacle_hearings FOR UPDATE TO kim_app
    USING (institution_id = ANY ((SELECT ctx_places('partner_user') || ctx_places('authority_officer'))::uuid[])
        AND comment_until >= (SELECT (now() AT TIME ZONE 'Europe/Berlin')::date))
    WITH CHECK (commented_by = (SELECT ctx_user()));
CREATE POLICY serve ON obstacle_hearings FOR SELECT TO kim_worker USING (true);
CREATE POLICY open ON obstacle_hearings FOR INSERT TO kim_auth WITH CHECK (true);
CREATE POLICY opened ON obstacle_hearings FOR SELECT TO kim_auth USING (true);

GRANT SELECT (municipal_area_id, release_id, table_name, key, codes, status, value) ON release_cells TO kim_auth;
CREATE POLICY hear ON release_cells FOR SELECT TO kim_auth USING (true);
GRANT SELECT (title, description, barrier_types, institution_types, bundled_on, status) ON obstacles TO kim_auth;
GRANT SELECT (municipal_area_id, id, obstacle_id, institution_id) ON obstacle_measures TO kim_auth;
CREATE POLICY hear ON obstacle_measures FOR SELECT TO kim_auth USING (true);

-- Copies, for each institution that the obstacle concerns and that has people here, the cells of the signals about
-- its group; returns how many institutions are asked of this release by now.
CREATE FUNCTION open_hearings(p_obstacle uuid, p_release uuid, p_until date) RETURNS int
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF NOT public.ctx_is('coordinator') THEN
        RAISE EXCEPTION USING errcode = '42501', message = 'only a coordinator opens a hearing';
    END IF;
    INSERT INTO public.obstacle_hearings (municipal_area_id, id, obstacle_id, release_id, institution_id, title,
        description, barrier_types, institution_group, quarter, figures, comment_until, opened_by)
    SELECT o.municipal_area_id, public.new_id(), o.id, r.id, i.id, o.title, o.description, o.barrier_types,
        k.parent, r.quarter, coalesce((
            SELECT jsonb_agg(jsonb_build_object('barrier_type', c.codes[1], 'status', c.status, 'value', c.value)
                ORDER BY c.codes[1])
            FROM public.release_cells c
            WHERE c.municipal_area_id = r.municipal_area_id AND c.release_id = r.id AND c.table_name = 'signals'
                AND c.codes[1] = ANY (o.barrier_types) AND c.codes[2] = k.parent), '[]'),
        p_until, public.ctx_user()
    FROM public.obstacles o
    JOIN public.releases r ON r.municipal_area_id = o.municipal_area_id AND r.id = p_release
        AND r.state IN ('computed', 'published')
    JOIN public.institutions i ON i.municipal_area_id = o.municipal_area_id
    JOIN public.catalogue_entries k ON k.vocabulary = 'institution_type' AND k.code = i.institution_type
    WHERE o.municipal_area_id = public.ctx_area() AND o.id = p_obstacle
        AND o.bundled_on IS NOT NULL AND o.status NOT IN ('rejected', 'merged')
        AND (i.institution_type = ANY (o.institution_types) OR EXISTS (SELECT FROM public.obstacle_measures m
            WHERE m.municipal_area_id = o.municipal_area_id AND m.obstacle_id = o.id AND m.institution_id = i.id))
        AND EXISTS (SELECT FROM public.memberships m
            JOIN public.users u ON u.municipal_area_id = m.municipal_area_id AND u.id = m.user_id
                AND u.disabled_at IS NULL
            WHERE m.municipal_area_id = i.municipal_area_id AND m.institution_id = i.id
                AND m.role IN ('partner_user', 'authority_officer')
                AND m.started_at <= now() AND (m.ended_at IS NULL OR m.ended_at > now()))
    ON CONFLICT DO NOTHING;
    RETURN (SELECT count(*) FROM public.obstacle_hearings h
        WHERE h.municipal_area_id = public.ctx_area() AND h.obstacle_id = p_obstacle AND h.release_id = p_release);
END $$;
ALTER FUNCTION open_hearings(uuid, uuid, date) OWNER TO kim_auth;

-- How far obstacles like this one are elsewhere: areas by status, for each pair of codes. Nothing crosses the border
-- of an area but codes of the catalogues and how many areas there are; no text, no day, no figure, no name.
CREATE FUNCTION obstacles_elsewhere(p_obstacle uuid)
RETURNS TABLE (barrier_type text, institution_type text, status text, areas int)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    RETURN QUERY
    SELECT b.code, k.code, e.status, count(DISTINCT e.municipal_area_id)::int
    FROM public.obstacles o
    CROSS JOIN unnest(o.barrier_types) AS b(code) CROSS JOIN unnest(o.institution_types) AS k(code)
    JOIN public.obstacles e ON e.municipal_area_id <> o.municipal_area_id AND e.bundled_on IS NOT NULL
        AND e.status NOT IN ('reported', 'under_review', 'rejected', 'merged')
        AND b.code = ANY (e.barrier_types) AND k.code = ANY (e.institution_types)
    WHERE o.municipal_area_id = public.ctx_area() AND o.id = p_obstacle AND public.ctx_is('coordinator')
    GROUP BY b.code, k.code, e.status;
END $$;
ALTER FUNCTION obstacles_elsewhere(uuid) OWNER TO kim_auth;
SET ROLE kim_auth;
REVOKE EXECUTE ON FUNCTION open_hearings(uuid, uuid, date), obstacles_elsewhere(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION open_hearings(uuid, uuid, date), obstacles_elsewhere(uuid) TO kim_app;
SET ROLE kim_owner;
