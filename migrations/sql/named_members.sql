-- Which clients a frozen package names as members of the household, for the functions of the database alone: somebody who
-- is hidden afterwards stands in it by name. Written with the package, not asked of the household later: whoever
-- leaves is taken out there first.

CALL protect_table('named_members');
GRANT SELECT (municipal_area_id, id, member_client_id, referral_id, transfer_id), INSERT ON named_members TO kim_auth;
CREATE POLICY name_members ON named_members FOR INSERT TO kim_auth WITH CHECK (true);

-- Those whom the sender sees and who are told of (app/clients/package.py): nobody learns by it of a member whom they
-- do not see. Somebody by name alone is no client and is hidden by nobody.
CREATE FUNCTION name_members() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    v_is_referral boolean := TG_TABLE_NAME = 'referral_packages';
    v_client uuid;
BEGIN
    IF NOT jsonb_path_exists(NEW.content::jsonb, CASE WHEN v_is_referral
        THEN '$.data.household.members[*]' ELSE '$.household[*]' END::jsonpath)
    THEN
        RETURN NULL;
    END IF;
    IF v_is_referral THEN
        SELECT r.client_id INTO v_client FROM public.referrals r
        WHERE r.municipal_area_id = NEW.municipal_area_id AND r.id = NEW.id;
    ELSE
        SELECT c.client_id INTO v_client FROM public.cases c
        WHERE c.municipal_area_id = NEW.municipal_area_id AND c.id = NEW.case_id;
    END IF;
    INSERT INTO public.named_members (municipal_area_id, id, member_client_id, referral_id, transfer_id)
    SELECT NEW.municipal_area_id, public.new_id(), k.id, CASE WHEN v_is_referral THEN NEW.id END,
        CASE WHEN NOT v_is_referral THEN NEW.id END
    FROM public.household_members h
    JOIN public.clients k ON k.municipal_area_id = h.municipal_area_id AND k.id = h.member_client_id
        AND NOT k.is_restricted AND k.processing_restricted_at IS NULL
    WHERE h.municipal_area_id = NEW.municipal_area_id AND h.client_id = v_client
        AND NOT h.is_kept_apart AND h.relation <> 'no_contact'
        AND (public.ctx_user() IS NULL OR k.id = ANY ((SELECT public.my_clients())::uuid[]));
    RETURN NULL;
END $$;
ALTER FUNCTION name_members() OWNER TO kim_auth;
CREATE TRIGGER name_members AFTER INSERT ON referral_packages FOR EACH ROW EXECUTE FUNCTION name_members();
CREATE TRIGGER name_members AFTER INSERT ON transfer_packages FOR EACH ROW EXECUTE FUNCTION name_members();

-- A transfer is on hold while somebody whom its package names is hidden; runs before `tell_of_held_transfer`. The
-- packages are held first, so that of two members who change at once the second finds the first.
GRANT UPDATE (has_hidden_member) ON transfer_packages TO kim_auth;
CREATE POLICY hide_named ON transfer_packages FOR UPDATE TO kim_auth USING (true) WITH CHECK (true);
CREATE FUNCTION hide_named() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    v_ids uuid[] := ARRAY(SELECT n.transfer_id FROM public.named_members n
        WHERE n.municipal_area_id = NEW.municipal_area_id AND n.member_client_id = NEW.id
            AND n.transfer_id IS NOT NULL);
BEGIN
    PERFORM FROM public.transfer_packages p
    WHERE p.municipal_area_id = NEW.municipal_area_id AND p.id = ANY (v_ids) ORDER BY p.id FOR NO KEY UPDATE;
    UPDATE public.transfer_packages p SET has_hidden_member = EXISTS (SELECT FROM public.named_members n
        JOIN public.clients k ON k.municipal_area_id = n.municipal_area_id AND k.id = n.member_client_id
            AND k.is_restricted
        WHERE n.municipal_area_id = p.municipal_area_id AND n.transfer_id = p.id)
    WHERE p.municipal_area_id = NEW.municipal_area_id AND p.id = ANY (v_ids);
    RETURN NULL;
END $$;
ALTER FUNCTION hide_named() OWNER TO kim_auth;
CREATE TRIGGER hide_named AFTER UPDATE OF is_restricted ON clients
    FOR EACH ROW WHEN (OLD.is_restricted <> NEW.is_restricted) EXECUTE FUNCTION hide_named();
SET ROLE kim_auth;
REVOKE EXECUTE ON FUNCTION name_members(), hide_named() FROM PUBLIC;
SET ROLE kim_owner;
