-- Tables of the package `state_exports`.

CREATE TABLE state_exports (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    unit_id UUID NOT NULL,
    institution_id UUID NOT NULL,
    quarter TEXT NOT NULL,
    profile TEXT NOT NULL,
    state TEXT DEFAULT 'requested' NOT NULL,
    requested_by UUID NOT NULL,
    requested_at TIMESTAMP WITH TIME ZONE NOT NULL,
    refusal TEXT,
    figures JSONB,
    figures_at TIMESTAMP WITH TIME ZONE,
    figures_until TIMESTAMP WITH TIME ZONE,
    figures_are_own BOOLEAN DEFAULT 'false' NOT NULL,
    checked_at TIMESTAMP WITH TIME ZONE,
    released_by UUID,
    released_at TIMESTAMP WITH TIME ZONE,
    composed_at TIMESTAMP WITH TIME ZONE,
    keep_until TIMESTAMP WITH TIME ZONE,
    fetched_at TIMESTAMP WITH TIME ZONE,
    ended_at TIMESTAMP WITH TIME ZONE,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    CONSTRAINT pk_state_exports PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_state_exports_unit_id FOREIGN KEY(municipal_area_id, unit_id) REFERENCES units (municipal_area_id, id),
    CONSTRAINT fk_state_exports_institution_id FOREIGN KEY(municipal_area_id, institution_id) REFERENCES institutions (municipal_area_id, id),
    CONSTRAINT fk_state_exports_requested_by FOREIGN KEY(municipal_area_id, requested_by) REFERENCES users (municipal_area_id, id),
    CONSTRAINT fk_state_exports_released_by FOREIGN KEY(municipal_area_id, released_by) REFERENCES users (municipal_area_id, id),
    CONSTRAINT ck_state_exports_state CHECK (state IN ('requested', 'checked', 'refused', 'released', 'ready', 'fetched', 'acknowledged', 'discarded', 'expired')),
    CONSTRAINT ck_state_exports_refusal CHECK (refusal IN ('too_few', 'no_keys')),
    CONSTRAINT ck_state_exports_refused CHECK ((state = 'refused') = (refusal IS NOT NULL)),
    CONSTRAINT ck_state_exports_figures CHECK (num_nulls(figures, figures_at, figures_until) IN (0, 3)),
    CONSTRAINT ck_state_exports_figures_hold CHECK (figures_until - figures_at >= interval '7 days'),
    CONSTRAINT ck_state_exports_own_figures CHECK (figures IS NOT NULL OR NOT figures_are_own),
    CONSTRAINT ex_state_exports_figures EXCLUDE USING gist (municipal_area_id WITH =, unit_id WITH =, institution_id WITH =, tstzrange(figures_at, figures_until) WITH &&) WHERE (figures_are_own),
    CONSTRAINT ck_state_exports_release CHECK (num_nulls(released_by, released_at) IN (0, 2)),
    CONSTRAINT ck_state_exports_two_persons CHECK (released_by <> requested_by)
);

CREATE UNIQUE INDEX uq_state_exports_open ON state_exports (municipal_area_id, unit_id, institution_id) WHERE state IN ('requested', 'checked', 'released', 'ready');

CREATE TABLE state_export_files (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    institution_id UUID NOT NULL,
    quarter TEXT NOT NULL,
    profile TEXT NOT NULL,
    persons INTEGER NOT NULL,
    withdrawals INTEGER NOT NULL,
    size_bytes BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    composed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    keep_until TIMESTAMP WITH TIME ZONE NOT NULL,
    sealed_key TEXT,
    sealed_content BYTEA,
    fetched_at TIMESTAMP WITH TIME ZONE,
    fetched_by UUID,
    acknowledged_at TIMESTAMP WITH TIME ZONE,
    acknowledged_by UUID,
    CONSTRAINT pk_state_export_files PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_state_export_files_id FOREIGN KEY(municipal_area_id, id) REFERENCES state_exports (municipal_area_id, id),
    CONSTRAINT fk_state_export_files_fetched_by FOREIGN KEY(municipal_area_id, fetched_by) REFERENCES users (municipal_area_id, id),
    CONSTRAINT fk_state_export_files_acknowledged_by FOREIGN KEY(municipal_area_id, acknowledged_by) REFERENCES users (municipal_area_id, id),
    CONSTRAINT ck_state_export_files_sealed CHECK (num_nulls(sealed_key, sealed_content) IN (0, 2)),
    CONSTRAINT ck_state_export_files_fetched CHECK (num_nulls(fetched_at, fetched_by) IN (0, 2)),
    CONSTRAINT ck_state_export_files_acknowledged CHECK (num_nulls(acknowledged_at, acknowledged_by) IN (0, 2)),
    CONSTRAINT ck_state_export_files_in_order CHECK (acknowledged_at IS NULL OR fetched_at IS NOT NULL)
);

CREATE INDEX ix_state_export_files_institution ON state_export_files (municipal_area_id, institution_id, composed_at);

CREATE TABLE state_export_persons (
    municipal_area_id TEXT NOT NULL,
    export_id UUID NOT NULL,
    case_id UUID NOT NULL,
    client_pseudonym UUID NOT NULL,
    data_categories TEXT[] NOT NULL,
    CONSTRAINT pk_state_export_persons PRIMARY KEY (municipal_area_id, export_id, case_id),
    CONSTRAINT fk_state_export_persons_export_id FOREIGN KEY(municipal_area_id, export_id) REFERENCES state_exports (municipal_area_id, id) ON DELETE CASCADE
);

CREATE INDEX ix_state_export_persons_client ON state_export_persons (municipal_area_id, client_pseudonym);

CREATE TABLE state_export_pseudonyms (
    municipal_area_id TEXT NOT NULL,
    export_id UUID NOT NULL,
    pseudonym TEXT NOT NULL,
    is_withdrawal BOOLEAN NOT NULL,
    CONSTRAINT pk_state_export_pseudonyms PRIMARY KEY (municipal_area_id, export_id, pseudonym),
    CONSTRAINT fk_state_export_pseudonyms_export_id FOREIGN KEY(municipal_area_id, export_id) REFERENCES state_exports (municipal_area_id, id) ON DELETE CASCADE
);
