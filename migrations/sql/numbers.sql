-- Grants and policies of official numbers. Whoever works with the person records and shows them; the worker and
-- the reporting role have no grant at all, and nobody changes a row: a new number replaces the old.

CALL protect_table('official_numbers');
GRANT SELECT, INSERT, DELETE ON official_numbers TO kim_app;
CREATE POLICY read ON official_numbers FOR SELECT TO kim_app
    USING (client_id = ANY ((SELECT my_clients())::uuid[]));
CREATE POLICY add ON official_numbers FOR INSERT TO kim_app
    WITH CHECK (client_id = ANY ((SELECT my_clients())::uuid[]) AND (SELECT ctx_is('case_manager'))
        AND recorded_by = (SELECT ctx_user()));
CREATE POLICY remove ON official_numbers FOR DELETE TO kim_app
    USING (client_id = ANY ((SELECT my_clients())::uuid[]) AND (SELECT ctx_is('case_manager')));
-- `kim keys rotate-fields` seals anew; without the key file there is nothing to read here.
CREATE POLICY rotation ON official_numbers FOR SELECT TO kim_owner USING (true);
CREATE POLICY rotate ON official_numbers FOR UPDATE TO kim_owner USING (true) WITH CHECK (true);
