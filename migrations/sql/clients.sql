-- Grants and policies of persons, what belongs to them, their histories, and the search for duplicates.
-- Seen by those with an assignment (my_clients()), changed by case managers among them.

CALL protect_table('clients');
CALL track_versions('clients');
GRANT SELECT, INSERT, UPDATE ON clients TO kim_app;
CREATE POLICY read ON clients FOR SELECT TO kim_app
    USING (id = ANY ((SELECT my_clients())::uuid[]));
CREATE POLICY register ON clients FOR INSERT TO kim_app
    WITH CHECK (created_by = (SELECT ctx_user())
        AND unit_id = ANY ((SELECT ctx_places('case_manager'))::uuid[]));
CREATE POLICY change ON clients FOR UPDATE TO kim_app
    USING (id = ANY ((SELECT my_clients())::uuid[]) AND (SELECT ctx_is('case_manager')))
    WITH CHECK (id = ANY ((SELECT my_clients())::uuid[]) AND (SELECT ctx_is('case_manager')));
-- The worker deletes at the end of retention and knows nobody's name; reporting counts and knows no name.
GRANT SELECT (municipal_area_id, id, unit_id, pseudonym, is_restricted, merged_into, created_at), DELETE
    ON clients TO kim_worker;
CREATE POLICY serve ON clients FOR SELECT TO kim_worker USING (true);
CREATE POLICY erase ON clients FOR DELETE TO kim_worker USING (true);
GRANT SELECT (municipal_area_id, id, unit_id, is_restricted, merged_into, birth_date, sex, household_key,
    household_type, created_at) ON clients TO kim_reporting;
CREATE POLICY count ON clients FOR SELECT TO kim_reporting USING (true);

CALL protect_table('client_nationalities');
GRANT SELECT, INSERT, DELETE ON client_nationalities TO kim_app;
CREATE POLICY read ON client_nationalities FOR SELECT TO kim_app
    USING (client_id = ANY ((SELECT my_clients())::uuid[]));
CREATE POLICY add ON client_nationalities FOR INSERT TO kim_app
    WITH CHECK (client_id = ANY ((SELECT my_clients())::uuid[]) AND (SELECT ctx_is('case_manager')));
CREATE POLICY remove ON client_nationalities FOR DELETE TO kim_app
    USING (client_id = ANY ((SELECT my_clients())::uuid[]) AND (SELECT ctx_is('case_manager')));
GRANT SELECT ON client_nationalities TO kim_reporting;
CREATE POLICY count ON client_nationalities FOR SELECT TO kim_reporting USING (true);

-- A member who is a client is seen only by those who see both: nobody learns of a shelter through a household.
CALL protect_table('household_members');
CALL track_versions('household_members');
GRANT SELECT, INSERT, UPDATE, DELETE ON household_members TO kim_app;
CREATE POLICY read ON household_members FOR SELECT TO kim_app
    USING (client_id = ANY ((SELECT my_clients())::uuid[])
        AND (member_client_id IS NULL OR member_client_id = ANY ((SELECT my_clients())::uuid[])));
CREATE POLICY add ON household_members FOR INSERT TO kim_app
    WITH CHECK (client_id = ANY ((SELECT my_clients())::uuid[]) AND (SELECT ctx_is('case_manager'))
        AND (member_client_id IS NULL OR member_client_id = ANY ((SELECT my_clients())::uuid[])));
CREATE POLICY change ON household_members FOR UPDATE TO kim_app
    USING (client_id = ANY ((SELECT my_clients())::uuid[]) AND (SELECT ctx_is('case_manager')))
    WITH CHECK (client_id = ANY ((SELECT my_clients())::uuid[]) AND (SELECT ctx_is('case_manager'))
        AND (member_client_id IS NULL OR member_client_id = ANY ((SELECT my_clients())::uuid[])));
CREATE POLICY remove ON household_members FOR DELETE TO kim_app
    USING (client_id = ANY ((SELECT my_clients())::uuid[]) AND (SELECT ctx_is('case_manager')));

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
    EXECUTE format('CREATE POLICY count ON %I FOR SELECT TO kim_reporting USING (true)', p_table);
END $$;
CALL protect_history('residence_documents');
CALL protect_history('legal_domain_periods');
CALL protect_history('addresses');
CALL protect_history('language_levels');
CALL protect_history('schooling_periods');
DROP PROCEDURE protect_history(text);
GRANT SELECT ON residence_documents, legal_domain_periods, language_levels TO kim_reporting;
GRANT SELECT (municipal_area_id, id, client_id, strand, housing_type, municipality, valid, superseded_at)
    ON addresses TO kim_reporting;
GRANT SELECT (municipal_area_id, id, client_id, school_step, valid, superseded_at)
    ON schooling_periods TO kim_reporting;
-- Reminders look at both ends of a document.
GRANT SELECT (municipal_area_id, id, client_id, strand, printed_end, continued_effect, continued_until, valid,
    superseded_at) ON residence_documents TO kim_worker;
CREATE POLICY remind ON residence_documents FOR SELECT TO kim_worker USING (true);

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
    -- Who had broken the glass does not go on looking at somebody who is hidden now.
    UPDATE public.assignments a SET active_until = greatest(now(), a.active_from)
    WHERE NEW.is_restricted AND a.municipal_area_id = NEW.municipal_area_id AND a.client_id = NEW.id
        AND a.kind = 'break_glass' AND (a.active_until IS NULL OR a.active_until > now());
    RETURN NULL;
END $$;
ALTER FUNCTION restrict_with_client() OWNER TO kim_auth;
CREATE TRIGGER restrict AFTER UPDATE OF is_restricted ON clients
    FOR EACH ROW WHEN (OLD.is_restricted <> NEW.is_restricted) EXECUTE FUNCTION restrict_with_client();
SET ROLE kim_auth;
REVOKE EXECUTE ON FUNCTION restrict_with_client() FROM PUBLIC;
SET ROLE kim_owner;

-- Whether one letter too many, too few, another or two exchanged make one word of the other (Damerau).
CREATE FUNCTION within_one_edit(p_one text, p_other text) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    i int := 1;
BEGIN
    WHILE i <= length(p_one) AND substr(p_one, i, 1) = substr(p_other, i, 1) LOOP
        i := i + 1;
    END LOOP;
    RETURN substr(p_one, i + 1) IN (substr(p_other, i), substr(p_other, i + 1))
        OR substr(p_one, i) = substr(p_other, i + 1)
        OR (substr(p_one, i + 2) = substr(p_other, i + 2)
            AND substr(p_one, i, 2) = reverse(substr(p_other, i, 2)));
END $$;

-- How alike two persons' names are, 0 to 1: each word of the one with fewer words against its best match.
-- The worst word weighs more, so that brothers and sisters stay apart.
CREATE FUNCTION name_likeness(p_words text[], p_consonants text[], q_words text[], q_consonants text[])
RETURNS real LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (
    SELECT coalesce(0.6 * avg(best) + 0.4 * min(best), 0) FROM (
        SELECT max(greatest(similarity(a.word, b.word),
            CASE WHEN a.consonants = b.consonants AND length(a.consonants) > 2 THEN 0.8
                WHEN abs(length(a.word) - length(b.word)) <= 1 AND length(a.word) > 2
                    AND (left(a.word, 1) = left(b.word, 1) OR right(a.word, 1) = right(b.word, 1))
                    AND within_one_edit(a.word, b.word) THEN 0.75
                WHEN abs(length(a.consonants) - length(b.consonants)) <= 1
                    AND greatest(length(a.consonants), length(b.consonants)) > 2
                    AND within_one_edit(a.consonants, b.consonants) THEN 0.6
                ELSE 0 END)) AS best
        FROM unnest(CASE WHEN cardinality(p_words) <= cardinality(q_words) THEN p_words ELSE q_words END,
            CASE WHEN cardinality(p_words) <= cardinality(q_words) THEN p_consonants ELSE q_consonants END)
            AS a(word, consonants)
        CROSS JOIN unnest(CASE WHEN cardinality(p_words) <= cardinality(q_words) THEN q_words ELSE p_words END,
            CASE WHEN cardinality(p_words) <= cardinality(q_words) THEN q_consonants ELSE p_consonants END)
            AS b(word, consonants)
        GROUP BY a.word) AS pairs);

-- The searcher sees their own checks, and never what was found elsewhere.
CALL protect_table('duplicate_checks');
GRANT SELECT (municipal_area_id, id, user_id, is_counted, checked_at) ON duplicate_checks TO kim_app;
GRANT INSERT ON duplicate_checks TO kim_auth;
GRANT SELECT, DELETE ON duplicate_checks TO kim_worker;
CREATE POLICY own ON duplicate_checks FOR SELECT TO kim_app USING (user_id = (SELECT ctx_user()));
CREATE POLICY keep ON duplicate_checks FOR INSERT TO kim_auth WITH CHECK (true);
CREATE POLICY serve ON duplicate_checks FOR SELECT TO kim_worker USING (true);
CREATE POLICY clean ON duplicate_checks FOR DELETE TO kim_worker USING (true);

-- Possible duplicates in the whole area. The caller gets those they may see; the others are written down for
-- their units. Restricted persons are found by their own team only. The work is the same either way.
GRANT SELECT (merged_into, birth_date, birth_precision, name_text, name_words, name_consonants)
    ON clients TO kim_auth;
CREATE FUNCTION find_duplicates(
    p_check uuid, p_now timestamptz, p_counted boolean, p_words text[], p_consonants text[], p_birth date,
    p_similar_births date[], p_birth_from date, p_birth_until date
) RETURNS TABLE (client_id uuid, likeness real, reasons text[])
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
#variable_conflict use_column
DECLARE
    v_area text := public.ctx_area();
    v_mine uuid[] := public.my_clients();
    v_text text := array_to_string(p_words, ' ');
    v_ids uuid[];
    v_likeness real[];
    v_reasons text[];
BEGIN
    IF NOT public.ctx_is('case_manager') THEN
        RAISE EXCEPTION USING errcode = '42501', message = 'only case managers look for duplicates';
    END IF;
    -- The setting exists once the library is loaded, which the first call of one of its functions does.
    PERFORM public.similarity('', ''), set_config('pg_trgm.similarity_threshold', '0.35', true);
    WITH candidates AS (
        SELECT c.id, c.name_words, c.name_consonants, c.birth_date, c.birth_precision, c.is_restricted
        FROM public.clients c
        WHERE c.municipal_area_id = v_area AND c.merged_into IS NULL
            AND (c.birth_date = ANY (p_similar_births) OR c.birth_date BETWEEN p_birth_from AND p_birth_until)
            AND (c.name_consonants && p_consonants OR public.similarity(c.name_text, v_text) >= 0.15)
        UNION
        SELECT c.id, c.name_words, c.name_consonants, c.birth_date, c.birth_precision, c.is_restricted
        FROM public.clients c
        WHERE c.municipal_area_id = v_area AND c.merged_into IS NULL
            AND p_birth IS NULL AND c.name_text OPERATOR(public.%) v_text
        UNION
        SELECT c.id, c.name_words, c.name_consonants, c.birth_date, c.birth_precision, c.is_restricted
        FROM public.clients c
        WHERE c.municipal_area_id = v_area AND c.merged_into IS NULL
            AND p_birth IS NOT NULL AND c.birth_date IS NULL AND c.name_text OPERATOR(public.%) v_text
    ), scored AS (
        SELECT k.id, public.name_likeness(p_words, p_consonants, k.name_words, k.name_consonants) AS likeness,
            CASE WHEN p_birth IS NULL OR k.birth_date IS NULL THEN 'birth_unknown'
                WHEN k.birth_date = p_birth THEN 'birth_date'
                WHEN k.birth_date = ANY (p_similar_births) THEN 'birth_date_similar'
                WHEN k.birth_date BETWEEN p_birth_from AND p_birth_until THEN 'birth_year'
            END AS birth
        FROM candidates k
        WHERE NOT k.is_restricted OR k.id = ANY (v_mine)
    ), likely AS (
        SELECT s.id, s.likeness, CASE WHEN s.likeness >= 0.999 THEN 'name' ELSE 'name_similar' END AS name, s.birth
        FROM scored s
        WHERE s.likeness >= CASE s.birth WHEN 'birth_date' THEN 0.5 WHEN 'birth_unknown' THEN 0.7 ELSE 0.6 END
            AND s.birth IS NOT NULL
        ORDER BY s.likeness DESC, s.id LIMIT 50
    )
    SELECT coalesce(array_agg(l.id), '{}'), array_agg(l.likeness), array_agg(l.name || ' ' || l.birth)
    INTO v_ids, v_likeness, v_reasons FROM likely l;
    INSERT INTO public.duplicate_checks
        (municipal_area_id, id, user_id, unit_id, is_counted, checked_at, found_elsewhere)
    VALUES (v_area, p_check, public.ctx_user(), (public.ctx_places('case_manager'))[1], p_counted, p_now,
        ARRAY(SELECT f FROM unnest(v_ids) AS f WHERE f <> ALL (v_mine)));
    RETURN QUERY SELECT f.id, f.likeness, string_to_array(f.reasons, ' ')
        FROM unnest(v_ids, v_likeness, v_reasons) AS f(id, likeness, reasons)
        WHERE f.id = ANY (v_mine) ORDER BY f.likeness DESC, f.id;
END $$;
ALTER FUNCTION find_duplicates(uuid, timestamptz, boolean, text[], text[], date, date[], date, date)
    OWNER TO kim_auth;
SET ROLE kim_auth;
REVOKE EXECUTE ON FUNCTION find_duplicates(uuid, timestamptz, boolean, text[], text[], date, date[], date, date)
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION find_duplicates(uuid, timestamptz, boolean, text[], text[], date, date[], date, date)
    TO kim_app;
SET ROLE kim_owner;
