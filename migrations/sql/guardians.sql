-- Grants and policies of guardians: seen and recorded by those who work with the person.

CALL protect_table('guardians');
CALL track_versions('guardians');
GRANT SELECT, INSERT,
    UPDATE (reachable, scope, is_joint, must_not_learn, valid_from, valid_until, evidence, version)
    ON guardians TO kim_app;
CREATE POLICY read ON guardians FOR SELECT TO kim_app
    USING (client_id = ANY ((SELECT my_clients())::uuid[]));
CREATE POLICY record ON guardians FOR INSERT TO kim_app
    WITH CHECK (client_id = ANY ((SELECT my_clients())::uuid[]) AND (SELECT ctx_is('case_manager')));
CREATE POLICY change ON guardians FOR UPDATE TO kim_app
    USING (client_id = ANY ((SELECT my_clients())::uuid[]) AND (SELECT ctx_is('case_manager')))
    WITH CHECK (client_id = ANY ((SELECT my_clients())::uuid[]));
CREATE TRIGGER hold BEFORE INSERT OR UPDATE ON guardians FOR EACH ROW
    WHEN (current_user = 'kim_app') EXECUTE FUNCTION refuse_correction();
