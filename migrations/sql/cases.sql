-- Cases: the shell, which a team lead may see alone, and the content, which only the case's team sees.
-- Who may write is a case manager on the case: whoever looks by break-glass only reads.

CALL protect_table('cases');
CALL track_versions('cases');
GRANT SELECT, INSERT, UPDATE (kind, phase, closed_on) ON cases TO kim_app;
CREATE POLICY team ON cases FOR SELECT TO kim_app USING (id = ANY ((SELECT my_cases())::uuid[]));
CREATE POLICY unit ON cases FOR SELECT TO kim_app
    USING (unit_id = ANY ((SELECT ctx_places('team_lead'))::uuid[]) AND NOT is_restricted);
CREATE POLICY open ON cases FOR INSERT TO kim_app
    WITH CHECK (lead_user_id = (SELECT ctx_user())
        AND unit_id = ANY ((SELECT ctx_places('case_manager'))::uuid[])
        AND client_id = ANY ((SELECT my_clients())::uuid[])
        AND phase = 'intake');
CREATE POLICY work ON cases FOR UPDATE TO kim_app
    USING (id = ANY ((SELECT my_cases())::uuid[]) AND (SELECT ctx_is('case_manager')))
    WITH CHECK (id = ANY ((SELECT my_cases())::uuid[]) AND (SELECT ctx_is('case_manager')));

-- The number of a case: drawn among those that nobody has in this area and year, so that neither a gap nor
-- a run of numbers tells how many cases there are, or that one is hidden. Six digits until the draws often
-- meet a number that is taken, then eight. The lock makes two who draw the same number come one after the other.
GRANT SELECT (number) ON cases TO kim_auth;
CREATE FUNCTION draw_case_number(p_year int) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    v_number text;
BEGIN
    FOR v_try IN 1..100 LOOP
        -- The first eight digits of a random UUID are random throughout, from the server's strong source.
        v_number := p_year || '-' || (CASE WHEN v_try <= 20 THEN 100000 ELSE 10000000 END
            + ('x' || left(gen_random_uuid()::text, 8))::bit(32)::bigint
                % CASE WHEN v_try <= 20 THEN 900000 ELSE 90000000 END);
        PERFORM pg_advisory_xact_lock(hashtextextended('case number:' || public.ctx_area() || v_number, 0));
        IF NOT EXISTS (SELECT FROM public.cases c
            WHERE c.municipal_area_id = public.ctx_area() AND c.number = v_number)
        THEN
            RETURN v_number;
        END IF;
    END LOOP;
    RAISE EXCEPTION USING errcode = '53400', message = 'no number is left for a case';
END $$;
ALTER FUNCTION draw_case_number(int) OWNER TO kim_auth;

-- Whether a unit counsels a client already, also where the caller does not see that case. The lock makes two who ask
-- come one after the other. Asked by who may open a case of this client at this unit, and by nobody else.
GRANT SELECT (kind, phase) ON cases TO kim_auth;
CREATE FUNCTION counselling_runs(p_client uuid, p_unit uuid) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF NOT (p_client = ANY (public.my_clients()) AND p_unit = ANY (public.ctx_places('case_manager'))) THEN
        RETURN false;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('counselling:' || public.ctx_area() || p_client || p_unit, 0));
    RETURN EXISTS (SELECT FROM public.cases c WHERE c.municipal_area_id = public.ctx_area()
        AND c.client_id = p_client AND c.unit_id = p_unit AND c.kind = 'counselling' AND c.phase <> 'closed');
END $$;
ALTER FUNCTION counselling_runs(uuid, uuid) OWNER TO kim_auth;

-- A case is restricted when its client is (and follows, see clients.sql). The lock makes an opening and a
-- restriction at the same moment wait for each other.
GRANT SELECT (pseudonym), UPDATE (is_restricted) ON clients TO kim_auth;
CREATE POLICY restrict ON clients FOR UPDATE TO kim_auth USING (true) WITH CHECK (true);

CREATE FUNCTION case_follows_client() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    SELECT c.is_restricted INTO NEW.is_restricted FROM public.clients c
    WHERE c.municipal_area_id = NEW.municipal_area_id AND c.id = NEW.client_id FOR SHARE;
    NEW.is_restricted := coalesce(NEW.is_restricted, true);
    RETURN NEW;
END $$;
ALTER FUNCTION case_follows_client() OWNER TO kim_auth;
CREATE TRIGGER follow_client BEFORE INSERT ON cases FOR EACH ROW EXECUTE FUNCTION case_follows_client();

-- A case is of the unit whose client it is about: a person is carried to another controller by a transfer with their
-- consent, never by somebody who works at both. After the row, so that whoever may not see the client learns nothing.
CREATE FUNCTION case_at_unit_of_client() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM public.clients c WHERE c.municipal_area_id = NEW.municipal_area_id
        AND c.id = NEW.client_id AND c.unit_id = NEW.unit_id)
    THEN
        RAISE EXCEPTION USING errcode = '23514', constraint = 'ck_cases_unit_of_client',
            message = 'the client is of another unit';
    END IF;
    RETURN NULL;
END $$;
ALTER FUNCTION case_at_unit_of_client() OWNER TO kim_auth;
CREATE TRIGGER unit_of_client AFTER INSERT OR UPDATE OF client_id, unit_id ON cases
    FOR EACH ROW EXECUTE FUNCTION case_at_unit_of_client();

-- What stands for the client in the journal, for a team lead who acts on a case without seeing its client.
CREATE FUNCTION case_pseudonym(p_case uuid) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT k.pseudonym FROM public.cases c JOIN public.clients k
        ON k.municipal_area_id = c.municipal_area_id AND k.id = c.client_id
    WHERE c.municipal_area_id = public.ctx_area() AND c.id = p_case
        AND ((c.unit_id = ANY (public.ctx_places('team_lead')) AND NOT c.is_restricted)
            OR c.id = ANY (public.my_cases()));
END;
ALTER FUNCTION case_pseudonym(uuid) OWNER TO kim_auth;

-- Content belongs to the case's team alone; `p_case` is the column that names the case.
CREATE PROCEDURE keep_to_case_team(p_table text, p_case text) LANGUAGE plpgsql AS $$
DECLARE
    v_on_team text := format('%I = ANY ((SELECT my_cases())::uuid[])', p_case);
    v_working text := v_on_team || ' AND (SELECT ctx_is(''case_manager''))';
BEGIN
    CALL protect_table(p_table);
    EXECUTE format('CREATE POLICY team ON %I FOR SELECT TO kim_app USING (%s)', p_table, v_on_team);
    EXECUTE format('CREATE POLICY add ON %I FOR INSERT TO kim_app WITH CHECK (%s)', p_table, v_working);
    EXECUTE format('CREATE POLICY work ON %I FOR UPDATE TO kim_app USING (%s) WITH CHECK (%s)',
        p_table, v_working, v_working);
END $$;
REVOKE EXECUTE ON PROCEDURE keep_to_case_team(text, text) FROM PUBLIC;

CALL keep_to_case_team('case_contents', 'id');
CALL keep_to_case_team('case_phases', 'case_id');
CALL keep_to_case_team('case_linkings', 'case_id');
CALL keep_to_case_team('assessments', 'case_id');
CALL keep_to_case_team('assessment_domains', 'case_id');
CALL keep_to_case_team('goals', 'case_id');
CALL keep_to_case_team('measures', 'case_id');
CALL keep_to_case_team('plan_changes', 'case_id');
CALL keep_to_case_team('contacts', 'case_id');
CALL keep_to_case_team('tasks', 'case_id');

CALL track_versions('case_contents');
CALL track_versions('goals');
CALL track_versions('measures');
CALL track_versions('contacts');
CALL track_versions('tasks');
GRANT SELECT, INSERT ON case_contents, goals, measures, tasks TO kim_app;
CALL let_change('case_contents');
CALL let_change('goals');
CALL let_change('measures');
CALL let_change('tasks');
GRANT SELECT, INSERT ON case_phases, case_linkings, assessments, assessment_domains, plan_changes TO kim_app;
-- What happened is not rewritten: an entry can only be pointed at the one that corrects it.
GRANT SELECT, INSERT, UPDATE (corrected_by_id) ON contacts TO kim_app;
-- That one is of the same case, written now and not corrected itself: whatever else was named would hide an entry.
CREATE FUNCTION corrected_by_new_entry() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
    IF NEW.corrected_by_id = NEW.id OR NOT EXISTS (SELECT FROM public.contacts c
        WHERE c.municipal_area_id = NEW.municipal_area_id AND c.id = NEW.corrected_by_id AND c.case_id = NEW.case_id
            AND c.corrected_by_id IS NULL AND c.changed_xid = pg_current_xact_id())
    THEN
        RAISE EXCEPTION USING errcode = '23514', constraint = 'ck_contacts_corrected_by_new_entry',
            message = 'an entry is corrected by a further one of its case';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER corrected_by_new_entry BEFORE INSERT OR UPDATE OF corrected_by_id ON contacts
    FOR EACH ROW WHEN (NEW.corrected_by_id IS NOT NULL) EXECUTE FUNCTION corrected_by_new_entry();

-- Withdrawing the consent to documentation closes every case that it covers, also those of colleagues whom
-- the one who writes the withdrawal down cannot see. It asks for a consent that they withdrew in this transaction.
GRANT UPDATE (phase, closed_on) ON cases TO kim_auth;
GRANT SELECT, UPDATE (closing_reason) ON case_contents TO kim_auth;
GRANT INSERT ON case_phases TO kim_auth;
CREATE POLICY withdraw_read ON case_contents FOR SELECT TO kim_auth USING (true);
CREATE POLICY withdraw ON case_contents FOR UPDATE TO kim_auth USING (true) WITH CHECK (true);
CREATE POLICY withdraw ON case_phases FOR INSERT TO kim_auth WITH CHECK (true);

CREATE FUNCTION close_cases_on_withdrawal(p_client uuid, p_case uuid, p_on date, p_at timestamptz)
RETURNS SETOF uuid LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    v_case record;
BEGIN
    IF NOT EXISTS (SELECT FROM public.consents s
        WHERE s.municipal_area_id = public.ctx_area() AND s.client_id = p_client
            AND s.purpose = 'case_documentation' AND s.withdrawn_at = p_at
            AND s.withdrawn_by = public.ctx_user() AND s.changed_xid = pg_current_xact_id()
            AND s.case_id IS NOT DISTINCT FROM p_case)
    THEN
        RAISE EXCEPTION USING errcode = '42501', message = 'no consent of this client has been withdrawn';
    END IF;
    FOR v_case IN
        SELECT c.id, c.phase FROM public.cases c
        WHERE c.municipal_area_id = public.ctx_area() AND c.client_id = p_client
            AND (p_case IS NULL OR c.id = p_case) AND c.phase <> 'closed'
        ORDER BY c.id FOR UPDATE
    LOOP
        UPDATE public.cases c SET phase = 'closed', closed_on = p_on
        WHERE c.municipal_area_id = public.ctx_area() AND c.id = v_case.id;
        UPDATE public.case_contents t SET closing_reason = 'consent_withdrawn'
        WHERE t.municipal_area_id = public.ctx_area() AND t.id = v_case.id;
        INSERT INTO public.case_phases (municipal_area_id, id, case_id, at, source, target, user_id)
        VALUES (public.ctx_area(), public.new_id(), v_case.id, p_at, v_case.phase, 'closed',
            public.ctx_user());
        DELETE FROM public.contact_drafts d
        WHERE d.municipal_area_id = public.ctx_area() AND d.case_id = v_case.id;
        RETURN NEXT v_case.id;
    END LOOP;
END $$;
ALTER FUNCTION close_cases_on_withdrawal(uuid, uuid, date, timestamptz) OWNER TO kim_auth;

SET ROLE kim_auth;
REVOKE EXECUTE ON FUNCTION draw_case_number(int), counselling_runs(uuid, uuid), case_follows_client(),
    case_at_unit_of_client(), case_pseudonym(uuid),
    close_cases_on_withdrawal(uuid, uuid, date, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION draw_case_number(int), counselling_runs(uuid, uuid), case_pseudonym(uuid),
    close_cases_on_withdrawal(uuid, uuid, date, timestamptz) TO kim_app;
SET ROLE kim_owner;
