-- Merging: somebody who was registered twice becomes one record; for 30 days it can be undone.
-- Whatever refers to a person by a foreign key follows, in whichever table: the keys themselves are the list, so
-- that a table which is added later follows too. This file comes last for that reason.

CALL protect_table('client_merges');
GRANT SELECT, INSERT ON client_merges TO kim_app;
CREATE POLICY read ON client_merges FOR SELECT TO kim_app
    USING (client_id = ANY ((SELECT my_clients())::uuid[]));
CREATE POLICY merge ON client_merges FOR INSERT TO kim_app
    WITH CHECK (merged_by = (SELECT ctx_user()) AND (SELECT ctx_is('case_manager'))
        AND client_id = ANY ((SELECT my_lasting_clients())::uuid[])
        AND merged_client_id = ANY ((SELECT my_lasting_clients())::uuid[]));
-- The worker makes a merge final: it forgets what was before and deletes the record that nobody reads any more.
GRANT SELECT (municipal_area_id, id, merged_client_id, undo_until, undone_at, final_at),
    UPDATE (final_at, changes) ON client_merges TO kim_worker;
CREATE POLICY serve ON client_merges FOR SELECT TO kim_worker USING (true);
CREATE POLICY finish ON client_merges FOR UPDATE TO kim_worker USING (undone_at IS NULL)
    WITH CHECK (final_at >= undo_until AND changes IS NULL);
GRANT SELECT, UPDATE ON client_merges TO kim_auth;
CREATE POLICY keep_read ON client_merges FOR SELECT TO kim_auth USING (true);
CREATE POLICY keep ON client_merges FOR UPDATE TO kim_auth USING (true) WITH CHECK (true);

-- What moved and what it was before: for the two functions below alone.
CALL protect_table('client_merge_moves');
GRANT SELECT, INSERT, DELETE ON client_merge_moves TO kim_auth;
CREATE POLICY keep ON client_merge_moves TO kim_auth USING (true) WITH CHECK (true);
GRANT SELECT (municipal_area_id, merge_id), DELETE ON client_merge_moves TO kim_worker;
CREATE POLICY serve ON client_merge_moves FOR SELECT TO kim_worker USING (true);
CREATE POLICY finish ON client_merge_moves FOR DELETE TO kim_worker USING (true);

-- Not the same person: seen by those who see both.
CALL protect_table('distinct_clients');
GRANT SELECT, INSERT, DELETE ON distinct_clients TO kim_app;
CREATE POLICY read ON distinct_clients FOR SELECT TO kim_app
    USING (client_id = ANY ((SELECT my_clients())::uuid[])
        AND other_client_id = ANY ((SELECT my_clients())::uuid[]));
CREATE POLICY decide ON distinct_clients FOR INSERT TO kim_app
    WITH CHECK (decided_by = (SELECT ctx_user()) AND (SELECT ctx_is('case_manager'))
        AND client_id = ANY ((SELECT my_lasting_clients())::uuid[])
        AND other_client_id = ANY ((SELECT my_lasting_clients())::uuid[]));
CREATE POLICY take_back ON distinct_clients FOR DELETE TO kim_app
    USING ((SELECT ctx_is('case_manager')) AND client_id = ANY ((SELECT my_lasting_clients())::uuid[])
        AND other_client_id = ANY ((SELECT my_lasting_clients())::uuid[]));

-- Every column that refers to a person and follows a merge. Official numbers do not: they are sealed for one
-- person, so the application seals them anew.
CREATE FUNCTION client_links() RETURNS TABLE (table_name text, column_name text)
LANGUAGE sql STABLE SET search_path = ''
BEGIN ATOMIC
    SELECT r.relname::text, a.attname::text
    FROM pg_catalog.pg_constraint k
    JOIN pg_catalog.pg_class r ON r.oid = k.conrelid
    JOIN pg_catalog.pg_class t ON t.oid = k.confrelid AND t.relname = 'clients'
    JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace AND n.nspname = 'public'
    JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey)
        AND a.attname <> 'municipal_area_id'
    WHERE k.contype = 'f' AND k.conparentid = 0 AND r.relname <> 'official_numbers'
    ORDER BY 1, 2;
END;

-- Nothing is written to a record that was merged, also by somebody who saw it a moment before: the lock waits
-- for a merge that is under way. Whoever tries again no longer finds the record.
CREATE FUNCTION refuse_merged() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    v_into uuid;
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT c.merged_into INTO v_into FROM public.clients c
        WHERE c.municipal_area_id = NEW.municipal_area_id
            AND c.id = (to_jsonb(NEW) ->> TG_ARGV[0])::uuid FOR KEY SHARE;
        IF v_into IS NULL THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION USING errcode = '40001', message = 'the person was merged into another record';
END $$;
ALTER FUNCTION refuse_merged() OWNER TO kim_auth;
CREATE TRIGGER merged BEFORE UPDATE ON clients FOR EACH ROW
    WHEN (OLD.merged_into IS NOT NULL AND current_user = 'kim_app') EXECUTE FUNCTION refuse_merged();
CREATE TRIGGER merged_client_id BEFORE INSERT ON official_numbers FOR EACH ROW
    EXECUTE FUNCTION refuse_merged('client_id');

GRANT SELECT (household_key, merged_into, processing_restricted_at), UPDATE (merged_into, household_key)
    ON clients TO kim_auth;
GRANT SELECT (municipal_area_id, id, entry_ids) ON disputes TO kim_auth;
GRANT UPDATE (position), SELECT (position) ON client_nationalities TO kim_auth;
GRANT INSERT ON barrier_figures TO kim_auth;
GRANT UPDATE (entry_ids) ON disputes TO kim_auth;
GRANT SELECT (member_id, must_not_learn, version), UPDATE (member_id, must_not_learn) ON guardians TO kim_auth;
GRANT SELECT (is_kept_apart, relation, version), UPDATE (is_kept_apart, relation) ON household_members TO kim_auth;
DO $$
DECLARE
    v record;
    v_more text;
BEGIN
    FOR v IN SELECT * FROM client_links() LOOP
        EXECUTE format('GRANT SELECT (municipal_area_id, id, %1$I), UPDATE (%1$I) ON %2$I TO kim_auth',
            v.column_name, v.table_name);
        SELECT string_agg(quote_ident(a.attname), ', ') INTO v_more FROM pg_attribute a
        WHERE a.attrelid = v.table_name::regclass AND a.attname IN ('case_id', 'report_id');
        IF v_more IS NOT NULL THEN
            EXECUTE format('GRANT SELECT (%s) ON %I TO kim_auth', v_more, v.table_name);
        END IF;
        SELECT string_agg(quote_ident(a.attname), ', ') INTO v_more FROM pg_attribute a
        WHERE a.attrelid = v.table_name::regclass
            AND a.attname IN ('superseded_at', 'superseded_by', 'superseded_because');
        IF v_more IS NOT NULL THEN
            EXECUTE format('GRANT SELECT (%1$s), UPDATE (%1$s) ON %2$I TO kim_auth', v_more, v.table_name);
        END IF;
        IF NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = v.table_name::regclass
            AND p.polcmd IN ('r', '*') AND 'kim_auth'::regrole = ANY (p.polroles))
        THEN
            EXECUTE format('CREATE POLICY follow_read ON %I FOR SELECT TO kim_auth USING (true)', v.table_name);
        END IF;
        IF NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = v.table_name::regclass
            AND p.polcmd IN ('w', '*') AND 'kim_auth'::regrole = ANY (p.polroles))
        THEN
            EXECUTE format('CREATE POLICY follow ON %I FOR UPDATE TO kim_auth USING (true) WITH CHECK (true)',
                v.table_name);
        END IF;
        IF v.table_name <> 'clients' THEN
            EXECUTE format('CREATE TRIGGER %I BEFORE INSERT ON %I FOR EACH ROW EXECUTE FUNCTION
                refuse_merged(%L)', 'merged_' || v.column_name, v.table_name, v.column_name);
        END IF;
    END LOOP;
END $$;

-- How many colleagues see one of two persons and would see both. Who only registered the one that ends, no more.
CREATE FUNCTION merge_would_show(p_client uuid, p_other uuid) RETURNS int
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT count(*)::int FROM (
        SELECT a.user_id FROM public.assignments a
        WHERE a.municipal_area_id = public.ctx_area() AND a.client_id IN (p_client, p_other)
            AND a.active_from <= now() AND (a.active_until IS NULL OR a.active_until > now())
            AND p_client = ANY (public.my_clients()) AND p_other = ANY (public.my_clients())
        GROUP BY a.user_id HAVING count(DISTINCT a.client_id) = 1
            AND NOT bool_and(a.kind = 'registrar' AND a.client_id = p_other)) of_one;
END;
ALTER FUNCTION merge_would_show(uuid, uuid) OWNER TO kim_auth;

-- Tells everybody who works with a person: ids only.
CREATE FUNCTION tell_of_merge(p_client uuid, p_kind text, p_at timestamptz) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    INSERT INTO public.notifications (municipal_area_id, id, user_id, kind, object_type, object_id, created_at)
    SELECT public.ctx_area(), public.new_id(), told.user_id, p_kind, 'client', p_client, p_at
    FROM (SELECT DISTINCT a.user_id FROM public.assignments a
        WHERE a.municipal_area_id = public.ctx_area() AND a.client_id = p_client AND a.kind <> 'break_glass'
            AND a.active_from <= now() AND (a.active_until IS NULL OR a.active_until > now())) told
    WHERE told.user_id <> public.ctx_user();
END;
ALTER FUNCTION tell_of_merge(uuid, text, timestamptz) OWNER TO kim_auth;

-- Of a closed case: who it is about now.
CREATE FUNCTION follow_in_retentions(p_client uuid, p_other uuid) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    UPDATE public.retentions r SET client_id = k.id, client_pseudonym = k.pseudonym
    FROM public.cases c JOIN public.clients k
        ON k.municipal_area_id = c.municipal_area_id AND k.id = c.client_id
    WHERE r.municipal_area_id = public.ctx_area() AND r.client_id IN (p_client, p_other)
        AND c.municipal_area_id = r.municipal_area_id AND c.id = r.object_id AND r.object_type = 'case'
        AND r.client_id <> c.client_id;
END;
ALTER FUNCTION follow_in_retentions(uuid, uuid) OWNER TO kim_auth;

-- Pages are others now, theirs and those that show one of them in the household: whoever holds a copy is told.
GRANT SELECT (changed_xid) ON clients TO kim_auth;
CREATE FUNCTION move_pages_of(p_client uuid, p_other uuid) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    UPDATE public.clients c SET household_key = c.household_key
    WHERE c.municipal_area_id = public.ctx_area() AND c.changed_xid <> pg_current_xact_id()
        AND (c.id IN (p_client, p_other) OR c.id IN (SELECT h.client_id FROM public.household_members h
            WHERE h.municipal_area_id = public.ctx_area() AND h.member_client_id IN (p_client, p_other)));
END;
ALTER FUNCTION move_pages_of(uuid, uuid) OWNER TO kim_auth;

-- What both records have alike in a household stays where it is; what hangs on it goes over to the entry that
-- remains: guardians and disputes, of the two records and of everybody who has both in the household. Where safety
-- is at stake the stricter wins, from both sides: kept apart, no contact, who must not learn anything.
CREATE FUNCTION join_alike_members(p_merge uuid, p_kept uuid, p_gone uuid) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    v_area text := public.ctx_area();
    v_pair record;
    v_row record;
    v_version int;
BEGIN
    FOR v_pair IN
        SELECT o.id AS before, k.id AS after FROM public.household_members o
        JOIN public.household_members k ON k.municipal_area_id = v_area
            AND (k.client_id = o.client_id AND k.member_client_id = p_kept AND o.member_client_id = p_gone
                OR k.client_id = p_kept AND k.member_client_id = o.member_client_id AND o.client_id = p_gone)
        WHERE o.municipal_area_id = v_area
    LOOP
        FOR v_row IN UPDATE public.guardians g SET member_id = v_pair.after
            WHERE g.municipal_area_id = v_area AND g.member_id = v_pair.before RETURNING g.id
        LOOP
            INSERT INTO public.client_merge_moves
                (municipal_area_id, id, merge_id, how, table_name, row_id, column_name, before, after)
            VALUES (v_area, public.new_id(), p_merge, 'moved', 'guardians', v_row.id, 'member_id',
                jsonb_build_object('member_id', v_pair.before), v_pair.after);
        END LOOP;
        FOR v_row IN SELECT g.id FROM public.guardians g
            WHERE FOUND AND g.municipal_area_id = v_area AND g.member_id = v_pair.after AND NOT g.must_not_learn
                AND EXISTS (SELECT FROM public.guardians o WHERE o.municipal_area_id = v_area
                    AND o.member_id = v_pair.after AND o.must_not_learn)
        LOOP
            UPDATE public.guardians g SET must_not_learn = true
            WHERE g.municipal_area_id = v_area AND g.id = v_row.id RETURNING g.version INTO v_version;
            INSERT INTO public.client_merge_moves
                (municipal_area_id, id, merge_id, how, table_name, row_id, before)
            VALUES (v_area, public.new_id(), p_merge, 'stricter', 'guardians', v_row.id,
                jsonb_build_object('must_not_learn', false, 'version', v_version));
        END LOOP;
        FOR v_row IN SELECT d.id, d.entry_ids FROM public.disputes d
            WHERE d.municipal_area_id = v_area AND v_pair.before = ANY (d.entry_ids)
        LOOP
            UPDATE public.disputes d SET entry_ids = array_replace(d.entry_ids, v_pair.before, v_pair.after)
            WHERE d.municipal_area_id = v_area AND d.id = v_row.id;
            INSERT INTO public.client_merge_moves
                (municipal_area_id, id, merge_id, how, table_name, row_id, column_name, before, after)
            VALUES (v_area, public.new_id(), p_merge, 'moved', 'disputes', v_row.id, 'id',
                jsonb_build_object('entry_ids', v_row.entry_ids), v_row.id);
        END LOOP;
    END LOOP;

    FOR v_row IN
        WITH ties AS (
            SELECT h.id, h.is_kept_apart, h.relation, p_gone IN (h.client_id, h.member_client_id) AS ends,
                CASE WHEN h.client_id IN (p_kept, p_gone) THEN h.member_client_id ELSE h.client_id END AS other,
                EXISTS (SELECT FROM public.client_merge_moves v WHERE v.municipal_area_id = v_area
                    AND v.merge_id = p_merge AND v.table_name = 'household_members' AND v.row_id = h.id) AS came
            FROM public.household_members h
            WHERE h.municipal_area_id = v_area AND h.member_client_id IS NOT NULL
                AND (h.client_id IN (p_kept, p_gone) OR h.member_client_id IN (p_kept, p_gone))),
        others AS (
            SELECT t.other, bool_or(t.is_kept_apart) AS apart, bool_or(t.relation = 'no_contact') AS no_contact
            FROM ties t WHERE t.other NOT IN (p_kept, p_gone)
            GROUP BY t.other HAVING bool_or(t.ends OR t.came))
        SELECT t.id, t.is_kept_apart, t.relation, s.apart, s.no_contact
        FROM ties t JOIN others s ON s.other = t.other
        WHERE NOT t.ends AND (s.apart AND NOT t.is_kept_apart OR s.no_contact AND t.relation <> 'no_contact')
    LOOP
        UPDATE public.household_members h SET is_kept_apart = v_row.apart,
            relation = CASE WHEN v_row.no_contact THEN 'no_contact' ELSE h.relation END
        WHERE h.municipal_area_id = v_area AND h.id = v_row.id RETURNING h.version INTO v_version;
        INSERT INTO public.client_merge_moves (municipal_area_id, id, merge_id, how, table_name, row_id, before)
        VALUES (v_area, public.new_id(), p_merge, 'stricter', 'household_members', v_row.id,
            jsonb_build_object('is_kept_apart', v_row.is_kept_apart, 'relation', v_row.relation,
                'version', v_version));
    END LOOP;
END $$;
ALTER FUNCTION join_alike_members(uuid, uuid, uuid) OWNER TO kim_auth;

-- Lets everything of the merged record follow. `p_superseded` names the periods that are no longer believed,
-- with those that are. Of what both records have alike, the one of the merged record stays where it is.
CREATE FUNCTION merge_clients(p_merge uuid, p_superseded jsonb) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
#variable_conflict use_column
DECLARE
    v_area text := public.ctx_area();
    m public.client_merges;
    v_kept record;
    v_gone record;
    v_link record;
    v_row record;
    v_id uuid;
    v_offset int;
    v_constraint text;
    v_ended uuid[] := '{}';
BEGIN
    SELECT * INTO m FROM public.client_merges g
    WHERE g.municipal_area_id = v_area AND g.id = p_merge AND g.merged_by = public.ctx_user()
        AND g.undone_at IS NULL AND g.final_at IS NULL
        AND NOT EXISTS (SELECT FROM public.client_merge_moves v
            WHERE v.municipal_area_id = v_area AND v.merge_id = g.id);
    PERFORM FROM public.clients c WHERE c.municipal_area_id = v_area
        AND c.id IN (m.client_id, m.merged_client_id) ORDER BY c.id FOR UPDATE;
    SELECT c.id, c.unit_id, c.pseudonym, c.household_key, c.is_restricted INTO v_kept FROM public.clients c
    WHERE c.municipal_area_id = v_area AND c.id = m.client_id AND c.merged_into IS NULL
        AND c.processing_restricted_at IS NULL AND c.id = ANY (public.my_lasting_clients());
    SELECT c.id, c.unit_id, c.pseudonym, c.household_key, c.is_restricted INTO v_gone FROM public.clients c
    WHERE c.municipal_area_id = v_area AND c.id = m.merged_client_id AND c.merged_into IS NULL
        AND c.processing_restricted_at IS NULL AND c.id = ANY (public.my_lasting_clients());
    IF NOT public.ctx_is('case_manager') OR v_kept.unit_id IS DISTINCT FROM v_gone.unit_id
        OR v_kept.unit_id IS NULL OR m.merged_pseudonym <> v_gone.pseudonym
    THEN
        RAISE EXCEPTION USING errcode = '42501', message = 'no right to merge these two';
    END IF;
    IF public.withdrawn_on_the_other(v_kept.id, v_gone.id) THEN
        RAISE EXCEPTION USING errcode = '23514', constraint = 'ck_client_merges_consent_withdrawn',
            message = 'what was withdrawn on one is agreed to on the other';
    END IF;

    INSERT INTO public.client_merge_moves (municipal_area_id, id, merge_id, how, table_name, row_id, before)
    SELECT v_area, gen_random_uuid(), m.id, 'figure', 'barrier_figures', f.id, to_jsonb(f)
    FROM public.barrier_figures f
    WHERE f.municipal_area_id = v_area AND (f.person_key = v_gone.pseudonym
        OR f.household_key = v_gone.household_key
        OR f.person_key = v_kept.pseudonym AND (v_kept.is_restricted OR v_gone.is_restricted));

    -- Restricted wins, before anything moves: cases and assignments follow each their own person.
    UPDATE public.clients c SET is_restricted = true
    WHERE c.municipal_area_id = v_area AND c.id IN (v_kept.id, v_gone.id) AND NOT c.is_restricted
        AND (v_kept.is_restricted OR v_gone.is_restricted);

    FOR v_row IN SELECT s.history, s.id, s."by" FROM jsonb_to_recordset(p_superseded)
        AS s(history text, id uuid, "by" uuid)
    LOOP
        EXECUTE format('UPDATE public.%I t SET superseded_at = $1, superseded_by = $2,
                superseded_because = ''merged''
            WHERE t.municipal_area_id = $3 AND t.id = $4 AND t.client_id = ANY ($5)
                AND t.superseded_at IS NULL RETURNING t.id', v_row.history)
        INTO STRICT v_id USING m.merged_at, v_row."by", v_area, v_row.id, ARRAY[v_kept.id, v_gone.id];
        INSERT INTO public.client_merge_moves
            (municipal_area_id, id, merge_id, how, table_name, row_id, before)
        VALUES (v_area, public.new_id(), m.id, 'superseded', v_row.history, v_id, '{}');
    END LOOP;

    -- Who only registered the merged record does not know the survivor by that: their right ends, and comes back
    -- with an undo. Whoever has a lasting relation to both keeps both.
    FOR v_row IN
        SELECT r.id, r.active_until FROM public.assignments r
        WHERE r.municipal_area_id = v_area AND r.client_id = v_gone.id AND r.kind = 'registrar'
            AND (r.active_until IS NULL OR r.active_until > now())
            AND NOT EXISTS (SELECT FROM public.assignments k
                WHERE k.municipal_area_id = v_area AND k.client_id = v_kept.id AND k.user_id = r.user_id
                    AND k.kind IN ('lead', 'registrar') AND k.active_from <= now()
                    AND (k.active_until IS NULL OR k.active_until > now()))
    LOOP
        UPDATE public.assignments a SET active_until = greatest(now(), a.active_from)
        WHERE a.municipal_area_id = v_area AND a.id = v_row.id;
        v_ended := v_ended || v_row.id;
        INSERT INTO public.client_merge_moves
            (municipal_area_id, id, merge_id, how, table_name, row_id, column_name, before, after)
        VALUES (v_area, public.new_id(), m.id, 'moved', 'assignments', v_row.id, 'client_id',
            jsonb_build_object('client_id', v_gone.id, 'active_until', v_row.active_until), v_gone.id);
    END LOOP;

    SELECT coalesce(max(n.position) + 1, 0) INTO v_offset FROM public.client_nationalities n
    WHERE n.municipal_area_id = v_area AND n.client_id = v_kept.id;
    FOR v_link IN SELECT l.table_name, l.column_name FROM public.client_links() l LOOP
        FOR v_id IN EXECUTE format('SELECT t.id FROM public.%I t WHERE t.municipal_area_id = $1 AND t.%I = $2
            AND t.id <> ALL ($3) ORDER BY t.id', v_link.table_name, v_link.column_name)
            USING v_area, v_gone.id, v_ended
        LOOP
            BEGIN
                EXECUTE format('UPDATE public.%1$I SET %2$I = $1%3$s WHERE municipal_area_id = $2 AND id = $3',
                    v_link.table_name, v_link.column_name,
                    CASE v_link.table_name WHEN 'client_nationalities'
                        THEN format(', position = position + %s', v_offset) ELSE '' END)
                USING v_kept.id, v_area, v_id;
                INSERT INTO public.client_merge_moves
                    (municipal_area_id, id, merge_id, how, table_name, row_id, column_name, before, after)
                VALUES (v_area, public.new_id(), m.id, 'moved', v_link.table_name, v_id,
                    v_link.column_name, jsonb_build_object(v_link.column_name, v_gone.id)
                        || CASE v_link.table_name WHEN 'client_nationalities' THEN (
                            SELECT jsonb_build_object('position', n.position - v_offset)
                            FROM public.client_nationalities n
                            WHERE n.municipal_area_id = v_area AND n.id = v_id) ELSE '{}' END,
                    v_kept.id);
            EXCEPTION
                WHEN unique_violation THEN
                    NULL;
                WHEN check_violation THEN
                    GET STACKED DIAGNOSTICS v_constraint = CONSTRAINT_NAME;
                    IF v_constraint NOT LIKE '%_somebody_else' THEN
                        RAISE;
                    END IF;
            END;
        END LOOP;
    END LOOP;

    PERFORM public.join_alike_members(m.id, v_kept.id, v_gone.id);

    -- One person, one household; those who lived with the merged record come along.
    IF v_kept.household_key <> v_gone.household_key THEN
        FOR v_id IN
            UPDATE public.clients c SET household_key = v_kept.household_key
            WHERE c.municipal_area_id = v_area AND c.household_key = v_gone.household_key AND c.id <> v_gone.id
            RETURNING c.id
        LOOP
            INSERT INTO public.client_merge_moves
                (municipal_area_id, id, merge_id, how, table_name, row_id, column_name, before, after)
            VALUES (v_area, public.new_id(), m.id, 'moved', 'clients', v_id, 'household_key',
                jsonb_build_object('household_key', v_gone.household_key), v_kept.household_key);
        END LOOP;
        UPDATE public.barrier_figures f SET household_key = v_kept.household_key
        WHERE f.municipal_area_id = v_area AND f.household_key = v_gone.household_key;
    END IF;

    UPDATE public.clients c SET merged_into = v_kept.id
    WHERE c.municipal_area_id = v_area AND c.id = v_gone.id;
    PERFORM public.move_pages_of(v_kept.id, v_gone.id);
    PERFORM public.follow_in_retentions(v_kept.id, v_gone.id);
    IF v_kept.is_restricted OR v_gone.is_restricted THEN
        PERFORM public.keep_to_running_team(v_kept.id);
    END IF;
    PERFORM public.tell_of_merge(v_kept.id, 'client_merged', m.merged_at);
END $$;
ALTER FUNCTION merge_clients(uuid, jsonb) OWNER TO kim_auth;

-- Gives the merged record back what was its own. What was written since stays with the survivor, except what
-- belongs to something that goes back: of a case, of a period that was corrected, about such a period. `stayed`
-- says where something could not be given back, because something else stands there now.
CREATE FUNCTION undo_merge(p_merge uuid, p_at timestamptz, p_stayed text[]) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
#variable_conflict use_column
DECLARE
    v_area text := public.ctx_area();
    m public.client_merges;
    v_kept record;
    v_gone record;
    v_row record;
    v_link record;
    v_set text;
    v_cases uuid[];
    v_gone_restricted boolean;
    v_stayed text[] := p_stayed;
    v_count bigint;
BEGIN
    SELECT * INTO m FROM public.client_merges g
    WHERE g.municipal_area_id = v_area AND g.id = p_merge AND g.client_id = ANY (public.my_lasting_clients())
        AND g.undone_at IS NULL AND g.final_at IS NULL AND g.undo_until >= p_at
        AND NOT EXISTS (SELECT FROM public.client_merges l
            WHERE l.municipal_area_id = v_area AND l.client_id = g.client_id AND l.id > g.id
                AND l.undone_at IS NULL);
    IF NOT FOUND OR NOT public.ctx_is('case_manager') THEN
        RAISE EXCEPTION USING errcode = '42501', message = 'no right to undo this merge';
    END IF;
    PERFORM FROM public.clients c WHERE c.municipal_area_id = v_area
        AND c.id IN (m.client_id, m.merged_client_id) ORDER BY c.id FOR UPDATE;
    SELECT c.id, c.pseudonym, c.household_key, c.is_restricted INTO STRICT v_kept FROM public.clients c
    WHERE c.municipal_area_id = v_area AND c.id = m.client_id AND c.processing_restricted_at IS NULL;
    SELECT c.id, c.pseudonym, c.household_key INTO STRICT v_gone FROM public.clients c
    WHERE c.municipal_area_id = v_area AND c.id = m.merged_client_id AND c.merged_into = m.client_id;
    UPDATE public.clients c SET merged_into = NULL WHERE c.municipal_area_id = v_area AND c.id = v_gone.id;

    -- What the merge made stricter is again what it was, unless somebody has written there since: then it stays.
    FOR v_row IN SELECT v.table_name, v.row_id, v.before - 'version' AS before, v.before ->> 'version' AS version
        FROM public.client_merge_moves v
        WHERE v.municipal_area_id = v_area AND v.merge_id = m.id AND v.how = 'stricter'
    LOOP
        SELECT string_agg(format('%1$I = b.%1$I', k), ', ') INTO v_set FROM jsonb_object_keys(v_row.before) k;
        EXECUTE format('UPDATE public.%1$I t SET %2$s FROM jsonb_populate_record(NULL::public.%1$I, $1) b
            WHERE t.municipal_area_id = $2 AND t.id = $3 AND t.version = $4', v_row.table_name, v_set)
        USING v_row.before, v_area, v_row.row_id, v_row.version::int;
        GET DIAGNOSTICS v_count = ROW_COUNT;
        IF v_count = 0 THEN
            v_stayed := v_stayed || v_row.table_name;
        END IF;
    END LOOP;
    -- What moved goes back, unless somebody has taken it elsewhere since.
    FOR v_row IN SELECT v.table_name, v.row_id, v.column_name, v.before, v.after
        FROM public.client_merge_moves v
        WHERE v.municipal_area_id = v_area AND v.merge_id = m.id AND v.how = 'moved'
        ORDER BY v.table_name, v.row_id
    LOOP
        SELECT string_agg(format('%1$I = b.%1$I', k), ', ') INTO v_set FROM jsonb_object_keys(v_row.before) k;
        BEGIN
            EXECUTE format('UPDATE public.%1$I t SET %2$s FROM jsonb_populate_record(NULL::public.%1$I, $1) b
                WHERE t.municipal_area_id = $2 AND t.id = $3 AND t.%3$I = $4',
                v_row.table_name, v_set, v_row.column_name)
            USING v_row.before, v_area, v_row.row_id, v_row.after;
        EXCEPTION WHEN unique_violation OR exclusion_violation THEN
            v_stayed := v_stayed || v_row.table_name;
        END;
    END LOOP;
    -- A case that was opened since by somebody who knew the survivor by the merge alone goes with the record that
    -- they know, so that no sight of the survivor is left to them. The registrars of the survivor whose right its
    -- opening had ended have it again.
    FOR v_row IN UPDATE public.cases c SET client_id = v_gone.id
    FROM (SELECT DISTINCT ON (o.case_id) o.case_id, o.user_id, o.active_from FROM public.assignments o
        WHERE o.municipal_area_id = v_area AND o.client_id = v_kept.id AND o.kind = 'lead' AND o.id > m.id
        ORDER BY o.case_id, o.id) opened
    WHERE c.municipal_area_id = v_area AND c.id = opened.case_id AND c.client_id = v_kept.id AND c.id > m.id
        AND NOT EXISTS (SELECT FROM public.assignments k
            WHERE k.municipal_area_id = v_area AND k.client_id = v_kept.id AND k.user_id = opened.user_id
                AND k.kind IN ('lead', 'registrar') AND k.active_from <= opened.active_from
                AND (k.active_until IS NULL OR k.active_until >= opened.active_from)
                AND (k.case_id IS NULL OR k.case_id <= m.id))
        RETURNING opened.active_from
    LOOP
        UPDATE public.assignments r SET active_until = NULL
        WHERE r.municipal_area_id = v_area AND r.client_id = v_kept.id AND r.kind = 'registrar'
            AND r.active_until = v_row.active_from;
    END LOOP;
    v_cases := ARRAY(SELECT c.id FROM public.cases c
        WHERE c.municipal_area_id = v_area AND c.client_id = v_gone.id);
    FOR v_link IN SELECT l.table_name, l.column_name FROM public.client_links() l
        WHERE EXISTS (SELECT FROM pg_catalog.pg_attribute a
            WHERE a.attrelid = format('public.%I', l.table_name)::regclass AND a.attname = 'case_id')
    LOOP
        -- Ids tell the time (UUIDv7): these were written after the merge.
        EXECUTE format('UPDATE public.%1$I SET %2$I = $1 WHERE municipal_area_id = $2 AND %2$I = $3
            AND case_id = ANY ($4) AND id > $5', v_link.table_name, v_link.column_name)
        USING v_gone.id, v_area, v_kept.id, v_cases, m.id;
    END LOOP;
    -- What was taken back while both were one was said of either.
    INSERT INTO public.told_withdrawals (municipal_area_id, id, client_id, case_id, institution_id,
        receiving_unit_id, purpose, only_this, told_at, taken_at)
    SELECT v_area, public.new_id(), CASE w.client_id WHEN v_kept.id THEN v_gone.id ELSE v_kept.id END, w.case_id,
        w.institution_id, w.receiving_unit_id, w.purpose, w.only_this, w.told_at, w.taken_at
    FROM public.told_withdrawals w
    WHERE w.municipal_area_id = v_area AND w.client_id IN (v_kept.id, v_gone.id) AND w.id > m.id;
    FOR v_link IN SELECT l.table_name FROM public.client_links() l
        WHERE EXISTS (SELECT FROM pg_catalog.pg_attribute a
            WHERE a.attrelid = format('public.%I', l.table_name)::regclass AND a.attname = 'superseded_by')
    LOOP
        LOOP
            EXECUTE format('UPDATE public.%1$I t SET client_id = $1 FROM public.%1$I o
                WHERE t.municipal_area_id = $2 AND t.client_id = $3 AND o.municipal_area_id = $2
                    AND o.client_id = $1 AND o.superseded_by = t.id AND o.superseded_because <> %2$L',
                v_link.table_name, 'merged') USING v_gone.id, v_area, v_kept.id;
            GET DIAGNOSTICS v_count = ROW_COUNT;
            EXIT WHEN v_count = 0;
        END LOOP;
        EXECUTE format('UPDATE public.disputes d SET client_id = $1 WHERE d.municipal_area_id = $2
            AND d.client_id = $3 AND EXISTS (SELECT FROM public.%I t WHERE t.municipal_area_id = $2
                AND t.client_id = $1 AND t.id = ANY (d.entry_ids))', v_link.table_name)
        USING v_gone.id, v_area, v_kept.id;
    END LOOP;
    FOR v_row IN SELECT v.table_name, v.row_id FROM public.client_merge_moves v
        WHERE v.municipal_area_id = v_area AND v.merge_id = m.id AND v.how = 'superseded'
    LOOP
        BEGIN
            EXECUTE format('UPDATE public.%I t SET superseded_at = NULL, superseded_by = NULL,
                    superseded_because = NULL
                WHERE t.municipal_area_id = $1 AND t.id = $2 AND t.superseded_because = %L',
                v_row.table_name, 'merged') USING v_area, v_row.row_id;
        EXCEPTION WHEN exclusion_violation THEN
            v_stayed := v_stayed || v_row.table_name;
        END;
    END LOOP;

    -- Never less safe: whoever is hidden stays so, on both sides, also what was written meanwhile. The team is
    -- told by `stayed` and shows them again when it is safe.
    v_gone_restricted := m.merged_was_restricted OR v_kept.is_restricted;
    IF v_gone_restricted AND NOT m.merged_was_restricted
        OR v_kept.is_restricted AND NOT m.client_was_restricted
    THEN
        v_stayed := v_stayed || 'is_restricted'::text;
    END IF;
    UPDATE public.clients c SET is_restricted = v_gone_restricted
    WHERE c.municipal_area_id = v_area AND c.id = v_gone.id AND c.is_restricted <> v_gone_restricted;
    UPDATE public.cases c SET is_restricted = v_gone_restricted
    WHERE c.municipal_area_id = v_area AND c.client_id = v_gone.id AND c.is_restricted <> v_gone_restricted;
    UPDATE public.assignments a SET is_restricted = v_gone_restricted
    WHERE a.municipal_area_id = v_area AND a.client_id = v_gone.id AND a.is_restricted <> v_gone_restricted;

    -- Figures: each counts for whom it counted. What a report was corrected to since stays; whom it no longer
    -- concerns, and who is restricted now, does not come back.
    UPDATE public.barrier_figures f SET person_key = v_gone.pseudonym, household_key = v_gone.household_key
    FROM public.barrier_persons p
    WHERE f.municipal_area_id = v_area AND f.person_key = v_kept.pseudonym AND NOT v_gone_restricted
        AND p.municipal_area_id = v_area AND p.report_id = f.report_id AND p.client_id = v_gone.id
        AND NOT EXISTS (SELECT FROM public.barrier_persons o WHERE o.municipal_area_id = v_area
            AND o.report_id = f.report_id AND o.client_id = v_kept.id);
    UPDATE public.barrier_figures f SET household_key = (v.before ->> 'household_key')::uuid
    FROM public.client_merge_moves v
    WHERE v.municipal_area_id = v_area AND v.merge_id = m.id AND v.how = 'figure'
        AND f.municipal_area_id = v_area AND f.id = v.row_id AND f.household_key = v_kept.household_key;
    INSERT INTO public.barrier_figures
    SELECT b.* FROM public.client_merge_moves v
    CROSS JOIN LATERAL jsonb_populate_record(NULL::public.barrier_figures, v.before) b
    JOIN public.clients c ON c.municipal_area_id = v_area AND c.pseudonym = b.person_key
        AND c.id IN (v_kept.id, v_gone.id) AND NOT c.is_restricted
    JOIN public.barrier_persons p ON p.municipal_area_id = v_area AND p.report_id = b.report_id
        AND p.client_id = c.id
    WHERE v.municipal_area_id = v_area AND v.merge_id = m.id AND v.how = 'figure'
        AND NOT EXISTS (SELECT FROM public.barrier_figures f WHERE f.municipal_area_id = v_area
            AND f.report_id = b.report_id AND f.person_key = b.person_key);

    PERFORM public.move_pages_of(v_kept.id, v_gone.id);
    PERFORM public.follow_in_retentions(v_kept.id, v_gone.id);
    v_stayed := ARRAY(SELECT DISTINCT s FROM unnest(v_stayed) s ORDER BY s);
    UPDATE public.client_merges g SET undone_at = p_at, undone_by = public.ctx_user(), changes = NULL,
        stayed = v_stayed
    WHERE g.municipal_area_id = v_area AND g.id = m.id;
    DELETE FROM public.client_merge_moves v WHERE v.municipal_area_id = v_area AND v.merge_id = m.id;
    IF v_kept.id <> ALL (public.my_lasting_clients()) THEN
        RAISE EXCEPTION USING errcode = '42501', constraint = 'ck_client_merges_knows_survivor',
            message = 'the survivor is known by the merge alone';
    END IF;
    PERFORM public.keep_to_running_team(c.id) FROM public.clients c WHERE c.municipal_area_id = v_area
        AND c.id IN (v_kept.id, v_gone.id) AND c.is_restricted;
    PERFORM public.tell_of_merge(v_kept.id, 'merge_undone', p_at);
    PERFORM public.tell_of_merge(v_gone.id, 'merge_undone', p_at);
END $$;
ALTER FUNCTION undo_merge(uuid, timestamptz, text[]) OWNER TO kim_auth;

SET ROLE kim_auth;
REVOKE EXECUTE ON FUNCTION refuse_merged(), merge_would_show(uuid, uuid),
    tell_of_merge(uuid, text, timestamptz), move_pages_of(uuid, uuid), follow_in_retentions(uuid, uuid),
    join_alike_members(uuid, uuid, uuid), merge_clients(uuid, jsonb),
    undo_merge(uuid, timestamptz, text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION merge_would_show(uuid, uuid), merge_clients(uuid, jsonb),
    undo_merge(uuid, timestamptz, text[]) TO kim_app;
SET ROLE kim_owner;
