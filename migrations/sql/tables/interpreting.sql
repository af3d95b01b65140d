-- Tables of the package `interpreting`.

CREATE TABLE interpretings (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    case_id UUID NOT NULL,
    language TEXT NOT NULL,
    mode TEXT NOT NULL,
    starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
    minutes INTEGER NOT NULL,
    place_id UUID,
    wished_sex TEXT,
    payer TEXT DEFAULT 'open' NOT NULL,
    note TEXT,
    provider_id UUID,
    colleague_id UUID,
    circle_excluded BOOLEAN DEFAULT 'false' NOT NULL,
    state TEXT DEFAULT 'needed' NOT NULL,
    contact_id UUID,
    created_by UUID NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    CONSTRAINT pk_interpretings PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_interpretings_case_id FOREIGN KEY(municipal_area_id, case_id) REFERENCES cases (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_interpretings_place_id FOREIGN KEY(municipal_area_id, place_id) REFERENCES institutions (municipal_area_id, id),
    CONSTRAINT fk_interpretings_provider_id FOREIGN KEY(municipal_area_id, provider_id) REFERENCES institutions (municipal_area_id, id),
    CONSTRAINT fk_interpretings_colleague_id FOREIGN KEY(municipal_area_id, colleague_id) REFERENCES users (municipal_area_id, id),
    CONSTRAINT fk_interpretings_contact_id FOREIGN KEY(municipal_area_id, contact_id) REFERENCES contacts (municipal_area_id, id),
    CONSTRAINT ck_interpretings_mode CHECK (mode IN ('on_site', 'phone', 'video')),
    CONSTRAINT ck_interpretings_wished_sex CHECK (wished_sex IN ('m', 'w')),
    CONSTRAINT ck_interpretings_payer CHECK (payer IN ('kim', 'institution', 'state_pool', 'free_of_charge', 'open')),
    CONSTRAINT ck_interpretings_state CHECK (state IN ('needed', 'requested', 'confirmed', 'declined', 'held', 'cancelled', 'no_show')),
    CONSTRAINT ck_interpretings_minutes CHECK (minutes BETWEEN 5 AND 1440),
    CONSTRAINT ck_interpretings_one_provider CHECK (num_nonnulls(provider_id, colleague_id) <= 1),
    CONSTRAINT ck_interpretings_provider CHECK (state IN ('needed', 'cancelled') OR num_nonnulls(provider_id, colleague_id) = 1),
    CONSTRAINT ck_interpretings_contact_when_held CHECK (contact_id IS NULL OR state = 'held')
);

CREATE INDEX ix_interpretings_case ON interpretings (municipal_area_id, case_id, starts_at);

CREATE INDEX ix_interpretings_changed ON interpretings (municipal_area_id, case_id, changed_xid);

CREATE TABLE interpreting_steps (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    interpreting_id UUID NOT NULL,
    case_id UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    step TEXT NOT NULL,
    source TEXT,
    target TEXT NOT NULL,
    user_id UUID NOT NULL,
    reason TEXT,
    CONSTRAINT pk_interpreting_steps PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_interpreting_steps_interpreting_id FOREIGN KEY(municipal_area_id, interpreting_id) REFERENCES interpretings (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_interpreting_steps_case_id FOREIGN KEY(municipal_area_id, case_id) REFERENCES cases (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT ck_interpreting_steps_step CHECK (step IN ('record', 'request', 'confirm', 'decline', 'hold', 'cancel', 'miss'))
);

CREATE INDEX ix_interpreting_steps_case ON interpreting_steps (municipal_area_id, case_id);

CREATE INDEX ix_interpreting_steps_of ON interpreting_steps (municipal_area_id, interpreting_id, at);
