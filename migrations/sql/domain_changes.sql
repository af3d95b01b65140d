-- Changes of legal domain: seen and worked on by the case's team; opened by the change itself, in every open case of the
-- person, also those of colleagues whom the one who writes the change down does not see.

CALL keep_to_case_team('domain_changes', 'case_id');
CALL keep_to_case_team('domain_change_items', 'case_id');
CALL track_versions('domain_change_items');
GRANT SELECT ON domain_changes TO kim_app;
GRANT SELECT, UPDATE (state, reason, settled_at, settled_by, task_id) ON domain_change_items TO kim_app;
DROP POLICY add ON domain_changes;
DROP POLICY work ON domain_changes;
DROP POLICY add ON domain_change_items;
GRANT INSERT ON domain_changes, domain_change_items TO kim_auth;
CREATE POLICY open ON domain_changes FOR INSERT TO kim_auth WITH CHECK (true);
CREATE POLICY open ON domain_change_items FOR INSERT TO kim_auth WITH CHECK (true);

CREATE FUNCTION open_domain_changes(
    p_client uuid, p_before text, p_after text, p_on date, p_days int, p_between_domains boolean,
    p_at timestamptz, p_items jsonb
) RETURNS int LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    v_case uuid;
    v_domain_change uuid;
    v_count int := 0;
BEGIN
    IF NOT public.ctx_is('case_manager') OR NOT p_client = ANY (public.my_clients()) THEN
        RAISE EXCEPTION USING errcode = '42501', message = 'no right to open a change of legal domain';
    END IF;
    FOR v_case IN SELECT c.id FROM public.cases c
        WHERE c.municipal_area_id = public.ctx_area() AND c.client_id = p_client AND c.phase <> 'closed'
        ORDER BY c.id FOR KEY SHARE
    LOOP
        v_domain_change := public.new_id();
        v_count := v_count + 1;
        INSERT INTO public.domain_changes
            (municipal_area_id, id, case_id, before, after, changed_on, days_without, between_domains, opened_at)
        VALUES (public.ctx_area(), v_domain_change, v_case, p_before, p_after, p_on, p_days, p_between_domains, p_at);
        INSERT INTO public.domain_change_items (municipal_area_id, id, case_id, domain_change_id, position,
            checklist_version, code, side, label_de, label_en, source)
        SELECT public.ctx_area(), public.new_id(), v_case, v_domain_change, i.position, i.checklist_version, i.code,
            i.side, i.label_de, i.label_en, i.source
        FROM jsonb_to_recordset(p_items) AS i(position int, checklist_version text, code text, side text,
            label_de text, label_en text, source text);
    END LOOP;
    RETURN v_count;
END $$;

-- A change that did not come about, because its period was withdrawn or says something else: what is still open of it
-- is not needed. One that came about on another day is moved there. In every case of the person, closed ones too.
GRANT SELECT (withdrawn_at), UPDATE (changed_on, days_without, withdrawn_at) ON domain_changes TO kim_auth;
GRANT SELECT (municipal_area_id, id, domain_change_id, state, reason, settled_at, settled_by),
    UPDATE (state, reason, settled_at, settled_by) ON domain_change_items TO kim_auth;
CREATE POLICY correct ON domain_changes FOR UPDATE TO kim_auth USING (true) WITH CHECK (true);
CREATE POLICY correct ON domain_change_items FOR UPDATE TO kim_auth USING (true) WITH CHECK (true);
CREATE POLICY read ON domain_change_items FOR SELECT TO kim_auth USING (true);
CREATE FUNCTION correct_domain_changes(
    p_client uuid, p_after text, p_on date, p_moved_to date, p_days int, p_reason text, p_at timestamptz
) RETURNS int LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    v_changes uuid[];
BEGIN
    IF NOT public.ctx_is('case_manager') OR NOT p_client = ANY (public.my_clients()) THEN
        RAISE EXCEPTION USING errcode = '42501', message = 'no right to correct a change of legal domain';
    END IF;
    WITH found AS (
        UPDATE public.domain_changes d
        SET changed_on = coalesce(p_moved_to, d.changed_on),
            days_without = CASE WHEN p_moved_to IS NULL THEN d.days_without ELSE p_days END,
            withdrawn_at = CASE WHEN p_moved_to IS NULL THEN p_at END
        WHERE d.municipal_area_id = public.ctx_area() AND d.after = p_after AND d.changed_on = p_on
            AND d.withdrawn_at IS NULL AND d.case_id IN (SELECT c.id FROM public.cases c
                WHERE c.municipal_area_id = public.ctx_area() AND c.client_id = p_client)
        RETURNING d.id
    )
    SELECT coalesce(array_agg(f.id), '{}') INTO v_changes FROM found f;
    -- All of them, so that whoever follows hears of the change; what was settled stays as it was.
    UPDATE public.domain_change_items i
    SET state = CASE WHEN p_moved_to IS NULL AND i.state = 'open' THEN 'not_needed' ELSE i.state END,
        reason = CASE WHEN p_moved_to IS NULL AND i.state = 'open' THEN p_reason ELSE i.reason END,
        settled_at = CASE WHEN p_moved_to IS NULL AND i.state = 'open' THEN p_at ELSE i.settled_at END,
        settled_by = CASE WHEN p_moved_to IS NULL AND i.state = 'open' THEN public.ctx_user() ELSE i.settled_by END
    WHERE i.municipal_area_id = public.ctx_area() AND i.domain_change_id = ANY (v_changes);
    RETURN cardinality(v_changes);
END $$;
ALTER FUNCTION correct_domain_changes(uuid, text, date, date, int, text, timestamptz) OWNER TO kim_auth;
ALTER FUNCTION open_domain_changes(uuid, text, text, date, int, boolean, timestamptz, jsonb) OWNER TO kim_auth;
SET ROLE kim_auth;
REVOKE EXECUTE ON FUNCTION open_domain_changes(uuid, text, text, date, int, boolean, timestamptz, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION open_domain_changes(uuid, text, text, date, int, boolean, timestamptz, jsonb) TO kim_app;
REVOKE EXECUTE ON FUNCTION correct_domain_changes(uuid, text, date, date, int, text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION correct_domain_changes(uuid, text, date, date, int, text, timestamptz) TO kim_app;
SET ROLE kim_owner;
