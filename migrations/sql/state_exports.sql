-- Exports to a state-wide database by consent. Administrators ask, the unit's team lead releases, the recipient alone
-- fetches: nobody of the area reads a line as such. Everything that looks at persons is done by definer functions.

CALL protect_table('state_exports');
CALL track_versions('state_exports');
GRANT SELECT ON state_exports TO kim_app;
GRANT INSERT ON state_exports TO kim_app;
GRANT SELECT, UPDATE ON state_exports TO kim_auth;
CREATE POLICY oversee ON state_exports FOR SELECT TO kim_app
    USING ((SELECT ctx_is('admin') OR ctx_is('privacy_officer'))
        OR unit_id = ANY ((SELECT ctx_places('team_lead'))::uuid[]));
CREATE POLICY request ON state_exports FOR INSERT TO kim_app
    WITH CHECK ((SELECT ctx_is('admin')) AND requested_by = (SELECT ctx_user()) AND state = 'requested'
        AND released_by IS NULL AND figures IS NULL);
CREATE POLICY make ON state_exports TO kim_auth USING (true) WITH CHECK (true);

-- A table of its own, because a recipient must not read what the area's people see of an export. What depends on who is
-- in a file (counts, size, digest, end, sealed content) is told by functions alone, once it was fetched: with the digest of
-- a file that was destroyed before, the line of whoever withdrew could be guessed from the file that follows.
CALL protect_table('state_export_files');
GRANT SELECT (municipal_area_id, id, institution_id, quarter, profile, composed_at, fetched_at, fetched_by,
    acknowledged_at, acknowledged_by) ON state_export_files TO kim_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON state_export_files TO kim_auth;
CREATE POLICY addressed ON state_export_files FOR SELECT TO kim_app
    USING (institution_id = ANY ((SELECT ctx_places('partner_user') || ctx_places('partner_system'))::uuid[]));
CREATE POLICY make ON state_export_files TO kim_auth USING (true) WITH CHECK (true);

CALL protect_table('state_export_persons');
GRANT SELECT, INSERT, DELETE ON state_export_persons TO kim_auth;
CREATE POLICY make ON state_export_persons TO kim_auth USING (true) WITH CHECK (true);
CALL protect_table('state_export_pseudonyms');
GRANT SELECT, INSERT, DELETE ON state_export_pseudonyms TO kim_auth;
CREATE POLICY make ON state_export_pseudonyms TO kim_auth USING (true) WITH CHECK (true);

-- `kim keys rotate-fields` seals the keys of files anew.
CREATE POLICY rotation ON state_export_files FOR SELECT TO kim_owner USING (true);
CREATE POLICY rotate ON state_export_files FOR UPDATE TO kim_owner USING (true) WITH CHECK (true);

GRANT SELECT (municipal_area_id, id, client_id, entry, entry_ids, field, outcome) ON disputes TO kim_auth;
GRANT SELECT (municipal_area_id, id, client_id, strand, legal_domain, livelihood, valid, superseded_at)
    ON legal_domain_periods TO kim_auth;
GRANT SELECT (state) ON assessment_domains TO kim_auth;
GRANT SELECT (merged_into) ON clients TO kim_auth;
GRANT SELECT (municipal_area_id, client_id, case_id, purpose, institution_id, data_categories, direction, given_on,
    given_at, valid_until, withdrawn_at) ON consents TO kim_auth;

GRANT SELECT (municipal_area_id, id, client_pseudonym, purpose) ON disclosure_log TO kim_auth;
CREATE POLICY count ON disclosure_log FOR SELECT TO kim_auth USING (true);

-- An export in a state, held until the transaction ends.
CREATE FUNCTION hold_state_export(p_export uuid, p_state text)
RETURNS TABLE (unit_id uuid, institution_id uuid, institution_type text, quarter text, profile text, figures jsonb,
    has_had_one boolean, has_quarter boolean)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT e.unit_id, e.institution_id, i.institution_type, e.quarter, e.profile, e.figures,
        EXISTS (SELECT FROM public.state_exports o WHERE o.municipal_area_id = e.municipal_area_id
            AND o.unit_id = e.unit_id AND o.institution_id = e.institution_id
            AND o.state IN ('fetched', 'acknowledged')),
        EXISTS (SELECT FROM public.state_exports o WHERE o.municipal_area_id = e.municipal_area_id
            AND o.unit_id = e.unit_id AND o.institution_id = e.institution_id AND o.quarter = e.quarter
            AND o.id <> e.id AND o.state IN ('fetched', 'acknowledged'))
    FROM public.state_exports e
    JOIN public.institutions i ON i.municipal_area_id = e.municipal_area_id AND i.id = e.institution_id
    WHERE e.municipal_area_id = public.ctx_area() AND e.id = p_export AND e.state = p_state
    FOR UPDATE OF e;
END;

-- Whose cases a unit had up to a day. Who is restricted, deceased or gone into another record is nobody here, in no
-- count either; whose data are only kept (Art. 18 GDPR) is counted and never sent.
CREATE FUNCTION state_export_clients(p_unit uuid, p_day date)
RETURNS TABLE (client_id uuid, is_kept_only boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT DISTINCT k.id, k.processing_restricted_at IS NOT NULL FROM public.cases c
    JOIN public.clients k ON k.municipal_area_id = c.municipal_area_id AND k.id = c.client_id
    WHERE c.municipal_area_id = public.ctx_area() AND c.unit_id = p_unit AND c.opened_on <= p_day
        AND NOT c.is_restricted AND NOT k.is_restricted AND k.merged_into IS NULL
        AND NOT EXISTS (SELECT FROM public.cases d JOIN public.case_contents t
                ON t.municipal_area_id = d.municipal_area_id AND t.id = d.id
            WHERE d.municipal_area_id = k.municipal_area_id AND d.client_id = k.id
                AND t.closing_reason = 'deceased');
END;

-- The consents behind an export, held with their clients against withdrawal and restriction until it is stored: either
-- the file is stored first and the change empties it, or the change comes first and the person is left out.
CREATE FUNCTION hold_state_consents(p_unit uuid, p_institution uuid, p_day date)
RETURNS TABLE (client_id uuid, client_pseudonym uuid, case_id uuid, data_categories text[], direction text,
    given_on date, given_at timestamptz, valid_until date, is_withdrawn boolean)
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT s.client_id, k.pseudonym, s.case_id, s.data_categories, s.direction, s.given_on, s.given_at,
        s.valid_until, s.withdrawn_at IS NOT NULL
    FROM public.consents s
    JOIN public.clients k ON k.municipal_area_id = s.municipal_area_id AND k.id = s.client_id
    WHERE s.municipal_area_id = public.ctx_area() AND s.purpose = 'state_database'
        AND s.institution_id = p_institution AND s.withdrawn_at IS NULL
        AND k.processing_restricted_at IS NULL AND NOT k.is_restricted AND k.merged_into IS NULL
        AND s.client_id IN (SELECT e.client_id FROM public.state_export_clients(p_unit, p_day) e)
    ORDER BY s.id FOR SHARE OF s, k;
END;

-- What the figures of the cases of these persons were at the end of a quarter: codes and no words, quarters and no
-- days, never a birth date. Violence is in none (`protection`), nor is health. A change of what somebody lives on stands
-- as long as both sides do; while one period of it is only kept, none is told.
CREATE FUNCTION state_case_figures(p_unit uuid, p_day date, p_clients uuid[])
RETURNS TABLE (client_id uuid, case_id uuid, age int, sex text, nationalities text[], residence_status text,
    german_first text, german_last text, livelihoods text[], disputed text[], kind text, opened_in text,
    closed_in text, phase text, access_route text, intake_criteria text[], intake_outcome text, closing_reason text,
    life_domains jsonb, domain_changes jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT k.id, c.id,
        public.age_at_least(k.birth_date, k.birth_precision, p_day), k.sex,
        ARRAY(SELECT n.nationality FROM public.client_nationalities n
            WHERE n.municipal_area_id = k.municipal_area_id AND n.client_id = k.id ORDER BY n.position),
        (SELECT CASE WHEN NOT EXISTS (SELECT FROM public.processing_restrictions p
                WHERE p.municipal_area_id = d.municipal_area_id AND p.client_id = d.client_id
                    AND p.entry_id = d.id AND p.lifted_at IS NULL) THEN d.residence_status END
            FROM public.residence_documents d
            WHERE d.municipal_area_id = k.municipal_area_id AND d.client_id = k.id AND d.superseded_at IS NULL
                AND d.valid @> p_day ORDER BY d.strand DESC LIMIT 1),
        g.levels[1], g.levels[cardinality(g.levels)],
        ARRAY(SELECT DISTINCT coalesce(l.legal_domain, l.livelihood) FROM public.legal_domain_periods l
            WHERE l.municipal_area_id = k.municipal_area_id AND l.client_id = k.id AND l.superseded_at IS NULL
                AND l.strand = 'livelihood' AND l.valid @> p_day
                AND NOT EXISTS (SELECT FROM public.processing_restrictions p
                    WHERE p.municipal_area_id = l.municipal_area_id AND p.client_id = l.client_id
                        AND p.entry_id = l.id AND p.lifted_at IS NULL) ORDER BY 1),
        ARRAY(SELECT DISTINCT d.entry || ':' || coalesce(d.field, '') FROM public.disputes d
            WHERE d.municipal_area_id = k.municipal_area_id AND d.client_id = k.id
                AND (d.outcome IS NULL OR d.outcome = 'undecidable') ORDER BY 1),
        c.kind, to_char(c.opened_on, 'YYYY"Q"Q'), CASE WHEN p.target = 'closed' THEN to_char(p.at AT TIME ZONE
            'Europe/Berlin', 'YYYY"Q"Q') END,
        p.target, t.access_route,
        ARRAY(SELECT y.key FROM jsonb_each(t.intake_criteria) y WHERE y.value = 'true'::jsonb ORDER BY 1),
        t.intake_outcome, CASE WHEN p.target = 'closed' THEN t.closing_reason END,
        (SELECT coalesce(jsonb_agg(jsonb_build_object('life_domain', s.life_domain, 'started_in', s.started_in,
                'assessed_in', s.assessed_in, 'state_first', s.states[1], 'state_last',
                s.states[cardinality(s.states)], 'scale_first', s.scales[1], 'scale_last',
                s.scales[cardinality(s.scales)], 'outcome', CASE WHEN p.target = 'closed'
                    THEN t.closing_outcomes ->> s.life_domain END) ORDER BY s.life_domain), '[]'::jsonb)
            FROM (SELECT d.life_domain, to_char(min(a.assessed_on), 'YYYY"Q"Q') AS started_in,
                    to_char(max(a.assessed_on), 'YYYY"Q"Q') AS assessed_in,
                    array_agg(d.state ORDER BY a.assessed_on, a.id) AS states,
                    array_agg(d.scale ORDER BY a.assessed_on, a.id) AS scales
                FROM public.assessment_domains d JOIN public.assessments a
                    ON a.municipal_area_id = d.municipal_area_id AND a.id = d.assessment_id
                WHERE d.municipal_area_id = c.municipal_area_id AND d.case_id = c.id AND a.assessed_on <= p_day
                    AND d.state <> 'not_discussed' AND d.life_domain NOT IN ('protection', 'health')
                GROUP BY d.life_domain) s),
        (SELECT coalesce(jsonb_agg(jsonb_build_object('from', x.before, 'to', x.after, 'changed_in',
                to_char(x.changed_on, 'YYYY"Q"Q'), 'days_without', x.days_without)
                ORDER BY x.changed_on, x.id), '[]'::jsonb)
            FROM public.domain_changes x
            WHERE x.municipal_area_id = c.municipal_area_id AND x.case_id = c.id AND x.changed_on <= p_day
                AND x.withdrawn_at IS NULL
                AND NOT EXISTS (SELECT FROM public.processing_restrictions p
                    WHERE p.municipal_area_id = k.municipal_area_id AND p.client_id = k.id
                        AND p.entry = 'legal-domains' AND p.lifted_at IS NULL)
                AND EXISTS (SELECT FROM public.legal_domain_periods l
                    WHERE l.municipal_area_id = k.municipal_area_id AND l.client_id = k.id
                        AND l.superseded_at IS NULL AND l.strand = 'livelihood'
                        AND coalesce(l.legal_domain, l.livelihood) = x.before
                        AND upper(l.valid) = x.changed_on - x.days_without)
                AND EXISTS (SELECT FROM public.legal_domain_periods l
                    WHERE l.municipal_area_id = k.municipal_area_id AND l.client_id = k.id
                        AND l.superseded_at IS NULL AND l.strand = 'livelihood'
                        AND coalesce(l.legal_domain, l.livelihood) = x.after AND lower(l.valid) = x.changed_on))
    FROM public.state_export_clients(p_unit, p_day) e
    JOIN public.clients k ON k.municipal_area_id = public.ctx_area() AND k.id = e.client_id AND NOT e.is_kept_only
    JOIN public.cases c ON c.municipal_area_id = k.municipal_area_id AND c.client_id = k.id AND c.unit_id = p_unit
        AND c.opened_on <= p_day AND NOT c.is_restricted
    JOIN public.case_contents t ON t.municipal_area_id = c.municipal_area_id AND t.id = c.id
    CROSS JOIN LATERAL (SELECT s.target, s.at FROM public.case_phases s
        WHERE s.municipal_area_id = c.municipal_area_id AND s.case_id = c.id
            AND s.at < (p_day + 1)::timestamp AT TIME ZONE 'Europe/Berlin'
        ORDER BY s.at DESC, s.id DESC LIMIT 1) p
    CROSS JOIN LATERAL (
        SELECT array_agg(CASE WHEN l.is_native THEN 'native' ELSE l.overall END
            ORDER BY lower(l.valid) NULLS FIRST, l.id) AS levels
        FROM public.language_levels l
        WHERE l.municipal_area_id = k.municipal_area_id AND l.client_id = k.id AND l.language = 'deu'
            AND l.superseded_at IS NULL AND coalesce(lower(l.valid), p_day) <= p_day
            AND (l.is_native OR l.overall IS NOT NULL)
            AND NOT EXISTS (SELECT FROM public.processing_restrictions p
                WHERE p.municipal_area_id = l.municipal_area_id AND p.client_id = l.client_id
                    AND p.entry_id = l.id AND p.lifted_at IS NULL)
    ) g
    WHERE k.id = ANY (p_clients)
    ORDER BY k.id, c.opened_on, c.id;
END;

-- How many persons of a unit are left out and why, for the dry run, which tells bands of it.
CREATE FUNCTION state_export_left_out(p_unit uuid, p_institution uuid, p_day date, p_today date)
RETURNS TABLE (kept_only bigint, ended bigint, never_consented bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    WITH every AS (
        SELECT e.client_id, e.is_kept_only, bool_or(s.withdrawn_at IS NULL AND s.valid_until >= p_today) AS holds,
            count(s.client_id) > 0 AS ever
        FROM public.state_export_clients(p_unit, p_day) e
        LEFT JOIN public.consents s ON s.municipal_area_id = public.ctx_area() AND s.client_id = e.client_id
            AND s.purpose = 'state_database' AND s.institution_id = p_institution
        GROUP BY e.client_id, e.is_kept_only)
    SELECT count(*) FILTER (WHERE is_kept_only), count(*) FILTER (WHERE NOT is_kept_only AND ever AND NOT holds),
        count(*) FILTER (WHERE NOT is_kept_only AND NOT ever)
    FROM every;
END;

-- What the recipient has by the files of this unit that it fetched: the last word on each pseudonym, and whether a
-- withdrawal was acknowledged.
CREATE FUNCTION state_pseudonyms_outside(p_unit uuid, p_institution uuid)
RETURNS TABLE (pseudonym text, is_withdrawal boolean, is_acknowledged boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT DISTINCT ON (p.pseudonym) p.pseudonym, p.is_withdrawal, e.state = 'acknowledged'
    FROM public.state_export_pseudonyms p
    JOIN public.state_exports e ON e.municipal_area_id = p.municipal_area_id AND e.id = p.export_id
    WHERE p.municipal_area_id = public.ctx_area() AND e.unit_id = p_unit AND e.institution_id = p_institution
        AND e.state IN ('fetched', 'acknowledged')
    ORDER BY p.pseudonym, e.fetched_at DESC, e.id DESC;
END;

-- Of whom state-wide databases know by lines: all whom they ever fetched, withdrawn or not, and all in files that wait;
-- with whoever such a record went into. Statistics are proved against them, and no line may tell of others beside them.
CREATE FUNCTION persons_at_state_databases() RETURNS TABLE (pseudonym uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    WITH RECURSIVE told AS (
        SELECT d.client_pseudonym AS pseudonym FROM public.disclosure_log d
        WHERE d.municipal_area_id = public.ctx_area() AND d.purpose = 'state_database'
        UNION SELECT p.client_pseudonym FROM public.state_export_persons p
        WHERE p.municipal_area_id = public.ctx_area()
        UNION SELECT m.pseudonym FROM told t
        JOIN public.clients k ON k.municipal_area_id = public.ctx_area() AND k.pseudonym = t.pseudonym
        JOIN public.clients m ON m.municipal_area_id = k.municipal_area_id AND m.id = k.merged_into
    )
    SELECT t.pseudonym FROM told t;
END;

-- Who consented to a recipient, held by nobody: from these it is chosen of whom a line may leave.
CREATE FUNCTION persons_for_state_export(p_unit uuid, p_institution uuid, p_day date) RETURNS TABLE (pseudonym uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT DISTINCT k.pseudonym FROM public.consents s
    JOIN public.clients k ON k.municipal_area_id = s.municipal_area_id AND k.id = s.client_id
    WHERE s.municipal_area_id = public.ctx_area() AND s.purpose = 'state_database'
        AND s.institution_id = p_institution AND s.withdrawn_at IS NULL
        AND s.client_id IN (SELECT e.client_id FROM public.state_export_clients(p_unit, p_day) e
            WHERE NOT e.is_kept_only);
END;

-- Figures that were computed once hold for their time: asking again answers with them, refusal included, so that
-- nobody counts by looking again. `ex_state_exports_figures` lets no others be computed meanwhile.
CREATE FUNCTION repeat_state_figures(p_export uuid, p_now timestamptz) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE public.state_exports e SET figures = s.figures, figures_at = s.figures_at, figures_until = s.figures_until,
        checked_at = p_now, refusal = nullif(s.refusal, 'no_keys'),
        state = CASE s.refusal WHEN 'too_few' THEN 'refused' ELSE 'checked' END
    FROM public.state_exports s
    WHERE e.municipal_area_id = public.ctx_area() AND e.id = p_export AND e.state = 'requested'
        AND s.municipal_area_id = e.municipal_area_id AND s.unit_id = e.unit_id
        AND s.institution_id = e.institution_id AND s.quarter = e.quarter
        AND s.figures_are_own AND s.figures_until > p_now;
    RETURN FOUND;
END $$;

-- Figures are written once, while an export is asked for; without them it is refused. They are its own where they were
-- computed of anybody: of a file of withdrawals alone nothing is.
CREATE FUNCTION check_state_export(p_export uuid, p_now timestamptz, p_refusal text, p_figures jsonb,
    p_until timestamptz, p_are_own boolean)
RETURNS void LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    UPDATE public.state_exports e SET state = CASE WHEN p_refusal IS NULL THEN 'checked' ELSE 'refused' END,
        refusal = p_refusal, checked_at = p_now, figures = coalesce(p_figures, e.figures),
        figures_at = CASE WHEN p_figures IS NULL THEN e.figures_at ELSE p_now END,
        figures_until = CASE WHEN p_figures IS NULL THEN e.figures_until ELSE p_until END,
        figures_are_own = e.figures_are_own OR p_are_own
    WHERE e.municipal_area_id = public.ctx_area() AND e.id = p_export
        AND (e.state = 'requested' OR e.state = 'released' AND p_figures IS NULL);
END;

-- Stores a composed file with who is in it, in the transaction that holds their consents. Without a content there is
-- none for the recipient: what the area's people see of the export is the same.
CREATE FUNCTION store_state_export(p_export uuid, p_now timestamptz, p_ends timestamptz, p_keep_until timestamptz,
    p_size bigint, p_sha256 text, p_key text, p_content bytea, p_pseudonyms text[], p_withdrawn text[],
    p_cases uuid[], p_clients uuid[], p_categories text[])
RETURNS void LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    UPDATE public.state_exports e SET state = 'ready', composed_at = p_now, keep_until = p_ends
    WHERE e.municipal_area_id = public.ctx_area() AND e.id = p_export AND e.state = 'released';
    INSERT INTO public.state_export_files (municipal_area_id, id, institution_id, quarter, profile, persons,
        withdrawals, size_bytes, sha256, composed_at, keep_until, sealed_key, sealed_content)
    SELECT e.municipal_area_id, e.id, e.institution_id, e.quarter, e.profile, cardinality(p_pseudonyms),
        cardinality(p_withdrawn), p_size, p_sha256, p_now, p_keep_until, p_key, p_content
    FROM public.state_exports e
    WHERE e.municipal_area_id = public.ctx_area() AND e.id = p_export AND e.state = 'ready'
        AND p_content IS NOT NULL;
    INSERT INTO public.state_export_persons (municipal_area_id, export_id, case_id, client_pseudonym,
        data_categories)
    SELECT public.ctx_area(), p_export, t.case_id, t.client, string_to_array(t.categories, ' ')
    FROM unnest(p_cases, p_clients, p_categories) AS t(case_id, client, categories)
    WHERE p_content IS NOT NULL ORDER BY random();
    INSERT INTO public.state_export_pseudonyms (municipal_area_id, export_id, pseudonym, is_withdrawal)
    SELECT public.ctx_area(), p_export, t.pseudonym, t.gone FROM (
        SELECT unnest(p_pseudonyms) AS pseudonym, false AS gone
        UNION ALL SELECT unnest(p_withdrawn), true) t WHERE p_content IS NOT NULL ORDER BY random();
END;

-- Destroys a file that nobody has fetched, with who was to be in it. Nothing of the export itself moves: neither its
-- state nor its version tells the area's people of it.
CREATE FUNCTION destroy_state_export_file(p_area text, p_export uuid) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    DELETE FROM public.state_export_files f WHERE f.municipal_area_id = p_area AND f.id = p_export;
    DELETE FROM public.state_export_persons f WHERE f.municipal_area_id = p_area AND f.export_id = p_export;
    DELETE FROM public.state_export_pseudonyms f WHERE f.municipal_area_id = p_area AND f.export_id = p_export;
END;

-- Ends an export that nobody has fetched.
CREATE FUNCTION end_state_export(p_area text, p_export uuid, p_state text, p_at timestamptz) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    UPDATE public.state_exports e SET state = p_state, ended_at = p_at
    WHERE e.municipal_area_id = p_area AND e.id = p_export;
    SELECT public.destroy_state_export_file(p_area, p_export);
END;

-- Exports of a unit to a recipient go forward: none of an earlier quarter follows, or differences could be taken.
CREATE FUNCTION keep_state_exports_forward() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF EXISTS (SELECT FROM public.state_exports o
        WHERE o.municipal_area_id = NEW.municipal_area_id AND o.unit_id = NEW.unit_id
            AND o.institution_id = NEW.institution_id AND o.id <> NEW.id
            AND o.state IN ('fetched', 'acknowledged') AND o.quarter > NEW.quarter)
    THEN
        RAISE EXCEPTION USING errcode = '23514', constraint = 'ck_state_exports_forward',
            message = 'the recipient has a later quarter';
    END IF;
    RETURN NEW;
END $$;

-- What the recipient has of a quarter is not told again: after it a file of withdrawals alone.
CREATE FUNCTION keep_state_lines_single() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF NEW.persons > 0 AND EXISTS (SELECT FROM public.state_exports e JOIN public.state_exports o
            ON o.municipal_area_id = e.municipal_area_id AND o.unit_id = e.unit_id
            AND o.institution_id = e.institution_id AND o.quarter = e.quarter AND o.id <> e.id
        WHERE e.municipal_area_id = NEW.municipal_area_id AND e.id = NEW.id
            AND o.state IN ('fetched', 'acknowledged'))
    THEN
        RAISE EXCEPTION USING errcode = '23514', constraint = 'ck_state_export_files_single',
            message = 'the recipient has lines of this quarter';
    END IF;
    RETURN NEW;
END $$;

-- Two persons: a team lead of the unit, and never whoever asked.
CREATE FUNCTION release_state_export(p_export uuid, p_now timestamptz) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE public.state_exports e SET state = 'released', released_by = public.ctx_user(), released_at = p_now
    WHERE e.municipal_area_id = public.ctx_area() AND e.id = p_export AND e.state = 'checked'
        AND e.unit_id = ANY (public.ctx_places('team_lead')) AND e.requested_by <> public.ctx_user();
    RETURN FOUND;
END $$;

CREATE FUNCTION discard_state_export(p_export uuid, p_now timestamptz) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    PERFORM FROM public.state_exports e
    WHERE e.municipal_area_id = public.ctx_area() AND e.id = p_export
        AND e.state IN ('requested', 'checked', 'released', 'ready')
        AND (public.ctx_is('admin') OR e.unit_id = ANY (public.ctx_places('team_lead')))
    FOR UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM public.end_state_export(public.ctx_area(), p_export, 'discarded', p_now);
    RETURN true;
END $$;

-- Nobody fetches what they asked for or released, nor by a machine that they made or gave a credential. A role at a
-- unit is held with none at an institution.
CREATE FUNCTION is_own_state_export(p_export uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT EXISTS (SELECT FROM public.state_exports e
        CROSS JOIN LATERAL (SELECT ARRAY[e.requested_by, e.released_by] AS hands) h
        WHERE e.municipal_area_id = public.ctx_area() AND e.id = p_export
            AND e.institution_id = ANY (public.ctx_places('partner_user') || public.ctx_places('partner_system'))
            AND (public.ctx_user() = ANY (h.hands)
                OR EXISTS (SELECT FROM public.partner_systems s
                    WHERE s.municipal_area_id = e.municipal_area_id AND s.id = public.ctx_user()
                        AND s.created_by = ANY (h.hands))
                OR EXISTS (SELECT FROM public.partner_credentials c
                    WHERE c.municipal_area_id = e.municipal_area_id AND c.partner_system_id = public.ctx_user()
                        AND c.revoked_at IS NULL AND c.created_by = ANY (h.hands))));
END;

-- The moment in which the data leave: the file is handed out once, and the disclosure log has everybody in it.
CREATE FUNCTION fetch_state_export(p_export uuid, p_now timestamptz) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF public.is_own_state_export(p_export) THEN
        RETURN false;
    END IF;
    -- Held first, and its file looked for afterwards: whatever destroys a file holds the export too.
    PERFORM FROM public.state_exports e
    WHERE e.municipal_area_id = public.ctx_area() AND e.id = p_export AND e.state = 'ready'
        AND e.institution_id = ANY (public.ctx_places('partner_user') || public.ctx_places('partner_system'))
    FOR UPDATE;
    IF NOT FOUND OR NOT EXISTS (SELECT FROM public.state_export_files f
        WHERE f.municipal_area_id = public.ctx_area() AND f.id = p_export AND f.keep_until > p_now)
    THEN
        RETURN false;
    END IF;
    UPDATE public.state_exports e SET state = 'fetched', fetched_at = p_now
    WHERE e.municipal_area_id = public.ctx_area() AND e.id = p_export;
    UPDATE public.state_export_files f SET fetched_at = p_now, fetched_by = public.ctx_user()
    WHERE f.municipal_area_id = public.ctx_area() AND f.id = p_export;
    INSERT INTO public.disclosure_log (municipal_area_id, id, at, case_id, client_pseudonym, unit_id, institution_id,
        legal_basis, purpose, data_categories, channel, disclosed_by)
    SELECT e.municipal_area_id, public.new_id(), p_now, p.case_id, p.client_pseudonym, e.unit_id, e.institution_id,
        'consent', 'state_database', p.data_categories, 'platform', e.released_by
    FROM public.state_exports e JOIN public.state_export_persons p
        ON p.municipal_area_id = e.municipal_area_id AND p.export_id = e.id
    WHERE e.municipal_area_id = public.ctx_area() AND e.id = p_export;
    RETURN true;
END $$;

-- Whose data a recipient is shown, for the journal.
CREATE FUNCTION shown_in_state_export(p_export uuid) RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT coalesce(array_agg(DISTINCT p.client_pseudonym), '{}') FROM public.state_export_persons p
    JOIN public.state_exports e ON e.municipal_area_id = p.municipal_area_id AND e.id = p.export_id
    WHERE p.municipal_area_id = public.ctx_area() AND p.export_id = p_export
        AND e.institution_id = ANY (public.ctx_places('partner_user') || public.ctx_places('partner_system'))
        AND NOT public.is_own_state_export(e.id);
END;

-- What tells of who is in a file, to its recipient and of fetched ones alone.
CREATE FUNCTION measures_of_fetched_state_exports()
RETURNS TABLE (id uuid, persons int, withdrawals int, size_bytes bigint, sha256 text, keep_until timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT f.id, f.persons, f.withdrawals, f.size_bytes, f.sha256, f.keep_until
    FROM public.state_export_files f
    WHERE f.municipal_area_id = public.ctx_area() AND f.fetched_at IS NOT NULL
        AND f.institution_id = ANY (public.ctx_places('partner_user') || public.ctx_places('partner_system'));
END;

-- The sealed content of a fetched file, for its recipient and none of the hands that the export went through.
CREATE FUNCTION content_of_fetched_state_export(p_export uuid, p_now timestamptz)
RETURNS TABLE (municipal_area_id text, sealed_key text, sealed_content bytea)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT f.municipal_area_id, f.sealed_key, f.sealed_content FROM public.state_export_files f
    WHERE f.municipal_area_id = public.ctx_area() AND f.id = p_export AND f.fetched_at IS NOT NULL
        AND f.keep_until > p_now AND f.sealed_content IS NOT NULL
        AND f.institution_id = ANY (public.ctx_places('partner_user') || public.ctx_places('partner_system'))
        AND NOT public.is_own_state_export(f.id);
END;

-- The recipient has the file and has deleted whoever it names as withdrawn: nothing of it is kept here any more.
CREATE FUNCTION acknowledge_state_export(p_export uuid, p_now timestamptz) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF public.is_own_state_export(p_export) THEN
        RETURN false;
    END IF;
    UPDATE public.state_exports e SET state = 'acknowledged', ended_at = p_now
    WHERE e.municipal_area_id = public.ctx_area() AND e.id = p_export AND e.state = 'fetched'
        AND e.institution_id = ANY (public.ctx_places('partner_user') || public.ctx_places('partner_system'));
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    UPDATE public.state_export_files f SET acknowledged_at = p_now, acknowledged_by = public.ctx_user(),
        sealed_key = NULL, sealed_content = NULL
    WHERE f.municipal_area_id = public.ctx_area() AND f.id = p_export;
    DELETE FROM public.state_export_persons p
    WHERE p.municipal_area_id = public.ctx_area() AND p.export_id = p_export;
    RETURN true;
END $$;

-- The worker: whose last file of a unit was fetched before, with no other one under way. Nothing here looks at consents
-- or pseudonyms: a reminder that came for a withdrawal would tell of it.
CREATE FUNCTION state_exports_to_follow(p_before timestamptz) RETURNS TABLE (id uuid, fetched_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT l.id, l.fetched_at
    FROM (SELECT DISTINCT ON (e.unit_id, e.institution_id) e.id, e.unit_id, e.institution_id, e.fetched_at
        FROM public.state_exports e
        WHERE e.municipal_area_id = public.ctx_area() AND e.state IN ('fetched', 'acknowledged')
        ORDER BY e.unit_id, e.institution_id, e.fetched_at DESC) l
    WHERE l.fetched_at <= p_before AND NOT EXISTS (SELECT FROM public.state_exports o
        WHERE o.municipal_area_id = public.ctx_area() AND o.unit_id = l.unit_id
            AND o.institution_id = l.institution_id
            AND o.state IN ('requested', 'checked', 'released', 'ready'));
END;

-- The worker: dry runs that nobody released, files that nobody fetched or acknowledged in time. An export whose file
-- was destroyed before ends when any other does, at the end of its fixed time and as if at that moment.
CREATE FUNCTION end_old_state_exports(p_now timestamptz, p_figures_before timestamptz) RETURNS int
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    v_export record;
    v_ended int := 0;
BEGIN
    FOR v_export IN SELECT e.id, CASE e.state WHEN 'ready' THEN e.keep_until ELSE p_now END AS at
        FROM public.state_exports e
        WHERE e.municipal_area_id = public.ctx_area()
            AND (e.state = 'ready' AND e.keep_until <= p_now OR e.state = 'checked' AND e.figures_at < p_figures_before)
        FOR UPDATE SKIP LOCKED
    LOOP
        PERFORM public.end_state_export(public.ctx_area(), v_export.id, 'expired', v_export.at);
        v_ended := v_ended + 1;
    END LOOP;
    FOR v_export IN SELECT e.id FROM public.state_exports e JOIN public.state_export_files f
            ON f.municipal_area_id = e.municipal_area_id AND f.id = e.id AND f.keep_until <= p_now
        WHERE e.municipal_area_id = public.ctx_area() AND e.state = 'ready'
        FOR UPDATE OF e SKIP LOCKED
    LOOP
        PERFORM public.destroy_state_export_file(public.ctx_area(), v_export.id);
    END LOOP;
    UPDATE public.state_export_files f SET sealed_key = NULL, sealed_content = NULL
    WHERE f.municipal_area_id = public.ctx_area() AND f.keep_until <= p_now AND f.sealed_key IS NOT NULL;
    DELETE FROM public.state_export_persons p USING public.state_export_files f
    WHERE p.municipal_area_id = public.ctx_area() AND f.municipal_area_id = p.municipal_area_id
        AND f.id = p.export_id AND f.keep_until <= p_now;
    RETURN v_ended;
END $$;

-- Whoever is left out, or of whom less may be said, is in no file any more that waits: it is destroyed at once, and what
-- was fetched is not handed out again. Composing holds consents and clients; a change that writes neither takes the
-- client here, so that it comes before or after as well.
CREATE FUNCTION call_state_exports_back() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    v_row jsonb := CASE TG_OP WHEN 'DELETE' THEN to_jsonb(OLD) ELSE to_jsonb(NEW) END;
    v_area text := v_row ->> 'municipal_area_id';
    v_client uuid := CASE TG_TABLE_NAME
        WHEN 'clients' THEN (v_row ->> 'id')::uuid
        WHEN 'case_contents' THEN (SELECT c.client_id FROM public.cases c
            WHERE c.municipal_area_id = v_row ->> 'municipal_area_id' AND c.id = (v_row ->> 'id')::uuid)
        ELSE (v_row ->> 'client_id')::uuid END;
    v_pseudonym uuid;
    v_export record;
BEGIN
    IF TG_TABLE_NAME <> 'clients' AND NOT (TG_TABLE_NAME = 'consents' AND TG_OP = 'UPDATE') THEN
        PERFORM FROM public.clients k WHERE k.municipal_area_id = v_area AND k.id = v_client FOR NO KEY UPDATE;
    END IF;
    v_pseudonym := CASE TG_TABLE_NAME WHEN 'clients' THEN (v_row ->> 'pseudonym')::uuid
        ELSE (SELECT k.pseudonym FROM public.clients k WHERE k.municipal_area_id = v_area AND k.id = v_client) END;
    FOR v_export IN SELECT e.id, e.state FROM public.state_exports e
        WHERE e.municipal_area_id = v_area AND e.state IN ('ready', 'fetched')
            AND (TG_TABLE_NAME <> 'consents' OR e.institution_id = (v_row ->> 'institution_id')::uuid)
            AND EXISTS (SELECT FROM public.state_export_persons p
                WHERE p.municipal_area_id = e.municipal_area_id AND p.export_id = e.id
                    AND p.client_pseudonym = v_pseudonym)
        ORDER BY e.id FOR UPDATE
    LOOP
        IF v_export.state = 'ready' THEN
            PERFORM public.destroy_state_export_file(v_area, v_export.id);
        ELSE
            UPDATE public.state_export_files f SET sealed_key = NULL, sealed_content = NULL
            WHERE f.municipal_area_id = v_area AND f.id = v_export.id;
        END IF;
    END LOOP;
    RETURN NULL;
END $$;

ALTER FUNCTION hold_state_export(uuid, text) OWNER TO kim_auth;
ALTER FUNCTION state_export_clients(uuid, date) OWNER TO kim_auth;
ALTER FUNCTION hold_state_consents(uuid, uuid, date) OWNER TO kim_auth;
ALTER FUNCTION state_case_figures(uuid, date, uuid[]) OWNER TO kim_auth;
ALTER FUNCTION state_export_left_out(uuid, uuid, date, date) OWNER TO kim_auth;
ALTER FUNCTION state_pseudonyms_outside(uuid, uuid) OWNER TO kim_auth;
ALTER FUNCTION persons_at_state_databases() OWNER TO kim_auth;
ALTER FUNCTION persons_for_state_export(uuid, uuid, date) OWNER TO kim_auth;
ALTER FUNCTION repeat_state_figures(uuid, timestamptz) OWNER TO kim_auth;
ALTER FUNCTION check_state_export(uuid, timestamptz, text, jsonb, timestamptz, boolean) OWNER TO kim_auth;
ALTER FUNCTION store_state_export(uuid, timestamptz, timestamptz, timestamptz, bigint, text, text, bytea, text[],
    text[], uuid[], uuid[], text[]) OWNER TO kim_auth;
ALTER FUNCTION destroy_state_export_file(text, uuid) OWNER TO kim_auth;
ALTER FUNCTION keep_state_exports_forward() OWNER TO kim_auth;
ALTER FUNCTION keep_state_lines_single() OWNER TO kim_auth;
ALTER FUNCTION end_state_export(text, uuid, text, timestamptz) OWNER TO kim_auth;
ALTER FUNCTION release_state_export(uuid, timestamptz) OWNER TO kim_auth;
ALTER FUNCTION discard_state_export(uuid, timestamptz) OWNER TO kim_auth;
ALTER FUNCTION is_own_state_export(uuid) OWNER TO kim_auth;
ALTER FUNCTION fetch_state_export(uuid, timestamptz) OWNER TO kim_auth;
ALTER FUNCTION shown_in_state_export(uuid) OWNER TO kim_auth;
ALTER FUNCTION measures_of_fetched_state_exports() OWNER TO kim_auth;
ALTER FUNCTION content_of_fetched_state_export(uuid, timestamptz) OWNER TO kim_auth;
ALTER FUNCTION acknowledge_state_export(uuid, timestamptz) OWNER TO kim_auth;
ALTER FUNCTION end_old_state_exports(timestamptz, timestamptz) OWNER TO kim_auth;
ALTER FUNCTION state_exports_to_follow(timestamptz) OWNER TO kim_auth;
ALTER FUNCTION call_state_exports_back() OWNER TO kim_auth;

CREATE TRIGGER call_back_exports AFTER UPDATE OF withdrawn_at ON consents FOR EACH ROW
    WHEN (OLD.withdrawn_at IS NULL AND NEW.withdrawn_at IS NOT NULL AND NEW.purpose = 'state_database')
    EXECUTE FUNCTION call_state_exports_back();
CREATE TRIGGER call_back_exports AFTER UPDATE OF is_restricted, processing_restricted_at, merged_into ON clients FOR EACH ROW
    WHEN ((NEW.is_restricted AND NOT OLD.is_restricted)
        OR (NEW.processing_restricted_at IS NOT NULL AND OLD.processing_restricted_at IS NULL)
        OR (NEW.merged_into IS NOT NULL AND OLD.merged_into IS NULL))
    EXECUTE FUNCTION call_state_exports_back();
CREATE TRIGGER call_back_exports_of_before AFTER INSERT ON consents FOR EACH ROW
    WHEN (NEW.purpose = 'state_database') EXECUTE FUNCTION call_state_exports_back();
CREATE TRIGGER call_back_exports AFTER INSERT ON processing_restrictions FOR EACH ROW EXECUTE FUNCTION call_state_exports_back();
CREATE TRIGGER call_back_exports AFTER INSERT ON disputes FOR EACH ROW EXECUTE FUNCTION call_state_exports_back();
CREATE TRIGGER call_back_exports AFTER UPDATE OF is_restricted, unit_id ON cases FOR EACH ROW
    WHEN ((NEW.is_restricted AND NOT OLD.is_restricted) OR NEW.unit_id <> OLD.unit_id)
    EXECUTE FUNCTION call_state_exports_back();
CREATE TRIGGER call_back_exports AFTER UPDATE OF closing_reason ON case_contents FOR EACH ROW
    WHEN (NEW.closing_reason = 'deceased' AND OLD.closing_reason IS DISTINCT FROM NEW.closing_reason)
    EXECUTE FUNCTION call_state_exports_back();
CREATE TRIGGER forward BEFORE INSERT OR UPDATE OF state, quarter ON state_exports FOR EACH ROW
    WHEN (NEW.state NOT IN ('refused', 'acknowledged', 'discarded', 'expired'))
    EXECUTE FUNCTION keep_state_exports_forward();
CREATE TRIGGER single BEFORE INSERT ON state_export_files FOR EACH ROW EXECUTE FUNCTION keep_state_lines_single();
CREATE TRIGGER call_back_exports_of_erased AFTER DELETE ON cases FOR EACH ROW
    EXECUTE FUNCTION call_state_exports_back();
CREATE TRIGGER call_back_exports_of_erased AFTER DELETE ON clients FOR EACH ROW EXECUTE FUNCTION call_state_exports_back();

SET ROLE kim_auth;
REVOKE EXECUTE ON FUNCTION hold_state_export(uuid, text), state_export_clients(uuid, date),
    hold_state_consents(uuid, uuid, date), state_case_figures(uuid, date, uuid[]),
    state_export_left_out(uuid, uuid, date, date), state_pseudonyms_outside(uuid, uuid),
    persons_at_state_databases(), persons_for_state_export(uuid, uuid, date),
    repeat_state_figures(uuid, timestamptz),
    check_state_export(uuid, timestamptz, text, jsonb, timestamptz, boolean),
    store_state_export(uuid, timestamptz, timestamptz, timestamptz, bigint, text, text, bytea, text[], text[],
        uuid[], uuid[], text[]),
    destroy_state_export_file(text, uuid), keep_state_exports_forward(), keep_state_lines_single(),
    end_state_export(text, uuid, text, timestamptz), release_state_export(uuid, timestamptz),
    discard_state_export(uuid, timestamptz), is_own_state_export(uuid), fetch_state_export(uuid, timestamptz),
    shown_in_state_export(uuid), measures_of_fetched_state_exports(),
    content_of_fetched_state_export(uuid, timestamptz),
    acknowledge_state_export(uuid, timestamptz), end_old_state_exports(timestamptz, timestamptz),
    state_exports_to_follow(timestamptz), call_state_exports_back() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hold_state_export(uuid, text), hold_state_consents(uuid, uuid, date),
    state_case_figures(uuid, date, uuid[]), state_export_left_out(uuid, uuid, date, date),
    state_pseudonyms_outside(uuid, uuid), persons_at_state_databases(),
    persons_for_state_export(uuid, uuid, date), repeat_state_figures(uuid, timestamptz),
    check_state_export(uuid, timestamptz, text, jsonb, timestamptz, boolean),
    store_state_export(uuid, timestamptz, timestamptz, timestamptz, bigint, text, text, bytea, text[], text[],
        uuid[], uuid[], text[]),
    end_old_state_exports(timestamptz, timestamptz), state_exports_to_follow(timestamptz) TO kim_worker;
GRANT EXECUTE ON FUNCTION release_state_export(uuid, timestamptz), discard_state_export(uuid, timestamptz),
    is_own_state_export(uuid), fetch_state_export(uuid, timestamptz), shown_in_state_export(uuid),
    measures_of_fetched_state_exports(), content_of_fetched_state_export(uuid, timestamptz),
    acknowledge_state_export(uuid, timestamptz) TO kim_app;
SET ROLE kim_owner;
