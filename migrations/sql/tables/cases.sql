-- Tables of the package `cases`.

CREATE TABLE contact_templates (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    unit_id UUID NOT NULL,
    owner_id UUID,
    name TEXT NOT NULL,
    contact_type TEXT NOT NULL,
    text TEXT NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    CONSTRAINT pk_contact_templates PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_contact_templates_unit_id FOREIGN KEY(municipal_area_id, unit_id) REFERENCES units (municipal_area_id, id),
    CONSTRAINT fk_contact_templates_owner_id FOREIGN KEY(municipal_area_id, owner_id) REFERENCES users (municipal_area_id, id)
);

CREATE INDEX ix_contact_templates_unit ON contact_templates (municipal_area_id, unit_id, name);

CREATE TABLE cases (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    number TEXT NOT NULL,
    client_id UUID NOT NULL,
    unit_id UUID NOT NULL,
    lead_user_id UUID NOT NULL,
    kind TEXT NOT NULL,
    phase TEXT DEFAULT 'intake' NOT NULL,
    opened_on DATE NOT NULL,
    closed_on DATE,
    is_restricted BOOLEAN DEFAULT 'false' NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    CONSTRAINT pk_cases PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_cases_client_id FOREIGN KEY(municipal_area_id, client_id) REFERENCES clients (municipal_area_id, id),
    CONSTRAINT fk_cases_unit_id FOREIGN KEY(municipal_area_id, unit_id) REFERENCES units (municipal_area_id, id),
    CONSTRAINT fk_cases_lead_user_id FOREIGN KEY(municipal_area_id, lead_user_id) REFERENCES users (municipal_area_id, id),
    CONSTRAINT ck_cases_kind CHECK (kind IN ('case_management', 'counselling')),
    CONSTRAINT ck_cases_phase CHECK (phase IN ('intake', 'assessment', 'service_planning', 'linking', 'monitoring', 'reassessment', 'evaluation', 'closed')),
    CONSTRAINT ck_cases_closed_has_date CHECK ((phase = 'closed') = (closed_on IS NOT NULL)),
    CONSTRAINT uq_cases_number UNIQUE (municipal_area_id, number)
);

CREATE INDEX ix_cases_client ON cases (municipal_area_id, client_id);

CREATE INDEX ix_cases_unit ON cases (municipal_area_id, unit_id, opened_on);

CREATE TABLE assessments (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    case_id UUID NOT NULL,
    assessed_on DATE NOT NULL,
    summary TEXT,
    author_id UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    CONSTRAINT pk_assessments PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_assessments_case_id FOREIGN KEY(municipal_area_id, case_id) REFERENCES cases (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_assessments_author_id FOREIGN KEY(municipal_area_id, author_id) REFERENCES users (municipal_area_id, id)
);

CREATE INDEX ix_assessments_case ON assessments (municipal_area_id, case_id, assessed_on);

CREATE INDEX ix_assessments_changed ON assessments (municipal_area_id, case_id, changed_xid);

CREATE TABLE case_contents (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    access_route TEXT NOT NULL,
    concern TEXT,
    summary TEXT,
    intake_criteria JSONB DEFAULT '{}' NOT NULL,
    intake_outcome TEXT,
    intake_note TEXT,
    privacy_notice_version TEXT,
    privacy_notice_language TEXT,
    privacy_notice_on DATE,
    documentation_basis TEXT,
    plan_agreed_on DATE,
    plan_agreement TEXT,
    next_review_on DATE,
    client_feedback TEXT,
    client_feedback_code TEXT,
    client_feedback_language TEXT,
    closing_reason TEXT,
    closing_note TEXT,
    closing_outcomes JSONB DEFAULT '{}' NOT NULL,
    unfinished_tasks INTEGER,
    unfinished_measures INTEGER,
    unfinished_referrals INTEGER,
    unfinished_interpretings INTEGER,
    unfinished_pathways INTEGER,
    unfinished_school_entries INTEGER,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    CONSTRAINT pk_case_contents PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_case_contents_id FOREIGN KEY(municipal_area_id, id) REFERENCES cases (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT ck_case_contents_client_feedback_code CHECK (client_feedback_code IN ('helped', 'partly_helped', 'not_helped', 'no_answer'))
);

CREATE TABLE case_linkings (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    case_id UUID NOT NULL,
    referral_id UUID,
    reason TEXT,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by UUID NOT NULL,
    CONSTRAINT pk_case_linkings PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_case_linkings_case_id FOREIGN KEY(municipal_area_id, case_id) REFERENCES cases (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT ck_case_linkings_evidence CHECK (num_nonnulls(referral_id, reason) = 1),
    CONSTRAINT uq_case_linkings_case_id_referral_id UNIQUE (municipal_area_id, case_id, referral_id)
);

CREATE TABLE case_phases (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    case_id UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    source TEXT,
    target TEXT NOT NULL,
    user_id UUID,
    reason TEXT,
    passed_over TEXT[] DEFAULT '{}' NOT NULL,
    CONSTRAINT pk_case_phases PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_case_phases_case_id FOREIGN KEY(municipal_area_id, case_id) REFERENCES cases (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_case_phases_user_id FOREIGN KEY(municipal_area_id, user_id) REFERENCES users (municipal_area_id, id)
);

CREATE INDEX ix_case_phases_case ON case_phases (municipal_area_id, case_id, at, id) INCLUDE (target);

CREATE TABLE contact_drafts (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    case_id UUID NOT NULL,
    author_id UUID NOT NULL,
    contact_type TEXT,
    happened_at TIMESTAMP WITH TIME ZONE,
    minutes INTEGER,
    language TEXT,
    interpreter TEXT DEFAULT 'none' NOT NULL,
    institution_id UUID,
    institution_name TEXT,
    basis TEXT,
    note TEXT,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    CONSTRAINT pk_contact_drafts PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_contact_drafts_case_id FOREIGN KEY(municipal_area_id, case_id) REFERENCES cases (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_contact_drafts_author_id FOREIGN KEY(municipal_area_id, author_id) REFERENCES users (municipal_area_id, id),
    CONSTRAINT fk_contact_drafts_institution_id FOREIGN KEY(municipal_area_id, institution_id) REFERENCES institutions (municipal_area_id, id),
    CONSTRAINT ck_contact_drafts_interpreter CHECK (interpreter IN ('none', 'professional', 'volunteer', 'relative')),
    CONSTRAINT ck_contact_drafts_minutes CHECK (minutes BETWEEN 0 AND 1440)
);

CREATE INDEX ix_contact_drafts_author ON contact_drafts (municipal_area_id, author_id, case_id);

CREATE INDEX ix_contact_drafts_changed ON contact_drafts (municipal_area_id, changed_at);

CREATE TABLE contacts (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    case_id UUID NOT NULL,
    contact_type TEXT NOT NULL,
    happened_at TIMESTAMP WITH TIME ZONE NOT NULL,
    minutes INTEGER,
    language TEXT,
    interpreter TEXT DEFAULT 'none' NOT NULL,
    institution_id UUID,
    institution_name TEXT,
    basis TEXT,
    note TEXT,
    author_id UUID NOT NULL,
    corrected_by_id UUID,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    CONSTRAINT pk_contacts PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_contacts_case_id FOREIGN KEY(municipal_area_id, case_id) REFERENCES cases (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_contacts_author_id FOREIGN KEY(municipal_area_id, author_id) REFERENCES users (municipal_area_id, id),
    CONSTRAINT fk_contacts_corrected_by_id FOREIGN KEY(municipal_area_id, corrected_by_id) REFERENCES contacts (municipal_area_id, id),
    CONSTRAINT fk_contacts_institution_id FOREIGN KEY(municipal_area_id, institution_id) REFERENCES institutions (municipal_area_id, id),
    CONSTRAINT ck_contacts_interpreter CHECK (interpreter IN ('none', 'professional', 'volunteer', 'relative')),
    CONSTRAINT ck_contacts_minutes CHECK (minutes BETWEEN 0 AND 1440),
    CONSTRAINT ck_contacts_third_party_has_basis CHECK (contact_type <> 'third_party' OR basis IS NOT NULL),
    CONSTRAINT ck_contacts_one_institution CHECK (num_nonnulls(institution_id, institution_name) <= 1)
);

CREATE INDEX ix_contacts_case ON contacts (municipal_area_id, case_id, happened_at, id);

CREATE INDEX ix_contacts_changed ON contacts (municipal_area_id, case_id, changed_xid);

CREATE UNIQUE INDEX uq_contacts_corrected_by ON contacts (municipal_area_id, corrected_by_id) WHERE corrected_by_id IS NOT NULL;

CREATE TABLE goals (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    case_id UUID NOT NULL,
    life_domain TEXT NOT NULL,
    wording TEXT NOT NULL,
    indicator TEXT,
    set_on DATE NOT NULL,
    target_on DATE,
    progress TEXT,
    attainment TEXT,
    evaluated_on DATE,
    client_feedback TEXT,
    taken_from_id UUID,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    CONSTRAINT pk_goals PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_goals_case_id FOREIGN KEY(municipal_area_id, case_id) REFERENCES cases (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT ck_goals_attainment CHECK (attainment IN ('reached', 'partly_reached', 'not_reached', 'dropped'))
);

CREATE INDEX ix_goals_case ON goals (municipal_area_id, case_id, changed_xid);

CREATE TABLE task_series (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    case_id UUID NOT NULL,
    frequency TEXT NOT NULL,
    every INTEGER NOT NULL,
    first_on DATE NOT NULL,
    until_on DATE,
    count INTEGER,
    made INTEGER DEFAULT '1' NOT NULL,
    latest_on DATE NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_task_series PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_task_series_case_id FOREIGN KEY(municipal_area_id, case_id) REFERENCES cases (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT ck_task_series_frequency CHECK (frequency IN ('daily', 'weekly', 'monthly', 'yearly')),
    CONSTRAINT ck_task_series_every CHECK (every BETWEEN 1 AND 99),
    CONSTRAINT ck_task_series_one_end CHECK (until_on IS NULL OR count IS NULL)
);

CREATE INDEX ix_task_series_case ON task_series (municipal_area_id, case_id);

CREATE INDEX ix_task_series_due ON task_series (municipal_area_id, latest_on) WHERE ended_at IS NULL;

CREATE TABLE assessment_domains (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    assessment_id UUID NOT NULL,
    case_id UUID NOT NULL,
    life_domain TEXT NOT NULL,
    state TEXT NOT NULL,
    scale INTEGER,
    note TEXT,
    CONSTRAINT pk_assessment_domains PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_assessment_domains_assessment_id FOREIGN KEY(municipal_area_id, assessment_id) REFERENCES assessments (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_assessment_domains_case_id FOREIGN KEY(municipal_area_id, case_id) REFERENCES cases (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT ck_assessment_domains_scale CHECK (scale BETWEEN 1 AND 5),
    CONSTRAINT ck_assessment_domains_not_discussed CHECK (state <> 'not_discussed' OR (scale IS NULL AND note IS NULL)),
    CONSTRAINT uq_assessment_domains_assessment_id_life_domain UNIQUE (municipal_area_id, assessment_id, life_domain)
);

CREATE INDEX ix_assessment_domains_case ON assessment_domains (municipal_area_id, case_id);

CREATE TABLE measures (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    case_id UUID NOT NULL,
    goal_id UUID NOT NULL,
    wording TEXT NOT NULL,
    responsible TEXT NOT NULL,
    responsible_name TEXT,
    due_on DATE,
    state TEXT DEFAULT 'open' NOT NULL,
    done_on DATE,
    note TEXT,
    taken_from_id UUID,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    CONSTRAINT pk_measures PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_measures_goal_id FOREIGN KEY(municipal_area_id, goal_id) REFERENCES goals (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_measures_case_id FOREIGN KEY(municipal_area_id, case_id) REFERENCES cases (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT ck_measures_responsible CHECK (responsible IN ('client', 'case_manager', 'institution', 'family', 'volunteer')),
    CONSTRAINT ck_measures_state CHECK (state IN ('open', 'done', 'dropped')),
    CONSTRAINT ck_measures_done_has_date CHECK ((state = 'done') = (done_on IS NOT NULL))
);

CREATE INDEX ix_measures_case ON measures (municipal_area_id, case_id, changed_xid);

CREATE INDEX ix_measures_goal ON measures (municipal_area_id, goal_id);

CREATE TABLE tasks (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    case_id UUID NOT NULL,
    kind TEXT DEFAULT 'task' NOT NULL,
    title TEXT NOT NULL,
    note TEXT,
    due_on DATE NOT NULL,
    due_at TIMESTAMP WITH TIME ZONE,
    minutes INTEGER,
    place TEXT,
    participant_ids UUID[] DEFAULT '{}' NOT NULL,
    remind_minutes INTEGER,
    remind_at TIMESTAMP WITH TIME ZONE GENERATED ALWAYS AS (((coalesce(due_at AT TIME ZONE 'Europe/Berlin', due_on + time '08:00')
- remind_minutes * interval '1 minute') AT TIME ZONE 'Europe/Berlin')) STORED,
    assignee_id UUID NOT NULL,
    created_by UUID NOT NULL,
    given_by UUID,
    state TEXT DEFAULT 'open' NOT NULL,
    done_at TIMESTAMP WITH TIME ZONE,
    done_by UUID,
    drop_reason TEXT,
    series_id UUID,
    occurrence INTEGER,
    taken_from_id UUID,
    recall_id UUID,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    CONSTRAINT pk_tasks PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_tasks_case_id FOREIGN KEY(municipal_area_id, case_id) REFERENCES cases (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_tasks_assignee_id FOREIGN KEY(municipal_area_id, assignee_id) REFERENCES users (municipal_area_id, id),
    CONSTRAINT fk_tasks_series_id FOREIGN KEY(municipal_area_id, series_id) REFERENCES task_series (municipal_area_id, id),
    CONSTRAINT ck_tasks_kind CHECK (kind IN ('task', 'appointment')),
    CONSTRAINT ck_tasks_state CHECK (state IN ('open', 'offered', 'done', 'dropped')),
    CONSTRAINT ck_tasks_ended_has_moment CHECK ((state IN ('done', 'dropped')) = (done_at IS NOT NULL)),
    CONSTRAINT ck_tasks_dropped_has_reason CHECK ((state = 'dropped') = (drop_reason IS NOT NULL)),
    CONSTRAINT ck_tasks_appointment_has_moment CHECK (kind <> 'appointment' OR due_at IS NOT NULL),
    CONSTRAINT ck_tasks_place_of_appointment CHECK (kind = 'appointment' OR (place IS NULL AND minutes IS NULL AND participant_ids = '{}')),
    CONSTRAINT ck_tasks_day_of_moment CHECK (due_on = (due_at AT TIME ZONE 'Europe/Berlin')::date),
    CONSTRAINT ck_tasks_minutes CHECK (minutes BETWEEN 1 AND 1440),
    CONSTRAINT ck_tasks_remind_minutes CHECK (remind_minutes BETWEEN 0 AND 40320),
    CONSTRAINT ck_tasks_occurrence_of_series CHECK ((series_id IS NULL) = (occurrence IS NULL))
);

CREATE INDEX ix_tasks_assignee ON tasks (municipal_area_id, assignee_id, due_on) WHERE done_at IS NULL;

CREATE INDEX ix_tasks_case ON tasks (municipal_area_id, case_id, changed_xid);

CREATE INDEX ix_tasks_remind ON tasks (municipal_area_id, remind_at) WHERE done_at IS NULL;

CREATE UNIQUE INDEX uq_tasks_occurrence ON tasks (municipal_area_id, series_id, occurrence) WHERE series_id IS NOT NULL;

CREATE TABLE plan_changes (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    case_id UUID NOT NULL,
    goal_id UUID NOT NULL,
    measure_id UUID,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    user_id UUID NOT NULL,
    before JSONB NOT NULL,
    CONSTRAINT pk_plan_changes PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_plan_changes_case_id FOREIGN KEY(municipal_area_id, case_id) REFERENCES cases (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_plan_changes_goal_id FOREIGN KEY(municipal_area_id, goal_id) REFERENCES goals (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_plan_changes_measure_id FOREIGN KEY(municipal_area_id, measure_id) REFERENCES measures (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_plan_changes_user_id FOREIGN KEY(municipal_area_id, user_id) REFERENCES users (municipal_area_id, id)
);

CREATE INDEX ix_plan_changes_case ON plan_changes (municipal_area_id, case_id);

CREATE INDEX ix_plan_changes_goal ON plan_changes (municipal_area_id, goal_id, at);

CREATE TABLE task_steps (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    task_id UUID NOT NULL,
    case_id UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    step TEXT NOT NULL,
    source TEXT,
    target TEXT NOT NULL,
    assignee_id UUID NOT NULL,
    user_id UUID,
    reason TEXT,
    CONSTRAINT pk_task_steps PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_task_steps_task_id FOREIGN KEY(municipal_area_id, task_id) REFERENCES tasks (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_task_steps_case_id FOREIGN KEY(municipal_area_id, case_id) REFERENCES cases (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT ck_task_steps_step CHECK (step IN ('create', 'recur', 'give', 'take_over', 'accept', 'decline', 'finish', 'drop', 'reopen'))
);

CREATE INDEX ix_task_steps_case ON task_steps (municipal_area_id, case_id);

CREATE INDEX ix_task_steps_task ON task_steps (municipal_area_id, task_id, at);

CREATE UNIQUE INDEX uq_goals_taken_from ON goals (municipal_area_id, taken_from_id) WHERE taken_from_id IS NOT NULL;

CREATE UNIQUE INDEX uq_measures_taken_from ON measures (municipal_area_id, taken_from_id) WHERE taken_from_id IS NOT NULL;

CREATE UNIQUE INDEX uq_tasks_taken_from ON tasks (municipal_area_id, taken_from_id) WHERE taken_from_id IS NOT NULL;

CREATE TABLE case_handovers (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    case_id UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    from_user_id UUID NOT NULL,
    to_user_id UUID NOT NULL,
    assigned_by UUID NOT NULL,
    acknowledged_at TIMESTAMP WITH TIME ZONE,
    note TEXT,
    CONSTRAINT pk_case_handovers PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_case_handovers_case_id FOREIGN KEY(municipal_area_id, case_id) REFERENCES cases (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_case_handovers_from_user_id FOREIGN KEY(municipal_area_id, from_user_id) REFERENCES users (municipal_area_id, id),
    CONSTRAINT fk_case_handovers_to_user_id FOREIGN KEY(municipal_area_id, to_user_id) REFERENCES users (municipal_area_id, id),
    CONSTRAINT ck_case_handovers_note_of_the_acknowledgement CHECK (note IS NULL OR acknowledged_at IS NOT NULL)
);

CREATE INDEX ix_case_handovers_case ON case_handovers (municipal_area_id, case_id, at);

CREATE TABLE domain_changes (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    case_id UUID NOT NULL,
    before TEXT NOT NULL,
    after TEXT NOT NULL,
    changed_on DATE NOT NULL,
    days_without INTEGER NOT NULL,
    between_domains BOOLEAN NOT NULL,
    opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
    withdrawn_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_domain_changes PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_domain_changes_case_id FOREIGN KEY(municipal_area_id, case_id) REFERENCES cases (municipal_area_id, id) ON DELETE CASCADE
);

CREATE INDEX ix_domain_changes_case ON domain_changes (municipal_area_id, case_id);

CREATE TABLE domain_change_items (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    case_id UUID NOT NULL,
    domain_change_id UUID NOT NULL,
    position INTEGER NOT NULL,
    checklist_version TEXT NOT NULL,
    code TEXT NOT NULL,
    side TEXT NOT NULL,
    label_de TEXT NOT NULL,
    label_en TEXT NOT NULL,
    source TEXT NOT NULL,
    state TEXT DEFAULT 'open' NOT NULL,
    reason TEXT,
    settled_at TIMESTAMP WITH TIME ZONE,
    settled_by UUID,
    task_id UUID,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    CONSTRAINT pk_domain_change_items PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_domain_change_items_case_id FOREIGN KEY(municipal_area_id, case_id) REFERENCES cases (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_domain_change_items_domain_change_id FOREIGN KEY(municipal_area_id, domain_change_id) REFERENCES domain_changes (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_domain_change_items_task_id FOREIGN KEY(municipal_area_id, task_id) REFERENCES tasks (municipal_area_id, id),
    CONSTRAINT ck_domain_change_items_side CHECK (side IN ('stops', 'starts', 'missing')),
    CONSTRAINT ck_domain_change_items_state CHECK (state IN ('open', 'done', 'not_needed')),
    CONSTRAINT ck_domain_change_items_reason CHECK ((state = 'not_needed') = (reason IS NOT NULL)),
    CONSTRAINT ck_domain_change_items_settled CHECK ((state = 'open') = (settled_at IS NULL))
);

CREATE INDEX ix_domain_change_items_case ON domain_change_items (municipal_area_id, case_id);

CREATE INDEX ix_domain_change_items_domain_change ON domain_change_items (municipal_area_id, domain_change_id);
