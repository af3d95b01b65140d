-- Tables of the package `population`.

CREATE TABLE populations (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    stated_on DATE NOT NULL,
    source TEXT NOT NULL,
    licence TEXT NOT NULL,
    residents INTEGER NOT NULL,
    figures JSONB NOT NULL,
    imported_by UUID NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    CONSTRAINT pk_populations PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_populations_imported_by FOREIGN KEY(municipal_area_id, imported_by) REFERENCES users (municipal_area_id, id),
    CONSTRAINT uq_populations_stated_on UNIQUE (municipal_area_id, stated_on),
    CONSTRAINT ck_populations_residents CHECK (residents >= 0)
);
