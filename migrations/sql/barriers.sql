-- Reports stay with the case's team; figures are written and never read by the application; observations
-- are read by the coordinator without author, case or date.

CALL protect_table('barrier_reports');
CALL track_versions('barrier_reports');
GRANT SELECT, INSERT, UPDATE (institution_id) ON barrier_reports TO kim_app;
CALL let_change('barrier_reports');
GRANT SELECT (municipal_area_id, id, case_id) ON barrier_reports TO kim_auth;
CREATE POLICY team ON barrier_reports FOR SELECT TO kim_app
    USING (case_id = ANY ((SELECT my_cases())::uuid[]));
CREATE POLICY file ON barrier_reports FOR INSERT TO kim_app
    WITH CHECK (case_id = ANY ((SELECT my_cases())::uuid[]) AND (SELECT ctx_is('case_manager'))
        AND reported_by = (SELECT ctx_user()));
CREATE POLICY correct ON barrier_reports FOR UPDATE TO kim_app
    USING (case_id = ANY ((SELECT my_cases())::uuid[]) AND (SELECT ctx_is('case_manager')))
    WITH CHECK (case_id = ANY ((SELECT my_cases())::uuid[]) AND (SELECT ctx_is('case_manager')));
CREATE POLICY figures ON barrier_reports FOR SELECT TO kim_auth USING (true);

CALL protect_table('barrier_persons');
GRANT SELECT, INSERT, DELETE ON barrier_persons TO kim_app;
CREATE POLICY team ON barrier_persons FOR SELECT TO kim_app
    USING (case_id = ANY ((SELECT my_cases())::uuid[]));
-- Of the household, each is named to those who see them.
CREATE POLICY member ON barrier_persons AS RESTRICTIVE TO kim_app
    USING (client_id = ANY ((SELECT my_clients())::uuid[]));
CREATE POLICY file ON barrier_persons FOR INSERT TO kim_app
    WITH CHECK (case_id = ANY ((SELECT my_cases())::uuid[]) AND (SELECT ctx_is('case_manager'))
        AND client_id = ANY ((SELECT my_clients())::uuid[]));
CREATE POLICY correct ON barrier_persons FOR DELETE TO kim_app
    USING (case_id = ANY ((SELECT my_cases())::uuid[]) AND (SELECT ctx_is('case_manager')));

CALL protect_table('barrier_figures');
GRANT INSERT ON barrier_figures TO kim_app;
GRANT SELECT (municipal_area_id, report_id, reported_on, quarter, person_key, household_key, contributor_id,
    municipality, institution_id, institution_type, interface_from, interface_to, barrier_type, effect, level,
    residence_group, nationality_group, age_band, sex) ON barrier_figures TO kim_reporting;
GRANT SELECT, UPDATE, DELETE ON barrier_figures TO kim_auth;
CREATE POLICY file ON barrier_figures FOR INSERT TO kim_app
    WITH CHECK ((SELECT ctx_is('case_manager'))
        AND report_id = ANY (ARRAY(SELECT r.id FROM barrier_reports r)));
CREATE POLICY count ON barrier_figures FOR SELECT TO kim_reporting USING (NOT is_held);
CREATE POLICY correct ON barrier_figures TO kim_auth USING (true) WITH CHECK (true);

-- Follows a corrected report, and forgets the persons whom it no longer concerns. The attributes of the
-- persons stay as they were on the day of the report.
CREATE FUNCTION correct_barrier_figures(
    p_report uuid, p_persons uuid[], p_institution uuid, p_institution_type text, p_institution_group text,
    p_interface_from text, p_interface_to text, p_type text, p_category text, p_sensitive boolean,
    p_effect text, p_level text
) RETURNS void LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM public.barrier_reports r
        WHERE r.municipal_area_id = public.ctx_area() AND r.id = p_report
            AND r.case_id = ANY (public.my_cases()))
    THEN
        RAISE EXCEPTION USING errcode = '42501', message = 'no right to correct this report';
    END IF;
    DELETE FROM public.barrier_figures f
    WHERE f.municipal_area_id = public.ctx_area() AND f.report_id = p_report
        AND f.person_key <> ALL (p_persons)
        -- Whom the corrector does not see, the report concerns as before.
        AND NOT EXISTS (SELECT FROM public.barrier_persons p JOIN public.clients c
            ON c.municipal_area_id = p.municipal_area_id AND c.id = p.client_id
            WHERE p.municipal_area_id = f.municipal_area_id AND p.report_id = f.report_id
                AND c.pseudonym = f.person_key);
    UPDATE public.barrier_figures f SET institution_id = p_institution, institution_type = p_institution_type,
        institution_group = p_institution_group, interface_from = p_interface_from,
        interface_to = p_interface_to, barrier_type = p_type, barrier_category = p_category,
        is_sensitive = p_sensitive, effect = p_effect, level = p_level
    WHERE f.municipal_area_id = public.ctx_area() AND f.report_id = p_report;
END $$;
ALTER FUNCTION correct_barrier_figures(
    uuid, uuid[], uuid, text, text, text, text, text, text, boolean, text, text) OWNER TO kim_auth;
SET ROLE kim_auth;
REVOKE EXECUTE ON FUNCTION correct_barrier_figures(
    uuid, uuid[], uuid, text, text, text, text, text, text, boolean, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION correct_barrier_figures(
    uuid, uuid[], uuid, text, text, text, text, text, text, boolean, text, text) TO kim_app;
SET ROLE kim_owner;

-- A restricted or erased person is in no statistic, from that moment on. Two records that prove to be one
-- person count as one. Whatever way the change takes, the figures follow.
GRANT SELECT (pseudonym) ON clients TO kim_auth;
CREATE FUNCTION follow_client_in_figures() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        DELETE FROM public.barrier_figures f
        WHERE f.municipal_area_id = OLD.municipal_area_id AND f.person_key = OLD.pseudonym;
    ELSIF NEW.is_restricted THEN
        DELETE FROM public.barrier_figures f
        WHERE f.municipal_area_id = NEW.municipal_area_id AND f.person_key = NEW.pseudonym;
    ELSIF NEW.merged_into IS NOT NULL THEN
        UPDATE public.barrier_figures f SET person_key = c.pseudonym
        FROM public.clients c
        WHERE c.municipal_area_id = NEW.municipal_area_id AND c.id = NEW.merged_into
            AND f.municipal_area_id = NEW.municipal_area_id AND f.person_key = NEW.pseudonym
            AND NOT c.is_restricted AND NOT EXISTS (SELECT FROM public.barrier_figures s
                WHERE s.municipal_area_id = f.municipal_area_id AND s.report_id = f.report_id
                    AND s.person_key = c.pseudonym);
        DELETE FROM public.barrier_figures f
        WHERE f.municipal_area_id = NEW.municipal_area_id AND f.person_key = NEW.pseudonym;
    END IF;
    RETURN NULL;
END $$;
ALTER FUNCTION follow_client_in_figures() OWNER TO kim_auth;
CREATE TRIGGER figures AFTER UPDATE OF is_restricted, merged_into ON clients
    FOR EACH ROW WHEN (NEW.is_restricted OR NEW.merged_into IS NOT NULL)
    EXECUTE FUNCTION follow_client_in_figures();
CREATE TRIGGER figures_gone AFTER DELETE ON clients
    FOR EACH ROW EXECUTE FUNCTION follow_client_in_figures();
SET ROLE kim_auth;
REVOKE EXECUTE ON FUNCTION follow_client_in_figures() FROM PUBLIC;
SET ROLE kim_owner;

-- The columns are granted one by one: neither the day nor the physical place of a row (ctid, xmin), which
-- tells the order of writing, can be read.
CALL protect_table('observations');
GRANT SELECT (municipal_area_id, id, institution_type, barrier_type, quarter, text) ON observations TO kim_app;
GRANT INSERT ON observations TO kim_app;
CREATE POLICY coordinate ON observations FOR SELECT TO kim_app
    USING ((SELECT ctx_is('coordinator'))
        AND visible_from <= (SELECT (now() AT TIME ZONE 'Europe/Berlin')::date));
CREATE POLICY team ON observations FOR SELECT TO kim_app
    USING (id = ANY (ARRAY(SELECT s.observation_id FROM observation_sources s)));
CREATE POLICY write ON observations FOR INSERT TO kim_app WITH CHECK ((SELECT ctx_is('case_manager')));

CALL protect_table('observation_sources');
GRANT SELECT, INSERT ON observation_sources TO kim_app;
CREATE POLICY team ON observation_sources FOR SELECT TO kim_app
    USING ((SELECT ctx_is('case_manager'))
        AND (author_id = (SELECT ctx_user()) OR case_id = ANY ((SELECT my_cases())::uuid[])));
CREATE POLICY write ON observation_sources FOR INSERT TO kim_app
    WITH CHECK ((SELECT ctx_is('case_manager')) AND author_id = (SELECT ctx_user())
        AND (case_id IS NULL OR case_id = ANY ((SELECT my_cases())::uuid[])));

CALL protect_table('barrier_proposals');
CALL track_versions('barrier_proposals');
GRANT SELECT ON barrier_proposals TO kim_app;
CALL let_change('barrier_proposals');
GRANT INSERT (municipal_area_id, id, case_id, referral_id, school_entry_id, institution_id, barrier_type, outcome)
    ON barrier_proposals TO kim_worker;
CREATE POLICY team ON barrier_proposals FOR SELECT TO kim_app
    USING (case_id = ANY ((SELECT my_cases())::uuid[]));
CREATE POLICY answer ON barrier_proposals FOR UPDATE TO kim_app
    USING (case_id = ANY ((SELECT my_cases())::uuid[]) AND (SELECT ctx_is('case_manager')))
    WITH CHECK (case_id = ANY ((SELECT my_cases())::uuid[]) AND (SELECT ctx_is('case_manager')));
-- One about a child's place at school is seen with the entry, which may be of a child whom only others see.
CREATE POLICY member ON barrier_proposals AS RESTRICTIVE TO kim_app
    USING (school_entry_id IS NULL OR school_entry_id = ANY (ARRAY(SELECT e.id FROM school_entries e)));
CREATE POLICY propose ON barrier_proposals FOR INSERT TO kim_worker WITH CHECK (true);

-- Nothing is proposed after the information of the youth welfare office (§ 4 KKG): whoever sees proposals would be told
-- that there was one.
CREATE FUNCTION keep_child_protection_out() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF EXISTS (SELECT FROM public.referrals r WHERE r.municipal_area_id = NEW.municipal_area_id
        AND r.id = NEW.referral_id AND r.legal_basis = 'kkg_4')
    THEN
        RETURN NULL;
    END IF;
    RETURN NEW;
END $$;
ALTER FUNCTION keep_child_protection_out() OWNER TO kim_auth;
CREATE TRIGGER keep_child_protection_out BEFORE INSERT ON barrier_proposals
    FOR EACH ROW WHEN (NEW.referral_id IS NOT NULL) EXECUTE FUNCTION keep_child_protection_out();
SET ROLE kim_auth;
REVOKE EXECUTE ON FUNCTION keep_child_protection_out() FROM PUBLIC;
SET ROLE kim_owner;
