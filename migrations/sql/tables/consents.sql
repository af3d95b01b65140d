-- Tables of the package `consents`.

CREATE TABLE consent_texts (
    purpose TEXT NOT NULL,
    language TEXT NOT NULL,
    version TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    text TEXT NOT NULL,
    CONSTRAINT pk_consent_texts PRIMARY KEY (purpose, language, version)
);

CREATE TABLE consents (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    client_id UUID NOT NULL,
    case_id UUID,
    purpose TEXT NOT NULL,
    institution_id UUID,
    unit_id UUID,
    data_categories TEXT[] NOT NULL,
    special_categories TEXT[] NOT NULL,
    direction TEXT NOT NULL,
    text_language TEXT NOT NULL,
    text_version TEXT NOT NULL,
    text_sha256 TEXT NOT NULL,
    interpreter_used BOOLEAN NOT NULL,
    interpreter TEXT,
    consequences_explained BOOLEAN NOT NULL,
    revocability_explained BOOLEAN NOT NULL,
    form TEXT NOT NULL,
    special_circumstance TEXT,
    given_by TEXT NOT NULL,
    guardian TEXT,
    guardian_ids UUID[] DEFAULT '{}' NOT NULL,
    capacity_note TEXT,
    given_at TIMESTAMP WITH TIME ZONE NOT NULL,
    given_on DATE NOT NULL,
    valid_until DATE NOT NULL,
    evidence TEXT NOT NULL,
    evidence_document_id UUID,
    recorded_by UUID NOT NULL,
    withdrawn_at TIMESTAMP WITH TIME ZONE,
    withdrawn_by UUID,
    withdrawal_channel TEXT,
    withdrawal_note TEXT,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    CONSTRAINT pk_consents PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_consents_client_id FOREIGN KEY(municipal_area_id, client_id) REFERENCES clients (municipal_area_id, id),
    CONSTRAINT fk_consents_case_id FOREIGN KEY(municipal_area_id, case_id) REFERENCES cases (municipal_area_id, id),
    CONSTRAINT fk_consents_institution_id FOREIGN KEY(municipal_area_id, institution_id) REFERENCES institutions (municipal_area_id, id),
    CONSTRAINT fk_consents_unit_id FOREIGN KEY(municipal_area_id, unit_id) REFERENCES units (municipal_area_id, id),
    CONSTRAINT fk_consents_evidence_document_id FOREIGN KEY(municipal_area_id, evidence_document_id) REFERENCES documents (municipal_area_id, id),
    CONSTRAINT fk_consents_recorded_by FOREIGN KEY(municipal_area_id, recorded_by) REFERENCES users (municipal_area_id, id),
    CONSTRAINT fk_consents_withdrawn_by FOREIGN KEY(municipal_area_id, withdrawn_by) REFERENCES users (municipal_area_id, id),
    CONSTRAINT ck_consents_direction CHECK (direction IN ('to', 'from', 'mutual')),
    CONSTRAINT ck_consents_form CHECK (form IN ('written', 'electronic', 'spoken')),
    CONSTRAINT ck_consents_given_by CHECK (given_by IN ('client', 'guardian', 'minor_with_capacity')),
    CONSTRAINT ck_consents_withdrawal_channel CHECK (withdrawal_channel IN ('in_person', 'phone', 'letter', 'email', 'message', 'other')),
    CONSTRAINT ck_consents_one_recipient CHECK (num_nonnulls(institution_id, unit_id) = 1),
    CONSTRAINT ck_consents_some_category CHECK (cardinality(data_categories) > 0),
    CONSTRAINT ck_consents_special_among_all CHECK (special_categories <@ data_categories),
    CONSTRAINT ck_consents_spoken_has_reason CHECK ((form = 'spoken') = (special_circumstance IS NOT NULL)),
    CONSTRAINT ck_consents_spoken_without_special CHECK (form <> 'spoken' OR special_categories = '{}'),
    CONSTRAINT ck_consents_interpreter CHECK (interpreter_used = (interpreter IS NOT NULL)),
    CONSTRAINT ck_consents_guardian CHECK ((given_by = 'guardian') = (guardian IS NOT NULL)),
    CONSTRAINT ck_consents_explained CHECK (consequences_explained AND revocability_explained),
    CONSTRAINT ck_consents_withdrawal CHECK (num_nulls(withdrawn_at, withdrawn_by, withdrawal_channel) IN (0, 3))
);

CREATE INDEX ix_consents_case ON consents (municipal_area_id, case_id);

CREATE INDEX ix_consents_changed ON consents (municipal_area_id, client_id, changed_xid);

CREATE INDEX ix_consents_client ON consents (municipal_area_id, client_id, institution_id);
