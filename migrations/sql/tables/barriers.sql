-- Tables of the package `barriers`.

CREATE TABLE observations (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    institution_type TEXT NOT NULL,
    barrier_type TEXT NOT NULL,
    quarter TEXT NOT NULL,
    text TEXT NOT NULL,
    visible_from DATE NOT NULL,
    CONSTRAINT pk_observations PRIMARY KEY (municipal_area_id, id)
);

CREATE INDEX ix_observations_order ON observations (municipal_area_id, quarter, institution_type, barrier_type, id);

CREATE TABLE barrier_reports (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    case_id UUID NOT NULL,
    reported_by UUID NOT NULL,
    reported_on DATE NOT NULL,
    barrier_type TEXT NOT NULL,
    institution_id UUID,
    interface_from TEXT,
    interface_to TEXT,
    level TEXT,
    effect TEXT NOT NULL,
    since DATE NOT NULL,
    duration_days INTEGER,
    workaround TEXT,
    suggestion TEXT,
    note TEXT,
    resolved_on DATE,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    CONSTRAINT pk_barrier_reports PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_barrier_reports_case_id FOREIGN KEY(municipal_area_id, case_id) REFERENCES cases (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_barrier_reports_reported_by FOREIGN KEY(municipal_area_id, reported_by) REFERENCES users (municipal_area_id, id),
    CONSTRAINT fk_barrier_reports_institution_id FOREIGN KEY(municipal_area_id, institution_id) REFERENCES institutions (municipal_area_id, id),
    CONSTRAINT uq_barrier_reports_case UNIQUE (municipal_area_id, id, case_id),
    CONSTRAINT uq_barrier_reports_author UNIQUE (municipal_area_id, id, reported_by),
    CONSTRAINT ck_barrier_reports_place CHECK (institution_id IS NOT NULL OR interface_from IS NOT NULL),
    CONSTRAINT ck_barrier_reports_interface CHECK ((interface_from IS NULL) = (interface_to IS NULL)),
    CONSTRAINT ck_barrier_reports_two_domains CHECK (interface_from <> interface_to),
    CONSTRAINT ck_barrier_reports_since CHECK (since <= reported_on),
    CONSTRAINT ck_barrier_reports_resolved CHECK (resolved_on >= since)
);

CREATE INDEX ix_barrier_reports_case ON barrier_reports (municipal_area_id, case_id, changed_xid);

CREATE TABLE partner_barriers (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    reporting_institution_id UUID NOT NULL,
    reported_by UUID NOT NULL,
    reported_on DATE NOT NULL,
    quarter TEXT NOT NULL,
    barrier_type TEXT NOT NULL,
    institution_id UUID,
    institution_type TEXT,
    institution_group TEXT,
    interface_from TEXT,
    interface_to TEXT,
    effect TEXT NOT NULL,
    since DATE NOT NULL,
    referral_id UUID,
    site_id UUID,
    observation_id UUID,
    state TEXT DEFAULT 'received' NOT NULL,
    withdrawn_on DATE,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    CONSTRAINT pk_partner_barriers PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_partner_barriers_reporting_institution_id FOREIGN KEY(municipal_area_id, reporting_institution_id) REFERENCES institutions (municipal_area_id, id),
    CONSTRAINT fk_partner_barriers_reported_by FOREIGN KEY(municipal_area_id, reported_by) REFERENCES users (municipal_area_id, id),
    CONSTRAINT fk_partner_barriers_institution_id FOREIGN KEY(municipal_area_id, institution_id) REFERENCES institutions (municipal_area_id, id),
    CONSTRAINT fk_partner_barriers_referral FOREIGN KEY(municipal_area_id, referral_id, reporting_institution_id) REFERENCES referral_requests (municipal_area_id, id, institution_id),
    CONSTRAINT fk_partner_barriers_observation_id FOREIGN KEY(municipal_area_id, observation_id) REFERENCES observations (municipal_area_id, id),
    CONSTRAINT uq_partner_barriers_observation_id UNIQUE (municipal_area_id, observation_id),
    CONSTRAINT ck_partner_barriers_state CHECK (state IN ('received', 'withdrawn')),
    CONSTRAINT ck_partner_barriers_withdrawn CHECK ((state = 'withdrawn') = (withdrawn_on IS NOT NULL)),
    CONSTRAINT ck_partner_barriers_place CHECK (institution_type IS NOT NULL OR interface_from IS NOT NULL),
    CONSTRAINT ck_partner_barriers_kind_of_institution CHECK (institution_id IS NULL OR institution_type IS NOT NULL),
    CONSTRAINT ck_partner_barriers_group_of_kind CHECK ((institution_type IS NULL) = (institution_group IS NULL)),
    CONSTRAINT ck_partner_barriers_interface CHECK ((interface_from IS NULL) = (interface_to IS NULL)),
    CONSTRAINT ck_partner_barriers_two_domains CHECK (interface_from <> interface_to),
    CONSTRAINT ck_partner_barriers_since CHECK (since <= reported_on),
    CONSTRAINT ck_partner_barriers_no_sentence_of_a_referral CHECK (referral_id IS NULL OR observation_id IS NULL)
);

CREATE INDEX ix_partner_barriers_quarter ON partner_barriers (municipal_area_id, quarter);

CREATE INDEX ix_partner_barriers_reporting ON partner_barriers (municipal_area_id, reporting_institution_id, id);

CREATE TABLE barrier_figures (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    report_id UUID NOT NULL,
    reported_on DATE NOT NULL,
    quarter TEXT NOT NULL,
    year INTEGER NOT NULL,
    person_key UUID NOT NULL,
    household_key UUID NOT NULL,
    contributor_id UUID NOT NULL,
    unit_id UUID NOT NULL,
    municipality TEXT,
    institution_id UUID,
    institution_type TEXT,
    institution_group TEXT,
    interface_from TEXT,
    interface_to TEXT,
    barrier_type TEXT NOT NULL,
    barrier_category TEXT NOT NULL,
    is_sensitive BOOLEAN NOT NULL,
    effect TEXT NOT NULL,
    level TEXT,
    residence_group TEXT NOT NULL,
    nationality_group TEXT NOT NULL,
    age_band TEXT,
    sex TEXT NOT NULL,
    is_held BOOLEAN DEFAULT 'false' NOT NULL,
    CONSTRAINT pk_barrier_figures PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_barrier_figures_report FOREIGN KEY(municipal_area_id, report_id, contributor_id) REFERENCES barrier_reports (municipal_area_id, id, reported_by) ON DELETE CASCADE,
    CONSTRAINT fk_barrier_figures_unit_id FOREIGN KEY(municipal_area_id, unit_id) REFERENCES units (municipal_area_id, id),
    CONSTRAINT fk_barrier_figures_institution_id FOREIGN KEY(municipal_area_id, institution_id) REFERENCES institutions (municipal_area_id, id),
    CONSTRAINT uq_barrier_figures_person UNIQUE (municipal_area_id, report_id, person_key)
);

CREATE INDEX ix_barrier_figures_period ON barrier_figures (municipal_area_id, reported_on) INCLUDE (person_key, household_key, contributor_id, municipality, quarter, institution_id, institution_type, institution_group, interface_from, interface_to, barrier_type, effect, level, residence_group, nationality_group, age_band, sex, report_id) WHERE NOT is_held;

CREATE INDEX ix_barrier_figures_person ON barrier_figures (municipal_area_id, person_key);

CREATE INDEX ix_barrier_figures_household ON barrier_figures (municipal_area_id, household_key);

CREATE INDEX ix_barrier_figures_contributor ON barrier_figures (municipal_area_id, contributor_id) WHERE NOT is_held;

CREATE TABLE barrier_persons (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    report_id UUID NOT NULL,
    case_id UUID NOT NULL,
    client_id UUID NOT NULL,
    CONSTRAINT pk_barrier_persons PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_barrier_persons_report FOREIGN KEY(municipal_area_id, report_id, case_id) REFERENCES barrier_reports (municipal_area_id, id, case_id) ON DELETE CASCADE,
    CONSTRAINT fk_barrier_persons_client_id FOREIGN KEY(municipal_area_id, client_id) REFERENCES clients (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT uq_barrier_persons_client UNIQUE (municipal_area_id, report_id, client_id)
);

CREATE INDEX ix_barrier_persons_client ON barrier_persons (municipal_area_id, client_id);

CREATE TABLE barrier_proposals (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    case_id UUID NOT NULL,
    referral_id UUID,
    school_entry_id UUID,
    partner_barrier_id UUID,
    institution_id UUID,
    interface_from TEXT,
    interface_to TEXT,
    barrier_type TEXT NOT NULL,
    outcome TEXT NOT NULL,
    effect TEXT,
    since DATE,
    state TEXT DEFAULT 'open' NOT NULL,
    report_id UUID,
    proposed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    CONSTRAINT pk_barrier_proposals PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_barrier_proposals_case_id FOREIGN KEY(municipal_area_id, case_id) REFERENCES cases (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_barrier_proposals_institution_id FOREIGN KEY(municipal_area_id, institution_id) REFERENCES institutions (municipal_area_id, id),
    CONSTRAINT fk_barrier_proposals_school_entry_id FOREIGN KEY(municipal_area_id, school_entry_id) REFERENCES school_entries (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_barrier_proposals_partner_barrier_id FOREIGN KEY(municipal_area_id, partner_barrier_id) REFERENCES partner_barriers (municipal_area_id, id),
    CONSTRAINT fk_barrier_proposals_report FOREIGN KEY(municipal_area_id, report_id, case_id) REFERENCES barrier_reports (municipal_area_id, id, case_id),
    CONSTRAINT ck_barrier_proposals_one_reason CHECK (num_nonnulls(referral_id, school_entry_id) = 1),
    CONSTRAINT ck_barrier_proposals_institution_of_a_referral CHECK ((referral_id IS NULL) = (institution_id IS NULL) OR partner_barrier_id IS NOT NULL),
    CONSTRAINT ck_barrier_proposals_partner_barrier_of_a_referral CHECK (partner_barrier_id IS NULL OR referral_id IS NOT NULL),
    CONSTRAINT ck_barrier_proposals_interface CHECK ((interface_from IS NULL) = (interface_to IS NULL)),
    CONSTRAINT ck_barrier_proposals_state CHECK (state IN ('open', 'confirmed', 'dropped')),
    CONSTRAINT ck_barrier_proposals_confirmed_by_a_report CHECK ((state = 'confirmed') = (report_id IS NOT NULL)),
    CONSTRAINT uq_barrier_proposals_partner_barrier_id UNIQUE (municipal_area_id, partner_barrier_id),
    CONSTRAINT uq_barrier_proposals_school_entry UNIQUE (municipal_area_id, school_entry_id)
);

CREATE UNIQUE INDEX uq_barrier_proposals_referral ON barrier_proposals (municipal_area_id, referral_id) WHERE partner_barrier_id IS NULL;

CREATE INDEX ix_barrier_proposals_case ON barrier_proposals (municipal_area_id, case_id, changed_xid);

CREATE TABLE observation_sources (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    observation_id UUID NOT NULL,
    author_id UUID NOT NULL,
    case_id UUID,
    report_id UUID,
    CONSTRAINT pk_observation_sources PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_observation_sources_observation_id FOREIGN KEY(municipal_area_id, observation_id) REFERENCES observations (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_observation_sources_author_id FOREIGN KEY(municipal_area_id, author_id) REFERENCES users (municipal_area_id, id),
    CONSTRAINT fk_observation_sources_case_id FOREIGN KEY(municipal_area_id, case_id) REFERENCES cases (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_observation_sources_report FOREIGN KEY(municipal_area_id, report_id, case_id) REFERENCES barrier_reports (municipal_area_id, id, case_id) ON DELETE CASCADE,
    CONSTRAINT uq_observation_sources_observation_id UNIQUE (municipal_area_id, observation_id)
);

CREATE INDEX ix_observation_sources_author ON observation_sources (municipal_area_id, author_id);

CREATE INDEX ix_observation_sources_case ON observation_sources (municipal_area_id, case_id);
