-- Tables of the package `incoming_referrals`.

CREATE TABLE incoming_referrals (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    institution_id UUID NOT NULL,
    unit_id UUID NOT NULL,
    created_by UUID NOT NULL,
    reference TEXT,
    urgency TEXT NOT NULL,
    legal_basis TEXT NOT NULL,
    state TEXT NOT NULL,
    requested_at TIMESTAMP WITH TIME ZONE NOT NULL,
    waits_since TIMESTAMP WITH TIME ZONE NOT NULL,
    deadline_at TIMESTAMP WITH TIME ZONE,
    reminded INTEGER DEFAULT '0' NOT NULL,
    answered_at TIMESTAMP WITH TIME ZONE,
    closed_at TIMESTAMP WITH TIME ZONE,
    reason TEXT,
    withdraw_reason TEXT,
    sha256 TEXT NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    CONSTRAINT pk_incoming_referrals PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_incoming_referrals_institution_id FOREIGN KEY(municipal_area_id, institution_id) REFERENCES institutions (municipal_area_id, id),
    CONSTRAINT fk_incoming_referrals_unit_id FOREIGN KEY(municipal_area_id, unit_id) REFERENCES units (municipal_area_id, id),
    CONSTRAINT fk_incoming_referrals_created_by FOREIGN KEY(municipal_area_id, created_by) REFERENCES users (municipal_area_id, id),
    CONSTRAINT uq_incoming_referrals_of UNIQUE (municipal_area_id, id, institution_id),
    CONSTRAINT ck_incoming_referrals_urgency CHECK (urgency IN ('normal', 'urgent')),
    CONSTRAINT ck_incoming_referrals_legal_basis CHECK (legal_basis IN ('consent', 'sgbx_69', 'vital_interest')),
    CONSTRAINT ck_incoming_referrals_state CHECK (state IN ('requested', 'asked', 'accepted', 'rejected', 'withdrawn', 'revoked', 'entered_in_error')),
    CONSTRAINT ck_incoming_referrals_reason CHECK (reason IN ('no_capacity', 'not_responsible', 'not_enough_information', 'no_legal_basis', 'not_disclosed')),
    CONSTRAINT ck_incoming_referrals_withdraw_reason CHECK (withdraw_reason IN ('no_longer_wanted', 'solved_otherwise', 'referred_elsewhere', 'wrong_unit', 'other')),
    CONSTRAINT ck_incoming_referrals_deadline CHECK ((state IN ('requested', 'asked')) = (deadline_at IS NOT NULL)),
    CONSTRAINT ck_incoming_referrals_rejected_has_reason CHECK ((state = 'rejected') = (reason IS NOT NULL)),
    CONSTRAINT ck_incoming_referrals_withdrawn_has_reason CHECK ((state = 'withdrawn') = (withdraw_reason IS NOT NULL))
);

CREATE INDEX ix_incoming_referrals_institution ON incoming_referrals (municipal_area_id, institution_id, id);

CREATE INDEX ix_incoming_referrals_feed ON incoming_referrals (municipal_area_id, institution_id, changed_xid, id);

CREATE INDEX ix_incoming_referrals_due ON incoming_referrals (municipal_area_id, deadline_at) WHERE deadline_at IS NOT NULL;

CREATE TABLE received_data (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    institution_id UUID NOT NULL,
    content TEXT NOT NULL,
    received_at TIMESTAMP WITH TIME ZONE NOT NULL,
    is_shut BOOLEAN DEFAULT 'false' NOT NULL,
    stopped_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_received_data PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_received_data_referral FOREIGN KEY(municipal_area_id, id, institution_id) REFERENCES incoming_referrals (municipal_area_id, id, institution_id)
);

CREATE TABLE incoming_messages (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    incoming_id UUID NOT NULL,
    institution_id UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    side TEXT NOT NULL,
    step TEXT NOT NULL,
    question TEXT,
    text TEXT,
    CONSTRAINT pk_incoming_messages PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_incoming_messages_referral FOREIGN KEY(municipal_area_id, incoming_id, institution_id) REFERENCES incoming_referrals (municipal_area_id, id, institution_id),
    CONSTRAINT ck_incoming_messages_side CHECK (side IN ('institution', 'unit')),
    CONSTRAINT ck_incoming_messages_step CHECK (step IN ('ask', 'reply', 'reject')),
    CONSTRAINT ck_incoming_messages_question CHECK (question IN ('person', 'reachability', 'language', 'concern', 'urgency', 'guardian', 'consent', 'other')),
    CONSTRAINT ck_incoming_messages_has_question CHECK ((step = 'ask') = (question IS NOT NULL)),
    CONSTRAINT ck_incoming_messages_side_of_step CHECK ((step = 'reply') = (side = 'institution'))
);

CREATE INDEX ix_incoming_messages_referral ON incoming_messages (municipal_area_id, incoming_id, at);

CREATE TABLE incoming_receipts (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    client_id UUID NOT NULL,
    case_id UUID NOT NULL,
    accepted_by UUID NOT NULL,
    accepted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    end_acknowledged_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_incoming_receipts PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_incoming_receipts_id FOREIGN KEY(municipal_area_id, id) REFERENCES incoming_referrals (municipal_area_id, id),
    CONSTRAINT fk_incoming_receipts_client_id FOREIGN KEY(municipal_area_id, client_id) REFERENCES clients (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_incoming_receipts_case_id FOREIGN KEY(municipal_area_id, case_id) REFERENCES cases (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_incoming_receipts_accepted_by FOREIGN KEY(municipal_area_id, accepted_by) REFERENCES users (municipal_area_id, id)
);

CREATE INDEX ix_incoming_receipts_client ON incoming_receipts (municipal_area_id, client_id);

CREATE INDEX ix_incoming_receipts_case ON incoming_receipts (municipal_area_id, case_id);
