-- Contracts and forwarded funds: entered by assistants, read by them and by the coordination.

CALL protect_table('cooperation_contracts');
CALL track_versions('cooperation_contracts');
GRANT SELECT, INSERT ON cooperation_contracts TO kim_app;
GRANT UPDATE (reference, concluded_on, forwarded_cents, own_share_cents, deficit_cents)
    ON cooperation_contracts TO kim_app;
CREATE POLICY read ON cooperation_contracts FOR SELECT TO kim_app
    USING ((SELECT ctx_is('assistant') OR ctx_is('coordinator')));
CREATE POLICY enter ON cooperation_contracts FOR INSERT TO kim_app
    WITH CHECK ((SELECT ctx_is('assistant')) AND entered_by = (SELECT ctx_user()));
CREATE POLICY change ON cooperation_contracts FOR UPDATE TO kim_app
    USING ((SELECT ctx_is('assistant'))) WITH CHECK ((SELECT ctx_is('assistant')));
