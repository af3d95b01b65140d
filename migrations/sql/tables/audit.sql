-- Tables of the package `audit`.

CREATE TABLE audit_journal (
    at TIMESTAMP WITH TIME ZONE DEFAULT clock_timestamp() NOT NULL,
    position BIGINT GENERATED ALWAYS AS IDENTITY,
    xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    municipal_area_id TEXT DEFAULT ctx_area(),
    user_id UUID DEFAULT ctx_user(),
    session_id UUID DEFAULT ctx_session(),
    request_id TEXT DEFAULT ctx_request(),
    roles TEXT[] DEFAULT ctx_roles(),
    action TEXT NOT NULL,
    object_type TEXT NOT NULL,
    object_id UUID,
    client_pseudonyms UUID[] DEFAULT '{}' NOT NULL,
    purpose TEXT,
    legal_basis TEXT,
    outcome TEXT DEFAULT 'done' NOT NULL,
    reason TEXT,
    changed TEXT[] DEFAULT '{}' NOT NULL,
    CONSTRAINT pk_audit_journal PRIMARY KEY (at, position),
    CONSTRAINT ck_audit_journal_outcome CHECK (outcome IN ('done', 'refused'))
)
 PARTITION BY RANGE (at);

CREATE INDEX ix_audit_journal_area_at ON audit_journal (municipal_area_id, at, position);

CREATE INDEX ix_audit_journal_clients ON audit_journal USING gin (client_pseudonyms);
