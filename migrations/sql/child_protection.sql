-- Child protection belongs to the case managers of the case alone: whoever breaks the glass does not see it, and of
-- another child of the household it is seen only while that child is.

-- The cases that the actor works on: as `my_cases()`, without what a broken glass shows.
CREATE FUNCTION my_worked_cases() RETURNS uuid[]
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    RETURN ARRAY(
        SELECT a.case_id FROM public.assignments a
        WHERE a.user_id = (SELECT public.ctx_user()) AND a.municipal_area_id = (SELECT public.ctx_area())
            AND a.kind IN ('lead', 'member', 'deputy')
            AND a.active_from <= now() AND (a.active_until IS NULL OR a.active_until > now())
            AND a.unit_id = ANY ((SELECT public.ctx_places('case_manager'))::uuid[]));
END $$;
ALTER FUNCTION my_worked_cases() OWNER TO kim_auth;
SET ROLE kim_auth;
REVOKE EXECUTE ON FUNCTION my_worked_cases() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION my_worked_cases() TO kim_app;
SET ROLE kim_owner;

-- The information of the youth welfare office says all of it, so it is seen as the course is; what hangs on a referral
-- follows by `my_referrals()`.
CREATE POLICY child_protection ON referrals AS RESTRICTIVE TO kim_app
    USING (legal_basis <> 'kkg_4' OR case_id = ANY ((SELECT my_worked_cases())::uuid[]));

CALL protect_table('child_protections');
CALL track_versions('child_protections');
GRANT SELECT, INSERT, UPDATE (state, look_again_on, referral_id, outcome, ended_at, version)
    ON child_protections TO kim_app;
GRANT SELECT (municipal_area_id, id, referral_id, case_id, state) ON child_protections TO kim_auth;
CREATE POLICY team ON child_protections FOR SELECT TO kim_app
    USING (case_id = ANY ((SELECT my_worked_cases())::uuid[]));
CREATE POLICY add ON child_protections FOR INSERT TO kim_app
    WITH CHECK (case_id = ANY ((SELECT my_worked_cases())::uuid[]));
CREATE POLICY work ON child_protections FOR UPDATE TO kim_app
    USING (case_id = ANY ((SELECT my_worked_cases())::uuid[]))
    WITH CHECK (case_id = ANY ((SELECT my_worked_cases())::uuid[]));
CREATE POLICY member ON child_protections AS RESTRICTIVE TO kim_app
    USING (member_client_id IS NULL OR member_client_id = ANY ((SELECT my_clients())::uuid[]))
    WITH CHECK (member_client_id IS NULL OR member_client_id = ANY ((SELECT my_clients())::uuid[]));
CREATE POLICY guard ON child_protections FOR SELECT TO kim_auth USING (true);

-- What hangs on it is seen with it. What happened is not rewritten.
CALL protect_table('child_protection_steps');
GRANT SELECT, INSERT ON child_protection_steps TO kim_app;
CREATE POLICY team ON child_protection_steps FOR SELECT TO kim_app
    USING (case_id = ANY ((SELECT my_worked_cases())::uuid[]));
CREATE POLICY add ON child_protection_steps FOR INSERT TO kim_app
    WITH CHECK (case_id = ANY ((SELECT my_worked_cases())::uuid[]));
CREATE POLICY member ON child_protection_steps AS RESTRICTIVE TO kim_app
    USING (child_protection_id = ANY (ARRAY(SELECT p.id FROM child_protections p)))
    WITH CHECK (child_protection_id = ANY (ARRAY(SELECT p.id FROM child_protections p)));
CALL move_with_parts('child_protections', 'child_protection_steps', 'child_protection_id');

-- § 4 KKG is about children and adolescents alone: nobody is a child who was surely of full age when it was noticed.
CREATE FUNCTION guard_child() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF EXISTS (SELECT FROM public.cases c
        JOIN public.clients k ON k.municipal_area_id = c.municipal_area_id
            AND k.id = coalesce(NEW.member_client_id, CASE WHEN NEW.member_name IS NULL THEN c.client_id END)
        WHERE c.municipal_area_id = NEW.municipal_area_id AND c.id = NEW.case_id
            AND CASE k.birth_precision WHEN 'day' THEN k.birth_date + interval '18 years'
                WHEN 'month' THEN date_trunc('month', k.birth_date::timestamp) + interval '18 years 1 month'
                ELSE date_trunc('year', k.birth_date::timestamp) + interval '19 years' END <= NEW.noticed_on)
    THEN
        RAISE EXCEPTION USING errcode = '23514', constraint = 'ck_child_protections_is_child',
            message = 'child protection is for somebody under 18';
    END IF;
    RETURN NEW;
END $$;
ALTER FUNCTION guard_child() OWNER TO kim_auth;
CREATE TRIGGER guard BEFORE INSERT ON child_protections FOR EACH ROW EXECUTE FUNCTION guard_child();
SET ROLE kim_auth;
REVOKE EXECUTE ON FUNCTION guard_child() FROM PUBLIC;
SET ROLE kim_owner;
