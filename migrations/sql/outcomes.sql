-- What became of a barrier reaches who reported it: the authors of the observations that an obstacle rests on, and
-- whoever reported what its signals count, who is a case manager still. The coordination learns neither who nor
-- how many: the functions say nothing to it, and only the worker tells.

GRANT SELECT (municipal_area_id, id, obstacle_id, observation_id, quarter, barrier_type, institution_group)
    ON obstacle_links TO kim_auth;
CREATE POLICY outcome ON obstacle_links FOR SELECT TO kim_auth USING (true);
GRANT SELECT (municipal_area_id, id, observation_id, author_id) ON observation_sources TO kim_auth;
CREATE POLICY outcome ON observation_sources FOR SELECT TO kim_auth USING (true);
GRANT SELECT (municipal_area_id, id, absorbed_ids) ON obstacles TO kim_auth;
CREATE POLICY outcome ON obstacles FOR SELECT TO kim_auth USING (true);

-- The obstacles that rest on what the actor reported, with those merged into them.
CREATE FUNCTION my_outcomes() RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF NOT public.ctx_is('case_manager') THEN
        RETURN '{}';
    END IF;
    RETURN ARRAY(
        WITH mine AS (
            SELECT l.obstacle_id FROM public.obstacle_links l
            JOIN public.observation_sources s
                ON s.municipal_area_id = l.municipal_area_id AND s.observation_id = l.observation_id
            WHERE l.municipal_area_id = public.ctx_area() AND s.author_id = public.ctx_user()
            UNION
            SELECT l.obstacle_id FROM public.obstacle_links l
            JOIN public.barrier_figures f ON f.municipal_area_id = l.municipal_area_id
                AND f.quarter = l.quarter AND f.barrier_type = l.barrier_type
                AND f.institution_group IS NOT DISTINCT FROM l.institution_group
            WHERE l.municipal_area_id = public.ctx_area() AND f.contributor_id = public.ctx_user()
                AND NOT f.is_held)
        SELECT m.obstacle_id FROM mine m
        UNION
        SELECT unnest(o.absorbed_ids) FROM public.obstacles o JOIN mine m ON m.obstacle_id = o.id
        WHERE o.municipal_area_id = public.ctx_area());
END $$;
ALTER FUNCTION my_outcomes() OWNER TO kim_auth;

-- Drafts are not told of; one that was rejected as a draft is, since that is an answer too.
CREATE POLICY reporters ON obstacles FOR SELECT TO kim_app
    USING ((SELECT ctx_is('case_manager')) AND (bundled_on IS NOT NULL OR status = 'rejected')
        AND id = ANY ((SELECT my_outcomes())::uuid[]));

-- Tells them, once for each event, whoever is a case manager here and now.
CREATE FUNCTION tell_of_outcome(p_obstacle uuid, p_event uuid, p_at timestamptz) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    INSERT INTO public.notifications
        (municipal_area_id, id, user_id, kind, object_type, object_id, created_at)
    SELECT public.ctx_area(), md5('barrier_outcome ' || p_event || ' ' || told.user_id)::uuid, told.user_id,
        'barrier_outcome', 'obstacle', p_obstacle, p_at
    FROM (
        SELECT s.author_id AS user_id FROM public.obstacle_links l
        JOIN public.observation_sources s
            ON s.municipal_area_id = l.municipal_area_id AND s.observation_id = l.observation_id
        WHERE l.municipal_area_id = public.ctx_area() AND l.obstacle_id = p_obstacle
        UNION
        SELECT f.contributor_id FROM public.obstacle_links l
        JOIN public.barrier_figures f ON f.municipal_area_id = l.municipal_area_id
            AND f.quarter = l.quarter AND f.barrier_type = l.barrier_type
            AND f.institution_group IS NOT DISTINCT FROM l.institution_group AND NOT f.is_held
        WHERE l.municipal_area_id = public.ctx_area() AND l.obstacle_id = p_obstacle
    ) told
    JOIN public.users u ON u.municipal_area_id = public.ctx_area() AND u.id = told.user_id
        AND u.disabled_at IS NULL
    WHERE EXISTS (SELECT FROM public.memberships m
        WHERE m.municipal_area_id = u.municipal_area_id AND m.user_id = u.id AND m.role = 'case_manager'
            AND m.started_at <= now() AND (m.ended_at IS NULL OR m.ended_at > now()))
    ON CONFLICT DO NOTHING;
END;
ALTER FUNCTION tell_of_outcome(uuid, uuid, timestamptz) OWNER TO kim_auth;
SET ROLE kim_auth;
REVOKE EXECUTE ON FUNCTION my_outcomes(), tell_of_outcome(uuid, uuid, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION my_outcomes() TO kim_app;
GRANT EXECUTE ON FUNCTION tell_of_outcome(uuid, uuid, timestamptz) TO kim_worker;
SET ROLE kim_owner;
