-- Barriers that institutions report: read, filed and withdrawn in their own name, by nobody else; one about a
-- referral by who sees its site. The coordination sees the sentences among the observations, and of the rest how many institutions there are.

CALL protect_table('partner_barriers');
CALL track_versions('partner_barriers');
GRANT SELECT, INSERT, UPDATE (state, withdrawn_on, observation_id) ON partner_barriers TO kim_app;
CREATE POLICY reporting ON partner_barriers FOR SELECT TO kim_app
    USING (reporting_institution_id = ANY ((SELECT my_referring())::uuid[])
        AND (site_id IS NULL OR site_id = ANY ((SELECT my_sites())::uuid[])));

-- Whether a sentence was written by this transaction: nobody reports with what somebody else observed.
GRANT SELECT (municipal_area_id, id, xmin), DELETE ON observations TO kim_auth;
CREATE POLICY follow ON observations TO kim_auth USING (true);
CREATE FUNCTION is_written_now(p_observation uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT EXISTS (SELECT FROM public.observations o
        WHERE o.municipal_area_id = public.ctx_area() AND o.id = p_observation
            AND o.xmin = pg_current_xact_id()::xid);
END;
ALTER FUNCTION is_written_now(uuid) OWNER TO kim_auth;
CREATE POLICY file ON partner_barriers FOR INSERT TO kim_app
    WITH CHECK (reporting_institution_id = ANY ((SELECT my_referring())::uuid[])
        AND reported_by = (SELECT ctx_user()) AND state = 'received'
        AND (referral_id IS NULL
            OR EXISTS (SELECT FROM referral_requests q WHERE q.id = partner_barriers.referral_id))
        AND (observation_id IS NULL OR is_written_now(observation_id)));
CREATE POLICY withdraw ON partner_barriers FOR UPDATE TO kim_app
    USING (reporting_institution_id = ANY ((SELECT my_referring())::uuid[])
        AND (site_id IS NULL OR site_id = ANY ((SELECT my_sites())::uuid[])))
    WITH CHECK (reporting_institution_id = ANY ((SELECT my_referring())::uuid[])
        AND state = 'withdrawn' AND observation_id IS NULL);
GRANT SELECT ON partner_barriers TO kim_auth;
CREATE POLICY follow ON partner_barriers FOR SELECT TO kim_auth USING (true);

-- The sentence: written beside its report, read by whose report it is.
CREATE POLICY reporting ON observations FOR SELECT TO kim_app
    USING (id = ANY (ARRAY(SELECT b.observation_id FROM partner_barriers b WHERE b.observation_id IS NOT NULL)));
CREATE POLICY report ON observations FOR INSERT TO kim_app
    WITH CHECK ((SELECT cardinality(my_referring())) > 0);

GRANT INSERT (municipal_area_id, id, case_id, referral_id, partner_barrier_id, institution_id, interface_from,
    interface_to, barrier_type, outcome, effect, since), SELECT (partner_barrier_id, state), UPDATE (state)
    ON barrier_proposals TO kim_auth;
CREATE POLICY propose_reported ON barrier_proposals FOR INSERT TO kim_auth WITH CHECK (true);
CREATE POLICY drop_withdrawn ON barrier_proposals FOR UPDATE TO kim_auth USING (true) WITH CHECK (true);

-- One about a referral is proposed to the team that sent it, unless the person's data are only kept (Art. 18 GDPR);
-- the institution learns neither. What is withdrawn takes its sentence and its open proposal with it.
CREATE FUNCTION follow_partner_barrier() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO public.barrier_proposals (municipal_area_id, id, case_id, referral_id, partner_barrier_id,
            institution_id, interface_from, interface_to, barrier_type, outcome, effect, since)
        SELECT r.municipal_area_id, public.new_id(), r.case_id, r.id, NEW.id, NEW.institution_id,
            NEW.interface_from, NEW.interface_to, NEW.barrier_type, 'reported_by_institution', NEW.effect, NEW.since
        FROM public.referrals r JOIN public.clients c
            ON c.municipal_area_id = r.municipal_area_id AND c.id = r.client_id
        WHERE r.municipal_area_id = NEW.municipal_area_id AND r.id = NEW.referral_id
            AND c.processing_restricted_at IS NULL;
    ELSE
        UPDATE public.barrier_proposals p SET state = 'dropped'
        WHERE p.municipal_area_id = NEW.municipal_area_id AND p.partner_barrier_id = NEW.id AND p.state = 'open';
        DELETE FROM public.observations o
        WHERE o.municipal_area_id = NEW.municipal_area_id AND o.id = OLD.observation_id;
    END IF;
    RETURN NULL;
END $$;
ALTER FUNCTION follow_partner_barrier() OWNER TO kim_auth;
CREATE TRIGGER propose AFTER INSERT ON partner_barriers
    FOR EACH ROW WHEN (NEW.referral_id IS NOT NULL) EXECUTE FUNCTION follow_partner_barrier();
CREATE TRIGGER follow AFTER UPDATE OF state ON partner_barriers
    FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION follow_partner_barrier();

-- By what the persons of an institution's referrals are recognised, to it and from it, also of those that it may no
-- longer read but has taken over: names, births, streets and telephones, each kind for itself, so that nothing leads
-- to a person. What it neither can read nor has taken over is left out: a refusal would tell who withdrew. For
-- whoever acts for the institution, to hold a sentence against it; of what is for a site, for who sees that site.
GRANT SELECT (institution_id, site_id, is_on_platform, content, readable_until) ON referral_packages TO kim_auth;
GRANT SELECT (institution_id, content) ON received_data TO kim_auth;
CREATE FUNCTION words_of_referred(p_institution uuid)
RETURNS TABLE (names text[], births text[], addresses text[], phones text[])
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    RETURN QUERY
    WITH known AS MATERIALIZED (
        SELECT p.content::jsonb AS content FROM public.referral_packages p
        JOIN public.referral_requests q ON q.municipal_area_id = p.municipal_area_id AND q.id = p.id
        WHERE p.municipal_area_id = public.ctx_area() AND p.institution_id = p_institution AND p.is_on_platform
            AND p_institution = ANY (public.my_referring())
            AND (p.site_id IS NULL OR p.site_id = ANY ((SELECT public.my_sites())::uuid[]))
            AND (q.delivery = 'fetched' OR p.withheld_at IS NULL AND NOT p.is_shut
                AND (p.readable_until IS NULL OR p.readable_until > now()))
        UNION ALL
        SELECT d.content::jsonb FROM public.received_data d
        WHERE d.municipal_area_id = public.ctx_area() AND d.institution_id = p_institution
            AND p_institution = ANY (public.my_referring())
    ), found AS (
        SELECT w.kind, f.word #>> '{}' AS word
        FROM known k CROSS JOIN (VALUES
            ('name', '$.data.master_data.name.*'::pg_catalog.jsonpath),
            ('name', '$.data.master_data.former_names[*]'), ('name', '$.data.master_data.other_names[*]'),
            ('name', '$.data.household.members[*].name'), ('name', '$.person.given_name'),
            ('name', '$.person.family_name'), ('name', '$.person.guardian.name'),
            ('birth', '$.data.master_data.birth_date'), ('birth', '$.person.birth_date'),
            ('address', '$.data.*.*.street'), ('address', '$.data.*.*.care_of'),
            ('phone', '$.data.contact.phone'), ('phone', '$.contact.phone')) AS w(kind, path)
        CROSS JOIN LATERAL jsonb_path_query(k.content, w.path) AS f(word)
    )
    SELECT coalesce(array_agg(DISTINCT f.word) FILTER (WHERE f.kind = 'name'), '{}'),
        coalesce(array_agg(DISTINCT f.word) FILTER (WHERE f.kind = 'birth'), '{}'),
        coalesce(array_agg(DISTINCT f.word) FILTER (WHERE f.kind = 'address'), '{}'),
        coalesce(array_agg(DISTINCT f.word) FILTER (WHERE f.kind = 'phone'), '{}')
    FROM found f WHERE f.word IS NOT NULL;
END $$;
ALTER FUNCTION words_of_referred(uuid) OWNER TO kim_auth;

-- How many institutions reported a type about a group of institutions in a quarter that has ended: from three on;
-- under that, that there was something. What was withdrawn after the quarter's end stays in it, so a number never
-- changes and two readings tell nothing. What is about a referral is the case's, and not counted here.
CREATE FUNCTION partner_barrier_figures(p_quarter text)
RETURNS TABLE (quarter text, barrier_type text, institution_group text, status text, institutions int)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    RETURN QUERY
    WITH counted AS (
        SELECT b.quarter, b.barrier_type, b.institution_group,
            count(DISTINCT b.reporting_institution_id)::int AS institutions
        FROM public.partner_barriers b
        CROSS JOIN LATERAL (SELECT (make_date(left(b.quarter, 4)::int, right(b.quarter, 1)::int * 3, 1)
            + interval '1 month')::date AS day) AS ends
        WHERE b.municipal_area_id = public.ctx_area() AND public.ctx_is('coordinator') AND b.referral_id IS NULL
            AND (p_quarter IS NULL OR b.quarter = p_quarter)
            AND ends.day <= (now() AT TIME ZONE 'Europe/Berlin')::date
            AND (b.withdrawn_on IS NULL OR b.withdrawn_on >= ends.day)
        GROUP BY b.quarter, b.barrier_type, b.institution_group)
    SELECT c.quarter, c.barrier_type, c.institution_group, CASE WHEN c.institutions >= 3 THEN 'count' ELSE 'signal' END,
        CASE WHEN c.institutions >= 3 THEN c.institutions END
    FROM counted c;
END $$;
ALTER FUNCTION partner_barrier_figures(text) OWNER TO kim_auth;

SET ROLE kim_auth;
REVOKE EXECUTE ON FUNCTION follow_partner_barrier(), is_written_now(uuid), words_of_referred(uuid),
    partner_barrier_figures(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION is_written_now(uuid), words_of_referred(uuid), partner_barrier_figures(text) TO kim_app;
SET ROLE kim_owner;
