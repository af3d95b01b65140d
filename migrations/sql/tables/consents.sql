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
    receiving_area_id TEXT,
    receiving_unit_id UUID,
    receiving_unit_name TEXT,
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
    capacity_note TEXT,
    given_at TIMESTAMP WITH TIME ZONE NOT NULL,
    given_on DATE NOT NULL,
    valid_until DATE NOT NULL,
    evidence TEXT NOT NULL,
    evidence_document_id UUID,
    follows_id UUID,
    recorded_by UUID NOT NULL,
    withdrawn_at TIMESTAMP WITH TIME ZONE,
    withdrawn_by UUID,
    withdrawal_channel TEXT,
    withdrawal_note TEXT,
    withdrawal_told_at TIMESTAMP WITH TIME ZONE,
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
    CONSTRAINT fk_consents_follows_id FOREIGN KEY(municipal_area_id, follows_id) REFERENCES consents (municipal_area_id, id),
    CONSTRAINT fk_consents_recorded_by FOREIGN KEY(municipal_area_id, recorded_by) REFERENCES users (municipal_area_id, id),
    CONSTRAINT fk_consents_withdrawn_by FOREIGN KEY(municipal_area_id, withdrawn_by) REFERENCES users (municipal_area_id, id),
    CONSTRAINT ck_consents_direction CHECK (direction IN ('to', 'from', 'mutual')),
    CONSTRAINT ck_consents_form CHECK (form IN ('written', 'electronic', 'spoken')),
    CONSTRAINT ck_consents_given_by CHECK (given_by IN ('client', 'guardian', 'minor_with_capacity')),
    CONSTRAINT ck_consents_withdrawal_channel CHECK (withdrawal_channel IN ('in_person', 'phone', 'letter', 'email', 'message', 'other')),
    CONSTRAINT ck_consents_one_recipient CHECK (num_nonnulls(institution_id, unit_id, receiving_unit_id) = 1),
    CONSTRAINT ck_consents_receiving_unit CHECK (num_nulls(receiving_area_id, receiving_unit_id, receiving_unit_name) IN (0, 3)),
    CONSTRAINT ck_consents_transfer_to_a_unit CHECK ((purpose = 'transfer') = (receiving_unit_id IS NOT NULL)),
    CONSTRAINT ck_consents_some_category CHECK (cardinality(data_categories) > 0),
    CONSTRAINT ck_consents_special_among_all CHECK (special_categories <@ data_categories),
    CONSTRAINT ck_consents_spoken_has_reason CHECK ((form = 'spoken') = (special_circumstance IS NOT NULL)),
    CONSTRAINT ck_consents_spoken_without_special CHECK (form <> 'spoken' OR special_categories = '{}'),
    CONSTRAINT ck_consents_interpreter CHECK (interpreter_used = (interpreter IS NOT NULL)),
    CONSTRAINT ck_consents_guardian CHECK (guardian IS NULL OR given_by = 'guardian'),
    CONSTRAINT ck_consents_explained CHECK (consequences_explained AND revocability_explained),
    CONSTRAINT ck_consents_withdrawal CHECK (num_nulls(withdrawn_at, withdrawn_by, withdrawal_channel, withdrawal_told_at) IN (0, 4))
);

CREATE INDEX ix_consents_case ON consents (municipal_area_id, case_id);

CREATE INDEX ix_consents_changed ON consents (municipal_area_id, client_id, changed_xid);

CREATE UNIQUE INDEX uq_consents_follows ON consents (municipal_area_id, follows_id) WHERE follows_id IS NOT NULL;

CREATE INDEX ix_consents_client ON consents (municipal_area_id, client_id, institution_id);

CREATE TABLE consent_guardians (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    consent_id UUID NOT NULL,
    guardian_id UUID NOT NULL,
    member_client_id UUID,
    name TEXT NOT NULL,
    CONSTRAINT pk_consent_guardians PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_consent_guardians_consent_id FOREIGN KEY(municipal_area_id, consent_id) REFERENCES consents (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_consent_guardians_member_client_id FOREIGN KEY(municipal_area_id, member_client_id) REFERENCES clients (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT uq_consent_guardians_guardian UNIQUE (municipal_area_id, consent_id, guardian_id)
);

CREATE INDEX ix_consent_guardians_member ON consent_guardians (municipal_area_id, member_client_id);

CREATE TABLE consent_signatures (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    consent_id UUID NOT NULL,
    signed_by TEXT NOT NULL,
    guardian_id UUID,
    text_sha256 TEXT NOT NULL,
    signed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    device TEXT NOT NULL,
    sealed TEXT NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by UUID NOT NULL,
    CONSTRAINT pk_consent_signatures PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_consent_signatures_consent_id FOREIGN KEY(municipal_area_id, consent_id) REFERENCES consents (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_consent_signatures_recorded_by FOREIGN KEY(municipal_area_id, recorded_by) REFERENCES users (municipal_area_id, id),
    CONSTRAINT uq_consent_signatures_signer UNIQUE NULLS NOT DISTINCT (municipal_area_id, consent_id, guardian_id),
    CONSTRAINT ck_consent_signatures_signed_by CHECK (signed_by IN ('client', 'guardian', 'minor_with_capacity')),
    CONSTRAINT ck_consent_signatures_device CHECK (device IN ('tablet', 'phone', 'signature_pad', 'computer')),
    CONSTRAINT ck_consent_signatures_guardian CHECK (guardian_id IS NULL OR signed_by = 'guardian')
);

CREATE INDEX ix_consent_signatures_consent ON consent_signatures (municipal_area_id, consent_id);

CREATE TABLE told_withdrawals (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    client_id UUID NOT NULL,
    case_id UUID,
    institution_id UUID,
    receiving_unit_id UUID,
    purpose TEXT,
    only_this BOOLEAN NOT NULL,
    told_at TIMESTAMP WITH TIME ZONE NOT NULL,
    taken_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_told_withdrawals PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_told_withdrawals_client_id FOREIGN KEY(municipal_area_id, client_id) REFERENCES clients (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_told_withdrawals_institution_id FOREIGN KEY(municipal_area_id, institution_id) REFERENCES institutions (municipal_area_id, id),
    CONSTRAINT ck_told_withdrawals_one_recipient CHECK (num_nonnulls(institution_id, receiving_unit_id) <= 1)
);

CREATE INDEX ix_told_withdrawals_client ON told_withdrawals (municipal_area_id, client_id);

CREATE TABLE unplaced_withdrawals (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    unit_id UUID NOT NULL,
    given_name TEXT,
    family_name TEXT,
    birth_date DATE,
    institution_id UUID,
    purpose TEXT,
    channel TEXT NOT NULL,
    told_at TIMESTAMP WITH TIME ZONE NOT NULL,
    taken_at TIMESTAMP WITH TIME ZONE NOT NULL,
    taken_by UUID NOT NULL,
    outcome TEXT,
    settled_at TIMESTAMP WITH TIME ZONE,
    settled_by UUID,
    reminded_at TIMESTAMP WITH TIME ZONE,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    CONSTRAINT pk_unplaced_withdrawals PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_unplaced_withdrawals_unit_id FOREIGN KEY(municipal_area_id, unit_id) REFERENCES units (municipal_area_id, id),
    CONSTRAINT fk_unplaced_withdrawals_institution_id FOREIGN KEY(municipal_area_id, institution_id) REFERENCES institutions (municipal_area_id, id),
    CONSTRAINT fk_unplaced_withdrawals_taken_by FOREIGN KEY(municipal_area_id, taken_by) REFERENCES users (municipal_area_id, id),
    CONSTRAINT fk_unplaced_withdrawals_settled_by FOREIGN KEY(municipal_area_id, settled_by) REFERENCES users (municipal_area_id, id),
    CONSTRAINT ck_unplaced_withdrawals_channel CHECK (channel IN ('in_person', 'phone', 'letter', 'email', 'message', 'other')),
    CONSTRAINT ck_unplaced_withdrawals_outcome CHECK (outcome IN ('taken_down', 'nobody_found', 'lapsed')),
    CONSTRAINT ck_unplaced_withdrawals_settled CHECK (num_nulls(outcome, settled_at) IN (0, 2) AND (settled_by IS NULL) = (coalesce(outcome, 'lapsed') = 'lapsed')),
    CONSTRAINT ck_unplaced_withdrawals_forgotten CHECK ((settled_at IS NULL) = (family_name IS NOT NULL) AND num_nulls(given_name, family_name, birth_date) IN (0, 3))
);
