-- Receipts of referrals: what both sides may keep of each step on the platform. A partner reads no history, which
-- names people and off the platform what the sender heard; so this is a table of its own, written with it.

CALL protect_table('referral_receipts');
GRANT SELECT ON referral_receipts TO kim_app;
GRANT INSERT ON referral_receipts TO kim_auth;
GRANT SELECT (municipal_area_id, id, referral_id, number) ON referral_receipts TO kim_auth;
GRANT SELECT (sha256) ON referral_packages TO kim_auth;
CREATE POLICY team ON referral_receipts FOR SELECT TO kim_app
    USING (referral_id = ANY ((SELECT my_referrals())::uuid[]));
CREATE POLICY addressed ON referral_receipts FOR SELECT TO kim_app
    USING (institution_id = ANY ((SELECT my_institutions())::uuid[])
        AND (site_id IS NULL OR site_id = ANY ((SELECT my_sites())::uuid[])));
CREATE POLICY number ON referral_receipts FOR SELECT TO kim_auth USING (true);
CREATE POLICY write ON referral_receipts FOR INSERT TO kim_auth WITH CHECK (true);

-- Every step holds its request locked, so the numbers have no gap and no double. What was never sent over the
-- platform has no other side that could keep anything.
CREATE FUNCTION write_receipt() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    INSERT INTO public.referral_receipts (municipal_area_id, id, referral_id, institution_id, number, at, step,
        state, side, package_sha256)
    SELECT NEW.municipal_area_id, NEW.id, NEW.referral_id, NEW.institution_id,
        1 + coalesce((SELECT max(r.number) FROM public.referral_receipts r
            WHERE r.municipal_area_id = NEW.municipal_area_id AND r.referral_id = NEW.referral_id), 0),
        NEW.at, NEW.step, NEW.to_state, NEW.side, p.sha256
    FROM public.referral_requests q
    JOIN public.referral_packages p ON p.municipal_area_id = q.municipal_area_id AND p.id = q.id
    WHERE q.municipal_area_id = NEW.municipal_area_id AND q.id = NEW.referral_id AND q.channel = 'platform';
    RETURN NULL;
END $$;
ALTER FUNCTION write_receipt() OWNER TO kim_auth;
CREATE TRIGGER receipt AFTER INSERT ON referral_events
    FOR EACH ROW WHEN (NEW.step <> 'draft') EXECUTE FUNCTION write_receipt();
SET ROLE kim_auth;
REVOKE EXECUTE ON FUNCTION write_receipt() FROM PUBLIC;
SET ROLE kim_owner;
