-- Tables of the package `funding`.

CREATE TABLE cooperation_contracts (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    unit_id UUID NOT NULL,
    year INTEGER NOT NULL,
    reference TEXT NOT NULL,
    concluded_on DATE NOT NULL,
    forwarded_cents BIGINT NOT NULL,
    own_share_cents BIGINT NOT NULL,
    deficit_cents BIGINT NOT NULL,
    entered_by UUID NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    CONSTRAINT pk_cooperation_contracts PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_cooperation_contracts_unit_id FOREIGN KEY(municipal_area_id, unit_id) REFERENCES units (municipal_area_id, id),
    CONSTRAINT fk_cooperation_contracts_entered_by FOREIGN KEY(municipal_area_id, entered_by) REFERENCES users (municipal_area_id, id),
    CONSTRAINT uq_cooperation_contracts_year_unit_id_reference UNIQUE (municipal_area_id, year, unit_id, reference),
    CONSTRAINT ck_cooperation_contracts_year CHECK (year BETWEEN 2017 AND 2100),
    CONSTRAINT ck_cooperation_contracts_amounts CHECK (forwarded_cents >= 0 AND own_share_cents >= 0 AND deficit_cents >= 0)
);

CREATE INDEX ix_cooperation_contracts_unit ON cooperation_contracts (municipal_area_id, unit_id);
