-- Tables of the package `imports`.

CREATE TABLE imports (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    user_id UUID NOT NULL,
    unit_id UUID NOT NULL,
    kind TEXT NOT NULL,
    state TEXT DEFAULT 'announced' NOT NULL,
    mapping JSONB NOT NULL,
    skip_bad BOOLEAN DEFAULT 'false' NOT NULL,
    sheet_sha256 TEXT,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    read_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_imports PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_imports_user_id FOREIGN KEY(municipal_area_id, user_id) REFERENCES users (municipal_area_id, id),
    CONSTRAINT fk_imports_unit_id FOREIGN KEY(municipal_area_id, unit_id) REFERENCES units (municipal_area_id, id),
    CONSTRAINT ck_imports_kind CHECK (kind IN ('clients', 'households', 'cases', 'contacts')),
    CONSTRAINT ck_imports_state CHECK (state IN ('announced', 'read', 'taking', 'taken', 'undoing', 'undone')),
    CONSTRAINT ck_imports_sheet_read CHECK ((state = 'announced') = (sheet_sha256 IS NULL))
);

CREATE INDEX ix_imports_user ON imports (municipal_area_id, user_id, created_at);

CREATE TABLE import_rows (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    import_id UUID NOT NULL,
    number INTEGER NOT NULL,
    state TEXT NOT NULL,
    mark TEXT,
    content JSONB,
    findings JSONB DEFAULT '[]' NOT NULL,
    duplicates UUID[] DEFAULT '{}' NOT NULL,
    object_id UUID,
    CONSTRAINT pk_import_rows PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_import_rows_import_id FOREIGN KEY(municipal_area_id, import_id) REFERENCES imports (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT ck_import_rows_state CHECK (state IN ('ready', 'bad', 'known', 'duplicate', 'skipped', 'taken', 'linked', 'undone', 'stays')),
    CONSTRAINT ck_import_rows_content_waits CHECK (content IS NULL OR state IN ('ready', 'duplicate'))
);

CREATE INDEX ix_import_rows_state ON import_rows (municipal_area_id, import_id, state, number);

CREATE UNIQUE INDEX uq_import_rows_number ON import_rows (municipal_area_id, import_id, number);

CREATE TABLE import_effects (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    import_id UUID NOT NULL,
    user_id UUID NOT NULL,
    unit_id UUID NOT NULL,
    kind TEXT NOT NULL,
    mark TEXT NOT NULL,
    object_id UUID NOT NULL,
    client_id UUID NOT NULL,
    case_id UUID,
    is_linked BOOLEAN DEFAULT 'false' NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    stays_because TEXT,
    row_number INTEGER NOT NULL,
    CONSTRAINT pk_import_effects PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_import_effects_import_id FOREIGN KEY(municipal_area_id, import_id) REFERENCES imports (municipal_area_id, id),
    CONSTRAINT fk_import_effects_user_id FOREIGN KEY(municipal_area_id, user_id) REFERENCES users (municipal_area_id, id),
    CONSTRAINT fk_import_effects_unit_id FOREIGN KEY(municipal_area_id, unit_id) REFERENCES units (municipal_area_id, id),
    CONSTRAINT fk_import_effects_client_id FOREIGN KEY(municipal_area_id, client_id) REFERENCES clients (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_import_effects_case_id FOREIGN KEY(municipal_area_id, case_id) REFERENCES cases (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT ck_import_effects_kind CHECK (kind IN ('clients', 'households', 'cases', 'contacts'))
);

CREATE INDEX ix_import_effects_case ON import_effects (municipal_area_id, case_id);

CREATE INDEX ix_import_effects_client ON import_effects (municipal_area_id, client_id);

CREATE INDEX ix_import_effects_import ON import_effects (municipal_area_id, import_id);

CREATE INDEX ix_import_effects_object ON import_effects (municipal_area_id, object_id);

CREATE UNIQUE INDEX uq_import_effects_mark ON import_effects (municipal_area_id, user_id, unit_id, kind, mark);
