-- Duties: the case's team asks, the unit's team lead decides and sees what would leave only until then. Of a
-- restricted person nobody outside the team knows, and nothing is asked.

CALL protect_table('duties');
CALL track_versions('duties');
GRANT SELECT, INSERT (municipal_area_id, id, referral_id, case_id, client_pseudonym, unit_id, institution_id, state,
    norm, law_as_of, legal_basis, asked_by, asked_on, occasion, necessity, answers, data_categories, sha256,
    drafted_by, prepared_by, requested_at, valid_until, decided_by, decided_at, reason, ended_at),
    UPDATE (state, decided_by, decided_at, reason, valid_until, ended_at) ON duties TO kim_app;
GRANT SELECT (municipal_area_id, id, state, valid_until, client_pseudonym), UPDATE (state, ended_at)
    ON duties TO kim_worker;
GRANT SELECT, UPDATE (is_restricted) ON duties TO kim_auth;
CREATE POLICY team ON duties FOR SELECT TO kim_app USING (case_id = ANY ((SELECT my_cases())::uuid[]));
CREATE POLICY lead ON duties FOR SELECT TO kim_app
    USING (unit_id = ANY ((SELECT ctx_places('team_lead'))::uuid[]) AND NOT is_restricted);
CREATE POLICY request ON duties FOR INSERT TO kim_app
    WITH CHECK (case_id = ANY ((SELECT my_cases())::uuid[]) AND (SELECT ctx_is('case_manager'))
        AND prepared_by = (SELECT ctx_user()) AND state = 'requested');
CREATE POLICY team_step ON duties FOR UPDATE TO kim_app
    USING (case_id = ANY ((SELECT my_cases())::uuid[]) AND (SELECT ctx_is('case_manager')))
    WITH CHECK (case_id = ANY ((SELECT my_cases())::uuid[]) AND state IN ('withdrawn', 'sent'));
CREATE POLICY decide ON duties FOR UPDATE TO kim_app
    USING (unit_id = ANY ((SELECT ctx_places('team_lead'))::uuid[]) AND NOT is_restricted)
    WITH CHECK (decided_by = (SELECT ctx_user()) AND prepared_by <> (SELECT ctx_user())
        AND state IN ('approved', 'refused'));
CREATE POLICY serve ON duties FOR SELECT TO kim_worker USING (true);
CREATE POLICY expire ON duties FOR UPDATE TO kim_worker
    USING (state IN ('requested', 'approved')) WITH CHECK (state = 'expired');
CREATE POLICY keep ON duties TO kim_auth USING (true) WITH CHECK (true);

-- What a second person has to decide now. Like `my_referrals()` it is bound by no policy.
CREATE FUNCTION duties_to_decide() RETURNS uuid[]
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    RETURN ARRAY(
        SELECT d.id FROM public.duties d
        WHERE d.municipal_area_id = (SELECT public.ctx_area()) AND d.state = 'requested' AND NOT d.is_restricted
            AND d.unit_id = ANY ((SELECT public.ctx_places('team_lead'))::uuid[])
            AND (SELECT public.ctx_user()) NOT IN (d.prepared_by, d.drafted_by));
END $$;
ALTER FUNCTION duties_to_decide() OWNER TO kim_auth;

-- Whether two users are one person as far as it can be known: the same user, account, or name.
CREATE FUNCTION is_one_person(p_one uuid, p_other uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT EXISTS (SELECT FROM public.users a JOIN public.users b ON b.municipal_area_id = a.municipal_area_id
        WHERE a.municipal_area_id = public.ctx_area() AND a.id = p_one AND b.id = p_other
            AND (a.id = b.id OR a.account_id = b.account_id
                OR lower(regexp_replace(a.display_name, '\s', '', 'g'))
                    = lower(regexp_replace(b.display_name, '\s', '', 'g'))));
END;
ALTER FUNCTION is_one_person(uuid, uuid) OWNER TO kim_auth;

-- How many a unit has under way or sent to an institution since then. Holds who asks at the same moment.
CREATE FUNCTION duties_lately(p_unit uuid, p_institution uuid, p_since timestamptz) RETURNS int
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF NOT p_unit = ANY (public.ctx_places('case_manager')) THEN
        RAISE EXCEPTION USING errcode = '42501', message = 'not a unit of the caller';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('duties:' || public.ctx_area() || p_unit || p_institution, 0));
    RETURN (SELECT count(*) FROM public.duties d
        WHERE d.municipal_area_id = public.ctx_area() AND d.unit_id = p_unit AND d.institution_id = p_institution
            AND d.state IN ('requested', 'approved', 'sent') AND d.requested_at > p_since);
END $$;
ALTER FUNCTION duties_lately(uuid, uuid, timestamptz) OWNER TO kim_auth;

-- Whether whoever prepared a duty still works on its case, for who decides it; of any other duty false.
CREATE FUNCTION duty_is_worked_on(p_duty uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    RETURN EXISTS (SELECT FROM public.duties d
        WHERE d.municipal_area_id = public.ctx_area() AND d.id = p_duty AND d.id = ANY (public.duties_to_decide())
            AND public.works_on_case(d.case_id, d.prepared_by));
END $$;
ALTER FUNCTION duty_is_worked_on(uuid) OWNER TO kim_auth;
SET ROLE kim_auth;
REVOKE EXECUTE ON FUNCTION duties_to_decide(), is_one_person(uuid, uuid), duties_lately(uuid, uuid, timestamptz),
    duty_is_worked_on(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION duties_to_decide(), is_one_person(uuid, uuid), duties_lately(uuid, uuid, timestamptz),
    duty_is_worked_on(uuid) TO kim_app;
SET ROLE kim_owner;

CALL protect_table('duty_packages');
GRANT SELECT, INSERT ON duty_packages TO kim_app;
CREATE POLICY team ON duty_packages FOR SELECT TO kim_app USING (case_id = ANY ((SELECT my_cases())::uuid[]));
CREATE POLICY decide ON duty_packages FOR SELECT TO kim_app USING (id = ANY ((SELECT duties_to_decide())::uuid[]));
CREATE POLICY add ON duty_packages FOR INSERT TO kim_app
    WITH CHECK (case_id = ANY ((SELECT my_cases())::uuid[]) AND (SELECT ctx_is('case_manager')));

-- The second lock: a duty belongs to a draft of its own case, goes its way only, and is decided by somebody else,
-- whatever the application says.
CREATE FUNCTION guard_duty() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        -- Held, so that a request and a restriction at the same moment wait for each other.
        SELECT c.is_restricted INTO NEW.is_restricted FROM public.cases c
        WHERE c.municipal_area_id = NEW.municipal_area_id AND c.id = NEW.case_id FOR SHARE;
        IF NEW.is_restricted OR NEW.state <> 'requested' OR NEW.decided_by IS NOT NULL OR NOT EXISTS (
            SELECT FROM public.referrals r JOIN public.referral_requests q
                ON q.municipal_area_id = r.municipal_area_id AND q.id = r.id
            WHERE r.municipal_area_id = NEW.municipal_area_id AND r.id = NEW.referral_id AND r.case_id = NEW.case_id
                AND r.created_by = NEW.drafted_by AND r.legal_basis = NEW.legal_basis AND q.state = 'draft'
                AND q.unit_id = NEW.unit_id AND q.institution_id = NEW.institution_id)
        THEN
            RAISE EXCEPTION USING errcode = '23514', constraint = 'ck_duties_of_a_draft',
                message = 'a duty is asked for a draft of its case';
        END IF;
        IF public.duties_lately(NEW.unit_id, NEW.institution_id, NEW.requested_at - interval '24 hours') >= 3 THEN
            RAISE EXCEPTION USING errcode = '23514', constraint = 'ck_duties_no_bulk',
                message = 'nothing goes to an authority in bulk';
        END IF;
        RETURN NEW;
    END IF;
    IF (OLD.state, NEW.state) NOT IN (('requested', 'approved'), ('requested', 'refused'),
        ('requested', 'withdrawn'), ('approved', 'withdrawn'), ('requested', 'expired'), ('approved', 'expired'),
        ('approved', 'sent')) AND OLD.state <> NEW.state
    THEN
        RAISE EXCEPTION USING errcode = '23514', constraint = 'ck_duties_way', message = 'not the way of a duty';
    END IF;
    IF NEW.decided_by IS DISTINCT FROM OLD.decided_by AND (OLD.decided_by IS NOT NULL
        OR NEW.state NOT IN ('approved', 'refused')
        OR public.is_one_person(NEW.decided_by, OLD.prepared_by)
        OR public.is_one_person(NEW.decided_by, OLD.drafted_by))
    THEN
        RAISE EXCEPTION USING errcode = '23514', constraint = 'ck_duties_four_eyes',
            message = 'a second person decides, once';
    END IF;
    IF NEW.valid_until <> OLD.valid_until AND (OLD.state, NEW.state) <> ('requested', 'approved') THEN
        RAISE EXCEPTION USING errcode = '23514', constraint = 'ck_duties_time', message = 'an approval is not prolonged';
    END IF;
    RETURN NEW;
END $$;
ALTER FUNCTION guard_duty() OWNER TO kim_auth;
CREATE TRIGGER second_lock BEFORE INSERT OR UPDATE OF state, decided_by, decided_at, valid_until ON duties
    FOR EACH ROW EXECUTE FUNCTION guard_duty();

CREATE FUNCTION restrict_duties() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    UPDATE public.duties d SET is_restricted = NEW.is_restricted
    WHERE d.municipal_area_id = NEW.municipal_area_id AND d.case_id = NEW.id AND d.is_restricted <> NEW.is_restricted;
    RETURN NULL;
END $$;
ALTER FUNCTION restrict_duties() OWNER TO kim_auth;
CREATE TRIGGER restrict_duties AFTER UPDATE OF is_restricted ON cases
    FOR EACH ROW WHEN (OLD.is_restricted <> NEW.is_restricted) EXECUTE FUNCTION restrict_duties();

-- No package leaves without consent but with the approval of exactly this package by a second person, or by the steps
-- of § 4 KKG; and an authority of residence law gets nothing on any other basis.
GRANT SELECT (municipal_area_id, id, institution_type) ON institutions TO kim_auth;
CREATE POLICY guard ON institutions FOR SELECT TO kim_auth USING (true);
CREATE FUNCTION guard_package() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    v record;
    v_stopped boolean;
BEGIN
    SELECT r.legal_basis, r.case_id, i.institution_type INTO v
    FROM public.referrals r JOIN public.institutions i
        ON i.municipal_area_id = NEW.municipal_area_id AND i.id = NEW.institution_id
    WHERE r.municipal_area_id = NEW.municipal_area_id AND r.id = NEW.id;
    v_stopped := CASE
        WHEN v.legal_basis IN ('aufenthg_87', 'sgbx_71', 'stag_32') THEN NOT EXISTS (SELECT FROM public.duties d
            WHERE d.municipal_area_id = NEW.municipal_area_id AND d.referral_id = NEW.id AND d.sha256 = NEW.sha256
                AND d.state IN ('approved', 'sent') AND d.decided_by <> d.prepared_by AND NOT d.is_restricted)
        WHEN v.legal_basis = 'kkg_4' THEN NOT EXISTS (SELECT FROM public.child_protections p
            WHERE p.municipal_area_id = NEW.municipal_area_id AND p.referral_id = NEW.id AND p.case_id = v.case_id
                AND p.state IN ('to_inform', 'informed'))
        WHEN v.legal_basis IN ('consent', 'client_hands_over') THEN false
        ELSE v.institution_type IN ('auslaenderbehoerde', 'zentrale_abh', 'einbuergerungsbehoerde') END;
    IF v_stopped
    THEN
        RAISE EXCEPTION USING errcode = '23514', constraint = 'ck_referral_packages_let_through',
            message = 'nothing leaves without consent on the word of one person';
    END IF;
    RETURN NEW;
END $$;
ALTER FUNCTION guard_package() OWNER TO kim_auth;
CREATE TRIGGER guard BEFORE INSERT ON referral_packages FOR EACH ROW EXECUTE FUNCTION guard_package();

-- What such a disclosure is logged with: its duty and the second person.
CREATE FUNCTION guard_disclosure() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM public.duties d
        WHERE d.municipal_area_id = NEW.municipal_area_id AND d.id = NEW.duty_id AND d.case_id = NEW.case_id
            AND d.referral_id = NEW.referral_id AND d.decided_by = NEW.approved_by
            AND d.legal_basis = NEW.legal_basis AND d.state IN ('approved', 'sent'))
    THEN
        RAISE EXCEPTION USING errcode = '23514', constraint = 'ck_disclosure_log_second_person',
            message = 'a duty is logged with both persons';
    END IF;
    RETURN NEW;
END $$;
ALTER FUNCTION guard_disclosure() OWNER TO kim_auth;
CREATE TRIGGER guard BEFORE INSERT ON disclosure_log FOR EACH ROW
    WHEN (NEW.legal_basis IN ('aufenthg_87', 'sgbx_71', 'stag_32') OR NEW.duty_id IS NOT NULL
        OR NEW.approved_by IS NOT NULL)
    EXECUTE FUNCTION guard_disclosure();

-- Who is told, whatever way a duty takes: ids only. The privacy officers when it has left.
CREATE FUNCTION tell_of_duty() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    INSERT INTO public.notifications (municipal_area_id, id, user_id, kind, object_type, object_id, created_at)
    SELECT NEW.municipal_area_id, public.new_id(), told.user_id, told.kind, 'duty', NEW.id, now()
    FROM (
        SELECT m.user_id, CASE NEW.state WHEN 'sent' THEN 'duty_sent' ELSE 'duty_requested' END AS kind
        FROM public.memberships m
        JOIN public.users u ON u.municipal_area_id = m.municipal_area_id AND u.id = m.user_id
            AND u.disabled_at IS NULL
        WHERE m.municipal_area_id = NEW.municipal_area_id AND m.started_at <= now()
            AND (m.ended_at IS NULL OR m.ended_at > now())
            AND (NEW.state = 'sent' AND m.role = 'privacy_officer'
                OR NEW.state = 'requested' AND m.role = 'team_lead' AND m.unit_id = NEW.unit_id
                    AND m.user_id NOT IN (NEW.prepared_by, NEW.drafted_by))
        UNION
        SELECT NEW.prepared_by, CASE NEW.state WHEN 'expired' THEN 'duty_expired' ELSE 'duty_decided' END
        WHERE NEW.state IN ('approved', 'refused', 'expired')
    ) told;
    RETURN NULL;
END $$;
ALTER FUNCTION tell_of_duty() OWNER TO kim_auth;
CREATE TRIGGER tell_new AFTER INSERT ON duties FOR EACH ROW EXECUTE FUNCTION tell_of_duty();
CREATE TRIGGER tell AFTER UPDATE OF state ON duties
    FOR EACH ROW WHEN (OLD.state <> NEW.state) EXECUTE FUNCTION tell_of_duty();
SET ROLE kim_auth;
REVOKE EXECUTE ON FUNCTION guard_duty(), restrict_duties(), guard_package(), guard_disclosure(), tell_of_duty()
    FROM PUBLIC;
SET ROLE kim_owner;
