-- Tables of the package `conferences`.

CREATE TABLE conferences (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    case_id UUID NOT NULL,
    form TEXT NOT NULL,
    occasion TEXT NOT NULL,
    mode TEXT NOT NULL,
    starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
    minutes INTEGER NOT NULL,
    place_id UUID,
    client_takes_part BOOLEAN NOT NULL,
    state TEXT DEFAULT 'planned' NOT NULL,
    record TEXT,
    cancel_reason TEXT,
    ended_at TIMESTAMP WITH TIME ZONE,
    ended_by UUID,
    created_by UUID NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    CONSTRAINT pk_conferences PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_conferences_case_id FOREIGN KEY(municipal_area_id, case_id) REFERENCES cases (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_conferences_place_id FOREIGN KEY(municipal_area_id, place_id) REFERENCES institutions (municipal_area_id, id),
    CONSTRAINT fk_conferences_created_by FOREIGN KEY(municipal_area_id, created_by) REFERENCES users (municipal_area_id, id),
    CONSTRAINT ck_conferences_form CHECK (form IN ('case_conference', 'anonymised_discussion')),
    CONSTRAINT ck_conferences_mode CHECK (mode IN ('on_site', 'online', 'phone')),
    CONSTRAINT ck_conferences_state CHECK (state IN ('planned', 'held', 'cancelled')),
    CONSTRAINT ck_conferences_minutes CHECK (minutes BETWEEN 5 AND 1440),
    CONSTRAINT ck_conferences_ended_has_moment CHECK ((state = 'planned') = (ended_at IS NULL)),
    CONSTRAINT ck_conferences_cancelled_has_reason CHECK ((state = 'cancelled') = (cancel_reason IS NOT NULL)),
    CONSTRAINT ck_conferences_record_of_what_was_held CHECK (record IS NULL OR state = 'held')
);

CREATE INDEX ix_conferences_case ON conferences (municipal_area_id, case_id, starts_at);

CREATE INDEX ix_conferences_changed ON conferences (municipal_area_id, case_id, changed_xid);

CREATE TABLE conference_participants (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    conference_id UUID NOT NULL,
    case_id UUID NOT NULL,
    user_id UUID,
    institution_id UUID,
    name TEXT,
    function TEXT,
    legal_basis TEXT,
    consent_id UUID,
    necessity TEXT,
    data_categories TEXT[] DEFAULT '{}' NOT NULL,
    attended BOOLEAN,
    removed_at TIMESTAMP WITH TIME ZONE,
    removed_because TEXT,
    handed_out_at TIMESTAMP WITH TIME ZONE,
    invited_by UUID NOT NULL,
    invited_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_conference_participants PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_conference_participants_conference_id FOREIGN KEY(municipal_area_id, conference_id) REFERENCES conferences (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_conference_participants_case_id FOREIGN KEY(municipal_area_id, case_id) REFERENCES cases (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_conference_participants_user_id FOREIGN KEY(municipal_area_id, user_id) REFERENCES users (municipal_area_id, id),
    CONSTRAINT fk_conference_participants_institution_id FOREIGN KEY(municipal_area_id, institution_id) REFERENCES institutions (municipal_area_id, id),
    CONSTRAINT fk_conference_participants_consent_id FOREIGN KEY(municipal_area_id, consent_id) REFERENCES consents (municipal_area_id, id),
    CONSTRAINT ck_conference_participants_removed_because CHECK (removed_because IN ('uninvited', 'consent_withdrawn')),
    CONSTRAINT ck_conference_participants_inside_or_outside CHECK (num_nonnulls(user_id, institution_id) = 1),
    CONSTRAINT ck_conference_participants_outside_has_name CHECK ((institution_id IS NULL) = (name IS NULL)),
    CONSTRAINT ck_conference_participants_consent CHECK ((legal_basis = 'consent') = (consent_id IS NOT NULL)),
    CONSTRAINT ck_conference_participants_removed_has_reason CHECK ((removed_at IS NULL) = (removed_because IS NULL))
);

CREATE INDEX ix_conference_participants_of ON conference_participants (municipal_area_id, conference_id);

CREATE INDEX ix_conference_participants_case ON conference_participants (municipal_area_id, case_id);

CREATE INDEX ix_conference_participants_user ON conference_participants (municipal_area_id, user_id);

CREATE INDEX ix_conference_participants_consent ON conference_participants (municipal_area_id, consent_id);

CREATE UNIQUE INDEX uq_conference_participants_user ON conference_participants (municipal_area_id, conference_id, user_id) WHERE user_id IS NOT NULL AND removed_at IS NULL;

CREATE TABLE conference_agreements (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    conference_id UUID NOT NULL,
    case_id UUID NOT NULL,
    measure_id UUID,
    task_id UUID,
    institution_id UUID,
    CONSTRAINT pk_conference_agreements PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_conference_agreements_conference_id FOREIGN KEY(municipal_area_id, conference_id) REFERENCES conferences (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_conference_agreements_case_id FOREIGN KEY(municipal_area_id, case_id) REFERENCES cases (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_conference_agreements_measure_id FOREIGN KEY(municipal_area_id, measure_id) REFERENCES measures (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_conference_agreements_task_id FOREIGN KEY(municipal_area_id, task_id) REFERENCES tasks (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_conference_agreements_institution_id FOREIGN KEY(municipal_area_id, institution_id) REFERENCES institutions (municipal_area_id, id),
    CONSTRAINT ck_conference_agreements_measure_or_task CHECK (num_nonnulls(measure_id, task_id) = 1)
);

CREATE INDEX ix_conference_agreements_of ON conference_agreements (municipal_area_id, conference_id);

CREATE INDEX ix_conference_agreements_case ON conference_agreements (municipal_area_id, case_id);

CREATE INDEX ix_conference_agreements_measure ON conference_agreements (municipal_area_id, measure_id);

CREATE INDEX ix_conference_agreements_task ON conference_agreements (municipal_area_id, task_id);
