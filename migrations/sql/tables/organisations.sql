-- Tables of the package `organisations`.

CREATE TABLE municipal_areas (
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    region TEXT,
    CONSTRAINT pk_municipal_areas PRIMARY KEY (id)
);

CREATE TABLE units (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    municipality TEXT,
    legal_regime TEXT NOT NULL,
    is_public_body BOOLEAN NOT NULL,
    is_sgb_body BOOLEAN NOT NULL,
    street TEXT,
    postcode TEXT,
    town TEXT,
    takes_referrals BOOLEAN DEFAULT 'false' NOT NULL,
    referral_days INTEGER DEFAULT '14' NOT NULL,
    urgent_referral_days INTEGER DEFAULT '3' NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    CONSTRAINT pk_units PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT uq_units_name UNIQUE (municipal_area_id, name),
    CONSTRAINT ck_units_kind CHECK (kind IN ('ki', 'town', 'welfare', 'authority', 'state')),
    CONSTRAINT ck_units_legal_regime CHECK (legal_regime IN ('dsg_nrw', 'sgb_x', 'kdg', 'dsg_ekd')),
    CONSTRAINT ck_units_referral_days CHECK (urgent_referral_days BETWEEN 1 AND referral_days AND referral_days <= 60),
    CONSTRAINT ck_units_address CHECK (num_nulls(street, postcode, town) IN (0, 3)),
    CONSTRAINT fk_units_municipal_area_id FOREIGN KEY(municipal_area_id) REFERENCES municipal_areas (id)
);

CREATE TABLE positions (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    unit_id UUID NOT NULL,
    component INTEGER NOT NULL,
    is_assistant BOOLEAN DEFAULT 'false' NOT NULL,
    full_time_equivalents NUMERIC(5, 2) NOT NULL,
    funded_year INTEGER NOT NULL,
    place_of_work TEXT,
    filled_from DATE,
    filled_until DATE,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    CONSTRAINT pk_positions PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_positions_unit_id FOREIGN KEY(municipal_area_id, unit_id) REFERENCES units (municipal_area_id, id),
    CONSTRAINT ck_positions_share CHECK (full_time_equivalents > 0 AND full_time_equivalents <= 50),
    CONSTRAINT ck_positions_component CHECK (component IN (1, 2, 3)),
    CONSTRAINT ck_positions_filled CHECK (filled_until IS NULL OR (filled_from IS NOT NULL AND filled_until >= filled_from)),
    CONSTRAINT ck_positions_year CHECK (funded_year BETWEEN 2017 AND 2100)
);

CREATE INDEX ix_positions_unit ON positions (municipal_area_id, unit_id);
