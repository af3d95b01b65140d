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
-- One who is a member of the household is seen with that member only: a name or a number to call tells where
-- somebody lives who is hidden.
CREATE POLICY member ON guardians AS RESTRICTIVE TO kim_app
    USING (member_id IS NULL OR member_id = ANY (ARRAY(SELECT h.id FROM household_members h)))
    WITH CHECK (member_id IS NULL OR member_id = ANY (ARRAY(SELECT h.id FROM household_members h)));
CREATE TRIGGER hold BEFORE INSERT OR UPDATE ON guardians FOR EACH ROW
    WHEN (current_user = 'kim_app') EXECUTE FUNCTION refuse_correction();

-- Nobody takes away a member of a household while somebody decides as that member: the guardian would go with it,
-- and with them that they must not learn anything. When a client is deleted for good, their entries go with them.
GRANT SELECT (kind, valid_until) ON guardians TO kim_auth;
CREATE FUNCTION keep_who_decides() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF EXISTS (SELECT FROM public.guardians g
        JOIN public.clients c ON c.municipal_area_id = g.municipal_area_id AND c.id = g.client_id
        WHERE g.municipal_area_id = OLD.municipal_area_id AND g.member_id = OLD.id
            AND coalesce(g.valid_until, 'infinity') >= (now() AT TIME ZONE 'Europe/Berlin')::date
            AND (g.kind = 'legal_adviser' OR c.birth_date IS NULL
                OR c.birth_date + interval '18 years' > (now() AT TIME ZONE 'Europe/Berlin')::date))
    THEN
        RAISE EXCEPTION USING errcode = '23514', constraint = 'ck_household_members_guardian',
            message = 'somebody decides as this member of the household';
    END IF;
    RETURN OLD;
END $$;
ALTER FUNCTION keep_who_decides() OWNER TO kim_auth;
CREATE TRIGGER guardian BEFORE DELETE ON household_members FOR EACH ROW
    WHEN (current_user = 'kim_app') EXECUTE FUNCTION keep_who_decides();
SET ROLE kim_auth;
REVOKE EXECUTE ON FUNCTION keep_who_decides() FROM PUBLIC;
SET ROLE kim_owner;

-- Who of the recorded guardians gave a consent, by the name of that day: for those who see the consent and,
-- where the guardian is a client too, that person. What was written stays.
CALL protect_table('consent_guardians');
GRANT SELECT, INSERT ON consent_guardians TO kim_app;
CREATE POLICY read ON consent_guardians FOR SELECT TO kim_app
    USING (consent_id = ANY (ARRAY(SELECT c.id FROM consents c))
        AND (member_client_id IS NULL OR member_client_id = ANY ((SELECT my_clients())::uuid[])));
CREATE POLICY name ON consent_guardians FOR INSERT TO kim_app
    WITH CHECK ((SELECT ctx_is('case_manager')) AND consent_id = ANY (ARRAY(SELECT c.id FROM consents c))
        AND guardian_id = ANY (ARRAY(SELECT g.id FROM guardians g)));
-- Who signed a consent on a device: with the consent, and of a recorded guardian with that guardian only. Written
-- once by whoever works with the person; nobody changes or removes it.
CALL protect_table('consent_signatures');
GRANT SELECT, INSERT ON consent_signatures TO kim_app;
CREATE POLICY read ON consent_signatures FOR SELECT TO kim_app
    USING (consent_id = ANY (ARRAY(SELECT c.id FROM consents c))
        AND (guardian_id IS NULL OR guardian_id = ANY (ARRAY(SELECT g.guardian_id FROM consent_guardians g))));
CREATE POLICY sign ON consent_signatures FOR INSERT TO kim_app
    WITH CHECK (recorded_by = (SELECT ctx_user()) AND (SELECT ctx_is('case_manager'))
        AND consent_id = ANY (ARRAY(SELECT c.id FROM consents c WHERE c.withdrawn_at IS NULL))
        AND (guardian_id IS NULL OR EXISTS (SELECT FROM consent_guardians g
            WHERE g.municipal_area_id = (SELECT ctx_area()) AND g.consent_id = consent_signatures.consent_id
                AND g.guardian_id = consent_signatures.guardian_id)));
-- `kim keys rotate-fields` seals blocks anew; what they say stays.
CREATE POLICY rotation ON consent_signatures FOR SELECT TO kim_owner USING (true);
CREATE POLICY reseal ON consent_signatures FOR UPDATE TO kim_owner USING (true) WITH CHECK (true);

-- The member is that of the guardian, whatever is said.
CREATE FUNCTION name_guardian() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.member_client_id := (SELECT h.member_client_id FROM guardians g JOIN household_members h
            ON h.municipal_area_id = g.municipal_area_id AND h.id = g.member_id
        WHERE g.municipal_area_id = NEW.municipal_area_id AND g.id = NEW.guardian_id);
    RETURN NEW;
END $$;
CREATE TRIGGER member BEFORE INSERT ON consent_guardians FOR EACH ROW
    WHEN (current_user = 'kim_app') EXECUTE FUNCTION name_guardian();
