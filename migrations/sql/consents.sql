-- Consents: seen and recorded by those who work with the client, or on the case to which they are bound; after that
-- only a document of evidence is added where there was none, and the withdrawal, by functions alone (withdrawals.sql).

GRANT SELECT ON consent_texts TO kim_app;

CALL protect_table('consents');
CALL track_versions('consents');
GRANT SELECT, INSERT ON consents TO kim_app;
GRANT UPDATE (evidence_document_id) ON consents TO kim_app;
GRANT SELECT (changed_xid) ON consents TO kim_auth;
-- What was consented to for one case is the business of those on it, also before others who know the client.
CREATE POLICY read ON consents FOR SELECT TO kim_app
    USING (client_id = ANY ((SELECT my_clients())::uuid[])
        AND (case_id IS NULL OR case_id = ANY ((SELECT my_cases())::uuid[])));
CREATE POLICY record ON consents FOR INSERT TO kim_app
    WITH CHECK (client_id = ANY ((SELECT my_clients())::uuid[]) AND (SELECT ctx_is('case_manager'))
        AND (case_id IS NULL OR case_id = ANY ((SELECT my_cases())::uuid[])) AND withdrawn_at IS NULL);
CREATE POLICY lay_evidence ON consents FOR UPDATE TO kim_app
    USING (client_id = ANY ((SELECT my_clients())::uuid[]) AND (SELECT ctx_is('case_manager'))
        AND (case_id IS NULL OR case_id = ANY ((SELECT my_cases())::uuid[])))
    WITH CHECK (client_id = ANY ((SELECT my_clients())::uuid[]));

-- A withdrawal is final, whoever writes. It may follow its client into another record.
CREATE FUNCTION keep_withdrawal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.client_id <> OLD.client_id AND to_jsonb(NEW) - '{client_id}'::text[]
        = to_jsonb(OLD) - '{client_id}'::text[] THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION USING errcode = '23514', constraint = 'ck_consents_withdrawal_is_final',
        message = 'a withdrawal stays';
END $$;
CREATE TRIGGER final BEFORE UPDATE ON consents
    FOR EACH ROW WHEN (OLD.withdrawn_at IS NOT NULL) EXECUTE FUNCTION keep_withdrawal();

-- Evidence that is there stays; it may come later.
CREATE FUNCTION keep_evidence() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING errcode = '23514', constraint = 'ck_consents_evidence_stays', message = 'evidence stays';
END $$;
CREATE TRIGGER evidence BEFORE UPDATE OF evidence_document_id ON consents FOR EACH ROW
    WHEN (OLD.evidence_document_id IS NOT NULL AND NEW.evidence_document_id IS DISTINCT FROM OLD.evidence_document_id)
    EXECUTE FUNCTION keep_evidence();

-- Whoever takes back the consent to documentation is corrected no more (Art. 18 GDPR), unless another one
-- holds, or another of their cases goes on without resting on consent. A consent given after the last such word lifts
-- it, on whichever day that word was written down.
GRANT SELECT (withdrawal_told_at) ON consents TO kim_auth;
CREATE FUNCTION restrict_processing() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        UPDATE public.processing_restrictions p
        SET lifted_at = now(), lifted_by = NEW.recorded_by, lift_reason = 'consent_given'
        WHERE p.municipal_area_id = NEW.municipal_area_id AND p.client_id = NEW.client_id
            AND p.ground = 'consent_withdrawn' AND p.lifted_at IS NULL
            AND NOT EXISTS (SELECT FROM public.consents s
                WHERE s.municipal_area_id = NEW.municipal_area_id AND s.client_id = NEW.client_id
                    AND s.purpose = 'case_documentation' AND s.withdrawal_told_at >= NEW.given_at);
        RETURN NULL;
    END IF;
    INSERT INTO public.processing_restrictions
        (municipal_area_id, id, client_id, entry, ground, restricted_at, recorded_by)
    SELECT NEW.municipal_area_id, public.new_id(), NEW.client_id, 'client', 'consent_withdrawn',
        NEW.withdrawn_at, NEW.withdrawn_by
    WHERE NOT EXISTS (SELECT FROM public.processing_restrictions p
            WHERE p.municipal_area_id = NEW.municipal_area_id AND p.client_id = NEW.client_id
                AND p.ground = 'consent_withdrawn' AND p.lifted_at IS NULL)
        AND NOT EXISTS (SELECT FROM public.consents s
            WHERE s.municipal_area_id = NEW.municipal_area_id AND s.client_id = NEW.client_id
                AND s.id <> NEW.id AND s.purpose = 'case_documentation' AND s.withdrawn_at IS NULL
                AND s.valid_until >= (NEW.withdrawn_at AT TIME ZONE 'Europe/Berlin')::date)
        AND NOT EXISTS (SELECT FROM public.cases k JOIN public.case_contents t
                ON t.municipal_area_id = k.municipal_area_id AND t.id = k.id
            WHERE k.municipal_area_id = NEW.municipal_area_id AND k.client_id = NEW.client_id
                AND k.phase <> 'closed' AND k.id <> NEW.case_id AND t.documentation_basis <> 'consent');
    RETURN NULL;
END $$;
ALTER FUNCTION restrict_processing() OWNER TO kim_auth;
CREATE TRIGGER restrict_processing AFTER UPDATE OF withdrawn_at ON consents
    FOR EACH ROW WHEN (OLD.withdrawn_at IS NULL AND NEW.purpose = 'case_documentation')
    EXECUTE FUNCTION restrict_processing();
CREATE TRIGGER lift_restriction AFTER INSERT ON consents
    FOR EACH ROW WHEN (NEW.purpose = 'case_documentation' AND NEW.withdrawn_at IS NULL)
    EXECUTE FUNCTION restrict_processing();
SET ROLE kim_auth;
REVOKE EXECUTE ON FUNCTION restrict_processing() FROM PUBLIC;
SET ROLE kim_owner;

-- What is left to whoever works with the person: to read, and to hide them. The worker erases.
CREATE FUNCTION refuse_correction() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    v_row record := CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
BEGIN
    IF TG_TABLE_NAME = 'clients' THEN
        -- A generated column is empty until the triggers have run.
        IF NEW.is_restricted AND to_jsonb(NEW) - '{is_restricted,name_index}'::text[]
                = to_jsonb(OLD) - '{is_restricted,name_index}'::text[] THEN
            RETURN NEW;
        END IF;
    ELSE
        PERFORM FROM clients c WHERE c.municipal_area_id = v_row.municipal_area_id
            AND c.id = v_row.client_id AND c.processing_restricted_at IS NOT NULL
        UNION ALL
        SELECT FROM processing_restrictions p WHERE p.municipal_area_id = v_row.municipal_area_id
            AND p.client_id = v_row.client_id AND p.entry_id = v_row.id AND p.lifted_at IS NULL;
        IF NOT FOUND THEN
            RETURN v_row;
        END IF;
    END IF;
    RAISE EXCEPTION USING errcode = '23514', constraint = 'ck_clients_processing_restricted',
        message = 'the data are only kept';
END $$;
CREATE TRIGGER hold BEFORE UPDATE ON clients FOR EACH ROW
    WHEN (OLD.processing_restricted_at IS NOT NULL AND current_user = 'kim_app')
    EXECUTE FUNCTION refuse_correction();
CREATE PROCEDURE hold_restricted(p_table text) LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER hold BEFORE INSERT OR UPDATE OR DELETE ON %I FOR EACH ROW
        WHEN (current_user = ''kim_app'') EXECUTE FUNCTION refuse_correction()', p_table);
END $$;
CALL hold_restricted('client_nationalities');
CALL hold_restricted('household_members');
CALL hold_restricted('residence_documents');
CALL hold_restricted('legal_domain_periods');
CALL hold_restricted('addresses');
CALL hold_restricted('language_levels');
CALL hold_restricted('schooling_periods');
CALL hold_restricted('official_numbers');
DROP PROCEDURE hold_restricted(text);

-- Whether a case rests on a consent to documentation that was withdrawn; a case that states no basis does once one
-- that covers it was. The lock makes going on with the case and a withdrawal at the same moment come one after the
-- other.
CREATE FUNCTION documentation_withdrawn(p_case uuid) RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_client uuid := (SELECT c.client_id FROM cases c WHERE c.municipal_area_id = ctx_area() AND c.id = p_case);
    v_basis text := (SELECT t.documentation_basis FROM case_contents t
        WHERE t.municipal_area_id = ctx_area() AND t.id = p_case);
BEGIN
    IF v_basis <> 'consent' THEN
        RETURN false;
    END IF;
    PERFORM FROM consents s
    WHERE s.municipal_area_id = ctx_area() AND s.client_id = v_client AND s.purpose = 'case_documentation'
        AND (s.case_id IS NULL OR s.case_id = p_case) AND s.withdrawn_at IS NULL FOR SHARE;
    RETURN NOT FOUND AND EXISTS (SELECT FROM consents s
        WHERE s.municipal_area_id = ctx_area() AND s.client_id = v_client AND s.purpose = 'case_documentation'
            AND (s.case_id IS NULL OR s.case_id = p_case));
END $$;

-- What was closed before the withdrawal stays closed after it, and what it left open goes on nowhere else.
CREATE FUNCTION refuse_going_on() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    v_case uuid := NEW.id;
BEGIN
    IF TG_TABLE_NAME <> 'cases' THEN
        EXECUTE format('SELECT case_id FROM %I WHERE municipal_area_id = $1 AND id = $2', TG_TABLE_NAME)
            INTO v_case USING NEW.municipal_area_id, NEW.taken_from_id;
    END IF;
    IF documentation_withdrawn(v_case) THEN
        RAISE EXCEPTION USING errcode = '23514', constraint = 'ck_cases_documentation_withdrawn',
            message = 'the consent to documentation was withdrawn';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER withdrawn BEFORE UPDATE OF phase ON cases FOR EACH ROW
    WHEN (OLD.phase = 'closed' AND NEW.phase <> 'closed' AND current_user = 'kim_app')
    EXECUTE FUNCTION refuse_going_on();
CREATE TRIGGER withdrawn BEFORE INSERT ON goals FOR EACH ROW
    WHEN (NEW.taken_from_id IS NOT NULL AND current_user = 'kim_app') EXECUTE FUNCTION refuse_going_on();
CREATE TRIGGER withdrawn BEFORE INSERT ON tasks FOR EACH ROW
    WHEN (NEW.taken_from_id IS NOT NULL AND current_user = 'kim_app') EXECUTE FUNCTION refuse_going_on();
