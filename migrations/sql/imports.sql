-- Imports: each is of the one who announced it, in a unit where they are a case manager; nobody else sees it, its
-- rows or what came of them. The rows hold what the sheet said until it is taken, and are swept after two weeks.

CALL protect_table('imports');
GRANT SELECT, INSERT, UPDATE (state, skip_bad, sheet_sha256, read_at) ON imports TO kim_app;
CREATE POLICY own ON imports FOR SELECT TO kim_app
    USING (user_id = (SELECT ctx_user()) AND unit_id = ANY ((SELECT ctx_places('case_manager'))::uuid[]));
CREATE POLICY announce ON imports FOR INSERT TO kim_app
    WITH CHECK (user_id = (SELECT ctx_user()) AND unit_id = ANY ((SELECT ctx_places('case_manager'))::uuid[])
        AND state = 'announced');
CREATE POLICY go_on ON imports FOR UPDATE TO kim_app
    USING (user_id = (SELECT ctx_user()) AND unit_id = ANY ((SELECT ctx_places('case_manager'))::uuid[]))
    WITH CHECK (user_id = (SELECT ctx_user()) AND unit_id = ANY ((SELECT ctx_places('case_manager'))::uuid[]));
GRANT SELECT (municipal_area_id, id, created_at) ON imports TO kim_worker;
CREATE POLICY serve ON imports FOR SELECT TO kim_worker USING (true);

CALL protect_table('import_rows');
GRANT SELECT, INSERT, UPDATE (state, content, findings, duplicates, object_id) ON import_rows TO kim_app;
CREATE POLICY own ON import_rows FOR SELECT TO kim_app
    USING (import_id = ANY (ARRAY(SELECT i.id FROM imports i)));
CREATE POLICY stage ON import_rows FOR INSERT TO kim_app
    WITH CHECK (import_id = ANY (ARRAY(SELECT i.id FROM imports i WHERE i.state = 'announced')));
CREATE POLICY go_on ON import_rows FOR UPDATE TO kim_app
    USING (import_id = ANY (ARRAY(SELECT i.id FROM imports i)))
    WITH CHECK (import_id = ANY (ARRAY(SELECT i.id FROM imports i)));
GRANT SELECT (municipal_area_id, id, import_id), DELETE ON import_rows TO kim_worker;
CREATE POLICY serve ON import_rows FOR SELECT TO kim_worker USING (true);
CREATE POLICY sweep ON import_rows FOR DELETE TO kim_worker USING (true);

CALL protect_table('import_effects');
GRANT SELECT, INSERT, DELETE, UPDATE (version, stays_because) ON import_effects TO kim_app;
CREATE POLICY own ON import_effects FOR SELECT TO kim_app
    USING (user_id = (SELECT ctx_user()) AND import_id = ANY (ARRAY(SELECT i.id FROM imports i)));
CREATE POLICY note ON import_effects FOR INSERT TO kim_app
    WITH CHECK (user_id = (SELECT ctx_user()) AND import_id = ANY (ARRAY(SELECT i.id FROM imports i))
        AND client_id = ANY ((SELECT my_clients())::uuid[])
        AND (case_id IS NULL OR case_id = ANY ((SELECT my_cases())::uuid[])));
CREATE POLICY mind ON import_effects FOR UPDATE TO kim_app
    USING (user_id = (SELECT ctx_user()) AND import_id = ANY (ARRAY(SELECT i.id FROM imports i)))
    WITH CHECK (user_id = (SELECT ctx_user()));
CREATE POLICY undo ON import_effects FOR DELETE TO kim_app
    USING (user_id = (SELECT ctx_user()) AND import_id = ANY (ARRAY(SELECT i.id FROM imports i)));

-- register_client() for many, with the same conditions for each: all of them or none.
CREATE FUNCTION register_clients(p_ids uuid[], p_clients uuid[]) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    v_places uuid[] := public.ctx_places('case_manager');
    v_done int;
BEGIN
    INSERT INTO public.assignments
        (municipal_area_id, id, user_id, client_id, unit_id, kind, created_by, is_restricted)
    SELECT c.municipal_area_id, n.id, public.ctx_user(), c.id, c.unit_id, 'registrar', public.ctx_user(),
        c.is_restricted
    FROM unnest(p_ids, p_clients) AS n(id, client_id)
    JOIN public.clients c ON c.municipal_area_id = public.ctx_area() AND c.id = n.client_id
    WHERE c.created_by = public.ctx_user() AND c.unit_id = ANY (v_places)
        AND NOT EXISTS (SELECT FROM public.assignments a
            WHERE a.municipal_area_id = c.municipal_area_id AND a.client_id = c.id);
    GET DIAGNOSTICS v_done = ROW_COUNT;
    IF v_done <> cardinality(p_clients) THEN
        RAISE EXCEPTION USING errcode = '42501', message = 'only the creator registers new clients';
    END IF;
END $$;
ALTER FUNCTION register_clients(uuid[], uuid[]) OWNER TO kim_auth;

-- What assign_case() does for who opens a case, for many: all of them or none.
CREATE FUNCTION lead_new_cases(p_ids uuid[], p_cases uuid[]) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    v_me uuid := public.ctx_user();
    v_places uuid[] := public.ctx_places('case_manager');
    v_done int;
BEGIN
    PERFORM FROM public.cases c WHERE c.municipal_area_id = public.ctx_area() AND c.id = ANY (p_cases)
    ORDER BY c.id FOR NO KEY UPDATE;
    INSERT INTO public.assignments (municipal_area_id, id, user_id, client_id, case_id, unit_id, kind,
        created_by, is_restricted)
    SELECT c.municipal_area_id, n.id, v_me, c.client_id, c.id, c.unit_id, 'lead', v_me, c.is_restricted
    FROM unnest(p_ids, p_cases) AS n(id, case_id)
    JOIN public.cases c ON c.municipal_area_id = public.ctx_area() AND c.id = n.case_id
    WHERE c.lead_user_id = v_me AND c.unit_id = ANY (v_places) AND public.works_at(v_me, c.unit_id)
        AND NOT EXISTS (SELECT FROM public.assignments a
            WHERE a.municipal_area_id = c.municipal_area_id AND a.case_id = c.id)
        AND EXISTS (SELECT FROM public.assignments a
            WHERE a.municipal_area_id = c.municipal_area_id AND a.client_id = c.client_id
                AND a.user_id = v_me AND a.kind IN ('lead', 'registrar') AND a.active_from <= now()
                AND a.unit_id = ANY (v_places) AND a.active_until IS NULL);
    GET DIAGNOSTICS v_done = ROW_COUNT;
    IF v_done <> cardinality(p_cases) THEN
        RAISE EXCEPTION USING errcode = '42501', message = 'no right to open these cases';
    END IF;
    PERFORM public.keep_to_running_team(o.client_id) FROM (SELECT DISTINCT c.client_id FROM public.cases c
        WHERE c.municipal_area_id = public.ctx_area() AND c.id = ANY (p_cases) AND c.is_restricted
        ORDER BY c.client_id) o;
END $$;
ALTER FUNCTION lead_new_cases(uuid[], uuid[]) OWNER TO kim_auth;

-- Undoing. Each function takes away only what this import of the caller made, that nobody has changed since, and
-- that nobody else has ever been assigned to; it answers what went. What else hangs on a row the caller sees
-- (nobody else can have added anything), and leaves out before.
GRANT SELECT ON import_effects TO kim_auth;
CREATE POLICY undo_look ON import_effects FOR SELECT TO kim_auth USING (true);
GRANT SELECT (version), DELETE ON clients TO kim_auth;
CREATE POLICY undo ON clients FOR DELETE TO kim_auth USING (true);
GRANT SELECT (version, phase), DELETE ON cases TO kim_auth;
CREATE POLICY undo ON cases FOR DELETE TO kim_auth USING (true);
GRANT SELECT (version) ON case_contents TO kim_auth;
GRANT SELECT (municipal_area_id, id, case_id, author_id, version, corrected_by_id), DELETE ON contacts TO kim_auth;
CREATE POLICY undo_look ON contacts FOR SELECT TO kim_auth USING (true);
CREATE POLICY undo ON contacts FOR DELETE TO kim_auth USING (true);

CREATE FUNCTION undo_imported_clients(p_import uuid, p_ids uuid[]) RETURNS SETOF uuid
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    PERFORM FROM public.clients c WHERE c.municipal_area_id = public.ctx_area() AND c.id = ANY (p_ids)
    ORDER BY c.id FOR UPDATE;
    RETURN QUERY
    DELETE FROM public.clients c USING public.import_effects e
    WHERE c.municipal_area_id = public.ctx_area() AND c.id = ANY (p_ids)
        AND e.municipal_area_id = c.municipal_area_id AND e.import_id = p_import AND e.kind = 'clients'
        AND e.object_id = c.id AND e.user_id = public.ctx_user() AND NOT e.is_linked AND e.version = c.version
        AND c.created_by = public.ctx_user() AND c.unit_id = ANY (public.ctx_places('case_manager'))
        AND c.merged_into IS NULL AND c.processing_restricted_at IS NULL
        AND NOT EXISTS (SELECT FROM public.cases k
            WHERE k.municipal_area_id = c.municipal_area_id AND k.client_id = c.id)
        -- What was told at the counter stays remembered.
        AND NOT EXISTS (SELECT FROM public.told_withdrawals w
            WHERE w.municipal_area_id = c.municipal_area_id AND w.client_id = c.id)
        AND NOT EXISTS (SELECT FROM public.assignments a
            WHERE a.municipal_area_id = c.municipal_area_id AND a.client_id = c.id
                AND (a.user_id <> public.ctx_user() OR a.kind <> 'registrar' OR a.active_until <= now()))
    RETURNING c.id;
END $$;
ALTER FUNCTION undo_imported_clients(uuid, uuid[]) OWNER TO kim_auth;

CREATE FUNCTION undo_imported_cases(p_import uuid, p_ids uuid[]) RETURNS SETOF uuid
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    PERFORM FROM public.cases c WHERE c.municipal_area_id = public.ctx_area() AND c.id = ANY (p_ids)
    ORDER BY c.id FOR UPDATE;
    RETURN QUERY
    DELETE FROM public.cases c USING public.import_effects e, public.case_contents t
    WHERE c.municipal_area_id = public.ctx_area() AND c.id = ANY (p_ids)
        AND t.municipal_area_id = c.municipal_area_id AND t.id = c.id
        AND e.municipal_area_id = c.municipal_area_id AND e.import_id = p_import AND e.kind = 'cases'
        AND e.object_id = c.id AND e.user_id = public.ctx_user() AND e.version = c.version + t.version
        AND c.lead_user_id = public.ctx_user() AND c.unit_id = ANY (public.ctx_places('case_manager'))
        AND c.phase = 'intake'
        AND NOT EXISTS (SELECT FROM public.contacts k
            WHERE k.municipal_area_id = c.municipal_area_id AND k.case_id = c.id)
        AND NOT EXISTS (SELECT FROM public.assignments a
            WHERE a.municipal_area_id = c.municipal_area_id AND a.case_id = c.id
                AND (a.user_id <> public.ctx_user() OR a.kind <> 'lead' OR a.active_until <= now()))
    RETURNING c.id;
END $$;
ALTER FUNCTION undo_imported_cases(uuid, uuid[]) OWNER TO kim_auth;

CREATE FUNCTION undo_imported_contacts(p_import uuid, p_ids uuid[]) RETURNS SETOF uuid
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    DELETE FROM public.contacts k USING public.import_effects e, public.cases c
    WHERE k.municipal_area_id = public.ctx_area() AND k.id = ANY (p_ids)
        AND c.municipal_area_id = k.municipal_area_id AND c.id = k.case_id AND c.phase <> 'closed'
        AND c.id = ANY ((SELECT public.my_cases())::uuid[])
        AND e.municipal_area_id = k.municipal_area_id AND e.import_id = p_import AND e.kind = 'contacts'
        AND e.object_id = k.id AND e.user_id = public.ctx_user() AND e.version = k.version
        AND k.author_id = public.ctx_user() AND k.corrected_by_id IS NULL
    RETURNING k.id;
END;
ALTER FUNCTION undo_imported_contacts(uuid, uuid[]) OWNER TO kim_auth;

SET ROLE kim_auth;
REVOKE EXECUTE ON FUNCTION register_clients(uuid[], uuid[]), lead_new_cases(uuid[], uuid[]),
    undo_imported_clients(uuid, uuid[]), undo_imported_cases(uuid, uuid[]), undo_imported_contacts(uuid, uuid[])
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION register_clients(uuid[], uuid[]), lead_new_cases(uuid[], uuid[]),
    undo_imported_clients(uuid, uuid[]), undo_imported_cases(uuid, uuid[]), undo_imported_contacts(uuid, uuid[])
    TO kim_app;
SET ROLE kim_owner;
