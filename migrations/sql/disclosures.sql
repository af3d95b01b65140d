-- The disclosure log: written by the case's team with each disclosure, read by the privacy officer only.
-- Nobody has UPDATE or DELETE.

CALL protect_table('disclosure_log');
GRANT INSERT (municipal_area_id, id, at, case_id, client_pseudonym, unit_id, institution_id, legal_basis,
    purpose, data_categories, channel, referral_id, duty_id, approved_by) ON disclosure_log TO kim_app;
GRANT SELECT ON disclosure_log TO kim_app;
CREATE POLICY write ON disclosure_log FOR INSERT TO kim_app
    WITH CHECK (case_id = ANY ((SELECT my_cases())::uuid[]) AND (SELECT ctx_is('case_manager')));
CREATE POLICY oversee ON disclosure_log FOR SELECT TO kim_app
    USING ((SELECT ctx_is('privacy_officer')));
