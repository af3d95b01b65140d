-- Tables of the package `school_entries`.

CREATE TABLE school_entries (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    case_id UUID NOT NULL,
    member_client_id UUID,
    member_name TEXT,
    relation TEXT,
    stage TEXT NOT NULL,
    school_type TEXT,
    school_id UUID,
    school_name TEXT,
    support_form TEXT,
    way_note TEXT,
    note TEXT,
    state TEXT DEFAULT 'registered' NOT NULL,
    registered_on DATE NOT NULL,
    waiting_since DATE NOT NULL,
    listed_on DATE,
    first_day DATE,
    ended_on DATE,
    created_by UUID NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    CONSTRAINT pk_school_entries PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_school_entries_case_id FOREIGN KEY(municipal_area_id, case_id) REFERENCES cases (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_school_entries_member_client_id FOREIGN KEY(municipal_area_id, member_client_id) REFERENCES clients (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_school_entries_school_id FOREIGN KEY(municipal_area_id, school_id) REFERENCES institutions (municipal_area_id, id),
    CONSTRAINT ck_school_entries_state CHECK (state IN ('registered', 'counselled', 'allocated', 'waiting', 'offered', 'accepted', 'support_class', 'regular_class', 'ended')),
    CONSTRAINT ck_school_entries_stage CHECK (stage IN ('primary', 'lower_secondary', 'upper_secondary')),
    CONSTRAINT ck_school_entries_support_form CHECK (support_form IN ('first_support', 'support_class', 'partly_integrated')),
    CONSTRAINT ck_school_entries_one_person CHECK (num_nonnulls(member_client_id, member_name) <= 1),
    CONSTRAINT ck_school_entries_member_is_related CHECK ((relation IS NULL) = (num_nonnulls(member_client_id, member_name) = 0)),
    CONSTRAINT ck_school_entries_one_school CHECK (num_nonnulls(school_id, school_name) <= 1),
    CONSTRAINT ck_school_entries_no_day_before_a_place CHECK (state NOT IN ('registered', 'counselled', 'allocated', 'waiting', 'offered', 'accepted') OR first_day IS NULL),
    CONSTRAINT ck_school_entries_ended CHECK ((state = 'ended') = (ended_on IS NOT NULL))
);

CREATE INDEX ix_school_entries_case ON school_entries (municipal_area_id, case_id, changed_xid);

CREATE TABLE school_entry_steps (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    school_entry_id UUID NOT NULL,
    case_id UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    step TEXT NOT NULL,
    source TEXT,
    target TEXT NOT NULL,
    happened_on DATE NOT NULL,
    user_id UUID NOT NULL,
    refusal TEXT,
    reason TEXT,
    school TEXT,
    before JSONB,
    corrected_by_id UUID,
    CONSTRAINT pk_school_entry_steps PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_school_entry_steps_school_entry_id FOREIGN KEY(municipal_area_id, school_entry_id) REFERENCES school_entries (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_school_entry_steps_case_id FOREIGN KEY(municipal_area_id, case_id) REFERENCES cases (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_school_entry_steps_corrected_by_id FOREIGN KEY(municipal_area_id, corrected_by_id) REFERENCES school_entry_steps (municipal_area_id, id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT ck_school_entry_steps_step CHECK (step IN ('register', 'counsel', 'allocate', 'wait', 'offer', 'accept', 'refuse', 'start_support', 'start_regular', 'transfer', 'end', 'change')),
    CONSTRAINT ck_school_entry_steps_refusal CHECK (refusal IN ('distance', 'transport', 'no_support', 'school_full', 'family', 'other')),
    CONSTRAINT ck_school_entry_steps_refused_because CHECK ((step = 'refuse') = (refusal IS NOT NULL)),
    CONSTRAINT ck_school_entry_steps_said_before CHECK ((step = 'change') = (before IS NOT NULL))
);

CREATE INDEX ix_school_entry_steps_case ON school_entry_steps (municipal_area_id, case_id);

CREATE INDEX ix_school_entry_steps_of ON school_entry_steps (municipal_area_id, school_entry_id, at);
