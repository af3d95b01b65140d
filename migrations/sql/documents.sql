-- Documents: of a case for its team, of a client alone for whoever works with them. Added by a case manager in
-- their own name; after that only what is said of one changes, or it becomes a tombstone.

CALL protect_table('documents');
CALL track_versions('documents');
GRANT SELECT, INSERT ON documents TO kim_app;
GRANT UPDATE (title, category, dated_on, keep_until, is_evidence, sealed_key, sha256, removed_at, removed_by,
    removal_reason) ON documents TO kim_app;
CREATE POLICY read ON documents FOR SELECT TO kim_app
    USING (CASE WHEN case_id IS NULL THEN client_id = ANY ((SELECT my_clients())::uuid[])
        ELSE case_id = ANY ((SELECT my_cases())::uuid[]) END);
CREATE POLICY add ON documents FOR INSERT TO kim_app
    WITH CHECK (created_by = (SELECT ctx_user()) AND removed_at IS NULL AND NOT is_evidence
        AND (SELECT ctx_is('case_manager')) AND client_id = ANY ((SELECT my_clients())::uuid[])
        AND (case_id IS NULL OR case_id = ANY ((SELECT my_cases())::uuid[])));
CREATE POLICY change ON documents FOR UPDATE TO kim_app
    USING ((SELECT ctx_is('case_manager'))
        AND CASE WHEN case_id IS NULL THEN client_id = ANY ((SELECT my_clients())::uuid[])
            ELSE case_id = ANY ((SELECT my_cases())::uuid[]) END)
    WITH CHECK (removed_by IS NULL OR removed_by = (SELECT ctx_user()));
-- The worker ends what is kept no longer and sweeps bytes without a row; it reads no title and no key.
GRANT SELECT (municipal_area_id, id, client_id, blob_id, keep_until, is_evidence, removed_at)
    ON documents TO kim_worker;
GRANT UPDATE (title, sealed_key, sha256, removed_at, removal_reason) ON documents TO kim_worker;
CREATE POLICY serve ON documents FOR SELECT TO kim_worker USING (true);
CREATE POLICY clear ON documents FOR UPDATE TO kim_worker
    USING (NOT is_evidence AND removed_at IS NULL) WITH CHECK (removal_reason = 'retention');

-- Whose document was asked for in vain stands in the journal (note_refusal).
GRANT SELECT (municipal_area_id, id, client_id) ON documents TO kim_auth;
-- And a transfer takes some along (transfers.sql).
GRANT SELECT (case_id, title, category, dated_on, kind, size_bytes, sha256, is_scanned, blob_id, sealed_key,
    removed_at) ON documents TO kim_auth;
CREATE POLICY note ON documents FOR SELECT TO kim_auth USING (true);

-- A tombstone stays one, and evidence stays evidence, whoever writes.
CREATE FUNCTION keep_tombstone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING errcode = '23514', constraint = 'ck_documents_final', message = 'a removal stays';
END $$;
-- Not of client_id: it follows the person when two records become one.
CREATE TRIGGER final BEFORE UPDATE OF title, category, dated_on, keep_until, is_evidence, sealed_key, sha256,
    removed_at, removed_by, removal_reason ON documents FOR EACH ROW
    WHEN (OLD.removed_at IS NOT NULL OR (OLD.is_evidence AND NOT NEW.is_evidence))
    EXECUTE FUNCTION keep_tombstone();

-- `kim keys rotate-fields` seals the keys of documents anew; their bytes stay as they are.
CREATE POLICY rotation ON documents FOR SELECT TO kim_owner USING (true);
CREATE POLICY rotate ON documents FOR UPDATE TO kim_owner USING (true) WITH CHECK (true);
