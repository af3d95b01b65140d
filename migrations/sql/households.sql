-- Who lives together counts as one household, in the statistics of persons and in the figures of barriers alike. A
-- threshold counts households because a family knows what befell its own: whoever joins one knows, whoever leaves it
-- still does. So joining takes everybody along, and leaving takes nobody's figures away.

GRANT UPDATE (before, after) ON client_merge_moves TO kim_auth;

-- Gives one household the key of another, wherever a key is kept: of persons, also of those whom the caller does not
-- see, and of what was filed of them. What an open merge remembers follows, so that undoing it finds what it moved.
-- Asked again until none is left, since somebody may join the old one meanwhile; then nobody can, the rows are held.
CREATE FUNCTION follow_household(p_old uuid, p_new uuid) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    v_area text := public.ctx_area();
BEGIN
    IF p_old = p_new THEN
        RETURN;
    END IF;
    LOOP
        PERFORM FROM public.clients c WHERE c.municipal_area_id = v_area AND c.household_key = p_old
        ORDER BY c.id FOR UPDATE;
        EXIT WHEN NOT FOUND;
        UPDATE public.clients c SET household_key = p_new
        WHERE c.municipal_area_id = v_area AND c.household_key = p_old;
    END LOOP;
    UPDATE public.barrier_figures f SET household_key = p_new
    WHERE f.municipal_area_id = v_area AND f.household_key = p_old;
    UPDATE public.client_merge_moves v SET after = p_new
    WHERE v.municipal_area_id = v_area AND v.column_name = 'household_key' AND v.after = p_old;
    UPDATE public.client_merge_moves v SET before = v.before || jsonb_build_object('household_key', p_new)
    WHERE v.municipal_area_id = v_area AND (v.column_name = 'household_key' OR v.how = 'figure')
        AND v.before ->> 'household_key' = p_old::text;
END $$;
ALTER FUNCTION follow_household(uuid, uuid) OWNER TO kim_auth;

-- Joins pairs of persons, one after the other: the household of each second one to that of the first. The caller
-- sees all of them and may change them; who else comes along is not told.
CREATE FUNCTION join_households(p_clients uuid[], p_others uuid[]) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    v_area text := public.ctx_area();
    v_ids uuid[] := p_clients || p_others;
    v_pair record;
BEGIN
    PERFORM FROM public.clients c WHERE c.municipal_area_id = v_area AND c.id = ANY (v_ids)
    ORDER BY c.id FOR UPDATE;
    IF NOT public.ctx_is('case_manager') OR NOT v_ids <@ public.my_clients()
        OR cardinality(p_clients) <> cardinality(p_others)
    THEN
        RAISE EXCEPTION USING errcode = '42501', message = 'no right to join these households';
    END IF;
    IF EXISTS (SELECT FROM public.clients c WHERE c.municipal_area_id = v_area AND c.id = ANY (v_ids)
        AND c.merged_into IS NOT NULL)
    THEN
        RAISE EXCEPTION USING errcode = '40001', message = 'the person was merged into another record';
    END IF;
    IF EXISTS (SELECT FROM public.clients c WHERE c.municipal_area_id = v_area AND c.id = ANY (v_ids)
        AND c.processing_restricted_at IS NOT NULL)
    THEN
        RAISE EXCEPTION USING errcode = '23514', constraint = 'ck_clients_processing_restricted',
            message = 'the data are only kept';
    END IF;
    FOR v_pair IN
        SELECT p.this, p.other FROM unnest(p_clients, p_others) WITH ORDINALITY AS p(this, other, place)
        ORDER BY p.place
    LOOP
        PERFORM public.follow_household(o.household_key, t.household_key)
        FROM public.clients t JOIN public.clients o ON o.municipal_area_id = v_area AND o.id = v_pair.other
        WHERE t.municipal_area_id = v_area AND t.id = v_pair.this;
    END LOOP;
END $$;
ALTER FUNCTION join_households(uuid[], uuid[]) OWNER TO kim_auth;

SET ROLE kim_auth;
REVOKE EXECUTE ON FUNCTION follow_household(uuid, uuid), join_households(uuid[], uuid[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION join_households(uuid[], uuid[]) TO kim_app;
SET ROLE kim_owner;
