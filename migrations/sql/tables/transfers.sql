-- Tables of the package `transfers`.

CREATE TABLE case_transfers (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    case_id UUID NOT NULL,
    consent_id UUID,
    receiving_area_id TEXT NOT NULL,
    receiving_unit_id UUID NOT NULL,
    receiving_unit_name TEXT NOT NULL,
    reason TEXT NOT NULL,
    urgency TEXT NOT NULL,
    language TEXT,
    target_group TEXT,
    data_categories TEXT[] NOT NULL,
    contact_ids UUID[] DEFAULT '{}' NOT NULL,
    document_ids UUID[] DEFAULT '{}' NOT NULL,
    state TEXT NOT NULL,
    offered_at TIMESTAMP WITH TIME ZONE,
    offered_by UUID,
    deadline_at TIMESTAMP WITH TIME ZONE,
    accepted_at TIMESTAMP WITH TIME ZONE,
    ended_at TIMESTAMP WITH TIME ZONE,
    decline_reason TEXT,
    withdraw_reason TEXT,
    settled_at TIMESTAMP WITH TIME ZONE,
    settle_reminded_at TIMESTAMP WITH TIME ZONE,
    consent_withdrawn_at TIMESTAMP WITH TIME ZONE,
    withdrawal_acknowledged_at TIMESTAMP WITH TIME ZONE,
    created_by UUID NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    CONSTRAINT pk_case_transfers PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_case_transfers_case_id FOREIGN KEY(municipal_area_id, case_id) REFERENCES cases (municipal_area_id, id),
    CONSTRAINT fk_case_transfers_consent_id FOREIGN KEY(municipal_area_id, consent_id) REFERENCES consents (municipal_area_id, id),
    CONSTRAINT fk_case_transfers_created_by FOREIGN KEY(municipal_area_id, created_by) REFERENCES users (municipal_area_id, id),
    CONSTRAINT fk_case_transfers_offered_by FOREIGN KEY(municipal_area_id, offered_by) REFERENCES users (municipal_area_id, id),
    CONSTRAINT ck_case_transfers_reason CHECK (reason IN ('moved', 'responsibility', 'client_wish', 'conflict_of_interest', 'specialisation', 'other')),
    CONSTRAINT ck_case_transfers_urgency CHECK (urgency IN ('normal', 'urgent')),
    CONSTRAINT ck_case_transfers_target_group CHECK (target_group IN ('eu_citizens', 'ukraine', 'refugees', 'other')),
    CONSTRAINT ck_case_transfers_state CHECK (state IN ('drafted', 'offered', 'accepted', 'received', 'declined', 'withdrawn', 'revoked', 'expired')),
    CONSTRAINT ck_case_transfers_decline_reason CHECK (decline_reason IN ('no_capacity', 'not_responsible', 'conflict_of_interest', 'could_not_contact', 'other')),
    CONSTRAINT ck_case_transfers_withdraw_reason CHECK (withdraw_reason IN ('no_longer_wanted', 'wrong_recipient', 'entered_in_error', 'case_closed', 'other')),
    CONSTRAINT ck_case_transfers_offered CHECK (num_nulls(offered_at, offered_by, consent_id, deadline_at) IN (0, 4)),
    CONSTRAINT ck_case_transfers_unoffered CHECK (offered_at IS NOT NULL OR state IN ('drafted', 'withdrawn')),
    CONSTRAINT ck_case_transfers_ended CHECK ((state IN ('drafted', 'offered', 'accepted')) = (ended_at IS NULL)),
    CONSTRAINT ck_case_transfers_with_master_data CHECK ('master_data' = ANY (data_categories))
);

CREATE INDEX ix_case_transfers_case ON case_transfers (municipal_area_id, case_id, changed_xid);

CREATE INDEX ix_case_transfers_consent ON case_transfers (municipal_area_id, consent_id);

CREATE INDEX ix_case_transfers_due ON case_transfers (municipal_area_id, deadline_at) WHERE state IN ('offered', 'accepted');

CREATE INDEX ix_case_transfers_unsettled ON case_transfers (municipal_area_id, ended_at) WHERE state = 'received' AND settled_at IS NULL AND settle_reminded_at IS NULL;

CREATE UNIQUE INDEX uq_case_transfers_under_way ON case_transfers (municipal_area_id, case_id) WHERE state IN ('drafted', 'offered', 'accepted');

CREATE TABLE transfer_packages (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    case_id UUID NOT NULL,
    content TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    frozen_at TIMESTAMP WITH TIME ZONE NOT NULL,
    has_hidden_member BOOLEAN DEFAULT 'false' NOT NULL,
    CONSTRAINT pk_transfer_packages PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_transfer_packages_id FOREIGN KEY(municipal_area_id, id) REFERENCES case_transfers (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_transfer_packages_case_id FOREIGN KEY(municipal_area_id, case_id) REFERENCES cases (municipal_area_id, id)
);

CREATE TABLE transfer_offers (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    unit_id UUID NOT NULL,
    sending_area_id TEXT NOT NULL,
    sending_unit_id UUID NOT NULL,
    sending_unit_name TEXT NOT NULL,
    reason TEXT NOT NULL,
    urgency TEXT NOT NULL,
    language TEXT,
    target_group TEXT,
    data_categories TEXT[] NOT NULL,
    state TEXT NOT NULL,
    offered_at TIMESTAMP WITH TIME ZONE NOT NULL,
    deadline_at TIMESTAMP WITH TIME ZONE NOT NULL,
    accepted_at TIMESTAMP WITH TIME ZONE,
    accepted_by UUID,
    case_manager_id UUID,
    ended_at TIMESTAMP WITH TIME ZONE,
    decline_reason TEXT,
    consent_withdrawn_at TIMESTAMP WITH TIME ZONE,
    withdrawal_acknowledged_at TIMESTAMP WITH TIME ZONE,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    CONSTRAINT pk_transfer_offers PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_transfer_offers_unit_id FOREIGN KEY(municipal_area_id, unit_id) REFERENCES units (municipal_area_id, id),
    CONSTRAINT fk_transfer_offers_accepted_by FOREIGN KEY(municipal_area_id, accepted_by) REFERENCES users (municipal_area_id, id),
    CONSTRAINT fk_transfer_offers_case_manager_id FOREIGN KEY(municipal_area_id, case_manager_id) REFERENCES users (municipal_area_id, id),
    CONSTRAINT ck_transfer_offers_state CHECK (state IN ('offered', 'accepted', 'received', 'declined', 'withdrawn', 'revoked', 'expired')),
    CONSTRAINT ck_transfer_offers_decline_reason CHECK (decline_reason IN ('no_capacity', 'not_responsible', 'conflict_of_interest', 'could_not_contact', 'other')),
    CONSTRAINT ck_transfer_offers_accepted CHECK (num_nulls(accepted_at, accepted_by, case_manager_id) IN (0, 3)),
    CONSTRAINT ck_transfer_offers_ended CHECK ((state IN ('offered', 'accepted')) = (ended_at IS NULL))
);

CREATE INDEX ix_transfer_offers_unit ON transfer_offers (municipal_area_id, unit_id, id);

CREATE INDEX ix_transfer_offers_case_manager ON transfer_offers (municipal_area_id, case_manager_id);

CREATE TABLE received_packages (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    unit_id UUID NOT NULL,
    case_manager_id UUID NOT NULL,
    case_id UUID,
    content TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    frozen_at TIMESTAMP WITH TIME ZONE NOT NULL,
    readable_until TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_received_packages PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_received_packages_id FOREIGN KEY(municipal_area_id, id) REFERENCES transfer_offers (municipal_area_id, id),
    CONSTRAINT fk_received_packages_unit_id FOREIGN KEY(municipal_area_id, unit_id) REFERENCES units (municipal_area_id, id),
    CONSTRAINT fk_received_packages_case_manager_id FOREIGN KEY(municipal_area_id, case_manager_id) REFERENCES users (municipal_area_id, id),
    CONSTRAINT fk_received_packages_case_id FOREIGN KEY(municipal_area_id, case_id) REFERENCES cases (municipal_area_id, id)
);

CREATE INDEX ix_received_packages_case ON received_packages (municipal_area_id, case_id);

CREATE TABLE named_members (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    member_client_id UUID NOT NULL,
    referral_id UUID,
    transfer_id UUID,
    CONSTRAINT pk_named_members PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_named_members_member_client_id FOREIGN KEY(municipal_area_id, member_client_id) REFERENCES clients (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_named_members_referral_id FOREIGN KEY(municipal_area_id, referral_id) REFERENCES referral_packages (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_named_members_transfer_id FOREIGN KEY(municipal_area_id, transfer_id) REFERENCES transfer_packages (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT ck_named_members_one_package CHECK (num_nonnulls(referral_id, transfer_id) = 1)
);

CREATE INDEX ix_named_members_member ON named_members (municipal_area_id, member_client_id);

CREATE UNIQUE INDEX uq_named_members_referral ON named_members (municipal_area_id, referral_id, member_client_id) WHERE referral_id IS NOT NULL;

CREATE UNIQUE INDEX uq_named_members_transfer ON named_members (municipal_area_id, transfer_id, member_client_id) WHERE transfer_id IS NOT NULL;
