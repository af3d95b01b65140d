-- Withdrawals: of a consent, by those who see it; and told at the counter, by whoever of the unit hears it, who
-- learns nothing of the person.

GRANT UPDATE (withdrawn_at, withdrawn_by, withdrawal_channel, withdrawal_note, withdrawal_told_at) ON consents
    TO kim_auth;
GRANT SELECT (given_at) ON consents TO kim_auth;

-- What a withdrawal of this consent means: its whole chain of renewals, and unless it was meant alone every other to
-- the same outside recipient for the same purpose that was given before, with its chain. Also what is bound to cases
-- that the actor does not see; nothing where they do not see the one that was named.
CREATE FUNCTION meant_consents(p_consent uuid, p_only_this boolean, p_told_at timestamptz) RETURNS SETOF uuid
LANGUAGE sql STABLE SET search_path = ''
BEGIN ATOMIC
    WITH RECURSIVE chain AS (
        SELECT c.id, c.follows_id FROM public.consents said
        JOIN public.consents c ON c.municipal_area_id = said.municipal_area_id AND c.client_id = said.client_id
            AND (c.id = said.id OR NOT p_only_this
                AND c.purpose = said.purpose AND c.institution_id IS NOT DISTINCT FROM said.institution_id
                AND c.receiving_unit_id IS NOT DISTINCT FROM said.receiving_unit_id
                AND (c.case_id IS NULL OR said.case_id IS NULL OR c.case_id = said.case_id)
                AND coalesce(said.institution_id, said.receiving_unit_id) IS NOT NULL
                AND c.withdrawn_at IS NULL AND c.given_at <= p_told_at)
        WHERE said.municipal_area_id = public.ctx_area() AND said.id = p_consent
            AND public.ctx_is('case_manager') AND said.client_id = ANY (public.my_clients())
            AND (said.case_id IS NULL OR said.case_id = ANY (public.my_cases()))
        UNION
        SELECT c.id, c.follows_id FROM public.consents c
        JOIN chain ON c.id = chain.follows_id OR c.follows_id = chain.id
        WHERE c.municipal_area_id = public.ctx_area())
    SELECT id FROM chain;
END;
ALTER FUNCTION meant_consents(uuid, boolean, timestamptz) OWNER TO kim_auth;

-- Holds what is meant, newest first, as a sending does, until nothing more has come: a renewal that was being recorded
-- meanwhile holds the one before it. Answers only whether the actor sees the one that was named.
CREATE FUNCTION lock_withdrawn(p_consent uuid, p_only_this boolean, p_told_at timestamptz) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    v_known uuid[] := '{}';
    v_found uuid[];
BEGIN
    LOOP
        v_found := ARRAY(SELECT m FROM public.meant_consents(p_consent, p_only_this, p_told_at) AS m ORDER BY m);
        EXIT WHEN v_found = v_known;
        v_known := v_found;
        PERFORM FROM public.consents c WHERE c.municipal_area_id = public.ctx_area() AND c.id = ANY (v_known)
        ORDER BY c.id DESC FOR UPDATE;
    END LOOP;
    RETURN v_known <> '{}';
END $$;
ALTER FUNCTION lock_withdrawn(uuid, boolean, timestamptz) OWNER TO kim_auth;

-- Ends what is meant and is held; the note goes to what its writer sees. What came back goes to the events alone, not to the caller's caller.
CREATE FUNCTION withdraw_consents(p_consent uuid, p_only_this boolean, p_channel text, p_note text,
    p_told_at timestamptz, p_at timestamptz)
RETURNS TABLE (consent_id uuid, client_id uuid, case_id uuid, purpose text, pseudonym uuid)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    WITH ended AS (
        UPDATE public.consents s SET withdrawn_at = p_at, withdrawn_by = public.ctx_user(),
            withdrawal_channel = p_channel, withdrawal_told_at = p_told_at,
            withdrawal_note = CASE WHEN s.case_id IS NULL OR s.case_id = ANY (public.my_cases()) THEN p_note END
        WHERE s.municipal_area_id = public.ctx_area() AND s.withdrawn_at IS NULL
            AND s.id IN (SELECT m FROM public.meant_consents(p_consent, p_only_this, p_told_at) AS m)
        RETURNING s.id, s.client_id, s.case_id, s.purpose)
    SELECT e.id, e.client_id, e.case_id, e.purpose, k.pseudonym FROM ended e
    JOIN public.clients k ON k.municipal_area_id = public.ctx_area() AND k.id = e.client_id
    ORDER BY e.id DESC;
END $$;
ALTER FUNCTION withdraw_consents(uuid, boolean, text, text, timestamptz, timestamptz) OWNER TO kim_auth;

CALL protect_table('unplaced_withdrawals');
CALL track_versions('unplaced_withdrawals');
GRANT SELECT ON unplaced_withdrawals TO kim_app;
GRANT UPDATE (given_name, family_name, birth_date, outcome, settled_at, settled_by) ON unplaced_withdrawals
    TO kim_app;
CREATE POLICY read ON unplaced_withdrawals FOR SELECT TO kim_app USING ((SELECT ctx_is('privacy_officer')));
GRANT SELECT (municipal_area_id, id) ON unplaced_withdrawals TO kim_worker;
CREATE POLICY serve ON unplaced_withdrawals FOR SELECT TO kim_worker USING (true);
CREATE POLICY settle ON unplaced_withdrawals FOR UPDATE TO kim_app
    USING ((SELECT ctx_is('privacy_officer')))
    WITH CHECK ((SELECT ctx_is('privacy_officer')) AND settled_by = (SELECT ctx_user()));
CREATE POLICY keep ON unplaced_withdrawals FOR INSERT TO kim_auth WITH CHECK (true);

-- Ends what the told words mean of exactly one client: the one with this id, with whom the actor works, or the only
-- one of the actor's unit with this name and birth date. Of nobody or several it keeps the words for the privacy
-- officer. The caller tells nobody what came back: it goes to the events alone.
GRANT INSERT (municipal_area_id, id, unit_id, given_name, family_name, birth_date, institution_id, purpose, channel,
    told_at, taken_at, taken_by) ON unplaced_withdrawals TO kim_auth;
GRANT SELECT (given_name, family_name, birth_date, unit_id, merged_into) ON clients TO kim_auth;
CREATE FUNCTION take_withdrawal(p_receipt uuid, p_unit uuid, p_client uuid, p_given text, p_family text, p_birth date,
    p_institution uuid, p_purpose text, p_channel text, p_told_at timestamptz, p_at timestamptz)
RETURNS TABLE (consent_id uuid, client_id uuid, case_id uuid, purpose text, pseudonym uuid)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    v_found uuid[];
BEGIN
    IF NOT p_unit = ANY (public.ctx_places('case_manager') || public.ctx_places('team_lead')) THEN
        RAISE EXCEPTION USING errcode = '42501', message = 'not at this unit';
    END IF;
    IF p_client IS NOT NULL THEN
        v_found := ARRAY(SELECT each FROM unnest(public.my_clients()) AS each WHERE each = p_client);
        IF v_found = '{}' THEN
            RAISE EXCEPTION USING errcode = '42501', message = 'no such client';
        END IF;
    ELSE
        v_found := ARRAY(SELECT c.id FROM public.clients c
            WHERE c.municipal_area_id = public.ctx_area() AND c.unit_id = p_unit AND c.merged_into IS NULL
                AND c.birth_date = p_birth AND lower(c.family_name) = lower(p_family)
                AND lower(c.given_name) = lower(p_given));
    END IF;
    IF cardinality(v_found) <> 1 THEN
        INSERT INTO public.unplaced_withdrawals (municipal_area_id, id, unit_id, given_name, family_name, birth_date,
            institution_id, purpose, channel, told_at, taken_at, taken_by)
        VALUES (public.ctx_area(), p_receipt, p_unit, p_given, p_family, p_birth, p_institution, p_purpose,
            p_channel, p_told_at, p_at, public.ctx_user());
        RETURN;
    END IF;
    -- In the order in which a sending locks them.
    PERFORM FROM public.consents s
    WHERE s.municipal_area_id = public.ctx_area() AND s.client_id = v_found[1] AND s.withdrawn_at IS NULL
        AND (p_institution IS NULL OR s.institution_id = p_institution)
        AND (p_purpose IS NULL OR s.purpose = p_purpose) AND s.given_at <= p_told_at
    ORDER BY s.id DESC FOR UPDATE;
    RETURN QUERY
    WITH ended AS (
        UPDATE public.consents s SET withdrawn_at = p_at, withdrawn_by = public.ctx_user(),
            withdrawal_channel = p_channel, withdrawal_told_at = p_told_at
        WHERE s.municipal_area_id = public.ctx_area() AND s.client_id = v_found[1] AND s.withdrawn_at IS NULL
            AND (p_institution IS NULL OR s.institution_id = p_institution)
            AND (p_purpose IS NULL OR s.purpose = p_purpose) AND s.given_at <= p_told_at
        RETURNING s.id, s.client_id, s.case_id, s.purpose)
    SELECT e.id, e.client_id, e.case_id, e.purpose, k.pseudonym FROM ended e
    JOIN public.clients k ON k.municipal_area_id = public.ctx_area() AND k.id = e.client_id
    -- The consent to documentation last: what it closes would keep from the others what they have to end.
    ORDER BY e.purpose = 'case_documentation', e.id;
END $$;
ALTER FUNCTION take_withdrawal(uuid, uuid, uuid, text, text, date, uuid, text, text, timestamptz, timestamptz)
    OWNER TO kim_auth;
SET ROLE kim_auth;
REVOKE EXECUTE ON FUNCTION meant_consents(uuid, boolean, timestamptz), lock_withdrawn(uuid, boolean, timestamptz),
    withdraw_consents(uuid, boolean, text, text, timestamptz, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lock_withdrawn(uuid, boolean, timestamptz),
    withdraw_consents(uuid, boolean, text, text, timestamptz, timestamptz) TO kim_app;
REVOKE EXECUTE ON FUNCTION take_withdrawal(uuid, uuid, uuid, text, text, date, uuid, text, text, timestamptz,
    timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION take_withdrawal(uuid, uuid, uuid, text, text, date, uuid, text, text, timestamptz,
    timestamptz) TO kim_app;
SET ROLE kim_owner;
