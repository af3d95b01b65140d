-- Tables of the package `reporting`.

CREATE TABLE published_releases (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    quarter TEXT NOT NULL,
    published_at TIMESTAMP WITH TIME ZONE NOT NULL,
    content_de JSONB NOT NULL,
    content_en JSONB NOT NULL,
    sha256 TEXT NOT NULL,
    version INTEGER NOT NULL,
    CONSTRAINT pk_published_releases PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT ck_published_releases_quarter CHECK (quarter ~ '^2[01][0-9]{2}Q[1-4]$'),
    CONSTRAINT fk_published_releases_municipal_area_id FOREIGN KEY(municipal_area_id) REFERENCES municipal_areas (id)
);

CREATE INDEX ix_published_releases_order ON published_releases (quarter, municipal_area_id, id);

CREATE TABLE published_tables (
    municipal_area_id TEXT NOT NULL,
    release_id UUID NOT NULL,
    name TEXT NOT NULL,
    json_de TEXT NOT NULL,
    json_en TEXT NOT NULL,
    csv_de TEXT NOT NULL,
    csv_en TEXT NOT NULL,
    CONSTRAINT pk_published_tables PRIMARY KEY (municipal_area_id, release_id, name),
    CONSTRAINT fk_published_tables_release FOREIGN KEY(municipal_area_id, release_id) REFERENCES published_releases (municipal_area_id, id)
);

CREATE TABLE releases (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    quarter TEXT NOT NULL,
    state TEXT DEFAULT 'requested' NOT NULL,
    detail TEXT,
    requested_by UUID NOT NULL,
    requested_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    refusal TEXT,
    computed_at TIMESTAMP WITH TIME ZONE,
    content_de JSONB,
    content_en JSONB,
    sha256 TEXT,
    published_by UUID,
    published_at TIMESTAMP WITH TIME ZONE,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    CONSTRAINT pk_releases PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_releases_requested_by FOREIGN KEY(municipal_area_id, requested_by) REFERENCES users (municipal_area_id, id),
    CONSTRAINT fk_releases_published_by FOREIGN KEY(municipal_area_id, published_by) REFERENCES users (municipal_area_id, id),
    CONSTRAINT ck_releases_state CHECK (state IN ('requested', 'computed', 'refused', 'published', 'discarded')),
    CONSTRAINT ck_releases_refusal CHECK (refusal IN ('proof_failed', 'earlier_releases_contradict', 'classes_changed', 'attack_succeeded')),
    CONSTRAINT ck_releases_detail CHECK (detail IN ('small', 'medium', 'large')),
    CONSTRAINT ck_releases_quarter CHECK (quarter ~ '^2[01][0-9]{2}Q[1-4]$'),
    CONSTRAINT ck_releases_refused_with_a_reason CHECK ((state = 'refused') = (refusal IS NOT NULL)),
    CONSTRAINT ck_releases_published_by_somebody CHECK ((state = 'published') = (published_by IS NOT NULL)),
    CONSTRAINT ck_releases_two_persons CHECK (published_by <> requested_by),
    CONSTRAINT ck_releases_content_is_sealed CHECK (num_nulls(content_de, content_en, sha256) IN (0, 3)),
    CONSTRAINT ck_releases_computed_has_content CHECK (state NOT IN ('computed', 'published') OR sha256 IS NOT NULL)
);

CREATE UNIQUE INDEX uq_releases_open ON releases (municipal_area_id) WHERE state IN ('requested', 'computed');

CREATE UNIQUE INDEX uq_releases_quarter ON releases (municipal_area_id, quarter) WHERE state IN ('requested', 'computed', 'published');

CREATE TABLE ledger (
    municipal_area_id TEXT NOT NULL,
    year INTEGER NOT NULL,
    key TEXT NOT NULL,
    release_id UUID NOT NULL,
    value INTEGER,
    persons INTEGER,
    CONSTRAINT pk_ledger PRIMARY KEY (municipal_area_id, year, key, release_id),
    CONSTRAINT fk_ledger_release_id FOREIGN KEY(municipal_area_id, release_id) REFERENCES releases (municipal_area_id, id)
);

CREATE TABLE release_cells (
    municipal_area_id TEXT NOT NULL,
    release_id UUID NOT NULL,
    table_name TEXT NOT NULL,
    position INTEGER NOT NULL,
    key TEXT NOT NULL,
    codes TEXT[] NOT NULL,
    status TEXT NOT NULL,
    value INTEGER,
    persons_status TEXT,
    persons INTEGER,
    CONSTRAINT pk_release_cells PRIMARY KEY (municipal_area_id, release_id, table_name, position),
    CONSTRAINT fk_release_cells_release_id FOREIGN KEY(municipal_area_id, release_id) REFERENCES releases (municipal_area_id, id),
    CONSTRAINT ck_release_cells_status CHECK (status IN ('published', 'zero', 'suppressed', 'not_collected', 'too_few', 'no_base')),
    CONSTRAINT ck_release_cells_persons_status CHECK (persons_status IN ('published', 'zero', 'suppressed', 'not_collected')),
    CONSTRAINT ck_release_cells_value CHECK ((status IN ('published', 'zero')) = (value IS NOT NULL) AND (status = 'zero') = (value IS NOT DISTINCT FROM 0)),
    CONSTRAINT ck_release_cells_persons CHECK (persons IS NULL OR persons_status IN ('published', 'zero'))
);

CREATE TABLE release_tables (
    municipal_area_id TEXT NOT NULL,
    release_id UUID NOT NULL,
    name TEXT NOT NULL,
    is_public BOOLEAN NOT NULL,
    json_de TEXT NOT NULL,
    json_en TEXT NOT NULL,
    csv_de TEXT NOT NULL,
    csv_en TEXT NOT NULL,
    CONSTRAINT pk_release_tables PRIMARY KEY (municipal_area_id, release_id, name),
    CONSTRAINT fk_release_tables_release_id FOREIGN KEY(municipal_area_id, release_id) REFERENCES releases (municipal_area_id, id)
);
