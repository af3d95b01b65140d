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
