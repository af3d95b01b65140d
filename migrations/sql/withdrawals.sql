-- Withdrawals: of a consent, by those who see it; and told at the counter, by whoever of the unit hears it, who
-- learns nothing of the person.

GRANT UPDATE (withdrawn_at, withdrawn_by, withdrawal_channel, withdrawal_note, withdrawal_told_at) ON consents
    TO kim_auth;
GRANT SELECT (given_at) ON consents TO kim_auth;

-- What was taken back is remembered: a paper of before that is entered later, or that another record brings along when
-- two become one, must not carry what the client has refused. Only the functions here read and write it.
CALL protect_table('told_withdrawals');
GRANT SELECT, INSERT ON told_withdrawals TO kim_auth;
CREATE POLICY keep ON told_withdrawals TO kim_auth USING (true) WITH CHECK (true);

-- Recording (together) and withdrawing (alone) of one client come one after the other: whoever holds this sees what
-- was recorded before, and is seen by what is recorded after. It is taken before any row.
CREATE FUNCTION hold_withdrawals(p_area text, p_client uuid, p_alone boolean) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = '' AS $$
DECLARE
    v_key bigint := hashtextextended('withdrawal:' || p_area || p_client, 0);
BEGIN
    IF p_alone THEN
        PERFORM pg_advisory_xact_lock(v_key);
    ELSE
        PERFORM pg_advisory_xact_lock_shared(v_key);
    END IF;
END $$;
ALTER FUNCTION hold_withdrawals(text, uuid, boolean) OWNER TO kim_auth;

-- When a consent like this was last taken back after it had been given; NULL where it holds.
CREATE FUNCTION withdrawn_since(p_area text, p_client uuid, p_case uuid, p_institution uuid, p_receiving uuid,
    p_purpose text, p_given_at timestamptz) RETURNS timestamptz
LANGUAGE sql STABLE SET search_path = ''
BEGIN ATOMIC
    SELECT max(w.told_at) FROM public.told_withdrawals w
    WHERE w.municipal_area_id = p_area AND w.client_id = p_client AND NOT w.only_this AND w.told_at >= p_given_at
        AND (w.purpose IS NULL OR w.purpose = p_purpose)
        AND (num_nonnulls(w.institution_id, w.receiving_unit_id) = 0 OR w.institution_id = p_institution
            OR w.receiving_unit_id = p_receiving)
        AND (w.case_id IS NULL OR p_case IS NULL OR w.case_id = p_case);
END;
ALTER FUNCTION withdrawn_since(text, uuid, uuid, uuid, uuid, text, timestamptz) OWNER TO kim_auth;

-- The same for whoever records a consent of a client with whom they work, held until they have.
CREATE FUNCTION consent_withdrawn_since(p_client uuid, p_case uuid, p_institution uuid, p_receiving uuid,
    p_purpose text, p_given_at timestamptz) RETURNS timestamptz
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF NOT public.ctx_is('case_manager') OR p_client <> ALL (public.my_clients()) THEN
        RETURN NULL;
    END IF;
    PERFORM public.hold_withdrawals(public.ctx_area(), p_client, false);
    RETURN public.withdrawn_since(public.ctx_area(), p_client, p_case, p_institution, p_receiving, p_purpose,
        p_given_at);
END $$;
ALTER FUNCTION consent_withdrawn_since(uuid, uuid, uuid, uuid, text, timestamptz) OWNER TO kim_auth;

-- Whoever writes. A merge holds both clients, so that no withdrawal is remembered of them meanwhile.
CREATE FUNCTION refuse_withdrawn() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        PERFORM public.hold_withdrawals(NEW.municipal_area_id, NEW.client_id, false);
    END IF;
    IF public.withdrawn_since(NEW.municipal_area_id, NEW.client_id, NEW.case_id, NEW.institution_id,
        NEW.receiving_unit_id, NEW.purpose, NEW.given_at) IS NOT NULL
    THEN
        RAISE EXCEPTION USING errcode = '23514', constraint = 'ck_consents_withdrawn_since',
            message = 'it was withdrawn since';
    END IF;
    RETURN NEW;
END $$;
ALTER FUNCTION refuse_withdrawn() OWNER TO kim_auth;
CREATE TRIGGER withdrawn_since BEFORE INSERT OR UPDATE OF client_id ON consents
    FOR EACH ROW WHEN (NEW.withdrawn_at IS NULL) EXECUTE FUNCTION refuse_withdrawn();

-- A consent renews one of the same client: otherwise a withdrawal would reach somebody with whom its recorder has
-- nothing to do. A chain follows its client into another record whole.
CREATE FUNCTION follow_same_client() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM public.consents c WHERE c.municipal_area_id = NEW.municipal_area_id
        AND c.id = NEW.follows_id AND c.client_id = NEW.client_id)
    THEN
        RAISE EXCEPTION USING errcode = '23514', constraint = 'ck_consents_follows_same_client',
            message = 'there is no such consent of this client';
    END IF;
    RETURN NEW;
END $$;
ALTER FUNCTION follow_same_client() OWNER TO kim_auth;
CREATE TRIGGER follow_same_client BEFORE INSERT ON consents
    FOR EACH ROW WHEN (NEW.follows_id IS NOT NULL) EXECUTE FUNCTION follow_same_client();

-- Whether what was taken back on one of two records is agreed to on the other, for those who know both.
CREATE FUNCTION withdrawn_on_the_other(p_client uuid, p_other uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT EXISTS (SELECT FROM public.consents c
        WHERE c.municipal_area_id = public.ctx_area() AND c.client_id IN (p_client, p_other)
            AND c.withdrawn_at IS NULL
            AND p_client = ANY (public.my_clients()) AND p_other = ANY (public.my_clients())
            AND public.withdrawn_since(c.municipal_area_id,
                CASE c.client_id WHEN p_client THEN p_other ELSE p_client END, c.case_id, c.institution_id,
                c.receiving_unit_id, c.purpose, c.given_at) IS NOT NULL);
END;
ALTER FUNCTION withdrawn_on_the_other(uuid, uuid) OWNER TO kim_auth;

-- What a withdrawal of this consent means: its whole chain of renewals, and unless it was meant alone every other to
-- the same outside recipient for the same purpose that was given before, with its chain. Also what is bound to cases
-- that the actor does not see; nothing where they do not see the one that was named.
CREATE FUNCTION meant_consents(p_consent uuid, p_only_this boolean, p_told_at timestamptz) RETURNS SETOF uuid
LANGUAGE sql STABLE SET search_path = ''
BEGIN ATOMIC
    WITH RECURSIVE chain AS (
        SELECT c.id, c.follows_id, c.client_id FROM public.consents said
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
        SELECT c.id, c.follows_id, c.client_id FROM public.consents c
        JOIN chain ON (c.id = chain.follows_id OR c.follows_id = chain.id) AND c.client_id = chain.client_id
        WHERE c.municipal_area_id = public.ctx_area())
    SELECT id FROM chain;
END;
ALTER FUNCTION meant_consents(uuid, boolean, timestamptz) OWNER TO kim_auth;

-- Holds what is meant, newest first, as a sending does, until nothing more has come. Answers only whether the actor sees the one that was named.
CREATE FUNCTION lock_withdrawn(p_consent uuid, p_only_this boolean, p_told_at timestamptz) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    v_client uuid;
    v_known uuid[] := '{}';
    v_found uuid[];
BEGIN
    SELECT c.client_id INTO v_client FROM public.consents c
    WHERE c.municipal_area_id = public.ctx_area() AND c.id = p_consent
        AND EXISTS (SELECT FROM public.meant_consents(p_consent, true, p_told_at));
    IF v_client IS NULL THEN
        RETURN false;
    END IF;
    PERFORM public.hold_withdrawals(public.ctx_area(), v_client, true);
    PERFORM FROM public.clients k
    WHERE k.municipal_area_id = public.ctx_area() AND k.id = v_client AND k.merged_into IS NULL FOR KEY SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION USING errcode = '40001', message = 'the person was merged into another record';
    END IF;
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
    -- What the unit wrote down for itself is its own business: of that each consent is taken back alone.
    INSERT INTO public.told_withdrawals (municipal_area_id, id, client_id, case_id, institution_id,
        receiving_unit_id, purpose, only_this, told_at, taken_at)
    SELECT c.municipal_area_id, public.new_id(), c.client_id, c.case_id, c.institution_id, c.receiving_unit_id,
        c.purpose, p_only_this OR coalesce(c.institution_id, c.receiving_unit_id) IS NULL, p_told_at, p_at
    FROM public.consents c
    WHERE c.municipal_area_id = public.ctx_area() AND c.id = p_consent AND c.withdrawn_at IS NULL
        AND EXISTS (SELECT FROM public.meant_consents(p_consent, true, p_told_at));
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
        v_found := ARRAY(SELECT DISTINCT each FROM unnest(public.my_clients()) AS each WHERE each = p_client);
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
    PERFORM public.hold_withdrawals(public.ctx_area(), v_found[1], true);
    -- Also where nothing ends yet: the paper may be entered later.
    INSERT INTO public.told_withdrawals (municipal_area_id, id, client_id, institution_id, purpose, only_this,
        told_at, taken_at)
    VALUES (public.ctx_area(), public.new_id(), v_found[1], p_institution, p_purpose, false, p_told_at, p_at);
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
REVOKE EXECUTE ON FUNCTION hold_withdrawals(text, uuid, boolean), refuse_withdrawn(), follow_same_client(),
    withdrawn_since(text, uuid, uuid, uuid, uuid, text, timestamptz),
    consent_withdrawn_since(uuid, uuid, uuid, uuid, text, timestamptz), withdrawn_on_the_other(uuid, uuid),
    meant_consents(uuid, boolean, timestamptz), lock_withdrawn(uuid, boolean, timestamptz),
    withdraw_consents(uuid, boolean, text, text, timestamptz, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION consent_withdrawn_since(uuid, uuid, uuid, uuid, text, timestamptz),
    withdrawn_on_the_other(uuid, uuid), lock_withdrawn(uuid, boolean, timestamptz),
    withdraw_consents(uuid, boolean, text, text, timestamptz, timestamptz) TO kim_app;
REVOKE EXECUTE ON FUNCTION take_withdrawal(uuid, uuid, uuid, text, text, date, uuid, text, text, timestamptz,
    timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION take_withdrawal(uuid, uuid, uuid, text, text, date, uuid, text, text, timestamptz,
    timestamptz) TO kim_app;
SET ROLE kim_owner;

-- For the worker: reminds the privacy officers once of what lapses soon, and forgets who had told what nobody has
-- settled. What lapsed comes back by its id, for the journal.
GRANT SELECT, UPDATE (given_name, family_name, birth_date, outcome, settled_at, reminded_at) ON unplaced_withdrawals
    TO kim_auth;
CREATE POLICY lapse_read ON unplaced_withdrawals FOR SELECT TO kim_auth USING (true);
CREATE POLICY lapse ON unplaced_withdrawals FOR UPDATE TO kim_auth USING (true) WITH CHECK (true);
CREATE FUNCTION lapse_withdrawals(p_before timestamptz, p_remind_before timestamptz, p_at timestamptz, p_limit int)
RETURNS SETOF uuid LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    WITH soon AS (
        UPDATE public.unplaced_withdrawals w SET reminded_at = p_at
        WHERE w.municipal_area_id = public.ctx_area() AND w.settled_at IS NULL AND w.reminded_at IS NULL
            AND w.taken_at < p_remind_before AND w.taken_at >= p_before
        RETURNING w.id)
    INSERT INTO public.notifications (municipal_area_id, id, user_id, kind, object_type, object_id, created_at)
    SELECT public.ctx_area(), public.new_id(), m.user_id, 'withdrawal_lapses', 'withdrawal', soon.id, p_at
    FROM soon CROSS JOIN (SELECT DISTINCT o.user_id FROM public.memberships o
        JOIN public.users u ON u.municipal_area_id = o.municipal_area_id AND u.id = o.user_id
            AND u.disabled_at IS NULL
        WHERE o.municipal_area_id = public.ctx_area() AND o.role = 'privacy_officer' AND o.started_at <= p_at
            AND (o.ended_at IS NULL OR o.ended_at > p_at)) m;
    RETURN QUERY
    UPDATE public.unplaced_withdrawals w SET given_name = NULL, family_name = NULL, birth_date = NULL,
        outcome = 'lapsed', settled_at = p_at
    WHERE w.municipal_area_id = public.ctx_area() AND w.id IN (SELECT d.id FROM public.unplaced_withdrawals d
        WHERE d.municipal_area_id = public.ctx_area() AND d.settled_at IS NULL AND d.taken_at < p_before
        ORDER BY d.taken_at LIMIT p_limit FOR UPDATE SKIP LOCKED)
    RETURNING w.id;
END $$;
ALTER FUNCTION lapse_withdrawals(timestamptz, timestamptz, timestamptz, int) OWNER TO kim_auth;
SET ROLE kim_auth;
REVOKE EXECUTE ON FUNCTION lapse_withdrawals(timestamptz, timestamptz, timestamptz, int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION lapse_withdrawals(timestamptz, timestamptz, timestamptz, int) TO kim_worker;
SET ROLE kim_owner;
