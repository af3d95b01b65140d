-- Tables of the package `work`.

CREATE TABLE tombstones (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    kind TEXT NOT NULL,
    object_id UUID NOT NULL,
    case_id UUID,
    client_id UUID,
    member_client_id UUID,
    user_id UUID,
    removed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    CONSTRAINT pk_tombstones PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT ck_tombstones_belongs CHECK (num_nonnulls(case_id, client_id, user_id) > 0)
);

CREATE INDEX ix_tombstones_case ON tombstones (municipal_area_id, case_id, changed_xid);

CREATE INDEX ix_tombstones_client ON tombstones (municipal_area_id, client_id, changed_xid);

CREATE INDEX ix_tombstones_removed ON tombstones (municipal_area_id, removed_at);

CREATE INDEX ix_tombstones_user ON tombstones (municipal_area_id, user_id, changed_xid);
