-- Tables of the package `directory` beside institutions: sites, offers, and how many places are free.

CREATE TABLE institution_sites (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    institution_id UUID NOT NULL,
    name TEXT NOT NULL,
    municipality TEXT,
    street TEXT,
    postcode TEXT,
    phone TEXT,
    is_active BOOLEAN DEFAULT 'true' NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    CONSTRAINT pk_institution_sites PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_institution_sites_institution_id FOREIGN KEY(municipal_area_id, institution_id) REFERENCES institutions (municipal_area_id, id),
    CONSTRAINT uq_institution_sites_institution_id_name UNIQUE (municipal_area_id, institution_id, name),
    CONSTRAINT uq_institution_sites_of_institution UNIQUE (municipal_area_id, id, institution_id)
);

CREATE TABLE offers (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    institution_id UUID NOT NULL,
    name TEXT NOT NULL,
    description TEXT,
    topics TEXT[] NOT NULL,
    languages TEXT[] DEFAULT '{}' NOT NULL,
    audience TEXT,
    minimum_age INTEGER,
    maximum_age INTEGER,
    how_to_apply TEXT,
    fees TEXT,
    url TEXT,
    email TEXT,
    phone TEXT,
    programme TEXT,
    funding_ends_on DATE,
    opening_hours JSONB DEFAULT '[]' NOT NULL,
    site_ids UUID[] DEFAULT '{}' NOT NULL,
    status TEXT DEFAULT 'active' NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    CONSTRAINT pk_offers PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_offers_institution_id FOREIGN KEY(municipal_area_id, institution_id) REFERENCES institutions (municipal_area_id, id),
    CONSTRAINT uq_offers_institution_id_name UNIQUE (municipal_area_id, institution_id, name),
    CONSTRAINT ck_offers_status CHECK (status IN ('active', 'paused', 'ended')),
    CONSTRAINT ck_offers_topics CHECK (cardinality(topics) > 0),
    CONSTRAINT ck_offers_ages CHECK (minimum_age <= maximum_age)
);

CREATE TABLE offer_capacities (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    offer_id UUID NOT NULL,
    free_places INTEGER NOT NULL,
    places INTEGER,
    told_at TIMESTAMP WITH TIME ZONE NOT NULL,
    told_by UUID NOT NULL,
    CONSTRAINT pk_offer_capacities PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_offer_capacities_offer_id FOREIGN KEY(municipal_area_id, offer_id) REFERENCES offers (municipal_area_id, id),
    CONSTRAINT fk_offer_capacities_told_by FOREIGN KEY(municipal_area_id, told_by) REFERENCES users (municipal_area_id, id),
    CONSTRAINT ck_offer_capacities_free CHECK (free_places >= 0 AND free_places <= places)
);

CREATE INDEX ix_offer_capacities_offer ON offer_capacities (municipal_area_id, offer_id, told_at);
