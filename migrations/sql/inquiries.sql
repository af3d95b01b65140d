-- Inquiries: the responsible sees all of theirs, the unit's case managers what the waiting list shows.

CALL protect_table('inquiries');
CALL track_versions('inquiries');
GRANT SELECT, INSERT ON inquiries TO kim_app;
GRANT UPDATE (responsible_id, state, waiting_since, priority_reason) ON inquiries TO kim_app;
CREATE POLICY responsible ON inquiries FOR SELECT TO kim_app
    USING (unit_id = ANY ((SELECT ctx_places('case_manager'))::uuid[])
        AND (responsible_id = (SELECT ctx_user()) OR state = 'waiting'));
CREATE POLICY record ON inquiries FOR INSERT TO kim_app
    WITH CHECK (unit_id = ANY ((SELECT ctx_places('case_manager'))::uuid[])
        AND responsible_id = (SELECT ctx_user()) AND referral IS NULL);
-- Whoever takes an inquiry from the list takes it for themselves, and whoever puts it back lets go of it.
CREATE POLICY work ON inquiries FOR UPDATE TO kim_app
    USING (unit_id = ANY ((SELECT ctx_places('case_manager'))::uuid[])
        AND (responsible_id = (SELECT ctx_user()) OR state = 'waiting'))
    WITH CHECK (unit_id = ANY ((SELECT ctx_places('case_manager'))::uuid[])
        AND (responsible_id = (SELECT ctx_user()) OR responsible_id IS NULL AND state = 'waiting'));

-- Nobody browses the list unnoticed: whoever had an inquiry learns, by its id, that somebody took it.
CREATE FUNCTION tell_of_taking() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    INSERT INTO public.notifications
        (municipal_area_id, id, user_id, kind, object_type, object_id, created_at)
    SELECT NEW.municipal_area_id, public.new_id(), OLD.responsible_id, 'inquiry_taken', 'inquiry', NEW.id, now()
    WHERE OLD.responsible_id <> public.ctx_user() AND public.belongs_to(OLD.responsible_id, NEW.unit_id);
    RETURN NULL;
END $$;
ALTER FUNCTION tell_of_taking() OWNER TO kim_auth;
CREATE TRIGGER tell_taken AFTER UPDATE OF responsible_id ON inquiries
    FOR EACH ROW WHEN (OLD.responsible_id IS DISTINCT FROM NEW.responsible_id) EXECUTE FUNCTION tell_of_taking();
SET ROLE kim_auth;
REVOKE EXECUTE ON FUNCTION tell_of_taking() FROM PUBLIC;
SET ROLE kim_owner;

-- The inquiries whose content the actor may see now; plpgsql keeps the plan.
CREATE FUNCTION my_inquiries() RETURNS uuid[] LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
BEGIN
    RETURN ARRAY(
        SELECT i.id FROM public.inquiries i
        WHERE i.municipal_area_id = (SELECT public.ctx_area())
            AND i.responsible_id = (SELECT public.ctx_user())
            AND i.unit_id = ANY ((SELECT public.ctx_places('case_manager'))::uuid[]));
END $$;

CALL protect_table('inquiry_contents');
CALL track_versions('inquiry_contents');
GRANT SELECT, INSERT, UPDATE (case_id, institution_id) ON inquiry_contents TO kim_app;
CALL let_change('inquiry_contents');
CREATE POLICY responsible ON inquiry_contents TO kim_app
    USING (id = ANY ((SELECT my_inquiries())::uuid[]))
    WITH CHECK (id = ANY ((SELECT my_inquiries())::uuid[]));

-- The worker forgets whom nothing came of, without reading what it deletes.
GRANT SELECT (municipal_area_id, id, unit_id, responsible_id, state, referral), UPDATE (state) ON inquiries TO kim_worker;
CREATE POLICY lapse ON inquiries FOR SELECT TO kim_worker USING (true);
CREATE POLICY lapsed ON inquiries FOR UPDATE TO kim_worker
    USING (state IN ('open', 'waiting')) WITH CHECK (state = 'lapsed');
GRANT SELECT (municipal_area_id, id, changed_at, forgotten_at), UPDATE (name, reachable, note, forgotten_at)
    ON inquiry_contents TO kim_worker;
CREATE POLICY due ON inquiry_contents FOR SELECT TO kim_worker USING (true);
CREATE POLICY forget ON inquiry_contents FOR UPDATE TO kim_worker
    USING (true) WITH CHECK (forgotten_at IS NOT NULL);

-- Counted blind: the application adds and never reads. Nobody reads until a release counts them.
CALL protect_table('inquiry_figures');
GRANT INSERT ON inquiry_figures TO kim_app;
CREATE POLICY count ON inquiry_figures FOR INSERT TO kim_app
    WITH CHECK (contributor_id = (SELECT ctx_user())
        AND unit_id = ANY ((SELECT ctx_places('case_manager'))::uuid[]));

-- Whoever leaves the unit leaves nothing unseen: what is open goes on the unit's waiting list, where a colleague
-- takes it. Runs with the end of the membership or the disabling of the user, whoever writes it.
GRANT SELECT (municipal_area_id, id, unit_id, responsible_id, state, waiting_since), UPDATE (state, waiting_since)
    ON inquiries TO kim_auth;
CREATE POLICY leave ON inquiries TO kim_auth USING (true) WITH CHECK (true);
CREATE FUNCTION leave_inquiries() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE public.inquiries i SET state = 'waiting',
        waiting_since = coalesce(i.waiting_since, (now() AT TIME ZONE 'Europe/Berlin')::date)
    WHERE i.municipal_area_id = NEW.municipal_area_id AND i.state = 'open'
        AND CASE TG_TABLE_NAME WHEN 'users' THEN i.responsible_id = (to_jsonb(NEW) ->> 'id')::uuid
            ELSE i.responsible_id = (to_jsonb(NEW) ->> 'user_id')::uuid
                AND i.unit_id = (to_jsonb(NEW) ->> 'unit_id')::uuid END;
    RETURN NULL;
END $$;
ALTER FUNCTION leave_inquiries() OWNER TO kim_auth;
CREATE TRIGGER leave_inquiries AFTER UPDATE OF ended_at ON memberships
    FOR EACH ROW WHEN (OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL AND NEW.role = 'case_manager')
    EXECUTE FUNCTION leave_inquiries();
CREATE TRIGGER leave_inquiries AFTER UPDATE OF disabled_at ON users
    FOR EACH ROW WHEN (OLD.disabled_at IS NULL AND NEW.disabled_at IS NOT NULL)
    EXECUTE FUNCTION leave_inquiries();
SET ROLE kim_auth;
REVOKE EXECUTE ON FUNCTION leave_inquiries() FROM PUBLIC;
SET ROLE kim_owner;
