-- Obstacles belong to the coordination; the steering group reads those that were ever bundled. Nobody
-- else reads them, and nothing in them is about a person.

CREATE FUNCTION my_obstacles() RETURNS uuid[] LANGUAGE sql STABLE
RETURN ARRAY(SELECT o.id FROM obstacles o WHERE o.municipal_area_id = (SELECT ctx_area()));

CALL protect_table('obstacles');
CALL track_versions('obstacles');
GRANT SELECT, INSERT ON obstacles TO kim_app;
CALL let_change('obstacles');
CREATE POLICY coordinate ON obstacles FOR SELECT TO kim_app USING ((SELECT ctx_is('coordinator')));
CREATE POLICY steer ON obstacles FOR SELECT TO kim_app
    USING ((SELECT ctx_is('steering_member')) AND bundled_on IS NOT NULL);
CREATE POLICY add ON obstacles FOR INSERT TO kim_app
    WITH CHECK ((SELECT ctx_is('coordinator')) AND created_by = (SELECT ctx_user()));
CREATE POLICY change ON obstacles FOR UPDATE TO kim_app
    USING ((SELECT ctx_is('coordinator'))) WITH CHECK ((SELECT ctx_is('coordinator')));

GRANT SELECT (municipal_area_id, id, due_on) ON obstacles TO kim_reporting;
CREATE POLICY count ON obstacles FOR SELECT TO kim_reporting USING (true);

-- What an obstacle rests on stays with the coordination: observations are not for the steering group.
CALL protect_table('obstacle_links');
GRANT SELECT, INSERT, DELETE ON obstacle_links TO kim_app;
CREATE POLICY coordinate ON obstacle_links TO kim_app
    USING ((SELECT ctx_is('coordinator'))) WITH CHECK ((SELECT ctx_is('coordinator')));

CALL protect_table('obstacle_measures');
CALL track_versions('obstacle_measures');
GRANT SELECT, INSERT, UPDATE (institution_id, unit_id) ON obstacle_measures TO kim_app;
CALL let_change('obstacle_measures');
CREATE POLICY read ON obstacle_measures FOR SELECT TO kim_app
    USING (obstacle_id = ANY ((SELECT my_obstacles())::uuid[]));
CREATE POLICY add ON obstacle_measures FOR INSERT TO kim_app WITH CHECK ((SELECT ctx_is('coordinator')));
CREATE POLICY change ON obstacle_measures FOR UPDATE TO kim_app
    USING ((SELECT ctx_is('coordinator'))) WITH CHECK ((SELECT ctx_is('coordinator')));

GRANT SELECT (municipal_area_id, obstacle_id, due_on, state, done_on, created_at) ON obstacle_measures TO kim_reporting;
CREATE POLICY count ON obstacle_measures FOR SELECT TO kim_reporting USING (true);

-- Decisions and steps are written once.
CALL protect_table('obstacle_decisions');
GRANT SELECT, INSERT ON obstacle_decisions TO kim_app;
CREATE POLICY read ON obstacle_decisions FOR SELECT TO kim_app
    USING (obstacle_id = ANY ((SELECT my_obstacles())::uuid[]));
CREATE POLICY add ON obstacle_decisions FOR INSERT TO kim_app
    WITH CHECK ((SELECT ctx_is('coordinator')) AND recorded_by = (SELECT ctx_user()));

GRANT SELECT (municipal_area_id, decided_on) ON obstacle_decisions TO kim_reporting;
CREATE POLICY count ON obstacle_decisions FOR SELECT TO kim_reporting USING (true);

CALL protect_table('obstacle_steps');
GRANT SELECT, INSERT ON obstacle_steps TO kim_app;
CREATE POLICY read ON obstacle_steps FOR SELECT TO kim_app
    USING (obstacle_id = ANY ((SELECT my_obstacles())::uuid[]));
CREATE POLICY add ON obstacle_steps FOR INSERT TO kim_app
    WITH CHECK ((SELECT ctx_is('coordinator')) AND taken_by = (SELECT ctx_user()));

-- Checks are written once: by the coordination, and by the system that reopens what rises again.
CALL protect_table('obstacle_effect_checks');
GRANT SELECT, INSERT ON obstacle_effect_checks TO kim_app;
CREATE POLICY read ON obstacle_effect_checks FOR SELECT TO kim_app
    USING ((SELECT ctx_roles() && '{coordinator,steering_member}')
        AND obstacle_id = ANY ((SELECT my_obstacles())::uuid[]));
CREATE POLICY add ON obstacle_effect_checks FOR INSERT TO kim_app
    WITH CHECK ((SELECT ctx_is('coordinator')) AND made_by = (SELECT ctx_user()));

-- The worker looks at what was checked when a release is published. It takes this one step and no other.
GRANT SELECT (municipal_area_id, id, status, barrier_types, institution_types), UPDATE (status)
    ON obstacles TO kim_worker;
CREATE POLICY watch ON obstacles FOR SELECT TO kim_worker USING (true);
CREATE POLICY reopen ON obstacles FOR UPDATE TO kim_worker
    USING (status = 'effect_checked') WITH CHECK (status = 'under_review');
GRANT SELECT (municipal_area_id, obstacle_id, state, done_on) ON obstacle_measures TO kim_worker;
CREATE POLICY watch ON obstacle_measures FOR SELECT TO kim_worker USING (true);
GRANT SELECT (municipal_area_id, id, obstacle_id, to_status, taken_on),
    INSERT (municipal_area_id, id, obstacle_id, from_status, to_status, taken_on, reason)
    ON obstacle_steps TO kim_worker;
CREATE POLICY watch ON obstacle_steps FOR SELECT TO kim_worker USING (true);
CREATE POLICY reopen ON obstacle_steps FOR INSERT TO kim_worker
    WITH CHECK (taken_by IS NULL AND from_status = 'effect_checked' AND to_status = 'under_review');
GRANT SELECT (municipal_area_id, id, obstacle_id, after),
    INSERT (municipal_area_id, id, obstacle_id, made_on, before, after, conclusion)
    ON obstacle_effect_checks TO kim_worker;
CREATE POLICY watch ON obstacle_effect_checks FOR SELECT TO kim_worker USING (true);
CREATE POLICY reopen ON obstacle_effect_checks FOR INSERT TO kim_worker
    WITH CHECK (made_by IS NULL AND conclusion = 'rose');
GRANT SELECT (municipal_area_id, id, obstacle_id, to_status, taken_on) ON obstacle_steps TO kim_reporting;
CREATE POLICY count ON obstacle_steps FOR SELECT TO kim_reporting USING (true);
-- Who works on an obstacle: offices and whoever of them answers for it, never a client.
CALL protect_table('obstacle_members');
CALL track_versions('obstacle_members');
GRANT SELECT, INSERT ON obstacle_members TO kim_app;
CALL let_change('obstacle_members');
CREATE POLICY read ON obstacle_members FOR SELECT TO kim_app
    USING ((SELECT ctx_roles() && '{coordinator,steering_member}')
        AND obstacle_id = ANY ((SELECT my_obstacles())::uuid[]));
CREATE POLICY add ON obstacle_members FOR INSERT TO kim_app WITH CHECK ((SELECT ctx_is('coordinator')));
CREATE POLICY change ON obstacle_members FOR UPDATE TO kim_app
    USING ((SELECT ctx_is('coordinator'))) WITH CHECK ((SELECT ctx_is('coordinator')));

-- Meetings are kept by the coordination and read by the steering group, agenda and minutes with them.
CALL protect_table('steering_meetings');
CALL track_versions('steering_meetings');
GRANT SELECT, INSERT ON steering_meetings TO kim_app;
CALL let_change('steering_meetings');
CREATE POLICY read ON steering_meetings FOR SELECT TO kim_app
    USING ((SELECT ctx_roles() && '{coordinator,steering_member}'));
CREATE POLICY plan ON steering_meetings FOR INSERT TO kim_app
    WITH CHECK ((SELECT ctx_is('coordinator')) AND planned_by = (SELECT ctx_user()));
CREATE POLICY change ON steering_meetings FOR UPDATE TO kim_app
    USING ((SELECT ctx_is('coordinator')) AND state = 'planned') WITH CHECK ((SELECT ctx_is('coordinator')));

CALL protect_table('steering_agenda_items');
GRANT SELECT, INSERT, DELETE ON steering_agenda_items TO kim_app;
CREATE POLICY read ON steering_agenda_items FOR SELECT TO kim_app
    USING ((SELECT ctx_roles() && '{coordinator,steering_member}'));
CREATE POLICY add ON steering_agenda_items FOR INSERT TO kim_app WITH CHECK ((SELECT ctx_is('coordinator')));
CREATE POLICY remove ON steering_agenda_items FOR DELETE TO kim_app USING ((SELECT ctx_is('coordinator')));
