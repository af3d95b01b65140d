-- Messages on a referral. The team sees the thread of its referrals for good; the recipient only while it can read
-- the package, and both write only then: the policies ask the package itself, under its own policies, so whatever
-- keeps a recipient from a package keeps them from its thread. After referrals.sql and documents.sql.

CALL protect_table('referral_messages');
GRANT SELECT, INSERT ON referral_messages TO kim_app;
GRANT UPDATE (state, closed_at, decline_reason, read_at) ON referral_messages TO kim_app;
CREATE POLICY team ON referral_messages FOR SELECT TO kim_app
    USING (referral_id = ANY ((SELECT my_referrals())::uuid[]));
CREATE POLICY addressed ON referral_messages FOR SELECT TO kim_app
    USING (institution_id = ANY ((SELECT my_institutions())::uuid[]) AND EXISTS (SELECT FROM referral_packages p
            WHERE p.municipal_area_id = (SELECT ctx_area()) AND p.id = referral_id));
CREATE POLICY team_write ON referral_messages FOR INSERT TO kim_app
    WITH CHECK (side = 'sender' AND referral_id = ANY ((SELECT my_referrals())::uuid[])
        AND (SELECT ctx_is('case_manager')) AND EXISTS (SELECT FROM referral_packages p
            WHERE p.municipal_area_id = (SELECT ctx_area()) AND p.id = referral_id AND p.withheld_at IS NULL
            AND NOT p.is_shut AND (p.readable_until IS NULL OR p.readable_until > now())));
CREATE POLICY addressed_write ON referral_messages FOR INSERT TO kim_app
    WITH CHECK (side = 'recipient' AND institution_id = ANY ((SELECT my_institutions())::uuid[])
        AND EXISTS (SELECT FROM referral_packages p
            WHERE p.municipal_area_id = (SELECT ctx_area()) AND p.id = referral_id));
CREATE POLICY team_mark ON referral_messages FOR UPDATE TO kim_app
    USING (referral_id = ANY ((SELECT my_referrals())::uuid[]) AND (SELECT ctx_is('case_manager')))
    WITH CHECK (referral_id = ANY ((SELECT my_referrals())::uuid[]));
CREATE POLICY addressed_mark ON referral_messages FOR UPDATE TO kim_app
    USING (institution_id = ANY ((SELECT my_institutions())::uuid[]) AND EXISTS (SELECT FROM referral_packages p
            WHERE p.municipal_area_id = (SELECT ctx_area()) AND p.id = referral_id))
    WITH CHECK (institution_id = ANY ((SELECT my_institutions())::uuid[]));

-- Each side marks as read what the other said, once; ends a request only its own way, and only an open one.
CREATE FUNCTION keep_message() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
    v_side text := CASE WHEN NEW.institution_id = ANY (public.my_institutions()) THEN 'recipient' ELSE 'sender' END;
BEGIN
    IF NEW.read_at IS DISTINCT FROM OLD.read_at AND (OLD.read_at IS NOT NULL OR OLD.side = v_side) THEN
        RAISE EXCEPTION USING errcode = '42501', message = 'what was read stays read, and is marked by the reader';
    END IF;
    IF (NEW.state, NEW.closed_at, NEW.decline_reason) IS DISTINCT FROM (OLD.state, OLD.closed_at, OLD.decline_reason)
        AND (OLD.state IS DISTINCT FROM 'open' OR (NEW.state = 'withdrawn') <> (v_side = 'recipient'))
    THEN
        RAISE EXCEPTION USING errcode = '42501', message = 'a request ends once, by the side whose step it is';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER keep BEFORE UPDATE ON referral_messages FOR EACH ROW EXECUTE FUNCTION keep_message();

CALL protect_table('referral_attachments');
GRANT SELECT, INSERT ON referral_attachments TO kim_app;
CREATE POLICY team ON referral_attachments FOR SELECT TO kim_app
    USING (referral_id = ANY ((SELECT my_referrals())::uuid[]));
CREATE POLICY addressed ON referral_attachments FOR SELECT TO kim_app
    USING (institution_id = ANY ((SELECT my_institutions())::uuid[]) AND EXISTS (SELECT FROM referral_packages p
            WHERE p.municipal_area_id = (SELECT ctx_area()) AND p.id = referral_id));
CREATE POLICY write ON referral_attachments FOR INSERT TO kim_app
    WITH CHECK (referral_id = ANY ((SELECT my_referrals())::uuid[]) AND (SELECT ctx_is('case_manager'))
        AND EXISTS (SELECT FROM documents d
            WHERE d.municipal_area_id = (SELECT ctx_area()) AND d.id = document_id AND d.removed_at IS NULL)
        AND EXISTS (SELECT FROM referral_packages p
            WHERE p.municipal_area_id = (SELECT ctx_area()) AND p.id = referral_id AND p.withheld_at IS NULL
            AND NOT p.is_shut AND (p.readable_until IS NULL OR p.readable_until > now())));

-- Where the bytes of an attachment lie, for whoever may read it now: the institution while it can read the package.
-- Nothing of a document that was removed since; its row keeps no key. What the institution brought itself stays
-- with the team.
CREATE FUNCTION attached_file(p_attachment uuid)
RETURNS TABLE (document_id uuid, kind text, size_bytes bigint, blob_id uuid, sealed_key text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = ''
BEGIN ATOMIC
    SELECT d.id, d.kind, d.size_bytes, d.blob_id, d.sealed_key
    FROM public.referral_attachments a
    JOIN public.referral_packages p ON p.municipal_area_id = a.municipal_area_id AND p.id = a.referral_id
    JOIN public.documents d ON d.municipal_area_id = a.municipal_area_id AND d.id = a.document_id
    WHERE a.municipal_area_id = public.ctx_area() AND a.id = p_attachment
        AND a.institution_id = ANY (public.my_institutions())
        AND (p.site_id IS NULL OR p.site_id = ANY (public.my_sites()))
        AND p.withheld_at IS NULL AND NOT p.is_shut
        AND (p.readable_until IS NULL OR p.readable_until > now()) AND d.removed_at IS NULL
        AND EXISTS (SELECT FROM public.referral_messages m
            WHERE m.municipal_area_id = a.municipal_area_id AND m.id = a.message_id AND m.side = 'sender');
END;
ALTER FUNCTION attached_file(uuid) OWNER TO kim_auth;
GRANT SELECT (site_id) ON referral_packages TO kim_auth;
GRANT SELECT (municipal_area_id, id, referral_id, institution_id, message_id, document_id) ON referral_attachments
    TO kim_auth;
CREATE POLICY open ON referral_attachments FOR SELECT TO kim_auth USING (true);

-- A file of the recipient becomes a document of the case, which it does not see, and stands in the disclosure log.
-- The message was written before, under the policies of its thread. False where the case takes none: it is closed,
-- or its person's data are only kept, or the referral is over, nobody agreed to feedback, it is an authority that
-- sends none, or the referral informs the youth welfare office (§ 4 KKG); the answer does not tell which.
CREATE FUNCTION take_recipients_file(p_message uuid, p_document uuid, p_blob uuid, p_kind text, p_size bigint,
    p_sha256 text, p_scanned boolean, p_key text, p_title text, p_at timestamptz, p_on date) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = '' AS $$
DECLARE
    v record;
BEGIN
    SELECT m.referral_id, m.institution_id, r.case_id, r.client_id, q.client_pseudonym, q.unit_id, q.channel INTO v
    FROM public.referral_messages m
    JOIN public.referral_requests q ON q.municipal_area_id = m.municipal_area_id AND q.id = m.referral_id
    JOIN public.referrals r ON r.municipal_area_id = m.municipal_area_id AND r.id = m.referral_id
    JOIN public.cases c ON c.municipal_area_id = r.municipal_area_id AND c.id = r.case_id
    JOIN public.clients k ON k.municipal_area_id = r.municipal_area_id AND k.id = r.client_id
    JOIN public.institutions i ON i.municipal_area_id = m.municipal_area_id AND i.id = m.institution_id
    WHERE m.municipal_area_id = public.ctx_area() AND m.id = p_message AND m.kind = 'file'
        AND m.institution_id = ANY (public.my_institutions())
        AND NOT EXISTS (SELECT FROM public.referral_attachments a
            WHERE a.municipal_area_id = m.municipal_area_id AND a.message_id = m.id)
        AND q.state IN ('requested', 'accepted', 'in_progress', 'on_hold')
        AND i.institution_type NOT IN ('auslaenderbehoerde', 'zentrale_abh', 'einbuergerungsbehoerde')
        -- Among the documents of the case it would tell those of it who break the glass.
        AND r.legal_basis <> 'kkg_4'
        AND c.phase <> 'closed' AND k.processing_restricted_at IS NULL
    FOR KEY SHARE OF c;
    IF NOT FOUND OR NOT public.feedback_agreed(v.referral_id, p_on) THEN
        RETURN false;
    END IF;
    INSERT INTO public.documents (municipal_area_id, id, client_id, case_id, title, category, dated_on, source,
        kind, size_bytes, sha256, is_scanned, blob_id, sealed_key, created_by)
    VALUES (public.ctx_area(), p_document, v.client_id, v.case_id, p_title, 'other', p_on, 'recipient',
        p_kind, p_size, p_sha256, p_scanned, p_blob, p_key, public.ctx_user());
    INSERT INTO public.referral_attachments (municipal_area_id, id, referral_id, institution_id, message_id,
        document_id, category, kind, size_bytes, sha256)
    VALUES (public.ctx_area(), public.new_id(), v.referral_id, v.institution_id, p_message, p_document, 'other',
        p_kind, p_size, p_sha256);
    INSERT INTO public.disclosure_log (municipal_area_id, id, at, case_id, client_pseudonym, unit_id,
        institution_id, legal_basis, purpose, data_categories, channel, referral_id, document_ids, direction)
    VALUES (public.ctx_area(), public.new_id(), p_at, v.case_id, v.client_pseudonym, v.unit_id, v.institution_id,
        'consent', 'feedback', ARRAY['documents'], v.channel, v.referral_id, ARRAY[p_document], 'in');
    RETURN true;
END $$;
ALTER FUNCTION take_recipients_file(uuid, uuid, uuid, text, bigint, text, boolean, text, text, timestamptz, date)
    OWNER TO kim_auth;
GRANT INSERT (municipal_area_id, id, client_id, case_id, title, category, dated_on, source, kind, size_bytes, sha256,
    is_scanned, blob_id, sealed_key, created_by) ON documents TO kim_auth;
CREATE POLICY receive ON documents FOR INSERT TO kim_auth WITH CHECK (true);
GRANT INSERT ON referral_attachments TO kim_auth;
CREATE POLICY receive ON referral_attachments FOR INSERT TO kim_auth WITH CHECK (true);
GRANT SELECT (municipal_area_id, id, referral_id, institution_id, side, kind) ON referral_messages TO kim_auth;
SET ROLE kim_auth;
REVOKE EXECUTE ON FUNCTION attached_file(uuid), take_recipients_file(uuid, uuid, uuid, text, bigint, text, boolean,
    text, text, timestamptz, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION attached_file(uuid), take_recipients_file(uuid, uuid, uuid, text, bigint, text, boolean,
    text, text, timestamptz, date) TO kim_app;
SET ROLE kim_owner;

-- The log of what left names the documents too.
GRANT INSERT (document_ids) ON disclosure_log TO kim_app;
