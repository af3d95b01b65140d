-- Transfers: the sender's side belongs to the case's team, the receiver's to the unit's team leads and to the
-- case manager whom they named. No policy looks into another area. What crosses, crosses in the functions here,
-- each for one step, from a row that the caller has just written under their own policies.

CALL protect_table('case_transfers');
CALL track_versions('case_transfers');
GRANT SELECT, INSERT, UPDATE (consent_id, state, offered_at, offered_by, deadline_at, ended_at, withdraw_reason,
    settled_at) ON case_transfers TO kim_app;
CREATE POLICY team ON case_transfers FOR SELECT TO kim_app USING (case_id = ANY ((SELECT my_cases())::uuid[]));
CREATE POLICY draft ON case_transfers FOR INSERT TO kim_app
    WITH CHECK (case_id = ANY ((SELECT my_cases())::uuid[]) AND (SELECT ctx_is('case_manager'))
        AND state = 'drafted');
-- What is written here crosses nothing: the functions below look at both sides and at the consent themselves.
CREATE POLICY step ON case_transfers FOR UPDATE TO kim_app
    USING (case_id = ANY ((SELECT my_cases())::uuid[]) AND (SELECT ctx_is('case_manager')))
    WITH CHECK (case_id = ANY ((SELECT my_cases())::uuid[]) AND (SELECT ctx_is('case_manager')));
GRANT SELECT, UPDATE (state, deadline_at, accepted_at, ended_at, decline_reason, consent_withdrawn_at,
    withdrawal_acknowledged_at, settle_reminded_at) ON case_transfers TO kim_auth;
CREATE POLICY cross_over ON case_transfers TO kim_auth USING (true) WITH CHECK (true);

CALL protect_table('transfer_packages');
GRANT SELECT, INSERT ON transfer_packages TO kim_app;
GRANT SELECT ON transfer_packages TO kim_auth;
CREATE POLICY team ON transfer_packages FOR SELECT TO kim_app
    USING (case_id = ANY ((SELECT my_cases())::uuid[]));
CREATE POLICY keep ON transfer_packages FOR INSERT TO kim_app
    WITH CHECK (case_id = ANY ((SELECT my_cases())::uuid[]) AND (SELECT ctx_is('case_manager')));
CREATE POLICY cross_over ON transfer_packages FOR SELECT TO kim_auth USING (true);

CALL protect_table('transfer_offers');
CALL track_versions('transfer_offers');
GRANT SELECT, UPDATE (state, deadline_at, accepted_at, accepted_by, case_manager_id, ended_at, decline_reason,
    language, target_group, data_categories, withdrawal_acknowledged_at) ON transfer_offers TO kim_app;
CREATE POLICY unit ON transfer_offers FOR SELECT TO kim_app
    USING (unit_id = ANY ((SELECT ctx_places('team_lead'))::uuid[]));
CREATE POLICY named ON transfer_offers FOR SELECT TO kim_app
    USING (case_manager_id = (SELECT ctx_user()) AND unit_id = ANY ((SELECT ctx_places('case_manager'))::uuid[]));
CREATE POLICY answer ON transfer_offers FOR UPDATE TO kim_app
    USING (unit_id = ANY ((SELECT ctx_places('team_lead'))::uuid[]))
    WITH CHECK (unit_id = ANY ((SELECT ctx_places('team_lead'))::uuid[])
        AND (case_manager_id IS NULL OR state = 'declined' OR works_at(case_manager_id, unit_id)));
CREATE POLICY receive ON transfer_offers FOR UPDATE TO kim_app
    USING (case_manager_id = (SELECT ctx_user()) AND unit_id = ANY ((SELECT ctx_places('case_manager'))::uuid[]))
    WITH CHECK (case_manager_id = (SELECT ctx_user()));
GRANT SELECT, INSERT, UPDATE (state, ended_at, language, target_group, data_categories, consent_withdrawn_at)
    ON transfer_offers TO kim_auth;
CREATE POLICY cross_over ON transfer_offers TO kim_auth USING (true) WITH CHECK (true);

-- The copy, which nobody but the one who was named reads until there is a case, and only while the consent runs; from
-- then on its team.
CALL protect_table('received_packages');
GRANT SELECT, UPDATE (case_id) ON received_packages TO kim_app;
CREATE POLICY named ON received_packages FOR SELECT TO kim_app
    USING (case_id IS NULL AND case_manager_id = (SELECT ctx_user())
        AND unit_id = ANY ((SELECT ctx_places('case_manager'))::uuid[])
        AND (readable_until IS NULL OR readable_until > now()));
CREATE POLICY team ON received_packages FOR SELECT TO kim_app
    USING (case_id = ANY ((SELECT my_cases())::uuid[]));
CREATE POLICY receive ON received_packages FOR UPDATE TO kim_app
    USING (case_id IS NULL AND case_manager_id = (SELECT ctx_user())
        AND unit_id = ANY ((SELECT ctx_places('case_manager'))::uuid[]))
    WITH CHECK (case_id = ANY ((SELECT my_cases())::uuid[]));
-- Who was hidden at the sender is hidden from the receipt on, also who was an ordinary client before.
CREATE FUNCTION receive_hidden() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_user = 'kim_app' AND (NEW.content::jsonb -> 'person' -> 'is_restricted')::boolean
        AND NOT EXISTS (SELECT FROM public.cases c
            WHERE c.municipal_area_id = NEW.municipal_area_id AND c.id = NEW.case_id AND c.is_restricted)
    THEN
        RAISE EXCEPTION USING errcode = '23514', constraint = 'ck_received_packages_hidden',
            message = 'whoever was hidden is received as hidden';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER hidden BEFORE UPDATE OF case_id ON received_packages
    FOR EACH ROW WHEN (NEW.case_id IS NOT NULL) EXECUTE FUNCTION receive_hidden();
GRANT SELECT (municipal_area_id, id, case_id), DELETE ON received_packages TO kim_auth;
GRANT INSERT ON received_packages TO kim_auth;
CREATE POLICY cross_over ON received_packages TO kim_auth USING (true) WITH CHECK (true);

GRANT INSERT ON disclosure_log TO kim_auth;
CREATE POLICY cross_over ON disclosure_log FOR INSERT TO kim_auth WITH CHECK (true);
GRANT SELECT (receiving_unit_id) ON consents TO kim_auth;

-- The units of all areas that take cases over: those with a team lead. No persons in it.
CREATE FUNCTION receiving_units() RETURNS TABLE (id uuid, name text, kind text, municipality text,
    municipal_area_id text, municipal_area_name text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT u.id, u.name, u.kind, u.municipality, u.municipal_area_id, a.name
    FROM public.units u JOIN public.municipal_areas a ON a.id = u.municipal_area_id
    WHERE u.kind IN ('ki', 'town', 'welfare') AND public.ctx_is('case_manager') AND EXISTS (
        SELECT FROM public.memberships m JOIN public.users x
            ON x.municipal_area_id = m.municipal_area_id AND x.id = m.user_id AND x.disabled_at IS NULL
        WHERE m.municipal_area_id = u.municipal_area_id AND m.unit_id = u.id AND m.role = 'team_lead'
            AND m.started_at <= now() AND (m.ended_at IS NULL OR m.ended_at > now()));
END;
ALTER FUNCTION receiving_units() OWNER TO kim_auth;

-- For the functions below only: who leads a unit's team, who is on a case, telling them, and the journal of the
-- other area, which is written there in nobody's name.
CREATE FUNCTION leads_of_unit(p_area text, p_unit uuid) RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT coalesce(array_agg(DISTINCT m.user_id), '{}') FROM public.memberships m JOIN public.users x
        ON x.municipal_area_id = m.municipal_area_id AND x.id = m.user_id AND x.disabled_at IS NULL
    WHERE m.municipal_area_id = p_area AND m.unit_id = p_unit AND m.role = 'team_lead'
        AND m.started_at <= now() AND (m.ended_at IS NULL OR m.ended_at > now());
END;
ALTER FUNCTION leads_of_unit(text, uuid) OWNER TO kim_auth;

CREATE FUNCTION team_of_case(p_area text, p_case uuid) RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT coalesce(array_agg(DISTINCT a.user_id), '{}') FROM public.assignments a
    JOIN public.memberships m ON m.municipal_area_id = a.municipal_area_id AND m.user_id = a.user_id
        AND m.unit_id = a.unit_id AND m.started_at <= now() AND (m.ended_at IS NULL OR m.ended_at > now())
    JOIN public.users x ON x.municipal_area_id = a.municipal_area_id AND x.id = a.user_id
        AND x.disabled_at IS NULL
    WHERE a.municipal_area_id = p_area AND a.case_id = p_case AND a.kind IN ('lead', 'member', 'deputy')
        AND a.active_from <= now() AND (a.active_until IS NULL OR a.active_until > now());
END;
ALTER FUNCTION team_of_case(text, uuid) OWNER TO kim_auth;

CREATE FUNCTION tell_of_transfer(p_area text, p_users uuid[], p_kind text, p_id uuid, p_at timestamptz)
RETURNS void LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    INSERT INTO public.notifications (municipal_area_id, id, user_id, kind, object_type, object_id, created_at)
    SELECT p_area, public.new_id(), told, p_kind, 'transfer', p_id, p_at
    FROM (SELECT DISTINCT unnest(p_users) AS told) t WHERE told IS NOT NULL;
END;
ALTER FUNCTION tell_of_transfer(text, uuid[], text, uuid, timestamptz) OWNER TO kim_auth;

CREATE FUNCTION journal_elsewhere(p_area text, p_action text, p_id uuid, p_client uuid) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    v_area text := current_setting('kim.area', true);
    v_user text := current_setting('kim.user', true);
    v_session text := current_setting('kim.session', true);
    v_roles text := current_setting('kim.roles', true);
BEGIN
    PERFORM set_config('kim.area', p_area, true), set_config('kim.user', '', true),
        set_config('kim.session', '', true), set_config('kim.roles', '{system}', true);
    INSERT INTO public.audit_journal (action, object_type, object_id, client_pseudonyms, purpose)
    VALUES (p_action, 'transfer', p_id, CASE WHEN p_client IS NULL THEN '{}'::uuid[] ELSE ARRAY[p_client] END,
        'transfer');
    PERFORM set_config('kim.area', v_area, true), set_config('kim.user', v_user, true),
        set_config('kim.session', v_session, true), set_config('kim.roles', v_roles, true);
END $$;
ALTER FUNCTION journal_elsewhere(text, text, uuid, uuid) OWNER TO kim_auth;

-- What the receiver sees of a transfer that the sender's side has ended: that it is over. The copy goes, also where its
-- holder has bound it to a case or written that it was received: only the sender's side says that it was.
CREATE FUNCTION close_offer(p_area text, p_id uuid, p_at timestamptz) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    v record;
BEGIN
    UPDATE public.transfer_offers o
    SET state = t.state, ended_at = p_at, language = NULL, target_group = NULL, data_categories = '{}'
    FROM public.case_transfers t
    WHERE t.municipal_area_id = p_area AND t.id = p_id AND t.state IN ('withdrawn', 'revoked', 'expired')
        AND o.municipal_area_id = t.receiving_area_id AND o.id = t.id AND o.state IN ('offered', 'accepted', 'received')
    RETURNING o.municipal_area_id, o.unit_id, o.case_manager_id, o.state INTO v;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    DELETE FROM public.received_packages r WHERE r.municipal_area_id = v.municipal_area_id AND r.id = p_id;
    PERFORM public.tell_of_transfer(v.municipal_area_id,
        public.leads_of_unit(v.municipal_area_id, v.unit_id) || v.case_manager_id, 'transfer_ended', p_id, p_at);
    PERFORM public.journal_elsewhere(v.municipal_area_id, 'transfer.' || v.state, p_id, NULL);
END $$;
ALTER FUNCTION close_offer(text, uuid, timestamptz) OWNER TO kim_auth;

-- The sender has offered: the receiving unit sees it from now on. False when nobody there takes cases over.
CREATE FUNCTION offer_transfer(p_id uuid) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    v record;
    v_leads uuid[];
BEGIN
    SELECT t.*, c.unit_id, u.name AS unit_name INTO v
    FROM public.case_transfers t
    JOIN public.cases c ON c.municipal_area_id = t.municipal_area_id AND c.id = t.case_id
    JOIN public.units u ON u.municipal_area_id = c.municipal_area_id AND u.id = c.unit_id
    JOIN public.consents s ON s.municipal_area_id = t.municipal_area_id AND s.id = t.consent_id
        AND s.client_id = c.client_id AND s.purpose = 'transfer' AND s.withdrawn_at IS NULL
        AND s.receiving_unit_id = t.receiving_unit_id
    WHERE t.municipal_area_id = public.ctx_area() AND t.id = p_id AND t.state = 'offered'
        AND t.case_id = ANY (public.my_cases()) AND public.ctx_is('case_manager');
    IF NOT FOUND THEN
        RAISE EXCEPTION USING errcode = '42501', message = 'no offer that a consent carries';
    END IF;
    v_leads := public.leads_of_unit(v.receiving_area_id, v.receiving_unit_id);
    IF cardinality(v_leads) = 0 OR NOT EXISTS (SELECT FROM public.units u
        WHERE u.municipal_area_id = v.receiving_area_id AND u.id = v.receiving_unit_id
            AND u.kind IN ('ki', 'town', 'welfare'))
    THEN
        RETURN false;
    END IF;
    INSERT INTO public.transfer_offers (municipal_area_id, id, unit_id, sending_area_id, sending_unit_id,
        sending_unit_name, reason, urgency, language, target_group, data_categories, state, offered_at, deadline_at)
    VALUES (v.receiving_area_id, v.id, v.receiving_unit_id, v.municipal_area_id, v.unit_id, v.unit_name, v.reason,
        v.urgency, v.language, v.target_group, v.data_categories, 'offered', v.offered_at, v.deadline_at);
    PERFORM public.tell_of_transfer(v.receiving_area_id, v_leads, 'transfer_offered', v.id, v.offered_at);
    PERFORM public.journal_elsewhere(v.receiving_area_id, 'transfer.arrive', v.id, NULL);
    RETURN true;
END $$;
ALTER FUNCTION offer_transfer(uuid) OWNER TO kim_auth;

-- The sender has withdrawn it.
CREATE FUNCTION end_offer(p_id uuid, p_at timestamptz) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM public.case_transfers t
        WHERE t.municipal_area_id = public.ctx_area() AND t.id = p_id AND t.state = 'withdrawn'
            AND t.case_id = ANY (public.my_cases()))
    THEN
        RAISE EXCEPTION USING errcode = '42501', message = 'not withdrawn';
    END IF;
    PERFORM public.close_offer(public.ctx_area(), p_id, p_at);
END $$;
ALTER FUNCTION end_offer(uuid, timestamptz) OWNER TO kim_auth;

-- Why the package may not be used now, in the rights of who asks: the person's data are only kept (Art. 18 GDPR), or
-- they, or somebody of the household whom it names, have become restricted since it was frozen.
CREATE FUNCTION hold_of_transfer(p_area text, p_id uuid) RETURNS text LANGUAGE sql STABLE SET search_path = ''
BEGIN ATOMIC
    SELECT CASE WHEN k.processing_restricted_at IS NOT NULL THEN 'processing_restricted'
        WHEN k.is_restricted AND NOT coalesce((f.content::jsonb #>> '{person,is_restricted}')::boolean, false)
            OR f.has_hidden_member THEN 'restricted_since' END
    FROM public.transfer_packages f
    JOIN public.cases c ON c.municipal_area_id = f.municipal_area_id AND c.id = f.case_id
    JOIN public.clients k ON k.municipal_area_id = c.municipal_area_id AND k.id = c.client_id
    WHERE f.municipal_area_id = p_area AND f.id = p_id;
END;

-- Every step of the receiver begins here: it holds the sender's consent against a withdrawal, then the transfer,
-- and says whether the package may be used now: not after the consent has ended, while the person's data are only
-- kept (Art. 18 GDPR), or when they or a member whom it names have become restricted since it was frozen. Consent
-- before transfer, because that is how a withdrawal comes. Whoever has no business with the offer locks nothing and
-- learns nothing.
CREATE FUNCTION hold_transfer(p_id uuid, p_on date) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    v_area text;
    v_consent record;
BEGIN
    SELECT o.sending_area_id INTO v_area FROM public.transfer_offers o
    WHERE o.municipal_area_id = public.ctx_area() AND o.id = p_id
        AND (o.unit_id = ANY (public.ctx_places('team_lead'))
            OR o.case_manager_id = public.ctx_user() AND o.unit_id = ANY (public.ctx_places('case_manager')));
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    SELECT s.withdrawn_at, s.valid_until INTO v_consent
    FROM public.consents s
    WHERE s.municipal_area_id = v_area AND s.id = (SELECT t.consent_id FROM public.case_transfers t
        WHERE t.municipal_area_id = v_area AND t.id = p_id)
    FOR SHARE;
    PERFORM FROM public.case_transfers t WHERE t.municipal_area_id = v_area AND t.id = p_id FOR UPDATE;
    RETURN CASE WHEN v_consent.withdrawn_at IS NOT NULL THEN 'withdrawn'
        WHEN v_consent.valid_until < p_on THEN 'expired'
        WHEN public.hold_of_transfer(v_area, p_id) IS NOT NULL THEN 'on_hold'
        ELSE 'holds' END;
END $$;
ALTER FUNCTION hold_transfer(uuid, date) OWNER TO kim_auth;

-- For the functions below only: the documents of a frozen package that may cross as they are. What was removed
-- meanwhile does not, nor what is called something else now than when the client was shown it.
CREATE FUNCTION carried_documents(p_area text, p_id uuid) RETURNS TABLE (id uuid, data_categories text[])
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT d.id, f.data_categories
    FROM public.transfer_packages k
    JOIN public.cases c ON c.municipal_area_id = k.municipal_area_id AND c.id = k.case_id
    CROSS JOIN LATERAL json_to_recordset(k.content::json -> 'documents')
        AS f(id uuid, category text, sha256 text, data_categories text[])
    JOIN public.documents d ON d.municipal_area_id = k.municipal_area_id AND d.id = f.id
        AND d.client_id = c.client_id AND d.removed_at IS NULL AND d.category = f.category AND d.sha256 = f.sha256
    WHERE k.municipal_area_id = p_area AND k.id = p_id;
END;
ALTER FUNCTION carried_documents(text, uuid) OWNER TO kim_auth;

-- The one function that tells where something of the other side lies: to the case manager who was named, from the
-- acceptance to the receipt, while the consent holds. They copy it; a key that is sealed opens nothing by itself.
CREATE FUNCTION files_of_transfer(p_id uuid, p_on date) RETURNS TABLE (area text, document_id uuid, blob_id uuid,
    sealed_key text, title text, category text, dated_on date, kind text, sha256 text, is_scanned boolean)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
#variable_conflict use_column
BEGIN
    IF public.hold_transfer(p_id, p_on) IS DISTINCT FROM 'holds' THEN
        RETURN;
    END IF;
    RETURN QUERY SELECT d.municipal_area_id, d.id, d.blob_id, d.sealed_key, d.title, d.category, d.dated_on, d.kind,
        d.sha256, d.is_scanned
    FROM public.transfer_offers o
    JOIN public.case_transfers t ON t.municipal_area_id = o.sending_area_id AND t.id = o.id AND t.state = 'accepted'
    CROSS JOIN LATERAL public.carried_documents(o.sending_area_id, o.id) f
    JOIN public.documents d ON d.municipal_area_id = o.sending_area_id AND d.id = f.id
    WHERE o.municipal_area_id = public.ctx_area() AND o.id = p_id AND o.state = 'accepted'
        AND o.case_manager_id = public.ctx_user() AND o.unit_id = ANY (public.ctx_places('case_manager'))
    ORDER BY d.dated_on, d.id;
END $$;
ALTER FUNCTION files_of_transfer(uuid, date) OWNER TO kim_auth;

-- The receiver has answered: the sender's side follows. With an acceptance the package crosses, once, into the
-- hands of the one who was named, and stands in the sender's disclosure log in the name of who offered it.
CREATE FUNCTION answer_transfer(p_id uuid, p_at timestamptz) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    v record;
    v_from record;
BEGIN
    SELECT o.* INTO v FROM public.transfer_offers o
    WHERE o.municipal_area_id = public.ctx_area() AND o.id = p_id AND o.state IN ('accepted', 'declined')
        AND o.unit_id = ANY (public.ctx_places('team_lead'));
    UPDATE public.case_transfers t SET state = v.state, deadline_at = v.deadline_at, accepted_at = v.accepted_at,
        ended_at = v.ended_at, decline_reason = v.decline_reason
    WHERE t.municipal_area_id = v.sending_area_id AND t.id = p_id AND t.state <> v.state
        AND t.receiving_area_id = v.municipal_area_id AND t.receiving_unit_id = v.unit_id
        AND (t.state = 'offered' OR t.state = 'accepted' AND v.state = 'declined')
    RETURNING t.* INTO v_from;
    IF v_from.id IS NULL THEN
        RAISE EXCEPTION USING errcode = '42501', message = 'there is nothing to answer';
    END IF;
    IF v.state = 'accepted' THEN
        INSERT INTO public.received_packages (municipal_area_id, id, unit_id, case_manager_id, content, sha256,
            frozen_at, readable_until)
        SELECT v.municipal_area_id, p_id, v.unit_id, v.case_manager_id, k.content, k.sha256, k.frozen_at,
            (s.valid_until + 1)::timestamp AT TIME ZONE 'Europe/Berlin'
        FROM public.transfer_packages k
        JOIN public.consents s ON s.municipal_area_id = k.municipal_area_id AND s.id = v_from.consent_id
            AND s.withdrawn_at IS NULL
        WHERE k.municipal_area_id = v.sending_area_id AND k.id = p_id;
        IF NOT FOUND THEN
            RAISE EXCEPTION USING errcode = '42501', message = 'no consent carries this';
        END IF;
        INSERT INTO public.disclosure_log (municipal_area_id, id, at, case_id, client_pseudonym, unit_id,
            receiving_area_id, receiving_unit_id, legal_basis, purpose, data_categories, channel, transfer_id,
            disclosed_by)
        SELECT c.municipal_area_id, public.new_id(), p_at, c.id, k.pseudonym, c.unit_id, v.municipal_area_id,
            v.unit_id, 'consent', 'transfer', v_from.data_categories, 'transfer', p_id, v_from.offered_by
        FROM public.cases c
        JOIN public.clients k ON k.municipal_area_id = c.municipal_area_id AND k.id = c.client_id
        WHERE c.municipal_area_id = v.sending_area_id AND c.id = v_from.case_id;
        PERFORM public.tell_of_transfer(v.municipal_area_id, ARRAY[v.case_manager_id], 'transfer_given', p_id, p_at);
    ELSE
        DELETE FROM public.received_packages r
        WHERE r.municipal_area_id = v.municipal_area_id AND r.id = p_id AND r.case_id IS NULL;
    END IF;
    PERFORM public.tell_of_transfer(v.sending_area_id,
        public.team_of_case(v.sending_area_id, v_from.case_id), 'transfer_answered', p_id, p_at);
    PERFORM public.journal_elsewhere(v.sending_area_id, 'transfer.' || v.state, p_id, k.pseudonym)
    FROM public.cases c
    JOIN public.clients k ON k.municipal_area_id = c.municipal_area_id AND k.id = c.client_id
    WHERE c.municipal_area_id = v.sending_area_id AND c.id = v_from.case_id;
END $$;
ALTER FUNCTION answer_transfer(uuid, timestamptz) OWNER TO kim_auth;

-- The one who was named has received it: the sender's case is closed and its retention begins. What is open in
-- it is left for its team to settle. The documents that went along stand in the sender's disclosure log.
CREATE FUNCTION complete_transfer(p_id uuid, p_on date, p_at timestamptz, p_delete_after date, p_documents uuid[])
RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    v record;
    v_from record;
    v_case record;
BEGIN
    SELECT o.* INTO v FROM public.transfer_offers o
    JOIN public.received_packages r ON r.municipal_area_id = o.municipal_area_id AND r.id = o.id
        AND r.case_id = ANY (public.my_cases())
    WHERE o.municipal_area_id = public.ctx_area() AND o.id = p_id AND o.state = 'received'
        AND o.case_manager_id = public.ctx_user();
    UPDATE public.case_transfers t SET state = 'received', ended_at = p_at
    WHERE t.municipal_area_id = v.sending_area_id AND t.id = p_id AND t.state = 'accepted'
        AND t.receiving_area_id = v.municipal_area_id AND t.receiving_unit_id = v.unit_id
    RETURNING t.* INTO v_from;
    IF v_from.id IS NULL THEN
        RAISE EXCEPTION USING errcode = '42501', message = 'there is nothing to receive';
    END IF;
    SELECT c.id, c.client_id, c.unit_id, c.phase, k.pseudonym INTO v_case
    FROM public.cases c
    JOIN public.clients k ON k.municipal_area_id = c.municipal_area_id AND k.id = c.client_id
    WHERE c.municipal_area_id = v.sending_area_id AND c.id = v_from.case_id FOR UPDATE OF c;
    IF cardinality(p_documents) > 0 THEN
        INSERT INTO public.disclosure_log (municipal_area_id, id, at, case_id, client_pseudonym, unit_id,
            receiving_area_id, receiving_unit_id, legal_basis, purpose, data_categories, channel, transfer_id,
            document_ids, disclosed_by)
        SELECT v.sending_area_id, public.new_id(), p_at, v_case.id, v_case.pseudonym, v_case.unit_id,
            v.municipal_area_id, v.unit_id, 'consent', 'transfer',
            ARRAY(SELECT DISTINCT g.code FROM public.carried_documents(v.sending_area_id, p_id) f,
                unnest(f.data_categories) AS g(code) WHERE f.id = ANY (p_documents) ORDER BY g.code),
            'transfer', p_id, p_documents, v_from.offered_by
        WHERE (SELECT count(*) FROM public.carried_documents(v.sending_area_id, p_id) f
            WHERE f.id = ANY (p_documents)) = cardinality(p_documents);
        IF NOT FOUND THEN
            RAISE EXCEPTION USING errcode = '42501', message = 'these are not the documents of the package';
        END IF;
    END IF;
    IF v_case.phase <> 'closed' THEN
        UPDATE public.cases c SET phase = 'closed', closed_on = p_on
        WHERE c.municipal_area_id = v.sending_area_id AND c.id = v_case.id;
        UPDATE public.case_contents t SET closing_reason = 'transferred'
        WHERE t.municipal_area_id = v.sending_area_id AND t.id = v_case.id;
        INSERT INTO public.case_phases (municipal_area_id, id, case_id, at, source, target)
        VALUES (v.sending_area_id, public.new_id(), v_case.id, p_at, v_case.phase, 'closed');
        INSERT INTO public.retentions (municipal_area_id, id, object_type, object_id, client_id,
            client_pseudonym, unit_id, starts_on, delete_after, reason)
        VALUES (v.sending_area_id, public.new_id(), 'case', v_case.id, v_case.client_id, v_case.pseudonym,
            v_case.unit_id, p_on, p_delete_after, 'closed')
        ON CONFLICT (municipal_area_id, object_type, object_id) DO UPDATE
            SET starts_on = excluded.starts_on, delete_after = excluded.delete_after, reason = excluded.reason;
    END IF;
    PERFORM public.tell_of_transfer(v.sending_area_id,
        public.team_of_case(v.sending_area_id, v_case.id), 'transfer_received', p_id, p_at);
    PERFORM public.journal_elsewhere(v.sending_area_id, 'transfer.received', p_id, v_case.pseudonym);
END $$;
ALTER FUNCTION complete_transfer(uuid, date, timestamptz, date, uuid[]) OWNER TO kim_auth;

-- The receiver has acknowledged that the consent was withdrawn; the sender sees when.
CREATE FUNCTION acknowledge_transfer(p_id uuid) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    v record;
BEGIN
    UPDATE public.case_transfers t SET withdrawal_acknowledged_at = o.withdrawal_acknowledged_at
    FROM public.transfer_offers o
    WHERE o.municipal_area_id = public.ctx_area() AND o.id = p_id AND o.withdrawal_acknowledged_at IS NOT NULL
        AND o.case_manager_id = public.ctx_user()
        AND t.municipal_area_id = o.sending_area_id AND t.id = o.id AND t.withdrawal_acknowledged_at IS NULL
    RETURNING t.municipal_area_id, t.case_id, o.withdrawal_acknowledged_at AS at INTO v;
    IF FOUND THEN
        PERFORM public.tell_of_transfer(v.municipal_area_id,
            public.team_of_case(v.municipal_area_id, v.case_id), 'transfer_acknowledged', p_id, v.at);
    END IF;
END $$;
ALTER FUNCTION acknowledge_transfer(uuid) OWNER TO kim_auth;

-- A withdrawn consent ends what rests on it, also transfers of cases that the recorder of the withdrawal does not
-- see; that to the documentation, whatever goes on in the cases that it covered. What was received stays where it
-- is: the unit there is told and acknowledges. Does nothing for a consent that the caller has not
-- withdrawn in this transaction.
CREATE FUNCTION revoke_transfers(p_consent uuid, p_open text[], p_at timestamptz)
RETURNS TABLE (transfer_id uuid, client_pseudonym uuid)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
#variable_conflict use_column
DECLARE
    v_consent record;
    v record;
    v_there record;
BEGIN
    SELECT s.client_id, s.case_id, s.purpose, k.pseudonym INTO v_consent
    FROM public.consents s
    JOIN public.clients k ON k.municipal_area_id = s.municipal_area_id AND k.id = s.client_id
    WHERE s.municipal_area_id = public.ctx_area() AND s.id = p_consent AND s.withdrawn_at = p_at
        AND s.withdrawn_by = public.ctx_user() AND s.changed_xid = pg_current_xact_id();
    IF NOT FOUND OR v_consent.purpose NOT IN ('transfer', 'case_documentation') THEN
        RETURN;
    END IF;
    client_pseudonym := v_consent.pseudonym;
    FOR v IN
        SELECT t.id, t.case_id, t.state, t.receiving_area_id FROM public.case_transfers t
        WHERE t.municipal_area_id = public.ctx_area() AND (t.consent_id = p_consent
            OR v_consent.purpose = 'case_documentation' AND t.state = ANY (p_open) AND t.case_id IN (
                SELECT c.id FROM public.cases c WHERE c.municipal_area_id = public.ctx_area()
                    AND c.client_id = v_consent.client_id AND c.id = coalesce(v_consent.case_id, c.id)))
        ORDER BY t.id FOR UPDATE
    LOOP
        IF v.state = ANY (p_open) THEN
            UPDATE public.case_transfers t SET state = 'revoked', ended_at = p_at
            WHERE t.municipal_area_id = public.ctx_area() AND t.id = v.id;
            PERFORM public.close_offer(public.ctx_area(), v.id, p_at);
        ELSIF v.state = 'received' THEN
            UPDATE public.case_transfers t SET consent_withdrawn_at = p_at
            WHERE t.municipal_area_id = public.ctx_area() AND t.id = v.id;
            UPDATE public.transfer_offers o SET consent_withdrawn_at = p_at
            WHERE o.municipal_area_id = v.receiving_area_id AND o.id = v.id
            RETURNING o.unit_id, o.case_manager_id INTO v_there;
            PERFORM public.tell_of_transfer(v.receiving_area_id, public.leads_of_unit(v.receiving_area_id,
                v_there.unit_id) || v_there.case_manager_id, 'transfer_consent_withdrawn', v.id, p_at);
            PERFORM public.journal_elsewhere(v.receiving_area_id, 'transfer.consent_withdrawn', v.id, NULL);
        ELSE
            CONTINUE;
        END IF;
        PERFORM public.tell_of_transfer(public.ctx_area(), public.team_of_case(public.ctx_area(), v.case_id),
            'transfer_revoked', v.id, p_at);
        transfer_id := v.id;
        RETURN NEXT;
    END LOOP;
END $$;
ALTER FUNCTION revoke_transfers(uuid, text[], timestamptz) OWNER TO kim_auth;

-- The worker ends what the receiving unit has not moved on in time, and what its consent carries no longer. One that is being answered is left alone.
CREATE FUNCTION expire_transfers(p_at timestamptz, p_limit int)
RETURNS TABLE (transfer_id uuid, client_pseudonym uuid)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
#variable_conflict use_column
DECLARE
    v record;
BEGIN
    IF NOT public.ctx_is('system') THEN
        RETURN;
    END IF;
    FOR v IN
        SELECT t.id, t.case_id, k.pseudonym FROM public.case_transfers t
        JOIN public.cases c ON c.municipal_area_id = t.municipal_area_id AND c.id = t.case_id
        JOIN public.clients k ON k.municipal_area_id = c.municipal_area_id AND k.id = c.client_id
        JOIN public.consents s ON s.municipal_area_id = t.municipal_area_id AND s.id = t.consent_id
        WHERE t.municipal_area_id = public.ctx_area() AND t.state IN ('offered', 'accepted')
            AND (t.deadline_at <= p_at OR s.valid_until < (p_at AT TIME ZONE 'Europe/Berlin')::date)
        ORDER BY t.deadline_at LIMIT p_limit FOR UPDATE OF t SKIP LOCKED
    LOOP
        UPDATE public.case_transfers t SET state = 'expired', ended_at = p_at
        WHERE t.municipal_area_id = public.ctx_area() AND t.id = v.id;
        PERFORM public.close_offer(public.ctx_area(), v.id, p_at);
        PERFORM public.tell_of_transfer(public.ctx_area(), public.team_of_case(public.ctx_area(), v.case_id),
            'transfer_answered', v.id, p_at);
        transfer_id := v.id;
        client_pseudonym := v.pseudonym;
        RETURN NEXT;
    END LOOP;
END $$;
ALTER FUNCTION expire_transfers(timestamptz, int) OWNER TO kim_auth;

-- Somebody becomes restricted, whichever way, while they are offered, or named as a member of the household: the sender's
-- team is told at once, whoever restricts, and offers anew what says so. The other unit hears nothing.
CREATE FUNCTION tell_of_held_transfer() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    PERFORM public.tell_of_transfer(t.municipal_area_id, public.team_of_case(t.municipal_area_id, t.case_id),
        'transfer_on_hold', t.id, now())
    FROM public.case_transfers t
    JOIN public.cases c ON c.municipal_area_id = t.municipal_area_id AND c.id = t.case_id
    WHERE t.municipal_area_id = NEW.municipal_area_id AND t.state IN ('offered', 'accepted')
        AND (c.client_id = NEW.id OR NEW.is_restricted AND NOT OLD.is_restricted AND EXISTS (
            SELECT FROM public.named_members n WHERE n.municipal_area_id = t.municipal_area_id
                AND n.transfer_id = t.id AND n.member_client_id = NEW.id))
        AND public.hold_of_transfer(t.municipal_area_id, t.id) IS NOT NULL;
    RETURN NULL;
END $$;
ALTER FUNCTION tell_of_held_transfer() OWNER TO kim_auth;
CREATE TRIGGER tell_of_held_transfer AFTER UPDATE OF is_restricted, processing_restricted_at ON clients
    FOR EACH ROW WHEN ((NEW.is_restricted AND NOT OLD.is_restricted)
        OR (NEW.processing_restricted_at IS NOT NULL AND OLD.processing_restricted_at IS NULL))
    EXECUTE FUNCTION tell_of_held_transfer();

-- The worker reminds a team, once, of what a receipt has left open in their case. Of somebody whose data are only kept
-- nobody is reminded (0205), nor of a case that goes on.
CREATE FUNCTION remind_to_settle(p_at timestamptz, p_before timestamptz, p_limit int)
RETURNS TABLE (transfer_id uuid, client_pseudonym uuid)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
#variable_conflict use_column
DECLARE
    v record;
BEGIN
    IF NOT public.ctx_is('system') THEN
        RETURN;
    END IF;
    FOR v IN
        SELECT t.id, t.case_id, k.pseudonym FROM public.case_transfers t
        JOIN public.cases c ON c.municipal_area_id = t.municipal_area_id AND c.id = t.case_id
        JOIN public.case_contents d ON d.municipal_area_id = c.municipal_area_id AND d.id = c.id
            AND d.closing_reason = 'transferred'
        JOIN public.clients k ON k.municipal_area_id = c.municipal_area_id AND k.id = c.client_id
            AND k.processing_restricted_at IS NULL
        WHERE t.municipal_area_id = public.ctx_area() AND t.state = 'received' AND t.settled_at IS NULL
            AND t.settle_reminded_at IS NULL AND t.ended_at <= p_before
        ORDER BY t.ended_at LIMIT p_limit FOR UPDATE OF t SKIP LOCKED
    LOOP
        UPDATE public.case_transfers t SET settle_reminded_at = p_at
        WHERE t.municipal_area_id = public.ctx_area() AND t.id = v.id;
        PERFORM public.tell_of_transfer(public.ctx_area(), public.team_of_case(public.ctx_area(), v.case_id),
            'transfer_unsettled', v.id, p_at);
        transfer_id := v.id;
        client_pseudonym := v.pseudonym;
        RETURN NEXT;
    END LOOP;
END $$;
ALTER FUNCTION remind_to_settle(timestamptz, timestamptz, int) OWNER TO kim_auth;

SET ROLE kim_auth;
REVOKE EXECUTE ON FUNCTION receiving_units(), leads_of_unit(text, uuid), team_of_case(text, uuid),
    tell_of_transfer(text, uuid[], text, uuid, timestamptz), journal_elsewhere(text, text, uuid, uuid),
    close_offer(text, uuid, timestamptz), offer_transfer(uuid), end_offer(uuid, timestamptz),
    hold_transfer(uuid, date), carried_documents(text, uuid), files_of_transfer(uuid, date),
    answer_transfer(uuid, timestamptz),
    complete_transfer(uuid, date, timestamptz, date, uuid[]), acknowledge_transfer(uuid),
    revoke_transfers(uuid, text[], timestamptz), expire_transfers(timestamptz, int),
    remind_to_settle(timestamptz, timestamptz, int), tell_of_held_transfer() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION receiving_units(), offer_transfer(uuid), end_offer(uuid, timestamptz),
    hold_transfer(uuid, date), files_of_transfer(uuid, date), answer_transfer(uuid, timestamptz),
    complete_transfer(uuid, date, timestamptz, date, uuid[]), acknowledge_transfer(uuid),
    revoke_transfers(uuid, text[], timestamptz) TO kim_app;
GRANT EXECUTE ON FUNCTION expire_transfers(timestamptz, int), remind_to_settle(timestamptz, timestamptz, int)
    TO kim_worker;
SET ROLE kim_owner;
