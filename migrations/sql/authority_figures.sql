-- What an authority entered is read by its own officers alone; the reporting role counts what is believed.

CALL protect_table('authority_figures');
CALL track_versions('authority_figures');
GRANT SELECT, INSERT, UPDATE (superseded_at, superseded_by, correction_reason) ON authority_figures TO kim_app;
CREATE POLICY own ON authority_figures FOR SELECT TO kim_app
    USING (institution_id = ANY ((SELECT ctx_places('authority_officer'))::uuid[]));
CREATE POLICY enter ON authority_figures FOR INSERT TO kim_app
    WITH CHECK (institution_id = ANY ((SELECT ctx_places('authority_officer'))::uuid[])
        AND entered_by = (SELECT ctx_user()));
CREATE POLICY correct ON authority_figures FOR UPDATE TO kim_app
    USING (institution_id = ANY ((SELECT ctx_places('authority_officer'))::uuid[]))
    WITH CHECK (institution_id = ANY ((SELECT ctx_places('authority_officer'))::uuid[]));
GRANT SELECT (municipal_area_id, institution_id, quarter, figure, groups, superseded_at)
    ON authority_figures TO kim_reporting;
CREATE POLICY count ON authority_figures FOR SELECT TO kim_reporting USING (true);
