-- Drafts of contacts, for their author alone and only while they work on the case; templates of contacts.

CALL protect_table('contact_drafts');
CALL track_versions('contact_drafts');
GRANT SELECT, INSERT, UPDATE (institution_id), DELETE ON contact_drafts TO kim_app;
CALL let_change('contact_drafts');
CREATE POLICY own ON contact_drafts TO kim_app
    USING (author_id = (SELECT ctx_user()) AND case_id = ANY ((SELECT my_cases())::uuid[])
        AND (SELECT ctx_is('case_manager')))
    WITH CHECK (author_id = (SELECT ctx_user()) AND case_id = ANY ((SELECT my_cases())::uuid[])
        AND (SELECT ctx_is('case_manager')));
-- Nothing goes on being written about somebody who has taken back the consent to documentation.
GRANT SELECT (municipal_area_id, case_id, changed_at), DELETE ON contact_drafts TO kim_auth;
CREATE POLICY withdraw ON contact_drafts TO kim_auth USING (true);
-- The worker deletes what nobody has touched for 30 days, without reading it.
GRANT SELECT (municipal_area_id, changed_at), DELETE ON contact_drafts TO kim_worker;
CREATE POLICY forget ON contact_drafts TO kim_worker USING (true);

CALL protect_table('contact_templates');
CALL track_versions('contact_templates');
GRANT SELECT, INSERT, DELETE, UPDATE (name, contact_type, text) ON contact_templates TO kim_app;
CREATE POLICY read ON contact_templates FOR SELECT TO kim_app
    USING (unit_id = ANY ((SELECT ctx_places('case_manager') || ctx_places('team_lead'))::uuid[])
        AND (owner_id IS NULL OR owner_id = (SELECT ctx_user())));
CREATE POLICY own ON contact_templates FOR INSERT TO kim_app
    WITH CHECK (owner_id = (SELECT ctx_user())
        AND unit_id = ANY ((SELECT ctx_places('case_manager'))::uuid[]));
CREATE POLICY unit ON contact_templates FOR INSERT TO kim_app
    WITH CHECK (owner_id IS NULL AND unit_id = ANY ((SELECT ctx_places('team_lead'))::uuid[]));
CREATE POLICY change_own ON contact_templates FOR UPDATE TO kim_app
    USING (owner_id = (SELECT ctx_user()) AND unit_id = ANY ((SELECT ctx_places('case_manager'))::uuid[]));
CREATE POLICY change_unit ON contact_templates FOR UPDATE TO kim_app
    USING (owner_id IS NULL AND unit_id = ANY ((SELECT ctx_places('team_lead'))::uuid[]));
CREATE POLICY remove_own ON contact_templates FOR DELETE TO kim_app
    USING (owner_id = (SELECT ctx_user()) AND unit_id = ANY ((SELECT ctx_places('case_manager'))::uuid[]));
CREATE POLICY remove_unit ON contact_templates FOR DELETE TO kim_app
    USING (owner_id IS NULL AND unit_id = ANY ((SELECT ctx_places('team_lead'))::uuid[]));
