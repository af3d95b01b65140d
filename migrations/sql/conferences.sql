-- Conferences belong to the case's team alone; who sits in one from outside reads nothing here.

CALL keep_to_case_team('conferences', 'case_id');
CALL keep_to_case_team('conference_participants', 'case_id');
CALL keep_to_case_team('conference_agreements', 'case_id');
CALL track_versions('conferences');
GRANT SELECT, INSERT, UPDATE (occasion, mode, starts_at, minutes, place_id, client_takes_part, state, record,
    cancel_reason, ended_at, ended_by, version) ON conferences TO kim_app;
GRANT SELECT, INSERT, UPDATE (attended, removed_at, removed_because, handed_out_at)
    ON conference_participants TO kim_app;
GRANT SELECT, INSERT ON conference_agreements TO kim_app;
CALL move_with_parts('conferences', 'conference_participants', 'conference_id');
CALL move_with_parts('conferences', 'conference_agreements', 'conference_id');

GRANT SELECT (municipal_area_id, id, case_id, form, starts_at, state, ended_by, version, changed_xid),
    UPDATE (state, cancel_reason, ended_at, ended_by, version) ON conferences TO kim_auth;
GRANT SELECT (municipal_area_id, id, conference_id, institution_id, legal_basis, consent_id, data_categories, attended,
        removed_at),
    UPDATE (removed_at, removed_because) ON conference_participants TO kim_auth;
CREATE POLICY withdraw ON conferences TO kim_auth USING (true) WITH CHECK (true);
CREATE POLICY withdraw ON conference_participants TO kim_auth USING (true) WITH CHECK (true);

-- A withdrawn consent takes those who rest on it out of every conference, also of cases that the recorder of the
-- withdrawal does not see. The consent to documentation carries the data themselves: what was to begin in the
-- cases that it covered is cancelled, and nobody of an institution gets a record any more. The teams are told.
-- What had begun when it was told has taken place: it stays to be written down who was there.
-- Does nothing for a consent that the caller has not withdrawn in this transaction.
CREATE FUNCTION leave_conferences(p_consent uuid, p_at timestamptz)
RETURNS TABLE (conference_id uuid, client_pseudonym uuid)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
#variable_conflict use_column
DECLARE
    v record;
    v_conferences uuid[];
BEGIN
    SELECT c.client_id, c.case_id, c.purpose, c.withdrawal_told_at AS told_at, k.pseudonym INTO v
    FROM public.consents c
    JOIN public.clients k ON k.municipal_area_id = c.municipal_area_id AND k.id = c.client_id
    WHERE c.municipal_area_id = public.ctx_area() AND c.id = p_consent AND c.withdrawn_at = p_at
        AND c.withdrawn_by = public.ctx_user() AND c.changed_xid = pg_current_xact_id();
    IF NOT FOUND THEN
        RETURN;
    END IF;
    v_conferences := ARRAY(
        SELECT f.id FROM public.conferences f
        JOIN public.cases s ON s.municipal_area_id = f.municipal_area_id AND s.id = f.case_id
        WHERE v.purpose = 'case_documentation' AND f.municipal_area_id = public.ctx_area()
            AND s.client_id = v.client_id AND s.id = coalesce(v.case_id, s.id));
    -- A conference is locked before its participants, here as everywhere.
    PERFORM FROM public.conferences f
    WHERE f.municipal_area_id = public.ctx_area() AND (f.id = ANY (v_conferences)
        OR f.id IN (SELECT p.conference_id FROM public.conference_participants p
            WHERE p.municipal_area_id = public.ctx_area() AND p.consent_id = p_consent))
    ORDER BY f.id FOR UPDATE;
    UPDATE public.conferences f
    SET state = 'cancelled', cancel_reason = 'consent_withdrawn', ended_at = p_at, ended_by = public.ctx_user()
    WHERE f.municipal_area_id = public.ctx_area() AND f.id = ANY (v_conferences) AND f.state = 'planned'
        AND f.starts_at >= v.told_at;
    WITH gone AS (
        UPDATE public.conference_participants p SET removed_at = p_at, removed_because = 'consent_withdrawn'
        WHERE p.municipal_area_id = public.ctx_area() AND p.removed_at IS NULL AND p.institution_id IS NOT NULL
            AND (p.consent_id = p_consent OR p.conference_id = ANY (v_conferences))
        RETURNING p.conference_id
    )
    SELECT array_agg(DISTINCT g.conference_id) INTO v_conferences FROM gone g;
    INSERT INTO public.notifications (municipal_area_id, id, user_id, kind, object_type, object_id, created_at)
    SELECT DISTINCT f.municipal_area_id, md5('conference_left ' || p_consent || f.id || a.user_id)::uuid, a.user_id,
        'conference_left', 'conference', f.id, p_at
    FROM public.conferences f
    JOIN public.assignments a ON a.municipal_area_id = f.municipal_area_id AND a.case_id = f.case_id
        AND a.kind IN ('lead', 'member', 'deputy') AND a.active_from <= now()
        AND (a.active_until IS NULL OR a.active_until > now())
    WHERE f.municipal_area_id = public.ctx_area() AND f.id = ANY (v_conferences)
    ON CONFLICT DO NOTHING;
    RETURN QUERY SELECT each, v.pseudonym FROM unnest(v_conferences) AS each;
END $$;
ALTER FUNCTION leave_conferences(uuid, timestamptz) OWNER TO kim_auth;

-- Whoever was taken out was there only where a withdrawal took them out after the beginning.
CREATE FUNCTION refuse_attendance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.removed_because = 'consent_withdrawn' AND EXISTS (SELECT FROM conferences f
            WHERE f.municipal_area_id = NEW.municipal_area_id AND f.id = NEW.conference_id
                AND f.starts_at < NEW.removed_at) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION USING errcode = '23514', constraint = 'ck_conference_participants_was_not_there',
        message = 'who was taken out before was not there';
END $$;
CREATE TRIGGER was_not_there BEFORE UPDATE OF attended ON conference_participants
    FOR EACH ROW WHEN (NEW.attended AND NEW.removed_at IS NOT NULL AND OLD.attended IS NOT TRUE)
    EXECUTE FUNCTION refuse_attendance();

-- What was to begin after a withdrawal is not moved before it.
CREATE FUNCTION keep_after_withdrawal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM conference_participants p
            WHERE p.municipal_area_id = NEW.municipal_area_id AND p.conference_id = NEW.id
                AND p.removed_because = 'consent_withdrawn'
                AND p.removed_at > NEW.starts_at AND p.removed_at <= OLD.starts_at) THEN
        RAISE EXCEPTION USING errcode = '23514', constraint = 'ck_conferences_not_before_withdrawal',
            message = 'the withdrawal came first';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER after_withdrawal BEFORE UPDATE OF starts_at ON conferences
    FOR EACH ROW WHEN (NEW.starts_at < OLD.starts_at) EXECUTE FUNCTION keep_after_withdrawal();

-- Logs what somebody of an institution learned in a conference that began before the data were only kept, and was
-- written down afterwards: the application logs nothing of such a person itself.
CREATE FUNCTION log_past_conference(p_participant uuid, p_at timestamptz) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    INSERT INTO public.disclosure_log (municipal_area_id, id, at, case_id, client_pseudonym, unit_id, institution_id,
        legal_basis, purpose, data_categories, channel)
    SELECT p.municipal_area_id, public.new_id(), p_at, c.id, k.pseudonym, c.unit_id, p.institution_id,
        p.legal_basis, 'case_conference', ARRAY(SELECT each FROM unnest(p.data_categories) AS each ORDER BY each),
        'conference'
    FROM public.conference_participants p
    JOIN public.conferences f ON f.municipal_area_id = p.municipal_area_id AND f.id = p.conference_id
    JOIN public.cases c ON c.municipal_area_id = f.municipal_area_id AND c.id = f.case_id
    JOIN public.clients k ON k.municipal_area_id = c.municipal_area_id AND k.id = c.client_id
    WHERE p.municipal_area_id = public.ctx_area() AND p.id = p_participant AND p.attended
        AND p.institution_id IS NOT NULL AND p.legal_basis IS NOT NULL
        AND f.state = 'held' AND f.ended_by = public.ctx_user() AND f.starts_at < k.processing_restricted_at
        AND c.id = ANY (public.my_cases()) AND public.ctx_is('case_manager');
    RETURN FOUND;
END $$;
ALTER FUNCTION log_past_conference(uuid, timestamptz) OWNER TO kim_auth;
-- For the worker, which reads no conference: who of these colleagues may hear of it now. Those who work on the case; in an
-- anonymised discussion, where nobody learns who it is about, also who works at its unit, but not of somebody hidden.
CREATE FUNCTION hear_of_conference(p_conference uuid, p_users uuid[]) RETURNS TABLE (user_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT told.id FROM public.conferences f
    JOIN public.cases c ON c.municipal_area_id = f.municipal_area_id AND c.id = f.case_id
    CROSS JOIN unnest(p_users) AS told(id)
    WHERE f.municipal_area_id = public.ctx_area() AND f.id = p_conference
        AND (public.works_on_case(c.id, told.id) OR f.form = 'anonymised_discussion' AND NOT c.is_restricted
            AND public.belongs_to(told.id, c.unit_id, '{case_manager}'));
END;
ALTER FUNCTION hear_of_conference(uuid, uuid[]) OWNER TO kim_auth;

-- When and where the conferences of the last thirty days and later are in which the actor takes part: the same as may
-- hear of them. Who comes to an anonymised discussion and does not work on its case learns neither case nor occasion.
GRANT SELECT (mode, minutes, place_id, created_by, changed_at) ON conferences TO kim_auth;
GRANT SELECT (user_id) ON conference_participants TO kim_auth;
CREATE FUNCTION own_conferences()
RETURNS TABLE (id uuid, case_id uuid, form text, mode text, starts_at timestamptz, minutes int, place_id uuid,
    state text, planned_by uuid, changed_at timestamptz, version int)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT f.id, CASE WHEN w.works THEN f.case_id END, f.form, f.mode, f.starts_at, f.minutes, f.place_id, f.state,
        f.created_by, f.changed_at, f.version
    FROM public.conference_participants p
    JOIN public.conferences f ON f.municipal_area_id = p.municipal_area_id AND f.id = p.conference_id
    JOIN public.cases c ON c.municipal_area_id = f.municipal_area_id AND c.id = f.case_id
    CROSS JOIN LATERAL (SELECT public.works_on_case(c.id, p.user_id) AS works) w
    WHERE p.municipal_area_id = public.ctx_area() AND p.user_id = public.ctx_user() AND p.removed_at IS NULL
        AND f.starts_at > now() - interval '30 days' AND (f.state <> 'planned' OR c.phase <> 'closed')
        AND (w.works OR f.form = 'anonymised_discussion' AND NOT c.is_restricted
            AND public.belongs_to(p.user_id, c.unit_id, '{case_manager}'));
END;
ALTER FUNCTION own_conferences() OWNER TO kim_auth;
SET ROLE kim_auth;
REVOKE EXECUTE ON FUNCTION leave_conferences(uuid, timestamptz), log_past_conference(uuid, timestamptz),
    hear_of_conference(uuid, uuid[]), own_conferences() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION hear_of_conference(uuid, uuid[]) TO kim_worker;
GRANT EXECUTE ON FUNCTION leave_conferences(uuid, timestamptz), log_past_conference(uuid, timestamptz),
    own_conferences() TO kim_app;
SET ROLE kim_owner;
