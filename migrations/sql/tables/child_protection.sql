-- Tables of the package `child_protection`.

CREATE TABLE child_protections (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    case_id UUID NOT NULL,
    member_client_id UUID,
    member_name TEXT,
    relation TEXT,
    state TEXT NOT NULL,
    indications TEXT NOT NULL,
    noticed_on DATE NOT NULL,
    look_again_on DATE NOT NULL,
    referral_id UUID,
    outcome TEXT,
    ended_at TIMESTAMP WITH TIME ZONE,
    created_by UUID NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    CONSTRAINT pk_child_protections PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_child_protections_case_id FOREIGN KEY(municipal_area_id, case_id) REFERENCES cases (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_child_protections_member_client_id FOREIGN KEY(municipal_area_id, member_client_id) REFERENCES clients (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_child_protections_referral_id FOREIGN KEY(municipal_area_id, referral_id) REFERENCES referral_requests (municipal_area_id, id),
    CONSTRAINT fk_child_protections_created_by FOREIGN KEY(municipal_area_id, created_by) REFERENCES users (municipal_area_id, id),
    CONSTRAINT ck_child_protections_state CHECK (state IN ('noted', 'counselled', 'discussed', 'helping', 'to_inform', 'informed', 'answered', 'ended')),
    CONSTRAINT ck_child_protections_outcome CHECK (outcome IN ('no_danger', 'averted_by_help', 'taken_over', 'not_confirmed', 'other')),
    CONSTRAINT ck_child_protections_one_person CHECK (num_nonnulls(member_client_id, member_name) <= 1),
    CONSTRAINT ck_child_protections_member_is_related CHECK ((relation IS NULL) = (num_nonnulls(member_client_id, member_name) = 0)),
    CONSTRAINT ck_child_protections_ended CHECK ((state = 'ended') = (ended_at IS NOT NULL)),
    CONSTRAINT ck_child_protections_has_outcome CHECK ((state = 'ended') = (outcome IS NOT NULL)),
    CONSTRAINT ck_child_protections_has_draft CHECK (state NOT IN ('to_inform', 'informed', 'answered') OR referral_id IS NOT NULL)
);

CREATE INDEX ix_child_protections_case ON child_protections (municipal_area_id, case_id);

CREATE INDEX ix_child_protections_referral ON child_protections (municipal_area_id, referral_id);

CREATE TABLE child_protection_steps (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    child_protection_id UUID NOT NULL,
    case_id UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    step TEXT NOT NULL,
    source TEXT,
    target TEXT NOT NULL,
    happened_on DATE NOT NULL,
    user_id UUID NOT NULL,
    said JSONB DEFAULT '{}' NOT NULL,
    CONSTRAINT pk_child_protection_steps PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_child_protection_steps_child_protection_id FOREIGN KEY(municipal_area_id, child_protection_id) REFERENCES child_protections (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_child_protection_steps_case_id FOREIGN KEY(municipal_area_id, case_id) REFERENCES cases (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT ck_child_protection_steps_step CHECK (step IN ('note', 'counsel', 'discuss', 'offer_help', 'decide_to_inform', 'decide_at_once', 'inform', 'answer', 'end'))
);

CREATE INDEX ix_child_protection_steps_of ON child_protection_steps (municipal_area_id, child_protection_id, at);
