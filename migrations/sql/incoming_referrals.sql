-- Incoming referrals: the institution sees its own and where they stand; at the unit whoever is responsible for the
-- inquiry sees what was received, until a client came of it: then whoever sees the client. What ended is read by
-- nobody any more. Team leads see inquiries that wait for an answer, which tell of nobody.

-- The institutions in whose name the actor refers; authorities only answer.
CREATE FUNCTION my_referring() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE
RETURN ctx_places('partner_user') || ctx_places('partner_system');

-- The incoming referrals that the actor works with at the unit. Like `my_cases()` it is bound by no policy, which
-- would ask for the inquiries and the clients a second time.
CREATE FUNCTION my_incoming() RETURNS uuid[]
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    RETURN ARRAY(
        SELECT i.id FROM public.inquiries i
        WHERE i.municipal_area_id = (SELECT public.ctx_area()) AND i.referral IS NOT NULL
            AND i.responsible_id = (SELECT public.ctx_user())
            AND i.unit_id = ANY ((SELECT public.ctx_places('case_manager'))::uuid[])
            AND NOT EXISTS (SELECT FROM public.incoming_receipts r
                WHERE r.municipal_area_id = i.municipal_area_id AND r.id = i.id)
        UNION ALL
        SELECT r.id FROM public.incoming_receipts r
        WHERE r.municipal_area_id = (SELECT public.ctx_area())
            AND r.client_id = ANY ((SELECT public.my_clients())::uuid[]));
END $$;
ALTER FUNCTION my_incoming() OWNER TO kim_auth;

CREATE FUNCTION is_stopped_in(p_state text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN p_state IN ('rejected', 'withdrawn', 'revoked', 'entered_in_error');

-- Of these, the ones whose data may be used.
CREATE FUNCTION my_received() RETURNS uuid[]
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    RETURN ARRAY(
        SELECT r.id FROM public.incoming_referrals r
        WHERE r.municipal_area_id = (SELECT public.ctx_area())
            AND r.id = ANY ((SELECT public.my_incoming())::uuid[]) AND NOT public.is_stopped_in(r.state));
END $$;
ALTER FUNCTION my_received() OWNER TO kim_auth;

-- Where somebody can be referred to: units that take referrals and have somebody to take them. No persons.
CREATE FUNCTION referral_units() RETURNS TABLE (id uuid, name text, kind text, municipality text,
    is_sgb_body boolean, referral_days int, urgent_referral_days int)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT u.id, u.name, u.kind, u.municipality, u.is_sgb_body, u.referral_days, u.urgent_referral_days
    FROM public.units u
    WHERE u.municipal_area_id = public.ctx_area() AND u.takes_referrals
        AND EXISTS (SELECT FROM public.memberships m JOIN public.users x
            ON x.municipal_area_id = m.municipal_area_id AND x.id = m.user_id AND x.disabled_at IS NULL
            WHERE m.municipal_area_id = u.municipal_area_id AND m.unit_id = u.id AND m.role = 'case_manager'
                AND m.started_at <= now() AND (m.ended_at IS NULL OR m.ended_at > now()));
END;
ALTER FUNCTION referral_units() OWNER TO kim_auth;

CALL protect_table('incoming_referrals');
CALL track_versions('incoming_referrals');
GRANT SELECT, INSERT, UPDATE (state, waits_since, deadline_at, reminded, answered_at, closed_at, reason,
    withdraw_reason) ON incoming_referrals TO kim_app;
CREATE POLICY referring ON incoming_referrals FOR SELECT TO kim_app
    USING (institution_id = ANY ((SELECT my_referring())::uuid[]));
CREATE POLICY received ON incoming_referrals FOR SELECT TO kim_app
    USING (id = ANY ((SELECT my_incoming())::uuid[]));
CREATE POLICY refer ON incoming_referrals FOR INSERT TO kim_app
    WITH CHECK (institution_id = ANY ((SELECT my_referring())::uuid[]) AND created_by = (SELECT ctx_user())
        AND state = 'requested');
CREATE POLICY referring_step ON incoming_referrals FOR UPDATE TO kim_app
    USING (institution_id = ANY ((SELECT my_referring())::uuid[]))
    WITH CHECK (institution_id = ANY ((SELECT my_referring())::uuid[]));
CREATE POLICY received_step ON incoming_referrals FOR UPDATE TO kim_app
    USING (id = ANY ((SELECT my_incoming())::uuid[]) AND (SELECT ctx_is('case_manager')))
    WITH CHECK (id = ANY ((SELECT my_incoming())::uuid[]));
-- Each side writes its own states only.
CREATE FUNCTION keep_to_own_side() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
    IF NOT NEW.state = ANY (CASE WHEN NEW.institution_id = ANY (public.my_referring())
        THEN '{requested,withdrawn,revoked,entered_in_error}'::text[] ELSE '{asked,accepted,rejected}' END)
    THEN
        RAISE EXCEPTION USING errcode = '42501', message = 'this state is the other side''s';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER keep_to_own_side BEFORE UPDATE OF state ON incoming_referrals
    FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION keep_to_own_side();
GRANT SELECT ON incoming_referrals TO kim_auth;
CREATE POLICY follow ON incoming_referrals FOR SELECT TO kim_auth USING (true);
-- The worker tells of silence; it decides nothing.
GRANT SELECT (municipal_area_id, id, institution_id, unit_id, state, waits_since, deadline_at, reminded, closed_at),
    UPDATE (reminded) ON incoming_referrals TO kim_worker;
CREATE POLICY serve ON incoming_referrals FOR SELECT TO kim_worker USING (true);
CREATE POLICY remind ON incoming_referrals FOR UPDATE TO kim_worker
    USING (deadline_at IS NOT NULL) WITH CHECK (deadline_at IS NOT NULL);

CALL protect_table('received_data');
GRANT SELECT, INSERT ON received_data TO kim_app;
CREATE POLICY referring ON received_data FOR SELECT TO kim_app
    USING (institution_id = ANY ((SELECT my_referring())::uuid[]) AND NOT is_shut);
CREATE POLICY received ON received_data FOR SELECT TO kim_app
    USING (id = ANY ((SELECT my_received())::uuid[]) AND stopped_at IS NULL);
CREATE POLICY keep ON received_data FOR INSERT TO kim_app
    WITH CHECK (institution_id = ANY ((SELECT my_referring())::uuid[]) AND NOT is_shut AND stopped_at IS NULL);
GRANT SELECT (municipal_area_id, id, is_shut, stopped_at), UPDATE (is_shut, stopped_at), DELETE ON received_data
    TO kim_auth;
CREATE POLICY follow ON received_data TO kim_auth USING (true) WITH CHECK (true);
GRANT SELECT (municipal_area_id, id), DELETE ON received_data TO kim_worker;
CREATE POLICY due ON received_data FOR SELECT TO kim_worker USING (true);
CREATE POLICY erase ON received_data FOR DELETE TO kim_worker USING (stopped_at IS NOT NULL);

CALL protect_table('incoming_messages');
GRANT SELECT, INSERT ON incoming_messages TO kim_app;
CREATE POLICY referring ON incoming_messages FOR SELECT TO kim_app
    USING (institution_id = ANY ((SELECT my_referring())::uuid[]));
CREATE POLICY received ON incoming_messages FOR SELECT TO kim_app
    USING (incoming_id = ANY ((SELECT my_received())::uuid[]));
CREATE POLICY write ON incoming_messages FOR INSERT TO kim_app
    WITH CHECK (CASE side WHEN 'institution' THEN institution_id = ANY ((SELECT my_referring())::uuid[])
        ELSE (SELECT ctx_is('case_manager')) AND incoming_id = ANY ((SELECT my_incoming())::uuid[]) END);
GRANT SELECT (municipal_area_id, id, incoming_id), DELETE ON incoming_messages TO kim_auth, kim_worker;
CREATE POLICY follow ON incoming_messages TO kim_auth USING (true);
CREATE POLICY due ON incoming_messages FOR SELECT TO kim_worker USING (true);
CREATE POLICY erase ON incoming_messages FOR DELETE TO kim_worker USING (true);

CALL protect_table('incoming_receipts');
GRANT SELECT, INSERT, UPDATE (end_acknowledged_at) ON incoming_receipts TO kim_app;
CREATE POLICY of_client ON incoming_receipts FOR SELECT TO kim_app
    USING (client_id = ANY ((SELECT my_clients())::uuid[]));
CREATE POLICY take ON incoming_receipts FOR INSERT TO kim_app
    WITH CHECK (accepted_by = (SELECT ctx_user()) AND (SELECT ctx_is('case_manager'))
        AND client_id = ANY ((SELECT my_lasting_clients())::uuid[]) AND case_id = ANY ((SELECT my_cases())::uuid[])
        AND id = ANY ((SELECT my_incoming())::uuid[]));
CREATE POLICY acknowledge ON incoming_receipts FOR UPDATE TO kim_app
    USING (client_id = ANY ((SELECT my_clients())::uuid[]) AND (SELECT ctx_is('case_manager')))
    WITH CHECK (client_id = ANY ((SELECT my_clients())::uuid[]));
GRANT SELECT (municipal_area_id, id, client_id) ON incoming_receipts TO kim_worker;
CREATE POLICY serve ON incoming_receipts FOR SELECT TO kim_worker USING (true);

-- Team leads see that an inquiry waits for an answer to an institution, and with whom; not what was said.
CREATE POLICY unanswered ON inquiries FOR SELECT TO kim_app
    USING (unit_id = ANY ((SELECT ctx_places('team_lead'))::uuid[]) AND referral = 'unanswered');

GRANT INSERT ON inquiries TO kim_auth;
GRANT SELECT (referral, answer_until), UPDATE (responsible_id, referral, answer_until) ON inquiries TO kim_auth;
GRANT INSERT, SELECT (municipal_area_id, id), UPDATE (name, reachable, note, finished_on, reason, forgotten_at)
    ON inquiry_contents TO kim_auth;
CREATE POLICY follow ON inquiry_contents TO kim_auth USING (true) WITH CHECK (true);

-- What was referred arrives as an inquiry on the unit's waiting list, in nobody's name. Called once, by whoever has
-- just referred; nothing is looked up, so the institution learns nothing from it.
CREATE FUNCTION arrive_incoming(p_id uuid, p_on date, p_route text, p_concerns text[], p_language text, p_name text,
    p_reachable text, p_note text, p_priority text) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    v record;
BEGIN
    SELECT r.municipal_area_id, r.unit_id, r.deadline_at INTO v FROM public.incoming_referrals r
    WHERE r.municipal_area_id = public.ctx_area() AND r.id = p_id AND r.state = 'requested'
        AND r.created_by = public.ctx_user() AND r.institution_id = ANY (public.my_referring());
    IF NOT FOUND THEN
        RAISE EXCEPTION USING errcode = '42501', message = 'nothing of yours has arrived';
    END IF;
    INSERT INTO public.inquiries (municipal_area_id, id, unit_id, state, language, waiting_since, priority_reason,
        referral, answer_until)
    VALUES (v.municipal_area_id, p_id, v.unit_id, 'waiting', p_language, p_on, p_priority, 'unanswered',
        v.deadline_at);
    INSERT INTO public.inquiry_contents (municipal_area_id, id, received_on, access_route, concerns, name,
        reachable, note)
    VALUES (v.municipal_area_id, p_id, p_on, p_route, p_concerns, p_name, p_reachable, p_note);
END $$;
ALTER FUNCTION arrive_incoming(uuid, date, text, text[], text, text, text, text, text) OWNER TO kim_auth;

-- A team lead gives what waits to a case manager of the unit, without reading it. False where there is nothing.
CREATE FUNCTION assign_incoming(p_id uuid, p_user uuid) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE public.inquiries i SET responsible_id = p_user, state = 'open'
    WHERE i.municipal_area_id = public.ctx_area() AND i.id = p_id AND i.referral = 'unanswered'
        AND i.state IN ('open', 'waiting') AND i.unit_id = ANY (public.ctx_places('team_lead'))
        AND public.works_at(p_user, i.unit_id);
    RETURN FOUND;
END $$;
ALTER FUNCTION assign_incoming(uuid, uuid) OWNER TO kim_auth;

-- What was received and the inquiry follow the state, whoever moves it. The institution reads what it sent while it
-- can still add to it; what ended is stopped for everybody. Where the institution ended it, the inquiry ends and
-- forgets whom it was about.
CREATE FUNCTION follow_incoming() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE public.received_data d SET is_shut = NEW.state NOT IN ('requested', 'asked'),
        stopped_at = CASE WHEN public.is_stopped_in(NEW.state) THEN coalesce(d.stopped_at, now()) END
    WHERE d.municipal_area_id = NEW.municipal_area_id AND d.id = NEW.id;
    UPDATE public.inquiries i SET answer_until = CASE WHEN NEW.state = 'requested' THEN NEW.deadline_at END,
        referral = CASE WHEN NEW.state IN ('requested', 'asked') THEN 'unanswered' ELSE 'answered' END
    WHERE i.municipal_area_id = NEW.municipal_area_id AND i.id = NEW.id;
    IF NEW.state IN ('withdrawn', 'revoked', 'entered_in_error') AND OLD.state <> 'accepted' THEN
        UPDATE public.inquiries i SET state = 'removed'
        WHERE i.municipal_area_id = NEW.municipal_area_id AND i.id = NEW.id AND i.state IN ('open', 'waiting');
        UPDATE public.inquiry_contents c SET name = NULL, reachable = NULL, note = NULL, forgotten_at = now(),
            finished_on = (now() AT TIME ZONE 'Europe/Berlin')::date, reason = 'no_longer_wanted'
        WHERE FOUND AND c.municipal_area_id = NEW.municipal_area_id AND c.id = NEW.id;
    END IF;
    RETURN NULL;
END $$;
ALTER FUNCTION follow_incoming() OWNER TO kim_auth;
CREATE TRIGGER follow AFTER UPDATE OF state ON incoming_referrals
    FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION follow_incoming();

-- Whoever is erased leaves nothing of what was received about them.
CREATE FUNCTION erase_received() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    DELETE FROM public.received_data d WHERE d.municipal_area_id = OLD.municipal_area_id AND d.id = OLD.id;
    DELETE FROM public.incoming_messages m
    WHERE m.municipal_area_id = OLD.municipal_area_id AND m.incoming_id = OLD.id;
    RETURN NULL;
END $$;
ALTER FUNCTION erase_received() OWNER TO kim_auth;
CREATE TRIGGER erase_received AFTER DELETE ON incoming_receipts FOR EACH ROW EXECUTE FUNCTION erase_received();

-- What was referred to one unit comes to a client of this unit, or one controller would tell another.
CREATE FUNCTION receipt_at_unit_of_client() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM public.incoming_referrals r
        JOIN public.clients c ON c.municipal_area_id = r.municipal_area_id AND c.unit_id = r.unit_id
        WHERE r.municipal_area_id = NEW.municipal_area_id AND r.id = NEW.id AND c.id = NEW.client_id)
    THEN
        RAISE EXCEPTION USING errcode = '23514', constraint = 'ck_incoming_receipts_unit_of_client',
            message = 'the client is of another unit';
    END IF;
    RETURN NULL;
END $$;
ALTER FUNCTION receipt_at_unit_of_client() OWNER TO kim_auth;
CREATE TRIGGER unit_of_client AFTER INSERT OR UPDATE OF client_id ON incoming_receipts
    FOR EACH ROW EXECUTE FUNCTION receipt_at_unit_of_client();

-- Whom the institution calls threatened is hidden from the receipt on, also who was an ordinary client before.
CREATE FUNCTION receipt_of_hidden() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_user = 'kim_app' AND EXISTS (SELECT FROM public.received_data d
        JOIN public.clients c ON c.municipal_area_id = d.municipal_area_id AND c.id = NEW.client_id
        WHERE d.municipal_area_id = NEW.municipal_area_id AND d.id = NEW.id AND NOT c.is_restricted
            AND ((d.content::jsonb -> 'needs_protection')::boolean
                OR d.content::jsonb -> 'concerns' ? 'protection'))
    THEN
        RAISE EXCEPTION USING errcode = '23514', constraint = 'ck_incoming_receipts_hidden',
            message = 'whoever is threatened is received as hidden';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER hidden BEFORE INSERT ON incoming_receipts FOR EACH ROW EXECUTE FUNCTION receipt_of_hidden();

SET ROLE kim_auth;
REVOKE EXECUTE ON FUNCTION receipt_at_unit_of_client(), my_incoming(), my_received(), referral_units(),
    arrive_incoming(uuid, date, text, text[], text, text, text, text, text), assign_incoming(uuid, uuid),
    follow_incoming(), erase_received() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION my_incoming(), my_received(), referral_units(),
    arrive_incoming(uuid, date, text, text[], text, text, text, text, text), assign_incoming(uuid, uuid) TO kim_app;
SET ROLE kim_owner;

-- An institution is in one area: without knowing it the planner expects one row of an institution, and a page of the
-- feed sorts all that were ever sent.
CREATE STATISTICS incoming_referrals_of_institutions (dependencies) ON municipal_area_id, institution_id
    FROM incoming_referrals;
