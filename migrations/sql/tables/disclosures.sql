-- Tables of the package `disclosures`.

CREATE TABLE disclosure_log (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    case_id UUID NOT NULL,
    client_pseudonym UUID NOT NULL,
    unit_id UUID NOT NULL,
    institution_id UUID NOT NULL,
    legal_basis TEXT NOT NULL,
    purpose TEXT NOT NULL,
    data_categories TEXT[] NOT NULL,
    channel TEXT NOT NULL,
    referral_id UUID,
    disclosed_by UUID DEFAULT ctx_user() NOT NULL,
    CONSTRAINT pk_disclosure_log PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_disclosure_log_institution_id FOREIGN KEY(municipal_area_id, institution_id) REFERENCES institutions (municipal_area_id, id),
    CONSTRAINT fk_disclosure_log_unit_id FOREIGN KEY(municipal_area_id, unit_id) REFERENCES units (municipal_area_id, id)
);

CREATE INDEX ix_disclosure_log_case ON disclosure_log (municipal_area_id, case_id);

CREATE INDEX ix_disclosure_log_client ON disclosure_log (municipal_area_id, client_pseudonym);
