-- Restriction of processing (Art. 18 GDPR): what is kept and not used. Every reason is a row; whoever's data as a
-- whole are restricted carries the mark `processing_restricted_at`, which follows the rows. One question,
-- `may_process`, is asked by the application and by the triggers behind it.

CALL protect_table('processing_restrictions');
GRANT SELECT, INSERT, UPDATE (announced_at, announced_by, announced_how, lifted_at, lifted_by, lift_reason)
    ON processing_restrictions TO kim_app;
GRANT SELECT, INSERT, UPDATE ON processing_restrictions TO kim_auth;
CREATE POLICY read ON processing_restrictions FOR SELECT TO kim_app
    USING (client_id = ANY ((SELECT my_clients())::uuid[]));
CREATE POLICY restrict ON processing_restrictions FOR INSERT TO kim_app
    WITH CHECK (client_id = ANY ((SELECT my_clients())::uuid[]) AND (SELECT ctx_is('case_manager'))
        AND recorded_by = (SELECT ctx_user()) AND ground <> 'consent_withdrawn' AND lifted_at IS NULL);
-- What a withdrawn consent restricts only a new consent lifts.
CREATE POLICY lift ON processing_restrictions FOR UPDATE TO kim_app
    USING (client_id = ANY ((SELECT my_clients())::uuid[]) AND (SELECT ctx_is('case_manager'))
        AND ground <> 'consent_withdrawn' AND lifted_at IS NULL)
    WITH CHECK (coalesce(lifted_by, announced_by) = (SELECT ctx_user()));
CREATE POLICY keep ON processing_restrictions TO kim_auth USING (true) WITH CHECK (true);

CALL protect_table('processing_uses');
GRANT SELECT, INSERT ON processing_uses TO kim_app;
CREATE POLICY read ON processing_uses FOR SELECT TO kim_app
    USING (client_id = ANY ((SELECT my_clients())::uuid[]));
CREATE POLICY record ON processing_uses FOR INSERT TO kim_app
    WITH CHECK (client_id = ANY ((SELECT my_clients())::uuid[]) AND (SELECT ctx_is('case_manager'))
        AND used_by = (SELECT ctx_user()));

GRANT SELECT (processing_restricted_at), UPDATE (processing_restricted_at) ON clients TO kim_auth;
GRANT SELECT (is_held), UPDATE (is_held) ON assignments, barrier_figures TO kim_auth;
CREATE FUNCTION follow_restrictions() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE public.clients c SET processing_restricted_at = (
        SELECT min(p.restricted_at) FROM public.processing_restrictions p
        WHERE p.municipal_area_id = NEW.municipal_area_id AND p.client_id = NEW.client_id
            AND p.entry = 'client' AND p.lifted_at IS NULL)
    WHERE c.municipal_area_id = NEW.municipal_area_id AND c.id = NEW.client_id;
    RETURN NULL;
END $$;
ALTER FUNCTION follow_restrictions() OWNER TO kim_auth;
CREATE TRIGGER follow AFTER INSERT OR UPDATE OF lifted_at ON processing_restrictions
    FOR EACH ROW WHEN (NEW.entry = 'client') EXECUTE FUNCTION follow_restrictions();

-- Held back from every release that is computed from now on; what was published stays.
CREATE FUNCTION hold_from_figures() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE public.barrier_figures f SET is_held = NEW.processing_restricted_at IS NOT NULL
    WHERE f.municipal_area_id = NEW.municipal_area_id AND f.person_key = NEW.pseudonym;
    UPDATE public.assignments a SET is_held = NEW.processing_restricted_at IS NOT NULL
    WHERE a.municipal_area_id = NEW.municipal_area_id AND a.client_id = NEW.id;
    RETURN NULL;
END $$;
ALTER FUNCTION hold_from_figures() OWNER TO kim_auth;
CREATE TRIGGER hold_figures AFTER UPDATE OF processing_restricted_at ON clients FOR EACH ROW
    WHEN ((OLD.processing_restricted_at IS NULL) <> (NEW.processing_restricted_at IS NULL))
    EXECUTE FUNCTION hold_from_figures();
-- Held, so that an assignment and a restriction at the same moment wait for each other.
CREATE FUNCTION hold_new_assignment() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    SELECT c.processing_restricted_at IS NOT NULL INTO NEW.is_held FROM public.clients c
    WHERE c.municipal_area_id = NEW.municipal_area_id AND c.id = NEW.client_id FOR SHARE;
    NEW.is_held := coalesce(NEW.is_held, false);
    RETURN NEW;
END $$;
ALTER FUNCTION hold_new_assignment() OWNER TO kim_auth;
CREATE TRIGGER hold_new BEFORE INSERT ON assignments FOR EACH ROW EXECUTE FUNCTION hold_new_assignment();
CREATE FUNCTION hold_new_figure() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    NEW.is_held := EXISTS (SELECT FROM public.clients c WHERE c.municipal_area_id = NEW.municipal_area_id
        AND c.pseudonym = NEW.person_key AND c.processing_restricted_at IS NOT NULL);
    RETURN NEW;
END $$;
ALTER FUNCTION hold_new_figure() OWNER TO kim_auth;
CREATE TRIGGER hold_new BEFORE INSERT ON barrier_figures FOR EACH ROW EXECUTE FUNCTION hold_new_figure();

-- Whether the caller may use a person's data now: they are not restricted, or the caller has written down a use
-- that Art. 18 (2) allows.
CREATE FUNCTION may_process(p_client uuid) RETURNS boolean LANGUAGE sql STABLE
RETURN NOT EXISTS (SELECT FROM clients c
        WHERE c.id = p_client AND c.processing_restricted_at IS NOT NULL)
    OR EXISTS (SELECT FROM processing_uses u
        WHERE u.client_id = p_client AND u.used_by = ctx_user() AND u.allowed_until > now());

-- The arguments name whom a row is about: columns with a client, or a way to one.
CREATE FUNCTION refuse_use() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    v_row jsonb := to_jsonb(NEW);
    v_by text;
    v_id uuid;
    v_client uuid;
BEGIN
    FOREACH v_by IN ARRAY TG_ARGV LOOP
        v_id := (v_row ->> CASE v_by WHEN 'id_of_case' THEN 'id' WHEN 'id_of_referral' THEN 'id' ELSE v_by END)::uuid;
        v_client := CASE
            WHEN v_by IN ('case_id', 'id_of_case') THEN (SELECT c.client_id FROM cases c
                WHERE c.municipal_area_id = NEW.municipal_area_id AND c.id = v_id)
            WHEN v_by = 'school_entry_id' THEN (SELECT e.member_client_id FROM school_entries e
                WHERE e.municipal_area_id = NEW.municipal_area_id AND e.id = v_id)
            WHEN v_by = 'child_protection_id' THEN (SELECT p.member_client_id FROM child_protections p
                WHERE p.municipal_area_id = NEW.municipal_area_id AND p.id = v_id)
            WHEN v_by = 'pathway_id' THEN (SELECT p.member_client_id FROM pathways p
                WHERE p.municipal_area_id = NEW.municipal_area_id AND p.id = v_id)
            WHEN v_by IN ('id_of_referral', 'referral_id') THEN (SELECT r.client_id FROM referrals r
                WHERE r.municipal_area_id = NEW.municipal_area_id AND r.id = v_id)
            ELSE v_id END;
        IF NOT may_process(v_client) THEN
            RAISE EXCEPTION USING errcode = '23514', constraint = 'ck_clients_processing_restricted',
                message = 'the data are only kept';
        END IF;
    END LOOP;
    RETURN NEW;
END $$;
CREATE PROCEDURE hold_use(p_table text, VARIADIC p_by text[]) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER hold_use BEFORE INSERT ON %I FOR EACH ROW
        WHEN (current_user = ''kim_app'') EXECUTE FUNCTION refuse_use(%s)',
        p_table, (SELECT string_agg(quote_literal(each), ', ') FROM unnest(p_by) AS each));
END $$;
-- Every table that hangs on a person or a case is here, or in `tests/clients/holding.py`, with the reason why not.
CALL hold_use('assessment_domains', 'case_id');
CALL hold_use('assessments', 'case_id');
CALL hold_use('barrier_persons', 'client_id', 'case_id');
CALL hold_use('barrier_reports', 'case_id');
CALL hold_use('case_contents', 'id_of_case');
CALL hold_use('case_linkings', 'case_id');
CALL hold_use('case_transfers', 'case_id');
CALL hold_use('cases', 'client_id');
CALL hold_use('child_protection_steps', 'case_id', 'child_protection_id');
CALL hold_use('child_protections', 'case_id', 'member_client_id');
CALL hold_use('client_merges', 'client_id', 'merged_client_id');
CALL hold_use('conference_agreements', 'case_id');
CALL hold_use('conference_participants', 'case_id');
CALL hold_use('conferences', 'case_id');
CALL hold_use('contact_drafts', 'case_id');
CALL hold_use('contacts', 'case_id');
CALL hold_use('disclosure_log', 'case_id');
CALL hold_use('distinct_clients', 'client_id', 'other_client_id');
CALL hold_use('documents', 'client_id', 'case_id');
CALL hold_use('duties', 'case_id');
CALL hold_use('duty_packages', 'case_id');
CALL hold_use('goals', 'case_id');
CALL hold_use('household_members', 'member_client_id');
CALL hold_use('incoming_receipts', 'client_id', 'case_id');
CALL hold_use('inquiry_contents', 'case_id');
CALL hold_use('interpretings', 'case_id');
CALL hold_use('measures', 'case_id');
CALL hold_use('observation_sources', 'case_id');
CALL hold_use('pathway_requirements', 'case_id', 'pathway_id');
CALL hold_use('pathway_steps', 'case_id', 'pathway_id');
CALL hold_use('pathways', 'case_id', 'member_client_id');
-- Of the sender's; an institution sees no client here and answers what was sent before (decision 0161).
CALL hold_use('referral_attachments', 'referral_id');
CALL hold_use('referral_messages', 'referral_id');
CALL hold_use('referral_packages', 'id_of_referral');
CALL hold_use('referrals', 'client_id', 'case_id');
CALL hold_use('school_entries', 'case_id', 'member_client_id');
CALL hold_use('school_entry_steps', 'case_id', 'school_entry_id');
CALL hold_use('task_series', 'case_id');
CALL hold_use('tasks', 'case_id');
CALL hold_use('transfer_packages', 'case_id');
DROP PROCEDURE hold_use(text, text[]);
-- What leaves, or becomes part of a case, by a change of a row that is there.
CREATE TRIGGER hold_hand_out BEFORE UPDATE OF handed_out_at ON conference_participants FOR EACH ROW
    WHEN (current_user = 'kim_app') EXECUTE FUNCTION refuse_use('case_id');
CREATE TRIGGER hold_becoming BEFORE UPDATE OF case_id ON inquiry_contents FOR EACH ROW
    WHEN (current_user = 'kim_app') EXECUTE FUNCTION refuse_use('case_id');

SET ROLE kim_auth;
REVOKE EXECUTE ON FUNCTION follow_restrictions(), hold_from_figures(), hold_new_assignment(), hold_new_figure()
    FROM PUBLIC;
SET ROLE kim_owner;
REVOKE EXECUTE ON FUNCTION may_process(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION may_process(uuid) TO kim_app;
