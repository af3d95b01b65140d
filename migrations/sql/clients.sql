-- Grants and policies of persons, what belongs to them, their histories, and the search for duplicates.
-- Seen by those with an assignment (my_clients()), changed by case managers among them.

CALL protect_table('clients');
-- As with all that has a version; but who comes along when households are joined has the same page as before, and those
-- who work with them alone are told nothing.
CREATE TRIGGER touch BEFORE UPDATE ON clients FOR EACH ROW
    WHEN (current_user <> 'kim_auth' OR NEW.household_key = OLD.household_key) EXECUTE FUNCTION touch_row();
GRANT SELECT, INSERT ON clients TO kim_app;
-- What is known of a person can be corrected; who they are here, whose they are and since when cannot.
DO $$
BEGIN
    EXECUTE (
        SELECT format('GRANT UPDATE (%s) ON clients TO kim_app', string_agg(quote_ident(a.attname), ', '))
        FROM pg_attribute a WHERE a.attrelid = 'clients'::regclass AND a.attnum > 0 AND NOT a.attisdropped
            AND a.attname <> ALL ('{municipal_area_id, id, pseudonym, unit_id, created_by, merged_into,
                processing_restricted_at, created_at, changed_at, changed_xid}'));
END $$;
CREATE POLICY read ON clients FOR SELECT TO kim_app
    USING (id = ANY ((SELECT my_clients())::uuid[]));
CREATE POLICY register ON clients FOR INSERT TO kim_app
    WITH CHECK (created_by = (SELECT ctx_user())
        AND unit_id = ANY ((SELECT ctx_places('case_manager'))::uuid[]));
CREATE POLICY change ON clients FOR UPDATE TO kim_app
    USING (id = ANY ((SELECT my_clients())::uuid[]) AND (SELECT ctx_is('case_manager')))
    WITH CHECK (id = ANY ((SELECT my_clients())::uuid[]) AND (SELECT ctx_is('case_manager')));
-- The worker deletes at the end of retention and knows nobody's name.
GRANT SELECT (municipal_area_id, id, unit_id, is_restricted, merged_into, processing_restricted_at), DELETE ON clients
    TO kim_worker;
CREATE POLICY serve ON clients FOR SELECT TO kim_worker USING (true);
CREATE POLICY erase ON clients FOR DELETE TO kim_worker USING (true);

CALL protect_table('client_nationalities');
GRANT SELECT, INSERT, DELETE ON client_nationalities TO kim_app;
CREATE POLICY read ON client_nationalities FOR SELECT TO kim_app
    USING (client_id = ANY ((SELECT my_clients())::uuid[]));
CREATE POLICY add ON client_nationalities FOR INSERT TO kim_app
    WITH CHECK (client_id = ANY ((SELECT my_clients())::uuid[]) AND (SELECT ctx_is('case_manager')));
CREATE POLICY remove ON client_nationalities FOR DELETE TO kim_app
    USING (client_id = ANY ((SELECT my_clients())::uuid[]) AND (SELECT ctx_is('case_manager')));

-- A member who is a client is seen only by those who see both: nobody learns of a shelter through a household.
CALL protect_table('household_members');
CALL track_versions('household_members');
GRANT SELECT, INSERT, DELETE ON household_members TO kim_app;
CALL let_change('household_members');
CREATE POLICY read ON household_members FOR SELECT TO kim_app
    USING (client_id = ANY ((SELECT my_clients())::uuid[])
        AND (member_client_id IS NULL OR member_client_id = ANY ((SELECT my_clients())::uuid[])));
CREATE POLICY add ON household_members FOR INSERT TO kim_app
    WITH CHECK (client_id = ANY ((SELECT my_clients())::uuid[]) AND (SELECT ctx_is('case_manager'))
        AND (member_client_id IS NULL OR member_client_id = ANY ((SELECT my_clients())::uuid[])));
CREATE POLICY change ON household_members FOR UPDATE TO kim_app
    USING (client_id = ANY ((SELECT my_clients())::uuid[]) AND (SELECT ctx_is('case_manager'))
        AND (member_client_id IS NULL OR member_client_id = ANY ((SELECT my_clients())::uuid[])))
    WITH CHECK (client_id = ANY ((SELECT my_clients())::uuid[]) AND (SELECT ctx_is('case_manager'))
        AND (member_client_id IS NULL OR member_client_id = ANY ((SELECT my_clients())::uuid[])));
CREATE POLICY remove ON household_members FOR DELETE TO kim_app
    USING (client_id = ANY ((SELECT my_clients())::uuid[]) AND (SELECT ctx_is('case_manager'))
        AND (member_client_id IS NULL OR member_client_id = ANY ((SELECT my_clients())::uuid[])));

-- Histories: rows are added and superseded, never changed; the grant on columns says so.
CREATE PROCEDURE protect_history(p_table text) LANGUAGE plpgsql AS $$
BEGIN
    CALL protect_table(p_table);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE (superseded_at, superseded_by, superseded_because)
        ON %I TO kim_app', p_table);
    EXECUTE format('CREATE POLICY read ON %I FOR SELECT TO kim_app
        USING (client_id = ANY ((SELECT my_clients())::uuid[]))', p_table);
    EXECUTE format('CREATE POLICY add ON %I FOR INSERT TO kim_app
        WITH CHECK (client_id = ANY ((SELECT my_clients())::uuid[]) AND (SELECT ctx_is(''case_manager''))
            AND recorded_by = (SELECT ctx_user()))', p_table);
    EXECUTE format('CREATE POLICY supersede ON %I FOR UPDATE TO kim_app
        USING (client_id = ANY ((SELECT my_clients())::uuid[]) AND (SELECT ctx_is(''case_manager''))
            AND superseded_at IS NULL)
        WITH CHECK (client_id = ANY ((SELECT my_clients())::uuid[]) AND superseded_at IS NOT NULL)', p_table);
END $$;
CALL protect_history('residence_documents');
CALL protect_history('legal_domain_periods');
CALL protect_history('addresses');
CALL protect_history('language_levels');
CALL protect_history('schooling_periods');
DROP PROCEDURE protect_history(text);

-- Of a women's shelter only the fact is stored: where an address turns out to be one, what was written before goes.
GRANT SELECT (municipal_area_id, client_id, superseded_by, superseded_because),
    UPDATE (care_of, street, postcode, town, municipality) ON addresses TO kim_auth;
CREATE POLICY forget_shelter ON addresses FOR UPDATE TO kim_auth USING (true) WITH CHECK (true);
CREATE POLICY find_shelter ON addresses FOR SELECT TO kim_auth USING (true);
CREATE FUNCTION forget_shelter() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE public.addresses a SET care_of = NULL, street = NULL, postcode = NULL, town = NULL, municipality = NULL
    WHERE a.municipal_area_id = NEW.municipal_area_id AND a.client_id = NEW.client_id
        AND a.superseded_by = NEW.id AND a.superseded_because = 'corrected';
    RETURN NULL;
END $$;
ALTER FUNCTION forget_shelter() OWNER TO kim_auth;
CREATE TRIGGER forget_shelter AFTER INSERT ON addresses
    FOR EACH ROW WHEN (NEW.housing_type = 'womens_shelter') EXECUTE FUNCTION forget_shelter();

-- A restricted person's cases and assignments are restricted with them, seen or not by who says so.
GRANT UPDATE (is_restricted) ON cases TO kim_auth;
CREATE FUNCTION restrict_with_client() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE public.cases c SET is_restricted = NEW.is_restricted
    WHERE c.municipal_area_id = NEW.municipal_area_id AND c.client_id = NEW.id
        AND c.is_restricted <> NEW.is_restricted;
    UPDATE public.assignments a SET is_restricted = NEW.is_restricted
    WHERE a.municipal_area_id = NEW.municipal_area_id AND a.client_id = NEW.id
        AND a.is_restricted <> NEW.is_restricted;
    UPDATE public.access_reviews v SET is_restricted = NEW.is_restricted
    WHERE v.municipal_area_id = NEW.municipal_area_id AND v.is_restricted <> NEW.is_restricted
        AND (v.client_pseudonym = NEW.pseudonym OR v.client_pseudonym IN (
            SELECT m.merged_pseudonym FROM public.client_merges m
            WHERE m.municipal_area_id = NEW.municipal_area_id AND m.client_id = NEW.id
                AND m.undone_at IS NULL));
    -- Who had broken the glass does not go on looking at somebody who is hidden now.
    UPDATE public.assignments a SET active_until = greatest(now(), a.active_from)
    WHERE NEW.is_restricted AND a.municipal_area_id = NEW.municipal_area_id AND a.client_id = NEW.id
        AND a.kind = 'break_glass' AND (a.active_until IS NULL OR a.active_until > now());
    IF NEW.is_restricted THEN
        PERFORM public.keep_to_running_team(NEW.id), public.tell_of_vacancies(NEW.municipal_area_id, NEW.unit_id);
    END IF;
    RETURN NULL;
END $$;
ALTER FUNCTION restrict_with_client() OWNER TO kim_auth;
-- With the end of a case its team has no business with somebody hidden whom another team goes on working with.
CREATE FUNCTION leave_hidden() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    -- Whoever closed it by mistake and opens it again goes on leading it.
    UPDATE public.assignments a SET active_until = NULL
    WHERE NEW.phase <> 'closed' AND a.municipal_area_id = NEW.municipal_area_id AND a.case_id = NEW.id
        AND a.kind = 'lead' AND a.user_id = NEW.lead_user_id AND a.active_until > now();
    PERFORM public.keep_to_running_team(NEW.client_id);
    RETURN NULL;
END $$;
ALTER FUNCTION leave_hidden() OWNER TO kim_auth;
CREATE CONSTRAINT TRIGGER leave_hidden AFTER UPDATE OF phase ON cases DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.is_restricted AND (NEW.phase = 'closed') <> (OLD.phase = 'closed'))
    EXECUTE FUNCTION leave_hidden();

CREATE TRIGGER restrict AFTER UPDATE OF is_restricted ON clients
    FOR EACH ROW WHEN (OLD.is_restricted <> NEW.is_restricted) EXECUTE FUNCTION restrict_with_client();

-- Lifting it shows somebody to all who may look for them: who leads a running case of theirs decides that; where none
-- runs, who led one; where none was led, who registered them. A deputy or member waits for the lead; nobody is in danger
-- from waiting.
CREATE FUNCTION may_lift_restriction(p_client uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    WITH leads AS (
        SELECT a.user_id, c.phase <> 'closed' AS is_running FROM public.assignments a
        JOIN public.cases c ON c.municipal_area_id = a.municipal_area_id AND c.id = a.case_id
        WHERE a.municipal_area_id = public.ctx_area() AND a.client_id = p_client AND a.kind = 'lead'
            AND a.active_from <= now() AND (a.active_until IS NULL OR a.active_until > now())
            AND public.belongs_to(a.user_id, a.unit_id)
    )
    SELECT CASE
        WHEN EXISTS (SELECT FROM leads l WHERE l.is_running)
            THEN EXISTS (SELECT FROM leads l WHERE l.is_running AND l.user_id = public.ctx_user())
        WHEN EXISTS (SELECT FROM leads) THEN EXISTS (SELECT FROM leads l WHERE l.user_id = public.ctx_user())
        ELSE 'registrar' = ANY (public.my_relations(p_client, NULL)) END;
END;
ALTER FUNCTION may_lift_restriction(uuid) OWNER TO kim_auth;
CREATE FUNCTION refuse_lifting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_user = 'kim_app' AND NOT public.may_lift_restriction(NEW.id) THEN
        RAISE EXCEPTION USING errcode = '42501', message = 'only the lead lifts a restriction';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER refuse_lifting BEFORE UPDATE OF is_restricted ON clients
    FOR EACH ROW WHEN (OLD.is_restricted AND NOT NEW.is_restricted) EXECUTE FUNCTION refuse_lifting();
SET ROLE kim_auth;
REVOKE EXECUTE ON FUNCTION restrict_with_client(), leave_hidden(), may_lift_restriction(uuid), forget_shelter()
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION may_lift_restriction(uuid) TO kim_app;
SET ROLE kim_owner;

-- The searcher writes a check and sees that it was made, never what was found elsewhere. The worker looks,
-- forgets what was looked for, and deletes old checks.
CALL protect_table('duplicate_checks');
GRANT SELECT (municipal_area_id, id, user_id, is_registration, checked_at),
    INSERT (municipal_area_id, id, user_id, is_registration, checked_at, sought_forms, sought_from, sought_until)
    ON duplicate_checks TO kim_app;
GRANT SELECT (municipal_area_id, id, checked_at, found_elsewhere, sought_forms, sought_from, sought_until),
    UPDATE (found_elsewhere, sought_forms, sought_from, sought_until), DELETE
    ON duplicate_checks TO kim_worker;
GRANT SELECT (municipal_area_id, id, user_id, checked_at, sought_forms, found_elsewhere)
    ON duplicate_checks TO kim_auth;
CREATE POLICY own ON duplicate_checks FOR SELECT TO kim_app USING (user_id = (SELECT ctx_user()));
CREATE POLICY ask ON duplicate_checks FOR INSERT TO kim_app
    WITH CHECK (user_id = (SELECT ctx_user()) AND (SELECT ctx_is('case_manager')));
CREATE POLICY serve ON duplicate_checks FOR SELECT TO kim_worker USING (true);
CREATE POLICY told ON duplicate_checks FOR UPDATE TO kim_worker USING (true)
    WITH CHECK (sought_forms IS NULL);
CREATE POLICY clean ON duplicate_checks FOR DELETE TO kim_worker USING (true);
CREATE POLICY look ON duplicate_checks FOR SELECT TO kim_auth USING (true);

-- Completed years of age on a day, at the least: of a year or month of birth its last day counts, so that whoever can
-- still be a minor is one. Null when no birth is known, and before it.
CREATE FUNCTION age_at_least(p_birth date, p_precision text, p_day date) RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN p_birth <= p_day THEN greatest(0, extract(year FROM age(p_day::timestamp, CASE p_precision
    WHEN 'year' THEN p_birth + interval '1 year -1 day'
    WHEN 'month' THEN p_birth + interval '1 month -1 day'
    ELSE p_birth::timestamp END))::int) END;

-- Who in the whole area may be the person of a check that waits: the only way to other people's names, and
-- only for the worker. Left out: restricted persons, those whose data are only kept, whom the searcher sees anyway, and of whom this
-- searcher's checks have told lately.
GRANT SELECT (merged_into, processing_restricted_at, birth_date, birth_precision, name_forms, name_index) ON clients TO kim_auth;
CREATE FUNCTION duplicate_candidates(
    p_check uuid, p_wanted text, p_exact text[], p_from date, p_until date, p_likely date[],
    p_quiet_since timestamptz, p_limit int
) RETURNS TABLE (id uuid, name_forms text[], birth_date date, birth_precision text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = '' SET plan_cache_mode = force_custom_plan AS $$
#variable_conflict use_column
DECLARE
    v_area text := public.ctx_area();
    v_user uuid;
    v_left_out uuid[];
    v_wanted tsquery := p_wanted::tsquery;
    v_exact tsquery[] := p_exact::tsquery[];
BEGIN
    SELECT d.user_id INTO v_user FROM public.duplicate_checks d
    WHERE d.municipal_area_id = v_area AND d.id = p_check AND d.sought_forms IS NOT NULL;
    IF NOT FOUND OR NOT public.ctx_is('system') THEN
        RETURN;
    END IF;
    v_left_out := ARRAY(
        SELECT a.client_id FROM public.assignments a
        WHERE a.municipal_area_id = v_area AND a.user_id = v_user AND a.active_from <= now()
            AND (a.active_until IS NULL OR a.active_until > now())
        UNION ALL
        SELECT unnest(d.found_elsewhere) FROM public.duplicate_checks d
        WHERE d.municipal_area_id = v_area AND d.user_id = v_user AND d.checked_at > p_quiet_since);
    RETURN QUERY
    WITH met AS MATERIALIZED (
        SELECT c.id, c.name_forms, c.name_index, c.birth_date, c.birth_precision FROM public.clients c
        WHERE p_from IS NULL AND c.municipal_area_id = v_area AND c.merged_into IS NULL
            AND c.processing_restricted_at IS NULL
            AND NOT c.is_restricted AND c.name_index @@ v_wanted
        UNION ALL
        -- By the day first: some of 60 keys are borne by every fifth person, few are born on a day or in a year.
        SELECT b.id, b.name_forms, b.name_index, b.birth_date, b.birth_precision FROM (
            SELECT c.id, c.name_forms, c.name_index, c.birth_date, c.birth_precision FROM public.clients c
            WHERE p_from IS NOT NULL AND c.municipal_area_id = v_area AND c.merged_into IS NULL
                AND c.processing_restricted_at IS NULL AND NOT c.is_restricted
                AND (c.birth_date BETWEEN p_from AND p_until OR c.birth_date = ANY (p_likely)
                    OR c.birth_date IS NULL)
            OFFSET 0) b
        WHERE b.name_index @@ v_wanted
    )
    SELECT m.id, m.name_forms, m.birth_date, m.birth_precision FROM met m
    WHERE m.id <> ALL (v_left_out)
    ORDER BY coalesce(m.name_index @@ v_exact[1], false)::int
        + coalesce(m.name_index @@ v_exact[2], false)::int
        + coalesce(m.name_index @@ v_exact[3], false)::int
        + coalesce(m.name_index @@ v_exact[4], false)::int DESC, m.id
    LIMIT p_limit;
END $$;
ALTER FUNCTION duplicate_candidates(uuid, text, text[], date, date, date[], timestamptz, int)
    OWNER TO kim_auth;
SET ROLE kim_auth;
REVOKE EXECUTE ON FUNCTION duplicate_candidates(uuid, text, text[], date, date, date[], timestamptz, int)
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION duplicate_candidates(uuid, text, text[], date, date, date[], timestamptz, int)
    TO kim_worker;
SET ROLE kim_owner;
