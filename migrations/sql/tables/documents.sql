-- Tables of the package `documents`.

CREATE TABLE documents (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    client_id UUID NOT NULL,
    case_id UUID,
    title TEXT,
    category TEXT NOT NULL,
    dated_on DATE NOT NULL,
    keep_until DATE,
    source TEXT NOT NULL,
    kind TEXT NOT NULL,
    size_bytes BIGINT NOT NULL,
    sha256 TEXT,
    is_scanned BOOLEAN NOT NULL,
    is_evidence BOOLEAN DEFAULT 'false' NOT NULL,
    blob_id UUID NOT NULL,
    sealed_key TEXT,
    created_by UUID NOT NULL,
    removed_at TIMESTAMP WITH TIME ZONE,
    removed_by UUID,
    removal_reason TEXT,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    CONSTRAINT pk_documents PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_documents_client_id FOREIGN KEY(municipal_area_id, client_id) REFERENCES clients (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_documents_case_id FOREIGN KEY(municipal_area_id, case_id) REFERENCES cases (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_documents_created_by FOREIGN KEY(municipal_area_id, created_by) REFERENCES users (municipal_area_id, id),
    CONSTRAINT fk_documents_removed_by FOREIGN KEY(municipal_area_id, removed_by) REFERENCES users (municipal_area_id, id),
    CONSTRAINT ck_documents_kind CHECK (kind IN ('pdf', 'jpeg', 'png', 'tiff', 'docx', 'xlsx', 'odt', 'ods', 'text')),
    CONSTRAINT ck_documents_source CHECK (source IN ('upload', 'letter', 'transfer', 'recipient')),
    CONSTRAINT ck_documents_removal_reason CHECK (removal_reason IN ('wrong_person', 'wrong_file', 'duplicate', 'not_needed', 'client_wish', 'unlawful', 'retention')),
    CONSTRAINT ck_documents_removal CHECK (num_nulls(removed_at, removal_reason) IN (0, 2)),
    CONSTRAINT ck_documents_tombstone CHECK (num_nonnulls(title, sealed_key, sha256) = CASE WHEN removed_at IS NULL THEN 3 ELSE 0 END),
    CONSTRAINT ck_documents_evidence_stays CHECK (removed_at IS NULL OR NOT is_evidence),
    CONSTRAINT ck_documents_removed_by CHECK (removed_by IS NOT NULL OR removed_at IS NULL OR removal_reason = 'retention'),
    CONSTRAINT ck_documents_kept_after_filing CHECK (keep_until >= (created_at AT TIME ZONE 'Europe/Berlin')::date)
);

CREATE UNIQUE INDEX uq_documents_blob ON documents (municipal_area_id, blob_id);

CREATE INDEX ix_documents_client ON documents (municipal_area_id, client_id, changed_xid);

CREATE INDEX ix_documents_case ON documents (municipal_area_id, case_id);

CREATE INDEX ix_documents_keep_until ON documents (municipal_area_id, keep_until) WHERE removed_at IS NULL;
