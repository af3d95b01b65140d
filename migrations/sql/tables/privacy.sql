-- Tables of the package `privacy`.

CREATE TABLE access_reviews (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    kind TEXT NOT NULL,
    object_id UUID NOT NULL,
    case_id UUID,
    client_pseudonym UUID NOT NULL,
    unit_id UUID NOT NULL,
    is_restricted BOOLEAN DEFAULT false NOT NULL,
    acted_by UUID NOT NULL,
    acted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    reason TEXT,
    due_at TIMESTAMP WITH TIME ZONE NOT NULL,
    reminded INTEGER DEFAULT '0' NOT NULL,
    reviewed_by UUID,
    reviewed_at TIMESTAMP WITH TIME ZONE,
    outcome TEXT,
    note TEXT,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    CONSTRAINT pk_access_reviews PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_access_reviews_unit_id FOREIGN KEY(municipal_area_id, unit_id) REFERENCES units (municipal_area_id, id),
    CONSTRAINT fk_access_reviews_acted_by FOREIGN KEY(municipal_area_id, acted_by) REFERENCES users (municipal_area_id, id),
    CONSTRAINT fk_access_reviews_reviewed_by FOREIGN KEY(municipal_area_id, reviewed_by) REFERENCES users (municipal_area_id, id),
    CONSTRAINT ck_access_reviews_kind CHECK (kind IN ('break_glass', 'vital_interest', 'case_taken_over', 'lead_named')),
    CONSTRAINT ck_access_reviews_outcome CHECK (outcome IN ('justified', 'not_justified')),
    CONSTRAINT ck_access_reviews_second_person CHECK (reviewed_by <> acted_by),
    CONSTRAINT ck_access_reviews_closed_whole CHECK (num_nulls(reviewed_by, reviewed_at, outcome) IN (0, 3)),
    CONSTRAINT ck_access_reviews_says_what_follows CHECK (outcome <> 'not_justified' OR note IS NOT NULL),
    CONSTRAINT uq_access_reviews_object UNIQUE (municipal_area_id, kind, object_id)
);

CREATE INDEX ix_access_reviews_due ON access_reviews (municipal_area_id, due_at, id);

CREATE TABLE retentions (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    object_type TEXT NOT NULL,
    object_id UUID NOT NULL,
    client_id UUID NOT NULL,
    client_pseudonym UUID NOT NULL,
    unit_id UUID NOT NULL,
    starts_on DATE NOT NULL,
    delete_after DATE NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_retentions PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_retentions_unit_id FOREIGN KEY(municipal_area_id, unit_id) REFERENCES units (municipal_area_id, id),
    CONSTRAINT ck_retentions_object_type CHECK (object_type IN ('case')),
    CONSTRAINT ck_retentions_reason CHECK (reason IN ('closed', 'consent_withdrawn')),
    CONSTRAINT uq_retentions_object_type_object_id UNIQUE (municipal_area_id, object_type, object_id)
);

CREATE INDEX ix_retentions_due ON retentions (municipal_area_id, delete_after, id);
