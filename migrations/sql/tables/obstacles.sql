-- Tables of the package `obstacles`.

CREATE TABLE obstacles (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    title TEXT NOT NULL,
    description TEXT NOT NULL,
    barrier_types TEXT[] NOT NULL,
    institution_types TEXT[] NOT NULL,
    status TEXT DEFAULT 'reported' NOT NULL,
    bundled_on DATE,
    responsible_unit_id UUID,
    due_on DATE,
    created_by UUID NOT NULL,
    merged_into_id UUID,
    split_from_id UUID,
    absorbed_ids UUID[] DEFAULT '{}' NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    CONSTRAINT pk_obstacles PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_obstacles_responsible_unit_id FOREIGN KEY(municipal_area_id, responsible_unit_id) REFERENCES units (municipal_area_id, id),
    CONSTRAINT fk_obstacles_created_by FOREIGN KEY(municipal_area_id, created_by) REFERENCES users (municipal_area_id, id),
    CONSTRAINT fk_obstacles_merged_into_id FOREIGN KEY(municipal_area_id, merged_into_id) REFERENCES obstacles (municipal_area_id, id),
    CONSTRAINT fk_obstacles_split_from_id FOREIGN KEY(municipal_area_id, split_from_id) REFERENCES obstacles (municipal_area_id, id),
    CONSTRAINT ck_obstacles_status CHECK (status IN ('reported', 'under_review', 'bundled', 'rejected', 'in_working_group', 'in_project_group', 'escalated_to_state', 'decided', 'implemented', 'effect_checked', 'merged')),
    CONSTRAINT ck_obstacles_merged_into_another CHECK ((status = 'merged') = (merged_into_id IS NOT NULL))
);

CREATE INDEX ix_obstacles_status ON obstacles (municipal_area_id, status);

CREATE TABLE steering_meetings (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    meets_on DATE NOT NULL,
    place TEXT NOT NULL,
    release_id UUID,
    state TEXT DEFAULT 'planned' NOT NULL,
    minute TEXT,
    minutes TEXT,
    reason TEXT,
    planned_by UUID NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    CONSTRAINT pk_steering_meetings PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_steering_meetings_release_id FOREIGN KEY(municipal_area_id, release_id) REFERENCES published_releases (municipal_area_id, id),
    CONSTRAINT fk_steering_meetings_planned_by FOREIGN KEY(municipal_area_id, planned_by) REFERENCES users (municipal_area_id, id),
    CONSTRAINT ck_steering_meetings_state CHECK (state IN ('planned', 'held', 'cancelled')),
    CONSTRAINT ck_steering_meetings_held_with_minutes CHECK ((state = 'held') = (num_nonnulls(minute, minutes) = 2) AND num_nonnulls(minute, minutes) <> 1),
    CONSTRAINT ck_steering_meetings_cancelled_with_reason CHECK ((state = 'cancelled') = (reason IS NOT NULL))
);

CREATE INDEX ix_steering_meetings_day ON steering_meetings (municipal_area_id, meets_on, id);

CREATE TABLE obstacle_decisions (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    obstacle_id UUID NOT NULL,
    decided_on DATE NOT NULL,
    minute TEXT NOT NULL,
    text TEXT NOT NULL,
    meeting_id UUID,
    recorded_by UUID NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_obstacle_decisions PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_obstacle_decisions_obstacle_id FOREIGN KEY(municipal_area_id, obstacle_id) REFERENCES obstacles (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_obstacle_decisions_meeting_id FOREIGN KEY(municipal_area_id, meeting_id) REFERENCES steering_meetings (municipal_area_id, id)
);

CREATE INDEX ix_obstacle_decisions_obstacle ON obstacle_decisions (municipal_area_id, obstacle_id, decided_on);

CREATE TABLE obstacle_effect_checks (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    obstacle_id UUID NOT NULL,
    made_on DATE NOT NULL,
    made_by UUID,
    before JSONB NOT NULL,
    after JSONB NOT NULL,
    conclusion TEXT NOT NULL,
    no_conclusion_reason TEXT,
    CONSTRAINT pk_obstacle_effect_checks PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_obstacle_effect_checks_obstacle_id FOREIGN KEY(municipal_area_id, obstacle_id) REFERENCES obstacles (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT ck_obstacle_effect_checks_conclusion CHECK (conclusion IN ('fell', 'rose', 'no_conclusion')),
    CONSTRAINT ck_obstacle_effect_checks_no_conclusion_reason CHECK (no_conclusion_reason IN ('too_few_quarters', 'hidden', 'coverage_changed', 'intervals_overlap')),
    CONSTRAINT ck_obstacle_effect_checks_no_conclusion_has_a_reason CHECK ((conclusion = 'no_conclusion') = (no_conclusion_reason IS NOT NULL))
);

CREATE INDEX ix_obstacle_effect_checks_obstacle ON obstacle_effect_checks (municipal_area_id, obstacle_id);

CREATE TABLE obstacle_hearings (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    obstacle_id UUID NOT NULL,
    release_id UUID NOT NULL,
    institution_id UUID NOT NULL,
    title TEXT NOT NULL,
    description TEXT NOT NULL,
    barrier_types TEXT[] NOT NULL,
    institution_group TEXT NOT NULL,
    quarter TEXT NOT NULL,
    figures JSONB NOT NULL,
    comment_until DATE NOT NULL,
    opened_by UUID NOT NULL,
    opened_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    comment TEXT,
    commented_on DATE,
    commented_by UUID,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    CONSTRAINT pk_obstacle_hearings PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_obstacle_hearings_obstacle_id FOREIGN KEY(municipal_area_id, obstacle_id) REFERENCES obstacles (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_obstacle_hearings_release_id FOREIGN KEY(municipal_area_id, release_id) REFERENCES releases (municipal_area_id, id),
    CONSTRAINT fk_obstacle_hearings_institution_id FOREIGN KEY(municipal_area_id, institution_id) REFERENCES institutions (municipal_area_id, id),
    CONSTRAINT fk_obstacle_hearings_opened_by FOREIGN KEY(municipal_area_id, opened_by) REFERENCES users (municipal_area_id, id),
    CONSTRAINT fk_obstacle_hearings_commented_by FOREIGN KEY(municipal_area_id, commented_by) REFERENCES users (municipal_area_id, id),
    CONSTRAINT uq_obstacle_hearings_asked_once UNIQUE (municipal_area_id, obstacle_id, release_id, institution_id),
    CONSTRAINT ck_obstacle_hearings_comment CHECK (num_nulls(comment, commented_on, commented_by) IN (0, 3))
);

CREATE INDEX ix_obstacle_hearings_institution ON obstacle_hearings (municipal_area_id, institution_id, id);

CREATE TABLE obstacle_links (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    obstacle_id UUID NOT NULL,
    observation_id UUID,
    quarter TEXT,
    barrier_type TEXT,
    institution_group TEXT,
    CONSTRAINT pk_obstacle_links PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_obstacle_links_obstacle_id FOREIGN KEY(municipal_area_id, obstacle_id) REFERENCES obstacles (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_obstacle_links_observation_id FOREIGN KEY(municipal_area_id, observation_id) REFERENCES observations (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT ck_obstacle_links_observation_or_signal CHECK (CASE WHEN observation_id IS NULL THEN num_nonnulls(quarter, barrier_type) = 2 ELSE num_nonnulls(quarter, barrier_type, institution_group) = 0 END)
);

CREATE UNIQUE INDEX uq_obstacle_links_observation ON obstacle_links (municipal_area_id, obstacle_id, observation_id) WHERE observation_id IS NOT NULL;

CREATE UNIQUE INDEX uq_obstacle_links_signal ON obstacle_links (municipal_area_id, obstacle_id, quarter, barrier_type, institution_group) NULLS NOT DISTINCT WHERE observation_id IS NULL;

CREATE TABLE obstacle_measures (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    obstacle_id UUID NOT NULL,
    title TEXT NOT NULL,
    institution_id UUID,
    unit_id UUID,
    due_on DATE,
    state TEXT DEFAULT 'planned' NOT NULL,
    done_on DATE,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    CONSTRAINT pk_obstacle_measures PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_obstacle_measures_obstacle_id FOREIGN KEY(municipal_area_id, obstacle_id) REFERENCES obstacles (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_obstacle_measures_institution_id FOREIGN KEY(municipal_area_id, institution_id) REFERENCES institutions (municipal_area_id, id),
    CONSTRAINT fk_obstacle_measures_unit_id FOREIGN KEY(municipal_area_id, unit_id) REFERENCES units (municipal_area_id, id),
    CONSTRAINT ck_obstacle_measures_state CHECK (state IN ('planned', 'in_progress', 'done', 'dropped')),
    CONSTRAINT ck_obstacle_measures_one_responsible CHECK (num_nonnulls(institution_id, unit_id) = 1)
);

CREATE INDEX ix_obstacle_measures_obstacle ON obstacle_measures (municipal_area_id, obstacle_id);

CREATE TABLE obstacle_members (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    obstacle_id UUID NOT NULL,
    body TEXT NOT NULL,
    institution_id UUID,
    unit_id UUID,
    responsible TEXT NOT NULL,
    leads BOOLEAN DEFAULT 'false' NOT NULL,
    joined_on DATE NOT NULL,
    left_on DATE,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    CONSTRAINT pk_obstacle_members PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_obstacle_members_obstacle_id FOREIGN KEY(municipal_area_id, obstacle_id) REFERENCES obstacles (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_obstacle_members_institution_id FOREIGN KEY(municipal_area_id, institution_id) REFERENCES institutions (municipal_area_id, id),
    CONSTRAINT fk_obstacle_members_unit_id FOREIGN KEY(municipal_area_id, unit_id) REFERENCES units (municipal_area_id, id),
    CONSTRAINT ck_obstacle_members_body CHECK (body IN ('working', 'project')),
    CONSTRAINT ck_obstacle_members_one_place CHECK (num_nonnulls(institution_id, unit_id) = 1),
    CONSTRAINT ck_obstacle_members_left_after_joining CHECK (left_on >= joined_on)
);

CREATE INDEX ix_obstacle_members_obstacle ON obstacle_members (municipal_area_id, obstacle_id);

CREATE TABLE obstacle_steps (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    obstacle_id UUID NOT NULL,
    from_status TEXT,
    to_status TEXT NOT NULL,
    taken_on DATE NOT NULL,
    reason TEXT,
    taken_by UUID,
    CONSTRAINT pk_obstacle_steps PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_obstacle_steps_obstacle_id FOREIGN KEY(municipal_area_id, obstacle_id) REFERENCES obstacles (municipal_area_id, id) ON DELETE CASCADE
);

CREATE INDEX ix_obstacle_steps_obstacle ON obstacle_steps (municipal_area_id, obstacle_id);

CREATE TABLE steering_agenda_items (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    meeting_id UUID NOT NULL,
    position INTEGER NOT NULL,
    obstacle_id UUID,
    asked TEXT NOT NULL,
    CONSTRAINT pk_steering_agenda_items PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_steering_agenda_items_meeting_id FOREIGN KEY(municipal_area_id, meeting_id) REFERENCES steering_meetings (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_steering_agenda_items_obstacle_id FOREIGN KEY(municipal_area_id, obstacle_id) REFERENCES obstacles (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT uq_steering_agenda_items_meeting_id_position UNIQUE (municipal_area_id, meeting_id, position)
);
