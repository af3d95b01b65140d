-- Catching up: what a phone that was away is told. Rows carry the transaction that wrote them last; what is
-- gone leaves a tombstone with ids only; a committed change wakes the streams of those it may concern.

CALL track_changes('assignments');

CALL protect_table('tombstones');
GRANT SELECT ON tombstones TO kim_app;
GRANT INSERT ON tombstones TO kim_auth;
GRANT SELECT (municipal_area_id, removed_at), DELETE ON tombstones TO kim_worker;
CREATE POLICY own ON tombstones FOR SELECT TO kim_app USING (user_id = (SELECT ctx_user()));
CREATE POLICY case_team ON tombstones FOR SELECT TO kim_app
    USING (user_id IS NULL AND case_id = ANY ((SELECT my_cases())::uuid[]));
CREATE POLICY client_team ON tombstones FOR SELECT TO kim_app
    USING (user_id IS NULL AND case_id IS NULL AND client_id = ANY ((SELECT my_clients())::uuid[]));
-- Of what was another member of the household only those are told who see that member.
CREATE POLICY member ON tombstones AS RESTRICTIVE FOR SELECT TO kim_app
    USING (member_client_id IS NULL OR member_client_id = ANY ((SELECT my_clients())::uuid[]));
CREATE POLICY leave ON tombstones FOR INSERT TO kim_auth WITH CHECK (true);
CREATE POLICY old ON tombstones FOR SELECT TO kim_worker USING (true);
CREATE POLICY forget ON tombstones FOR DELETE TO kim_worker USING (true);

-- Arguments: the kind, and the column of the one person whom the row concerned, when it was one.
CREATE FUNCTION leave_tombstone() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    v_old jsonb := to_jsonb(OLD);
BEGIN
    INSERT INTO public.tombstones (municipal_area_id, id, kind, object_id, case_id, client_id, user_id)
    VALUES (OLD.municipal_area_id, public.new_id(), TG_ARGV[0], OLD.id, (v_old ->> 'case_id')::uuid,
        (v_old ->> 'client_id')::uuid, (v_old ->> coalesce(TG_ARGV[1], ''))::uuid);
    RETURN NULL;
END $$;
ALTER FUNCTION leave_tombstone() OWNER TO kim_auth;

-- An assignment is deleted only with its case or client: everybody who ever had it is told that it is gone.
CREATE FUNCTION leave_tombstones_of_case() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    INSERT INTO public.tombstones (municipal_area_id, id, kind, object_id, case_id, client_id, user_id)
    SELECT OLD.municipal_area_id, public.new_id(), gone.kind, gone.id, OLD.case_id, OLD.client_id, OLD.user_id
    FROM (VALUES ('case', OLD.case_id), ('client', OLD.client_id)) AS gone(kind, id)
    WHERE gone.id IS NOT NULL;
    RETURN NULL;
END $$;
ALTER FUNCTION leave_tombstones_of_case() OWNER TO kim_auth;

-- An assignment goes on to another record when two become one, and back when that is undone: its holder is told
-- that the one it leaves is gone, unless they see it still.
CREATE FUNCTION leave_tombstone_of_record() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    INSERT INTO public.tombstones (municipal_area_id, id, kind, object_id, client_id, user_id)
    VALUES (OLD.municipal_area_id, public.new_id(), 'client', OLD.client_id, OLD.client_id, OLD.user_id);
    RETURN NULL;
END $$;
ALTER FUNCTION leave_tombstone_of_record() OWNER TO kim_auth;

-- A document that was removed is a phone's no more, though its row says so for good.
CREATE TRIGGER tombstone AFTER UPDATE OF removed_at ON documents
    FOR EACH ROW WHEN (OLD.removed_at IS NULL AND NEW.removed_at IS NOT NULL)
    EXECUTE FUNCTION leave_tombstone('document');

-- A guardian goes with the member of the household who is it; afterwards nobody knows who that was.
CREATE FUNCTION leave_tombstones_of_guardians() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    INSERT INTO public.tombstones (municipal_area_id, id, kind, object_id, client_id, member_client_id)
    SELECT g.municipal_area_id, public.new_id(), 'guardian', g.id, g.client_id, OLD.member_client_id
    FROM public.guardians g WHERE g.municipal_area_id = OLD.municipal_area_id AND g.member_id = OLD.id;
    RETURN OLD;
END $$;
ALTER FUNCTION leave_tombstones_of_guardians() OWNER TO kim_auth;
GRANT SELECT (municipal_area_id, id, client_id, member_id) ON guardians TO kim_auth;
CREATE POLICY related ON guardians FOR SELECT TO kim_auth USING (true);
CREATE TRIGGER tombstone BEFORE DELETE ON household_members
    FOR EACH ROW EXECUTE FUNCTION leave_tombstones_of_guardians();

CREATE TRIGGER tombstone AFTER DELETE ON contact_drafts
    FOR EACH ROW EXECUTE FUNCTION leave_tombstone('contact_draft', 'author_id');
-- Contacts are deleted only when an import of them is undone, or with their case.
CREATE TRIGGER tombstone AFTER DELETE ON contacts
    FOR EACH ROW EXECUTE FUNCTION leave_tombstone('contact');
CREATE TRIGGER tombstone AFTER DELETE ON assignments
    FOR EACH ROW EXECUTE FUNCTION leave_tombstones_of_case();
CREATE TRIGGER tombstone_of_record AFTER UPDATE OF client_id ON assignments
    FOR EACH ROW WHEN (OLD.client_id <> NEW.client_id) EXECUTE FUNCTION leave_tombstone_of_record();
SET ROLE kim_auth;
REVOKE EXECUTE ON FUNCTION leave_tombstone(), leave_tombstones_of_case(), leave_tombstone_of_record(),
    leave_tombstones_of_guardians() FROM PUBLIC;
SET ROLE kim_owner;

-- Whose pages or consents show one of these clients as a member of the household, now or once: they change with
-- the right to see the member. Asked about the caller's own assignments only, ended or not.
GRANT SELECT (municipal_area_id, id, client_id, member_client_id) ON household_members TO kim_auth;
GRANT SELECT (municipal_area_id, consent_id, member_client_id) ON consent_guardians TO kim_auth;
GRANT SELECT (municipal_area_id, client_id, member_client_id) ON disputes TO kim_auth;
CREATE POLICY related ON household_members FOR SELECT TO kim_auth USING (true);
CREATE POLICY related ON disputes FOR SELECT TO kim_auth USING (true);
CREATE POLICY related ON consent_guardians FOR SELECT TO kim_auth USING (true);
CREATE FUNCTION ever_mine(p_clients uuid[]) RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT ARRAY(SELECT DISTINCT a.client_id FROM public.assignments a
        WHERE a.municipal_area_id = public.ctx_area() AND a.user_id = public.ctx_user()
            AND a.client_id = ANY (p_clients));
END;
ALTER FUNCTION ever_mine(uuid[]) OWNER TO kim_auth;
CREATE FUNCTION pages_showing(p_clients uuid[]) RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT ARRAY(SELECT h.client_id FROM public.household_members h
        WHERE h.municipal_area_id = public.ctx_area() AND h.client_id = ANY ((SELECT public.my_clients())::uuid[])
            AND h.member_client_id = ANY ((SELECT public.ever_mine(p_clients))::uuid[])
        UNION
        SELECT c.client_id FROM public.consent_guardians g
        JOIN public.consents c ON c.municipal_area_id = g.municipal_area_id AND c.id = g.consent_id
        WHERE c.municipal_area_id = public.ctx_area() AND c.client_id = ANY ((SELECT public.my_clients())::uuid[])
            AND g.member_client_id = ANY ((SELECT public.ever_mine(p_clients))::uuid[])
        UNION
        SELECT d.client_id FROM public.disputes d
        WHERE d.municipal_area_id = public.ctx_area() AND d.client_id = ANY ((SELECT public.my_clients())::uuid[])
            AND d.member_client_id = ANY ((SELECT public.ever_mine(p_clients))::uuid[]));
END;
ALTER FUNCTION pages_showing(uuid[]) OWNER TO kim_auth;

-- The same of cases, whose pathways, school entries and reports come, go and are complete with the right to a
-- member.
GRANT SELECT (municipal_area_id, case_id, member_client_id) ON pathways TO kim_auth;
GRANT SELECT (municipal_area_id, case_id, client_id) ON barrier_persons TO kim_auth;
CREATE POLICY related ON pathways FOR SELECT TO kim_auth USING (true);
CREATE POLICY related ON barrier_persons FOR SELECT TO kim_auth USING (true);
CREATE FUNCTION cases_showing(p_clients uuid[]) RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT ARRAY(SELECT p.case_id FROM public.pathways p
        WHERE p.municipal_area_id = public.ctx_area() AND p.case_id = ANY ((SELECT public.my_cases())::uuid[])
            AND p.member_client_id = ANY ((SELECT public.ever_mine(p_clients))::uuid[])
        UNION
        SELECT e.case_id FROM public.school_entries e
        WHERE e.municipal_area_id = public.ctx_area() AND e.case_id = ANY ((SELECT public.my_cases())::uuid[])
            AND e.member_client_id = ANY ((SELECT public.ever_mine(p_clients))::uuid[])
        UNION
        SELECT b.case_id FROM public.barrier_persons b
        WHERE b.municipal_area_id = public.ctx_area() AND b.case_id = ANY ((SELECT public.my_cases())::uuid[])
            AND b.client_id = ANY ((SELECT public.ever_mine(p_clients))::uuid[]));
END;
ALTER FUNCTION cases_showing(uuid[]) OWNER TO kim_auth;
SET ROLE kim_auth;
REVOKE EXECUTE ON FUNCTION ever_mine(uuid[]), pages_showing(uuid[]), cases_showing(uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION pages_showing(uuid[]), cases_showing(uuid[]) TO kim_app;
SET ROLE kim_owner;

-- What the transaction ids of this database mean: another server, database, table or timeline counts anew, so
-- a cursor from before a restore or a fail-over that lost commits is noticed.
CREATE FUNCTION sync_epoch() RETURNS text LANGUAGE sql STABLE
RETURN left(encode(sha256(convert_to(concat_ws(' ', (pg_control_system()).system_identifier,
    (SELECT d.oid FROM pg_database d WHERE d.datname = current_database()), 'tombstones'::regclass::oid,
    left(pg_walfile_name(pg_current_wal_insert_lsn()), 8)), 'UTF8')), 'hex'), 12);

-- A restore into a server whose transaction ids are behind would deliver its rows for ever: `kim db restore`
-- sets them to its own transaction. The owner sees no rows under FORCE, so it lifts that for the moment.
CREATE PROCEDURE rebase_changes() LANGUAGE plpgsql AS $$
DECLARE
    v_table regclass;
BEGIN
    FOR v_table IN
        SELECT a.attrelid::regclass FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        WHERE a.attname = 'changed_xid' AND c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
    LOOP
        EXECUTE format('ALTER TABLE %s NO FORCE ROW LEVEL SECURITY', v_table);
        EXECUTE format('ALTER TABLE %s DISABLE TRIGGER USER', v_table);
        EXECUTE format('UPDATE %s SET changed_xid = pg_current_xact_id()', v_table);
        EXECUTE format('ALTER TABLE %s ENABLE TRIGGER USER', v_table);
        EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', v_table);
    END LOOP;
END $$;
REVOKE EXECUTE ON PROCEDURE rebase_changes() FROM PUBLIC;

-- Tells processes that wait (LISTEN kim_changes) which case, client or user something happened to: area and a
-- random id, delivered with the commit. Only a hint to look; what somebody may see is asked of the policies.
-- A statement that touches very many rows says so of its whole area.
CREATE FUNCTION tell_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    v_told text[];
BEGIN
    SELECT array_agg(DISTINCT c.municipal_area_id || ' ' || coalesce(to_jsonb(c) ->> TG_ARGV[0], '*'))
    INTO v_told FROM changed c;
    IF cardinality(v_told) > 100 THEN
        v_told := ARRAY(SELECT DISTINCT split_part(each, ' ', 1) || ' *' FROM unnest(v_told) AS each);
    END IF;
    PERFORM pg_notify('kim_changes', each) FROM unnest(v_told) AS each;
    RETURN NULL;
END $$;

CREATE PROCEDURE tell_changes(p_table text, p_column text) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER tell_live_new AFTER INSERT ON %I REFERENCING NEW TABLE AS changed
        FOR EACH STATEMENT EXECUTE FUNCTION tell_change(%L)', p_table, p_column);
    EXECUTE format('CREATE TRIGGER tell_live AFTER UPDATE ON %I REFERENCING NEW TABLE AS changed
        FOR EACH STATEMENT EXECUTE FUNCTION tell_change(%L)', p_table, p_column);
END $$;
CALL tell_changes('assignments', 'user_id');
CALL tell_changes('memberships', 'user_id');
CALL tell_changes('tombstones', 'user_id');
CALL tell_changes('cases', 'id');
CALL tell_changes('case_contents', 'id');
CALL tell_changes('clients', 'id');
CALL tell_changes('consents', 'client_id');
-- A request does not say whose it is; whoever waits in the area looks.
CALL tell_changes('referral_requests', 'case_id');
CALL tell_changes('assessments', 'case_id');
CALL tell_changes('goals', 'case_id');
CALL tell_changes('measures', 'case_id');
CALL tell_changes('contacts', 'case_id');
CALL tell_changes('contact_drafts', 'case_id');
CALL tell_changes('tasks', 'case_id');
CALL tell_changes('interpretings', 'case_id');
CALL tell_changes('barrier_reports', 'case_id');
CALL tell_changes('barrier_proposals', 'case_id');
CALL tell_changes('documents', 'client_id');
CALL tell_changes('guardians', 'client_id');
CALL tell_changes('conferences', 'case_id');
CALL tell_changes('pathways', 'case_id');
CALL tell_changes('school_entries', 'case_id');
CALL tell_changes('domain_change_items', 'case_id');
CALL tell_changes('case_transfers', 'case_id');
DROP PROCEDURE tell_changes(text, text);
