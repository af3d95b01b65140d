-- Tables of the package `access`.

CREATE TABLE memberships (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    user_id UUID NOT NULL,
    role TEXT NOT NULL,
    unit_id UUID,
    institution_id UUID,
    started_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    CONSTRAINT pk_memberships PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_memberships_user_id FOREIGN KEY(municipal_area_id, user_id) REFERENCES users (municipal_area_id, id),
    CONSTRAINT fk_memberships_unit_id FOREIGN KEY(municipal_area_id, unit_id) REFERENCES units (municipal_area_id, id),
    CONSTRAINT fk_memberships_institution_id FOREIGN KEY(municipal_area_id, institution_id) REFERENCES institutions (municipal_area_id, id),
    CONSTRAINT ck_memberships_role CHECK (role IN ('case_manager', 'team_lead', 'coordinator', 'steering_member', 'assistant', 'authority_officer', 'partner_user', 'privacy_officer', 'admin', 'state_viewer')),
    CONSTRAINT ck_memberships_one_place CHECK (num_nonnulls(unit_id, institution_id) = 1),
    CONSTRAINT ck_memberships_right_place CHECK ((role IN ('authority_officer', 'partner_user')) = (institution_id IS NOT NULL)),
    CONSTRAINT ck_memberships_period CHECK (ended_at IS NULL OR ended_at >= started_at),
    CONSTRAINT uq_memberships_at_institution UNIQUE (municipal_area_id, id, institution_id)
);

CREATE INDEX ix_memberships_institution ON memberships (municipal_area_id, institution_id) WHERE institution_id IS NOT NULL AND ended_at IS NULL;

CREATE INDEX ix_memberships_user ON memberships (municipal_area_id, user_id);

CREATE UNIQUE INDEX uq_memberships_current ON memberships (municipal_area_id, user_id, role, coalesce(unit_id, institution_id)) WHERE ended_at IS NULL;

CREATE TABLE assignments (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    user_id UUID NOT NULL,
    client_id UUID NOT NULL,
    case_id UUID,
    unit_id UUID NOT NULL,
    kind TEXT NOT NULL,
    is_restricted BOOLEAN DEFAULT 'false' NOT NULL,
    is_held BOOLEAN DEFAULT 'false' NOT NULL,
    active_from TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    active_until TIMESTAMP WITH TIME ZONE,
    reason TEXT,
    created_by UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    CONSTRAINT pk_assignments PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_assignments_client_id FOREIGN KEY(municipal_area_id, client_id) REFERENCES clients (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_assignments_case_id FOREIGN KEY(municipal_area_id, case_id) REFERENCES cases (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_assignments_user_id FOREIGN KEY(municipal_area_id, user_id) REFERENCES users (municipal_area_id, id),
    CONSTRAINT fk_assignments_unit_id FOREIGN KEY(municipal_area_id, unit_id) REFERENCES units (municipal_area_id, id),
    CONSTRAINT ck_assignments_kind CHECK (kind IN ('registrar', 'lead', 'member', 'deputy', 'break_glass')),
    CONSTRAINT ck_assignments_registrar_without_case CHECK ((kind = 'registrar') = (case_id IS NULL)),
    CONSTRAINT ck_assignments_break_glass_has_reason CHECK ((kind = 'break_glass') = (reason IS NOT NULL)),
    CONSTRAINT ck_assignments_period CHECK (active_until IS NULL OR active_until >= active_from)
);

CREATE INDEX ix_assignments_case ON assignments (municipal_area_id, case_id);

CREATE INDEX ix_assignments_client ON assignments (municipal_area_id, client_id);

CREATE INDEX ix_assignments_user ON assignments (municipal_area_id, user_id, client_id, case_id) INCLUDE (unit_id, kind, active_from, active_until, is_restricted);
