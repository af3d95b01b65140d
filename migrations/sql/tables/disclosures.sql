-- Tables of the package `disclosures`.

CREATE TABLE disclosure_log (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    case_id UUID NOT NULL,
    client_pseudonym UUID NOT NULL,
    unit_id UUID NOT NULL,
    institution_id UUID,
    receiving_area_id TEXT,
    receiving_unit_id UUID,
    legal_basis TEXT NOT NULL,
    purpose TEXT NOT NULL,
    data_categories TEXT[] NOT NULL,
    channel TEXT NOT NULL,
    referral_id UUID,
    transfer_id UUID,
    duty_id UUID,
    approved_by UUID,
    document_ids UUID[] DEFAULT '{}' NOT NULL,
    direction TEXT DEFAULT 'out' NOT NULL,
    disclosed_by UUID DEFAULT ctx_user() NOT NULL,
    CONSTRAINT pk_disclosure_log PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_disclosure_log_institution_id FOREIGN KEY(municipal_area_id, institution_id) REFERENCES institutions (municipal_area_id, id),
    CONSTRAINT fk_disclosure_log_unit_id FOREIGN KEY(municipal_area_id, unit_id) REFERENCES units (municipal_area_id, id),
    CONSTRAINT ck_disclosure_log_one_recipient CHECK (num_nonnulls(institution_id, receiving_unit_id) = 1),
    CONSTRAINT ck_disclosure_log_receiving_unit CHECK (num_nulls(receiving_area_id, receiving_unit_id, transfer_id) IN (0, 3)),
    CONSTRAINT ck_disclosure_log_direction CHECK (direction IN ('out', 'in')),
    CONSTRAINT ck_disclosure_log_who_told CHECK (direction = 'out' OR institution_id IS NOT NULL),
    CONSTRAINT ck_disclosure_log_second_person CHECK (num_nulls(duty_id, approved_by) IN (0, 2)),
    CONSTRAINT ck_disclosure_log_two_persons CHECK (approved_by <> disclosed_by)
);

CREATE INDEX ix_disclosure_log_at ON disclosure_log (municipal_area_id, at, id);

CREATE INDEX ix_disclosure_log_case ON disclosure_log (municipal_area_id, case_id);

CREATE INDEX ix_disclosure_log_client ON disclosure_log (municipal_area_id, client_pseudonym);
