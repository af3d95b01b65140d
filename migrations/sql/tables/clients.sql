-- Tables of the package `clients`.

CREATE TABLE clients (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    pseudonym UUID NOT NULL,
    unit_id UUID NOT NULL,
    created_by UUID NOT NULL,
    is_restricted BOOLEAN DEFAULT 'false' NOT NULL,
    merged_into UUID,
    processing_restricted_at TIMESTAMP WITH TIME ZONE,
    given_name TEXT NOT NULL,
    family_name TEXT NOT NULL,
    former_names TEXT[] DEFAULT '{}' NOT NULL,
    other_names TEXT[] DEFAULT '{}' NOT NULL,
    birth_date DATE,
    birth_precision TEXT DEFAULT 'unknown' NOT NULL,
    sex TEXT DEFAULT 'x' NOT NULL,
    marital_status TEXT,
    literacy TEXT,
    needs_interpreter BOOLEAN,
    phone TEXT,
    email TEXT,
    contact_channels TEXT[],
    contact_times TEXT,
    contact_language TEXT,
    no_post BOOLEAN DEFAULT 'false' NOT NULL,
    no_voicemail BOOLEAN DEFAULT 'false' NOT NULL,
    no_interpreter_of_same_circle BOOLEAN DEFAULT 'false' NOT NULL,
    must_not_learn TEXT,
    household_key UUID NOT NULL,
    household_type TEXT,
    sort_key TEXT COLLATE "C" NOT NULL,
    name_forms TEXT[] NOT NULL,
    name_keys TEXT[] NOT NULL,
    name_index TSVECTOR GENERATED ALWAYS AS (array_to_tsvector(name_keys)) STORED NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    CONSTRAINT pk_clients PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_clients_unit_id FOREIGN KEY(municipal_area_id, unit_id) REFERENCES units (municipal_area_id, id),
    CONSTRAINT fk_clients_merged_into FOREIGN KEY(municipal_area_id, merged_into) REFERENCES clients (municipal_area_id, id),
    CONSTRAINT ck_clients_sex CHECK (sex IN ('m', 'w', 'd', 'x')),
    CONSTRAINT ck_clients_birth_precision CHECK (birth_precision IN ('day', 'month', 'year', 'unknown')),
    CONSTRAINT ck_clients_birth_known CHECK ((birth_precision = 'unknown') = (birth_date IS NULL))
);

CREATE INDEX ix_clients_birth ON clients (municipal_area_id, birth_date);

CREATE INDEX ix_clients_household ON clients (municipal_area_id, household_key);

CREATE INDEX ix_clients_names ON clients USING gin (name_index) WITH (fastupdate = off);

CREATE INDEX ix_clients_unit ON clients (municipal_area_id, unit_id);

CREATE UNIQUE INDEX uq_clients_pseudonym ON clients (municipal_area_id, pseudonym);

CREATE TABLE duplicate_checks (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    user_id UUID NOT NULL,
    is_registration BOOLEAN NOT NULL,
    checked_at TIMESTAMP WITH TIME ZONE NOT NULL,
    sought_forms TEXT[],
    sought_from DATE,
    sought_until DATE,
    found_elsewhere UUID[] DEFAULT '{}' NOT NULL,
    CONSTRAINT pk_duplicate_checks PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_duplicate_checks_user_id FOREIGN KEY(municipal_area_id, user_id) REFERENCES users (municipal_area_id, id)
);

CREATE INDEX ix_duplicate_checks_user ON duplicate_checks (municipal_area_id, user_id, checked_at);

CREATE TABLE addresses (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    strand TEXT NOT NULL,
    housing_type TEXT,
    care_of TEXT,
    street TEXT,
    postcode TEXT,
    town TEXT,
    municipality TEXT,
    client_id UUID NOT NULL,
    valid DATERANGE NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by UUID NOT NULL,
    superseded_at TIMESTAMP WITH TIME ZONE,
    superseded_by UUID,
    superseded_because TEXT,
    CONSTRAINT pk_addresses PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT ck_addresses_strand CHECK (strand IN ('registered', 'actual')),
    CONSTRAINT ck_addresses_shelter_hidden CHECK (housing_type IS DISTINCT FROM 'womens_shelter' OR num_nonnulls(care_of, street, postcode, town, municipality) = 0),
    CONSTRAINT fk_addresses_client_id FOREIGN KEY(municipal_area_id, client_id) REFERENCES clients (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_addresses_superseded_by FOREIGN KEY(municipal_area_id, superseded_by) REFERENCES addresses (municipal_area_id, id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT ck_addresses_superseded_because CHECK (superseded_because IN ('ended', 'corrected', 'entered_in_error', 'merged')),
    CONSTRAINT ck_addresses_valid CHECK (NOT isempty(valid)),
    CONSTRAINT ck_addresses_superseded CHECK ((superseded_at IS NULL) = (superseded_because IS NULL)),
    CONSTRAINT ck_addresses_replaced CHECK (superseded_by IS NULL OR superseded_at IS NOT NULL),
    CONSTRAINT ex_addresses_overlap EXCLUDE USING gist (municipal_area_id WITH =, client_id WITH =, strand WITH =, valid WITH &&) WHERE (superseded_at IS NULL)
);

CREATE INDEX ix_addresses_client ON addresses (municipal_area_id, client_id);

CREATE INDEX ix_addresses_superseded_by ON addresses (municipal_area_id, superseded_by);

CREATE TABLE client_nationalities (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    client_id UUID NOT NULL,
    nationality TEXT NOT NULL,
    position INTEGER NOT NULL,
    CONSTRAINT pk_client_nationalities PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_client_nationalities_client_id FOREIGN KEY(municipal_area_id, client_id) REFERENCES clients (municipal_area_id, id) ON DELETE CASCADE
);

CREATE UNIQUE INDEX uq_client_nationalities ON client_nationalities (municipal_area_id, client_id, nationality);

CREATE TABLE disputes (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    client_id UUID NOT NULL,
    entry TEXT NOT NULL,
    entry_ids UUID[] DEFAULT '{}' NOT NULL,
    member_client_id UUID,
    field TEXT,
    says TEXT NOT NULL,
    disputed_by TEXT NOT NULL,
    disputed_on DATE NOT NULL,
    recorded_by UUID NOT NULL,
    outcome TEXT,
    resolved_at TIMESTAMP WITH TIME ZONE,
    resolved_by UUID,
    reason TEXT,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    CONSTRAINT pk_disputes PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_disputes_client_id FOREIGN KEY(municipal_area_id, client_id) REFERENCES clients (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_disputes_member_client_id FOREIGN KEY(municipal_area_id, member_client_id) REFERENCES clients (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT ck_disputes_disputed_by CHECK (disputed_by IN ('client', 'guardian', 'representative')),
    CONSTRAINT ck_disputes_outcome CHECK (outcome IN ('corrected', 'confirmed', 'retracted', 'undecidable')),
    CONSTRAINT ck_disputes_resolved CHECK (num_nonnulls(outcome, resolved_at, resolved_by) IN (0, 3)),
    CONSTRAINT ck_disputes_entry_named CHECK ((entry = 'client') = (cardinality(entry_ids) = 0)),
    CONSTRAINT ck_disputes_member_of_household CHECK (member_client_id IS NULL OR entry = 'household')
);

CREATE INDEX ix_disputes_client ON disputes (municipal_area_id, client_id);

CREATE INDEX ix_disputes_member ON disputes (municipal_area_id, member_client_id);

CREATE INDEX ix_disputes_shown ON disputes (municipal_area_id, client_id) WHERE outcome IS NULL OR outcome = 'undecidable';

CREATE TABLE household_members (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    client_id UUID NOT NULL,
    member_client_id UUID,
    name TEXT,
    birth_year INTEGER,
    relation TEXT NOT NULL,
    is_kept_apart BOOLEAN DEFAULT 'false' NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    CONSTRAINT pk_household_members PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_household_members_client_id FOREIGN KEY(municipal_area_id, client_id) REFERENCES clients (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_household_members_member_client_id FOREIGN KEY(municipal_area_id, member_client_id) REFERENCES clients (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT ck_household_members_somebody_else CHECK (member_client_id <> client_id),
    CONSTRAINT ck_household_members_client_or_name CHECK ((member_client_id IS NULL) = (name IS NOT NULL)),
    CONSTRAINT ck_household_members_year_without_client CHECK (member_client_id IS NULL OR birth_year IS NULL)
);

CREATE INDEX ix_household_members_client ON household_members (municipal_area_id, client_id);

CREATE INDEX ix_household_members_member ON household_members (municipal_area_id, member_client_id);

CREATE UNIQUE INDEX uq_household_members_pair ON household_members (municipal_area_id, client_id, member_client_id) WHERE member_client_id IS NOT NULL;

CREATE TABLE language_levels (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    language TEXT NOT NULL,
    is_native BOOLEAN DEFAULT 'false' NOT NULL,
    overall TEXT,
    listening TEXT,
    speaking TEXT,
    reading TEXT,
    writing TEXT,
    evidence TEXT,
    client_id UUID NOT NULL,
    valid DATERANGE NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by UUID NOT NULL,
    superseded_at TIMESTAMP WITH TIME ZONE,
    superseded_by UUID,
    superseded_because TEXT,
    CONSTRAINT pk_language_levels PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_language_levels_client_id FOREIGN KEY(municipal_area_id, client_id) REFERENCES clients (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_language_levels_superseded_by FOREIGN KEY(municipal_area_id, superseded_by) REFERENCES language_levels (municipal_area_id, id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT ck_language_levels_superseded_because CHECK (superseded_because IN ('ended', 'corrected', 'entered_in_error', 'merged')),
    CONSTRAINT ck_language_levels_valid CHECK (NOT isempty(valid)),
    CONSTRAINT ck_language_levels_superseded CHECK ((superseded_at IS NULL) = (superseded_because IS NULL)),
    CONSTRAINT ck_language_levels_replaced CHECK (superseded_by IS NULL OR superseded_at IS NOT NULL),
    CONSTRAINT ex_language_levels_overlap EXCLUDE USING gist (municipal_area_id WITH =, client_id WITH =, language WITH =, valid WITH &&) WHERE (superseded_at IS NULL)
);

CREATE INDEX ix_language_levels_client ON language_levels (municipal_area_id, client_id);

CREATE INDEX ix_language_levels_superseded_by ON language_levels (municipal_area_id, superseded_by);

CREATE TABLE legal_domain_periods (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    strand TEXT NOT NULL,
    legal_domain TEXT,
    livelihood TEXT,
    client_id UUID NOT NULL,
    valid DATERANGE NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by UUID NOT NULL,
    superseded_at TIMESTAMP WITH TIME ZONE,
    superseded_by UUID,
    superseded_because TEXT,
    CONSTRAINT pk_legal_domain_periods PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT ck_legal_domain_periods_one_source CHECK (num_nonnulls(legal_domain, livelihood) = 1),
    CONSTRAINT ck_legal_domain_periods_livelihood_strand CHECK (livelihood IS NULL OR strand = 'livelihood'),
    CONSTRAINT fk_legal_domain_periods_client_id FOREIGN KEY(municipal_area_id, client_id) REFERENCES clients (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_legal_domain_periods_superseded_by FOREIGN KEY(municipal_area_id, superseded_by) REFERENCES legal_domain_periods (municipal_area_id, id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT ck_legal_domain_periods_superseded_because CHECK (superseded_because IN ('ended', 'corrected', 'entered_in_error', 'merged')),
    CONSTRAINT ck_legal_domain_periods_valid CHECK (NOT isempty(valid)),
    CONSTRAINT ck_legal_domain_periods_superseded CHECK ((superseded_at IS NULL) = (superseded_because IS NULL)),
    CONSTRAINT ck_legal_domain_periods_replaced CHECK (superseded_by IS NULL OR superseded_at IS NOT NULL),
    CONSTRAINT ex_legal_domain_periods_overlap EXCLUDE USING gist (municipal_area_id WITH =, client_id WITH =, strand WITH =, valid WITH &&) WHERE (superseded_at IS NULL AND strand IN ('livelihood', 'health')),
    CONSTRAINT ex_legal_domain_periods_twice EXCLUDE USING gist (municipal_area_id WITH =, client_id WITH =, strand WITH =, legal_domain WITH =, valid WITH &&) WHERE (superseded_at IS NULL)
);

CREATE INDEX ix_legal_domain_periods_client ON legal_domain_periods (municipal_area_id, client_id);

CREATE INDEX ix_legal_domain_periods_superseded_by ON legal_domain_periods (municipal_area_id, superseded_by);

CREATE TABLE official_numbers (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    client_id UUID NOT NULL,
    kind TEXT NOT NULL,
    sealed TEXT NOT NULL,
    mark TEXT NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by UUID NOT NULL,
    CONSTRAINT pk_official_numbers PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_official_numbers_client_id FOREIGN KEY(municipal_area_id, client_id) REFERENCES clients (municipal_area_id, id) ON DELETE CASCADE
);

CREATE INDEX ix_official_numbers_mark ON official_numbers (municipal_area_id, mark);

CREATE UNIQUE INDEX uq_official_numbers_kind ON official_numbers (municipal_area_id, client_id, kind);

CREATE TABLE residence_documents (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    strand TEXT NOT NULL,
    residence_status TEXT NOT NULL,
    printed_end DATE,
    continued_effect TEXT,
    continued_until DATE,
    work_permission TEXT,
    has_residence_obligation BOOLEAN,
    residence_obligation_place TEXT,
    residence_obligation_until DATE,
    eu_ground TEXT,
    evidence TEXT,
    client_id UUID NOT NULL,
    valid DATERANGE NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by UUID NOT NULL,
    superseded_at TIMESTAMP WITH TIME ZONE,
    superseded_by UUID,
    superseded_because TEXT,
    CONSTRAINT pk_residence_documents PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT ck_residence_documents_strand CHECK (strand IN ('title', 'certificate')),
    CONSTRAINT ck_residence_documents_evidence CHECK (evidence IN ('original', 'copy', 'statement')),
    CONSTRAINT ck_residence_documents_continued CHECK (continued_until IS NULL OR continued_effect IS NOT NULL),
    CONSTRAINT fk_residence_documents_client_id FOREIGN KEY(municipal_area_id, client_id) REFERENCES clients (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_residence_documents_superseded_by FOREIGN KEY(municipal_area_id, superseded_by) REFERENCES residence_documents (municipal_area_id, id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT ck_residence_documents_superseded_because CHECK (superseded_because IN ('ended', 'corrected', 'entered_in_error', 'merged')),
    CONSTRAINT ck_residence_documents_valid CHECK (NOT isempty(valid)),
    CONSTRAINT ck_residence_documents_superseded CHECK ((superseded_at IS NULL) = (superseded_because IS NULL)),
    CONSTRAINT ck_residence_documents_replaced CHECK (superseded_by IS NULL OR superseded_at IS NOT NULL),
    CONSTRAINT ex_residence_documents_overlap EXCLUDE USING gist (municipal_area_id WITH =, client_id WITH =, strand WITH =, valid WITH &&) WHERE (superseded_at IS NULL)
);

CREATE INDEX ix_residence_documents_client ON residence_documents (municipal_area_id, client_id);

CREATE INDEX ix_residence_documents_superseded_by ON residence_documents (municipal_area_id, superseded_by);

CREATE TABLE schooling_periods (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    school_step TEXT NOT NULL,
    school TEXT,
    client_id UUID NOT NULL,
    valid DATERANGE NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by UUID NOT NULL,
    superseded_at TIMESTAMP WITH TIME ZONE,
    superseded_by UUID,
    superseded_because TEXT,
    CONSTRAINT pk_schooling_periods PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_schooling_periods_client_id FOREIGN KEY(municipal_area_id, client_id) REFERENCES clients (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_schooling_periods_superseded_by FOREIGN KEY(municipal_area_id, superseded_by) REFERENCES schooling_periods (municipal_area_id, id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT ck_schooling_periods_superseded_because CHECK (superseded_because IN ('ended', 'corrected', 'entered_in_error', 'merged')),
    CONSTRAINT ck_schooling_periods_valid CHECK (NOT isempty(valid)),
    CONSTRAINT ck_schooling_periods_superseded CHECK ((superseded_at IS NULL) = (superseded_because IS NULL)),
    CONSTRAINT ck_schooling_periods_replaced CHECK (superseded_by IS NULL OR superseded_at IS NOT NULL),
    CONSTRAINT ex_schooling_periods_overlap EXCLUDE USING gist (municipal_area_id WITH =, client_id WITH =, valid WITH &&) WHERE (superseded_at IS NULL)
);

CREATE INDEX ix_schooling_periods_client ON schooling_periods (municipal_area_id, client_id);

CREATE INDEX ix_schooling_periods_superseded_by ON schooling_periods (municipal_area_id, superseded_by);

CREATE TABLE client_merges (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    client_id UUID NOT NULL,
    merged_client_id UUID NOT NULL,
    merged_pseudonym UUID NOT NULL,
    reason TEXT NOT NULL,
    taken TEXT[] NOT NULL,
    merged_by UUID NOT NULL,
    merged_at TIMESTAMP WITH TIME ZONE NOT NULL,
    undo_until TIMESTAMP WITH TIME ZONE NOT NULL,
    client_was_restricted BOOLEAN NOT NULL,
    merged_was_restricted BOOLEAN NOT NULL,
    changes JSONB,
    undone_at TIMESTAMP WITH TIME ZONE,
    undone_by UUID,
    stayed TEXT[] DEFAULT '{}' NOT NULL,
    final_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_client_merges PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_client_merges_client_id FOREIGN KEY(municipal_area_id, client_id) REFERENCES clients (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT ck_client_merges_somebody_else CHECK (merged_client_id <> client_id),
    CONSTRAINT ck_client_merges_undone_by CHECK ((undone_at IS NULL) = (undone_by IS NULL)),
    CONSTRAINT ck_client_merges_one_end CHECK (num_nonnulls(undone_at, final_at) <= 1),
    CONSTRAINT ck_client_merges_forgotten CHECK ((changes IS NULL) = (num_nonnulls(undone_at, final_at) = 1))
);

CREATE INDEX ix_client_merges_client ON client_merges (municipal_area_id, client_id);

CREATE INDEX ix_client_merges_open ON client_merges (municipal_area_id, undo_until) WHERE undone_at IS NULL AND final_at IS NULL;

CREATE INDEX ix_client_merges_pseudonym ON client_merges (municipal_area_id, merged_pseudonym);

CREATE UNIQUE INDEX uq_client_merges_merged ON client_merges (municipal_area_id, merged_client_id) WHERE undone_at IS NULL;

CREATE TABLE client_merge_moves (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    merge_id UUID NOT NULL,
    how TEXT NOT NULL,
    table_name TEXT NOT NULL,
    row_id UUID NOT NULL,
    column_name TEXT,
    before JSONB NOT NULL,
    after UUID,
    CONSTRAINT pk_client_merge_moves PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_client_merge_moves_merge_id FOREIGN KEY(municipal_area_id, merge_id) REFERENCES client_merges (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT ck_client_merge_moves_how CHECK (how IN ('moved', 'superseded', 'figure', 'stricter'))
);

CREATE INDEX ix_client_merge_moves_merge ON client_merge_moves (municipal_area_id, merge_id);

CREATE TABLE distinct_clients (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    client_id UUID NOT NULL,
    other_client_id UUID NOT NULL,
    reason TEXT NOT NULL,
    decided_by UUID NOT NULL,
    decided_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_distinct_clients PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_distinct_clients_client_id FOREIGN KEY(municipal_area_id, client_id) REFERENCES clients (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_distinct_clients_other_client_id FOREIGN KEY(municipal_area_id, other_client_id) REFERENCES clients (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT ck_distinct_clients_somebody_else CHECK (other_client_id <> client_id)
);

CREATE INDEX ix_distinct_clients_other ON distinct_clients (municipal_area_id, other_client_id);

CREATE UNIQUE INDEX uq_distinct_clients_pair ON distinct_clients (municipal_area_id, least(client_id, other_client_id), greatest(client_id, other_client_id));

CREATE TABLE processing_restrictions (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    client_id UUID NOT NULL,
    entry TEXT NOT NULL,
    entry_id UUID,
    ground TEXT NOT NULL,
    asked_by TEXT,
    note TEXT,
    restricted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_by UUID NOT NULL,
    announced_at TIMESTAMP WITH TIME ZONE,
    announced_by UUID,
    announced_how TEXT,
    lifted_at TIMESTAMP WITH TIME ZONE,
    lifted_by UUID,
    lift_reason TEXT,
    CONSTRAINT pk_processing_restrictions PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_processing_restrictions_client_id FOREIGN KEY(municipal_area_id, client_id) REFERENCES clients (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT ck_processing_restrictions_ground CHECK (ground IN ('accuracy_contested', 'unlawful', 'legal_claims', 'objection', 'consent_withdrawn')),
    CONSTRAINT ck_processing_restrictions_asked_by CHECK (asked_by IN ('client', 'guardian', 'representative')),
    CONSTRAINT ck_processing_restrictions_entry CHECK (entry IN ('client', 'residence-documents', 'legal-domains', 'addresses', 'languages', 'schooling')),
    CONSTRAINT ck_processing_restrictions_entry_named CHECK ((entry = 'client') = (entry_id IS NULL)),
    CONSTRAINT ck_processing_restrictions_announced CHECK (num_nonnulls(announced_at, announced_by, announced_how) IN (0, 3)),
    CONSTRAINT ck_processing_restrictions_lifted CHECK (num_nonnulls(lifted_at, lifted_by, lift_reason) IN (0, 3)),
    CONSTRAINT ck_processing_restrictions_announced_before CHECK (lifted_at IS NULL OR ground = 'consent_withdrawn' OR coalesce(announced_at < lifted_at, false))
);

CREATE INDEX ix_processing_restrictions_client ON processing_restrictions (municipal_area_id, client_id);

CREATE UNIQUE INDEX uq_processing_restrictions_open ON processing_restrictions (municipal_area_id, client_id, entry, coalesce(entry_id, client_id), ground) WHERE lifted_at IS NULL;

CREATE TABLE processing_uses (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    client_id UUID NOT NULL,
    purpose TEXT NOT NULL,
    reason TEXT NOT NULL,
    used_by UUID NOT NULL,
    used_at TIMESTAMP WITH TIME ZONE NOT NULL,
    allowed_until TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_processing_uses PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_processing_uses_client_id FOREIGN KEY(municipal_area_id, client_id) REFERENCES clients (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT ck_processing_uses_purpose CHECK (purpose IN ('consent', 'legal_claims', 'protection_of_another', 'public_interest')),
    CONSTRAINT ck_processing_uses_short CHECK (allowed_until <= used_at + interval '1 hour')
);

CREATE INDEX ix_processing_uses_client ON processing_uses (municipal_area_id, client_id, used_by);

CREATE TABLE guardians (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    client_id UUID NOT NULL,
    kind TEXT NOT NULL,
    member_id UUID,
    institution_id UUID,
    name TEXT,
    reachable TEXT,
    scope TEXT[] NOT NULL,
    is_joint BOOLEAN DEFAULT 'false' NOT NULL,
    must_not_learn BOOLEAN DEFAULT 'false' NOT NULL,
    valid_from DATE,
    valid_until DATE,
    evidence TEXT NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    CONSTRAINT pk_guardians PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_guardians_client_id FOREIGN KEY(municipal_area_id, client_id) REFERENCES clients (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_guardians_member_id FOREIGN KEY(municipal_area_id, member_id) REFERENCES household_members (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_guardians_institution_id FOREIGN KEY(municipal_area_id, institution_id) REFERENCES institutions (municipal_area_id, id),
    CONSTRAINT ck_guardians_kind CHECK (kind IN ('parent', 'guardian', 'supplementary_guardian', 'taken_into_care', 'legal_adviser')),
    CONSTRAINT ck_guardians_one_identity CHECK (num_nonnulls(member_id, institution_id, name) = 1),
    CONSTRAINT ck_guardians_some_scope CHECK (cardinality(scope) > 0),
    CONSTRAINT ck_guardians_scope CHECK (scope <@ ARRAY['custody', 'residence', 'health', 'assets', 'authorities']),
    CONSTRAINT ck_guardians_period CHECK (valid_until >= valid_from)
);

CREATE INDEX ix_guardians_client ON guardians (municipal_area_id, client_id, changed_xid);

CREATE INDEX ix_guardians_member ON guardians (municipal_area_id, member_id);
