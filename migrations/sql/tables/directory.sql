-- Tables of the package `directory`.

CREATE TABLE institutions (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    name TEXT NOT NULL,
    institution_type TEXT NOT NULL,
    municipality TEXT,
    street TEXT,
    postcode TEXT,
    phone TEXT,
    email TEXT,
    languages TEXT[] DEFAULT '{}' NOT NULL,
    is_active BOOLEAN DEFAULT 'true' NOT NULL,
    on_platform BOOLEAN DEFAULT 'false' NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    CONSTRAINT pk_institutions PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT uq_institutions_name UNIQUE (municipal_area_id, name),
    CONSTRAINT fk_institutions_municipal_area_id FOREIGN KEY(municipal_area_id) REFERENCES municipal_areas (id),
    CONSTRAINT ck_institutions_shelter_is_hidden CHECK (institution_type <> 'frauenhaus' OR num_nonnulls(street, postcode) = 0)
);

CREATE INDEX ix_institutions_type ON institutions (municipal_area_id, institution_type);
