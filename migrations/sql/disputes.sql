-- Grants and policies of disputes: recorded and resolved by those who work with the person; what was said stays.

CALL protect_table('disputes');
CALL track_versions('disputes');
GRANT SELECT, INSERT, UPDATE (entry_ids, outcome, reason, resolved_at, resolved_by) ON disputes TO kim_app;
CREATE POLICY read ON disputes FOR SELECT TO kim_app
    USING (client_id = ANY ((SELECT my_clients())::uuid[]));
CREATE POLICY record ON disputes FOR INSERT TO kim_app
    WITH CHECK (client_id = ANY ((SELECT my_clients())::uuid[]) AND (SELECT ctx_is('case_manager'))
        AND recorded_by = (SELECT ctx_user()));
CREATE POLICY resolve ON disputes FOR UPDATE TO kim_app
    USING (client_id = ANY ((SELECT my_clients())::uuid[]) AND (SELECT ctx_is('case_manager')))
    WITH CHECK (client_id = ANY ((SELECT my_clients())::uuid[]));
-- What is said about a member of the household who is a client is for those who see both, also after the
-- entry was removed: the dispute remembers whom it is about.
CREATE POLICY member ON disputes AS RESTRICTIVE TO kim_app
    USING (member_client_id IS NULL OR member_client_id = ANY ((SELECT my_clients())::uuid[]));
CREATE POLICY names ON disputes AS RESTRICTIVE FOR INSERT TO kim_app
    WITH CHECK (entry <> 'household' OR entry_ids <@ ARRAY(SELECT h.id FROM household_members h));
CREATE FUNCTION name_disputed_member() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.member_client_id := (SELECT h.member_client_id FROM household_members h
        WHERE h.municipal_area_id = NEW.municipal_area_id AND h.id = ANY (NEW.entry_ids) LIMIT 1);
    RETURN NEW;
END $$;
CREATE TRIGGER member BEFORE INSERT ON disputes FOR EACH ROW
    WHEN (current_user = 'kim_app' AND NEW.entry = 'household') EXECUTE FUNCTION name_disputed_member();
