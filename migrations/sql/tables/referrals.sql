-- Tables of the package `referrals`.

CREATE TABLE referral_requests (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    institution_id UUID NOT NULL,
    site_id UUID,
    unit_id UUID NOT NULL,
    client_pseudonym UUID NOT NULL,
    channel TEXT NOT NULL,
    urgency TEXT NOT NULL,
    state TEXT NOT NULL,
    delivery TEXT,
    requested_at TIMESTAMP WITH TIME ZONE,
    deadline_at TIMESTAMP WITH TIME ZONE,
    reminded_day INTEGER DEFAULT '0' NOT NULL,
    sent_back_at TIMESTAMP WITH TIME ZONE,
    answered_at TIMESTAMP WITH TIME ZONE,
    closed_at TIMESTAMP WITH TIME ZONE,
    rejection_reason TEXT,
    hold_reason TEXT,
    cancel_reason TEXT,
    outcome TEXT,
    answer_days INTEGER,
    reminder_days INTEGER[] DEFAULT '{}' NOT NULL,
    consent_ends_at TIMESTAMP WITH TIME ZONE,
    revoke_reason TEXT,
    suggested_type TEXT,
    revocation_acknowledged_at TIMESTAMP WITH TIME ZONE,
    last_message_at TIMESTAMP WITH TIME ZONE,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    CONSTRAINT pk_referral_requests PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_referral_requests_institution_id FOREIGN KEY(municipal_area_id, institution_id) REFERENCES institutions (municipal_area_id, id),
    CONSTRAINT fk_referral_requests_unit_id FOREIGN KEY(municipal_area_id, unit_id) REFERENCES units (municipal_area_id, id),
    CONSTRAINT fk_referral_requests_site FOREIGN KEY(municipal_area_id, site_id, institution_id) REFERENCES institution_sites (municipal_area_id, id, institution_id),
    CONSTRAINT uq_referral_requests_addressed UNIQUE (municipal_area_id, id, institution_id),
    CONSTRAINT ck_referral_requests_channel CHECK (channel IN ('platform', 'letter', 'phone', 'accompanied', 'client')),
    CONSTRAINT ck_referral_requests_urgency CHECK (urgency IN ('normal', 'urgent')),
    CONSTRAINT ck_referral_requests_state CHECK (state IN ('draft', 'requested', 'accepted', 'rejected', 'in_progress', 'on_hold', 'completed', 'failed', 'cancelled', 'revoked', 'expired', 'entered_in_error')),
    CONSTRAINT ck_referral_requests_delivery CHECK (delivery IN ('queued', 'offered', 'fetched', 'expired')),
    CONSTRAINT ck_referral_requests_hold_reason CHECK (hold_reason IN ('waiting_for_client', 'waiting_for_documents', 'waiting_for_third_party', 'capacity', 'other', 'not_disclosed')),
    CONSTRAINT ck_referral_requests_cancel_reason CHECK (cancel_reason IN ('no_longer_wanted', 'solved_otherwise', 'wrong_recipient', 'duplicate', 'could_not_contact', 'other', 'not_disclosed')),
    CONSTRAINT ck_referral_requests_revoke_reason CHECK (revoke_reason IN ('consent_withdrawn', 'consent_ended')),
    CONSTRAINT ck_referral_requests_answer_within CHECK ((deadline_at IS NULL) = (answer_days IS NULL)),
    CONSTRAINT ck_referral_requests_sent_has_delivery CHECK ((requested_at IS NULL) = (delivery IS NULL)),
    CONSTRAINT ck_referral_requests_unsent CHECK (requested_at IS NOT NULL OR state IN ('draft', 'cancelled', 'entered_in_error')),
    CONSTRAINT ck_referral_requests_draft_is_unsent CHECK (state <> 'draft' OR requested_at IS NULL)
);

CREATE INDEX ix_referral_requests_due ON referral_requests (municipal_area_id, deadline_at) WHERE state = 'requested';

CREATE INDEX ix_referral_requests_consent_ends ON referral_requests (municipal_area_id, consent_ends_at) WHERE state IN ('requested', 'accepted', 'in_progress', 'on_hold', 'expired');
CREATE INDEX ix_referral_requests_feed ON referral_requests (municipal_area_id, institution_id, changed_xid, id) WHERE requested_at IS NOT NULL AND channel = 'platform';

CREATE INDEX ix_referral_requests_open ON referral_requests (municipal_area_id, institution_id, changed_xid, id) WHERE requested_at IS NOT NULL AND channel = 'platform' AND state IN ('requested', 'accepted', 'in_progress', 'on_hold', 'expired');

CREATE INDEX ix_referral_requests_recipient ON referral_requests (municipal_area_id, institution_id, id);

CREATE TABLE referral_answers (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    referral_id UUID NOT NULL,
    institution_id UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    step TEXT NOT NULL,
    text TEXT NOT NULL,
    source TEXT,
    user_id UUID NOT NULL,
    CONSTRAINT pk_referral_answers PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_referral_answers_request FOREIGN KEY(municipal_area_id, referral_id, institution_id) REFERENCES referral_requests (municipal_area_id, id, institution_id)
);

CREATE INDEX ix_referral_answers_referral ON referral_answers (municipal_area_id, referral_id);

CREATE TABLE referral_events (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    referral_id UUID NOT NULL,
    institution_id UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    step TEXT NOT NULL,
    from_state TEXT,
    to_state TEXT NOT NULL,
    side TEXT NOT NULL,
    user_id UUID,
    reason TEXT,
    source TEXT,
    CONSTRAINT pk_referral_events PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_referral_events_request FOREIGN KEY(municipal_area_id, referral_id, institution_id) REFERENCES referral_requests (municipal_area_id, id, institution_id),
    CONSTRAINT ck_referral_events_side CHECK (side IN ('sender', 'recipient', 'system'))
);

CREATE INDEX ix_referral_events_referral ON referral_events (municipal_area_id, referral_id);

CREATE TABLE referral_receipts (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    referral_id UUID NOT NULL,
    institution_id UUID NOT NULL,
    site_id UUID,
    number INTEGER NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    step TEXT NOT NULL,
    state TEXT NOT NULL,
    side TEXT NOT NULL,
    package_sha256 TEXT NOT NULL,
    CONSTRAINT pk_referral_receipts PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_referral_receipts_request FOREIGN KEY(municipal_area_id, referral_id, institution_id) REFERENCES referral_requests (municipal_area_id, id, institution_id),
    CONSTRAINT uq_referral_receipts_number UNIQUE (municipal_area_id, referral_id, number),
    CONSTRAINT ck_referral_receipts_side CHECK (side IN ('sender', 'recipient', 'system'))
);

CREATE TABLE referral_packages (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    institution_id UUID NOT NULL,
    site_id UUID,
    is_on_platform BOOLEAN NOT NULL,
    content TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    frozen_at TIMESTAMP WITH TIME ZONE NOT NULL,
    withheld_at TIMESTAMP WITH TIME ZONE,
    readable_until TIMESTAMP WITH TIME ZONE,
    is_shut BOOLEAN DEFAULT 'false' NOT NULL,
    is_outdated BOOLEAN DEFAULT 'false' NOT NULL,
    offer_id UUID,
    CONSTRAINT pk_referral_packages PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_referral_packages_offer_id FOREIGN KEY(municipal_area_id, offer_id) REFERENCES offers (municipal_area_id, id),
    CONSTRAINT fk_referral_packages_request FOREIGN KEY(municipal_area_id, id, institution_id) REFERENCES referral_requests (municipal_area_id, id, institution_id)
);

CREATE TABLE referrals (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    case_id UUID NOT NULL,
    client_id UUID NOT NULL,
    consent_id UUID,
    legal_basis TEXT NOT NULL,
    necessity TEXT,
    data_categories TEXT[] NOT NULL,
    concern_code TEXT,
    concern_text TEXT,
    note TEXT,
    created_by UUID NOT NULL,
    left_out TEXT[] DEFAULT '{}' NOT NULL,
    follows_id UUID,
    offer_id UUID,
    waiting_list_ok BOOLEAN DEFAULT 'false' NOT NULL,
    CONSTRAINT pk_referrals PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_referrals_id FOREIGN KEY(municipal_area_id, id) REFERENCES referral_requests (municipal_area_id, id),
    CONSTRAINT fk_referrals_case_id FOREIGN KEY(municipal_area_id, case_id) REFERENCES cases (municipal_area_id, id),
    CONSTRAINT fk_referrals_client_id FOREIGN KEY(municipal_area_id, client_id) REFERENCES clients (municipal_area_id, id),
    CONSTRAINT fk_referrals_consent_id FOREIGN KEY(municipal_area_id, consent_id) REFERENCES consents (municipal_area_id, id),
    CONSTRAINT fk_referrals_follows_id FOREIGN KEY(municipal_area_id, follows_id) REFERENCES referral_requests (municipal_area_id, id),
    CONSTRAINT fk_referrals_offer_id FOREIGN KEY(municipal_area_id, offer_id) REFERENCES offers (municipal_area_id, id),
    CONSTRAINT fk_referrals_created_by FOREIGN KEY(municipal_area_id, created_by) REFERENCES users (municipal_area_id, id),
    CONSTRAINT ck_referrals_one_concern CHECK (num_nonnulls(concern_code, concern_text) = 1),
    CONSTRAINT ck_referrals_waiting_for_an_offer CHECK (offer_id IS NOT NULL OR NOT waiting_list_ok)
);

CREATE INDEX ix_referrals_case ON referrals (municipal_area_id, case_id, id);

CREATE INDEX ix_referrals_client ON referrals (municipal_area_id, client_id);

CREATE INDEX ix_referrals_consent ON referrals (municipal_area_id, consent_id);

CREATE TABLE referral_recalls (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    institution_id UUID NOT NULL,
    site_id UUID,
    client_pseudonym UUID NOT NULL,
    is_on_platform BOOLEAN NOT NULL,
    reason TEXT NOT NULL,
    asked_at TIMESTAMP WITH TIME ZONE NOT NULL,
    due_at TIMESTAMP WITH TIME ZONE NOT NULL,
    acknowledged_at TIMESTAMP WITH TIME ZONE,
    account TEXT,
    deleted_on DATE,
    kept_reason TEXT,
    norm TEXT,
    source TEXT,
    answered_at TIMESTAMP WITH TIME ZONE,
    answered_by UUID,
    chased_at TIMESTAMP WITH TIME ZONE,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    CONSTRAINT pk_referral_recalls PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_referral_recalls_request FOREIGN KEY(municipal_area_id, id, institution_id) REFERENCES referral_requests (municipal_area_id, id, institution_id),
    CONSTRAINT ck_referral_recalls_reason CHECK (reason IN ('consent_withdrawn', 'consent_ended')),
    CONSTRAINT ck_referral_recalls_account CHECK (account IN ('deleted', 'kept')),
    CONSTRAINT ck_referral_recalls_kept_reason CHECK (kept_reason IN ('statutory_retention', 'own_legal_basis', 'legal_claims', 'other')),
    CONSTRAINT ck_referral_recalls_answered CHECK (num_nulls(account, answered_at, answered_by) IN (0, 3)),
    CONSTRAINT ck_referral_recalls_deleted CHECK ((account = 'deleted') IS TRUE = (deleted_on IS NOT NULL)),
    CONSTRAINT ck_referral_recalls_kept CHECK ((account = 'kept') IS TRUE = (kept_reason IS NOT NULL) AND (kept_reason IS NULL) = (norm IS NULL)),
    CONSTRAINT ck_referral_recalls_acknowledged CHECK (account IS NULL OR acknowledged_at IS NOT NULL)
);

CREATE INDEX ix_referral_recalls_due ON referral_recalls (municipal_area_id, due_at) WHERE answered_at IS NULL AND chased_at IS NULL;

CREATE INDEX ix_referral_recalls_institution ON referral_recalls (municipal_area_id, institution_id, id);

CREATE TABLE referral_deadlines (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    institution_type TEXT NOT NULL,
    answer_days INTEGER NOT NULL,
    reminder_days INTEGER[] NOT NULL,
    changed_by UUID NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    CONSTRAINT pk_referral_deadlines PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT uq_referral_deadlines_institution_type UNIQUE (municipal_area_id, institution_type),
    CONSTRAINT fk_referral_deadlines_changed_by FOREIGN KEY(municipal_area_id, changed_by) REFERENCES users (municipal_area_id, id),
    CONSTRAINT ck_referral_deadlines_answer_days CHECK (answer_days BETWEEN 1 AND 180),
    CONSTRAINT ck_referral_deadlines_reminder_days CHECK (cardinality(reminder_days) <= 4)
);

CREATE TABLE referral_messages (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    referral_id UUID NOT NULL,
    institution_id UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    side TEXT NOT NULL,
    kind TEXT NOT NULL,
    code TEXT,
    text TEXT,
    data_categories TEXT[] DEFAULT '{}' NOT NULL,
    answers_id UUID,
    result TEXT,
    state TEXT,
    due_at TIMESTAMP WITH TIME ZONE,
    decline_reason TEXT,
    closed_at TIMESTAMP WITH TIME ZONE,
    read_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_referral_messages PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_referral_messages_request FOREIGN KEY(municipal_area_id, referral_id, institution_id) REFERENCES referral_requests (municipal_area_id, id, institution_id),
    CONSTRAINT fk_referral_messages_answers FOREIGN KEY(municipal_area_id, referral_id, answers_id) REFERENCES referral_messages (municipal_area_id, referral_id, id),
    CONSTRAINT uq_referral_messages_of_referral UNIQUE (municipal_area_id, referral_id, id),
    CONSTRAINT uq_referral_messages_answers UNIQUE (municipal_area_id, answers_id),
    CONSTRAINT ck_referral_messages_side CHECK (side IN ('sender', 'recipient')),
    CONSTRAINT ck_referral_messages_kind CHECK (kind IN ('message', 'information_request', 'file')),
    CONSTRAINT ck_referral_messages_code CHECK (code IN ('taken_note', 'please_call', 'how_does_it_stand', 'new_referral_follows', 'takes_longer')),
    CONSTRAINT ck_referral_messages_state CHECK (state IN ('open', 'answered', 'declined', 'withdrawn')),
    CONSTRAINT ck_referral_messages_decline_reason CHECK (decline_reason IN ('not_covered', 'not_known', 'not_necessary', 'ask_the_client')),
    CONSTRAINT ck_referral_messages_word_or_text CHECK (kind <> 'message' OR num_nonnulls(code, text) = 1),
    CONSTRAINT ck_referral_messages_file_of_recipient CHECK (kind <> 'file' OR (side = 'recipient' AND num_nonnulls(code, text) = 0)),
    CONSTRAINT ck_referral_messages_names_categories CHECK (CASE WHEN kind = 'information_request' THEN side = 'recipient' AND code IS NULL AND cardinality(data_categories) > 0 ELSE (side = 'sender' AND text IS NOT NULL) = (cardinality(data_categories) > 0) END),
    CONSTRAINT ck_referral_messages_answer CHECK (answers_id IS NULL OR (side = 'sender' AND kind = 'message')),
    CONSTRAINT ck_referral_messages_result CHECK (result IN ('answered', 'cannot_be_answered', 'not_allowed')),
    CONSTRAINT ck_referral_messages_answer_has_result CHECK ((answers_id IS NULL) = (result IS NULL)),
    CONSTRAINT ck_referral_messages_word_answers_nothing CHECK (result <> 'answered' OR text IS NOT NULL),
    CONSTRAINT ck_referral_messages_request_has_state CHECK (num_nonnulls(state, due_at) = CASE kind WHEN 'information_request' THEN 2 ELSE 0 END),
    CONSTRAINT ck_referral_messages_closed CHECK ((state <> 'open') IS TRUE = (closed_at IS NOT NULL)),
    CONSTRAINT ck_referral_messages_declined CHECK ((state = 'declined') IS TRUE = (decline_reason IS NOT NULL))
);

CREATE INDEX ix_referral_messages_open ON referral_messages (municipal_area_id, referral_id) WHERE state = 'open';

CREATE TABLE referral_attachments (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    referral_id UUID NOT NULL,
    institution_id UUID NOT NULL,
    message_id UUID NOT NULL,
    document_id UUID NOT NULL,
    category TEXT NOT NULL,
    kind TEXT NOT NULL,
    size_bytes BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    CONSTRAINT pk_referral_attachments PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_referral_attachments_request FOREIGN KEY(municipal_area_id, referral_id, institution_id) REFERENCES referral_requests (municipal_area_id, id, institution_id),
    CONSTRAINT fk_referral_attachments_message FOREIGN KEY(municipal_area_id, referral_id, message_id) REFERENCES referral_messages (municipal_area_id, referral_id, id),
    CONSTRAINT fk_referral_attachments_document_id FOREIGN KEY(municipal_area_id, document_id) REFERENCES documents (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT uq_referral_attachments_document UNIQUE (municipal_area_id, message_id, document_id),
    CONSTRAINT ck_referral_attachments_kind CHECK (kind IN ('pdf', 'jpeg', 'png', 'tiff', 'docx', 'xlsx', 'odt', 'ods', 'text'))
);

CREATE INDEX ix_referral_attachments_document ON referral_attachments (municipal_area_id, document_id);

CREATE INDEX ix_referral_attachments_referral ON referral_attachments (municipal_area_id, referral_id);
