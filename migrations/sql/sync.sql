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
CREATE POLICY leave ON tombstones FOR INSERT TO kim_auth WITH CHECK (true);
CREATE POLICY old ON tombstones FOR SELECT TO kim_worker USING (true);
CREATE POLICY forget ON tombstones FOR DELETE TO kim_worker USING (true);

-- Arguments: the kind, and the column of the one person whom the row concerned, when it was one.
CREATE FUNCTION leave_tombstone() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    v_old jsonb := to_jsonb(OLD);
BEGIN
    INSERT INTO public.tombstones (municipal_area_id, id, kind, object_id, case_id, client_id, user_id)
    VALUES (OLD.municipal_area_id, gen_random_uuid(), TG_ARGV[0], OLD.id, (v_old ->> 'case_id')::uuid,
        (v_old ->> 'client_id')::uuid, (v_old ->> TG_ARGV[1])::uuid);
    RETURN NULL;
END $$;
ALTER FUNCTION leave_tombstone() OWNER TO kim_auth;

-- An assignment is deleted only with its case or client: everybody who ever had it is told that it is gone.
CREATE FUNCTION leave_tombstones_of_case() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    INSERT INTO public.tombstones (municipal_area_id, id, kind, object_id, case_id, client_id, user_id)
    SELECT OLD.municipal_area_id, gen_random_uuid(), gone.kind, gone.id, OLD.case_id, OLD.client_id, OLD.user_id
    FROM (VALUES ('case', OLD.case_id), ('client', OLD.client_id)) AS gone(kind, id)
    WHERE gone.id IS NOT NULL;
    RETURN NULL;
END $$;
ALTER FUNCTION leave_tombstones_of_case() OWNER TO kim_auth;

CREATE TRIGGER tombstone AFTER DELETE ON contact_drafts
    FOR EACH ROW EXECUTE FUNCTION leave_tombstone('contact_draft', 'author_id');
CREATE TRIGGER tombstone AFTER DELETE ON assignments
    FOR EACH ROW EXECUTE FUNCTION leave_tombstones_of_case();
SET ROLE kim_auth;
REVOKE EXECUTE ON FUNCTION leave_tombstone(), leave_tombstones_of_case() FROM PUBLIC;
SET ROLE kim_owner;

-- Whose pages show one of these clients as a member of the household: they change with the right to see the
-- member. Asked about the caller's own assignments only, ended or not.
GRANT SELECT (municipal_area_id, id, client_id, member_client_id) ON household_members TO kim_auth;
CREATE POLICY related ON household_members FOR SELECT TO kim_auth USING (true);
CREATE FUNCTION pages_showing(p_clients uuid[]) RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT ARRAY(SELECT DISTINCT h.client_id FROM public.household_members h
        WHERE h.municipal_area_id = public.ctx_area() AND h.client_id = ANY ((SELECT public.my_clients())::uuid[])
            AND h.member_client_id = ANY (ARRAY(SELECT a.client_id FROM public.assignments a
                WHERE a.municipal_area_id = public.ctx_area() AND a.user_id = public.ctx_user()
                    AND a.client_id = ANY (p_clients))));
END;
ALTER FUNCTION pages_showing(uuid[]) OWNER TO kim_auth;
SET ROLE kim_auth;
REVOKE EXECUTE ON FUNCTION pages_showing(uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION pages_showing(uuid[]) TO kim_app;
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
DROP PROCEDURE tell_changes(text, text);
