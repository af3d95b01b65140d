-- Consents: seen and recorded by those who work with the client; after that only the withdrawal is written.

GRANT SELECT ON consent_texts TO kim_app, kim_worker;

CALL protect_table('consents');
CALL track_versions('consents');
GRANT SELECT, INSERT ON consents TO kim_app;
GRANT UPDATE (withdrawn_at, withdrawn_by, withdrawal_channel, withdrawal_note) ON consents TO kim_app;
GRANT SELECT ON consents TO kim_worker;
CREATE POLICY read ON consents FOR SELECT TO kim_app
    USING (client_id = ANY ((SELECT my_clients())::uuid[]));
CREATE POLICY record ON consents FOR INSERT TO kim_app
    WITH CHECK (client_id = ANY ((SELECT my_clients())::uuid[]) AND (SELECT ctx_is('case_manager'))
        AND withdrawn_at IS NULL);
CREATE POLICY withdraw ON consents FOR UPDATE TO kim_app
    USING (client_id = ANY ((SELECT my_clients())::uuid[]) AND (SELECT ctx_is('case_manager')))
    WITH CHECK (client_id = ANY ((SELECT my_clients())::uuid[]));
CREATE POLICY serve ON consents FOR SELECT TO kim_worker USING (true);

-- A withdrawal is final, whoever writes.
CREATE FUNCTION keep_withdrawal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING errcode = '23514', constraint = 'ck_consents_withdrawal_is_final',
        message = 'a withdrawal stays';
END $$;
CREATE TRIGGER final BEFORE UPDATE ON consents
    FOR EACH ROW WHEN (OLD.withdrawn_at IS NOT NULL) EXECUTE FUNCTION keep_withdrawal();
