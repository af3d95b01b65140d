-- Official figures of residents: kept by assistants and coordinators, read by who reads releases of the area.

CALL protect_table('populations');
CALL track_versions('populations');
GRANT SELECT, INSERT ON populations TO kim_app;
GRANT UPDATE (source, licence, residents, figures, imported_by) ON populations TO kim_app;
GRANT SELECT (municipal_area_id, stated_on, source, licence, figures) ON populations TO kim_reporting;
CREATE POLICY read ON populations FOR SELECT TO kim_app
    USING ((SELECT ctx_roles() && '{coordinator,steering_member,assistant}'));
CREATE POLICY take ON populations FOR INSERT TO kim_app
    WITH CHECK ((SELECT ctx_is('coordinator') OR ctx_is('assistant')) AND imported_by = (SELECT ctx_user()));
CREATE POLICY replace ON populations FOR UPDATE TO kim_app
    USING ((SELECT ctx_is('coordinator') OR ctx_is('assistant')))
    WITH CHECK ((SELECT ctx_is('coordinator') OR ctx_is('assistant')) AND imported_by = (SELECT ctx_user()));
CREATE POLICY count ON populations FOR SELECT TO kim_reporting USING (true);
