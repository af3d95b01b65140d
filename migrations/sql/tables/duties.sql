-- Tables of the duty workflow, in the package `referrals`.

CREATE TABLE duties (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    referral_id UUID NOT NULL,
    case_id UUID NOT NULL,
    client_pseudonym UUID NOT NULL,
    unit_id UUID NOT NULL,
    institution_id UUID NOT NULL,
    is_restricted BOOLEAN DEFAULT false NOT NULL,
    state TEXT NOT NULL,
    norm TEXT NOT NULL,
    law_as_of DATE NOT NULL,
    legal_basis TEXT NOT NULL,
    asked_by TEXT,
    asked_on DATE,
    occasion TEXT NOT NULL,
    necessity JSONB NOT NULL,
    answers JSONB NOT NULL,
    data_categories TEXT[] NOT NULL,
    sha256 TEXT NOT NULL,
    drafted_by UUID NOT NULL,
    prepared_by UUID NOT NULL,
    requested_at TIMESTAMP WITH TIME ZONE NOT NULL,
    valid_until TIMESTAMP WITH TIME ZONE NOT NULL,
    decided_by UUID,
    decided_at TIMESTAMP WITH TIME ZONE,
    reason TEXT,
    ended_at TIMESTAMP WITH TIME ZONE,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    CONSTRAINT pk_duties PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_duties_referral_id FOREIGN KEY(municipal_area_id, referral_id) REFERENCES referral_requests (municipal_area_id, id),
    CONSTRAINT fk_duties_case_id FOREIGN KEY(municipal_area_id, case_id) REFERENCES cases (municipal_area_id, id),
    CONSTRAINT fk_duties_unit_id FOREIGN KEY(municipal_area_id, unit_id) REFERENCES units (municipal_area_id, id),
    CONSTRAINT fk_duties_institution_id FOREIGN KEY(municipal_area_id, institution_id) REFERENCES institutions (municipal_area_id, id),
    CONSTRAINT fk_duties_drafted_by FOREIGN KEY(municipal_area_id, drafted_by) REFERENCES users (municipal_area_id, id),
    CONSTRAINT fk_duties_prepared_by FOREIGN KEY(municipal_area_id, prepared_by) REFERENCES users (municipal_area_id, id),
    CONSTRAINT fk_duties_decided_by FOREIGN KEY(municipal_area_id, decided_by) REFERENCES users (municipal_area_id, id),
    CONSTRAINT ck_duties_state CHECK (state IN ('requested', 'approved', 'refused', 'withdrawn', 'expired', 'sent')),
    CONSTRAINT ck_duties_norm CHECK (norm IN ('aufenthg_87_1', 'aufenthg_87_2_1_1', 'aufenthg_87_2_1_2', 'aufenthg_87_2_1_3', 'sgbx_71_2_1_1', 'sgbx_71_2_1_2', 'stag_32_1_1', 'stag_32_1_2')),
    CONSTRAINT ck_duties_second_person CHECK (decided_by <> prepared_by AND decided_by <> drafted_by),
    CONSTRAINT ck_duties_decided_whole CHECK (num_nulls(decided_by, decided_at) IN (0, 2)),
    CONSTRAINT ck_duties_decided CHECK (state NOT IN ('approved', 'refused', 'sent') OR decided_by IS NOT NULL),
    CONSTRAINT ck_duties_refused_has_reason CHECK ((state = 'refused') = (reason IS NOT NULL)),
    CONSTRAINT ck_duties_asked_whole CHECK (num_nulls(asked_by, asked_on) IN (0, 2)),
    CONSTRAINT ck_duties_ended CHECK ((state IN ('requested', 'approved')) = (ended_at IS NULL))
);

CREATE INDEX ix_duties_case ON duties (municipal_area_id, case_id);

CREATE INDEX ix_duties_due ON duties (municipal_area_id, valid_until) WHERE state IN ('requested', 'approved');

CREATE INDEX ix_duties_unit ON duties (municipal_area_id, unit_id, id);

CREATE UNIQUE INDEX uq_duties_open ON duties (municipal_area_id, referral_id) WHERE state IN ('requested', 'approved');

CREATE TABLE duty_packages (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    case_id UUID NOT NULL,
    content TEXT NOT NULL,
    CONSTRAINT pk_duty_packages PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_duty_packages_id FOREIGN KEY(municipal_area_id, id) REFERENCES duties (municipal_area_id, id),
    CONSTRAINT fk_duty_packages_case_id FOREIGN KEY(municipal_area_id, case_id) REFERENCES cases (municipal_area_id, id)
);
