-- Tables of the package `identity`.

CREATE TABLE accounts (
    id UUID NOT NULL,
    email TEXT NOT NULL,
    password_hash TEXT,
    password_changed_at TIMESTAMP WITH TIME ZONE,
    must_change_password BOOLEAN DEFAULT 'false' NOT NULL,
    disabled_at TIMESTAMP WITH TIME ZONE,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_accounts PRIMARY KEY (id),
    CONSTRAINT uq_accounts_email UNIQUE (email)
);

CREATE TABLE login_throttles (
    key_sha256 BYTEA NOT NULL,
    failures INTEGER NOT NULL,
    last_failure_at TIMESTAMP WITH TIME ZONE,
    last_success_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_login_throttles PRIMARY KEY (key_sha256)
);

CREATE TABLE users (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    account_id UUID,
    display_name TEXT NOT NULL,
    language TEXT DEFAULT 'de' NOT NULL,
    disabled_at TIMESTAMP WITH TIME ZONE,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    CONSTRAINT pk_users PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT uq_users_account_id UNIQUE (municipal_area_id, account_id),
    CONSTRAINT fk_users_municipal_area_id FOREIGN KEY(municipal_area_id) REFERENCES municipal_areas (id),
    CONSTRAINT fk_users_account_id FOREIGN KEY(account_id) REFERENCES accounts (id)
);

CREATE INDEX ix_users_account ON users (account_id);

CREATE TABLE sessions (
    id UUID NOT NULL,
    municipal_area_id TEXT NOT NULL,
    account_id UUID NOT NULL,
    user_id UUID NOT NULL,
    started_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    end_reason TEXT,
    CONSTRAINT pk_sessions PRIMARY KEY (id),
    CONSTRAINT fk_sessions_user_id FOREIGN KEY(municipal_area_id, user_id) REFERENCES users (municipal_area_id, id),
    CONSTRAINT fk_sessions_account_id FOREIGN KEY(account_id) REFERENCES accounts (id)
);

CREATE INDEX ix_sessions_account ON sessions (account_id) WHERE ended_at IS NULL;

CREATE TABLE refresh_tokens (
    token_sha256 BYTEA NOT NULL,
    session_id UUID NOT NULL,
    issued_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    used_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_refresh_tokens PRIMARY KEY (token_sha256),
    CONSTRAINT fk_refresh_tokens_session_id FOREIGN KEY(session_id) REFERENCES sessions (id) ON DELETE CASCADE
);

CREATE INDEX ix_refresh_tokens_session ON refresh_tokens (session_id);

CREATE TABLE partner_systems (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    institution_id UUID NOT NULL,
    name TEXT NOT NULL,
    scopes TEXT[] NOT NULL,
    requests_per_minute INTEGER NOT NULL,
    created_by UUID NOT NULL,
    revoked_at TIMESTAMP WITH TIME ZONE,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    CONSTRAINT pk_partner_systems PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_partner_systems_id FOREIGN KEY(municipal_area_id, id) REFERENCES users (municipal_area_id, id),
    CONSTRAINT fk_partner_systems_institution_id FOREIGN KEY(municipal_area_id, institution_id) REFERENCES institutions (municipal_area_id, id),
    CONSTRAINT fk_partner_systems_created_by FOREIGN KEY(municipal_area_id, created_by) REFERENCES users (municipal_area_id, id),
    CONSTRAINT ck_partner_systems_scopes CHECK (scopes <@ '{referrals:read,referrals:answer,referrals:create,barriers:create,directory:read,directory:capacity,state_exports:fetch}' AND cardinality(scopes) > 0),
    CONSTRAINT ck_partner_systems_rate CHECK (requests_per_minute BETWEEN 1 AND 6000)
);

CREATE UNIQUE INDEX uq_partner_systems_client ON partner_systems (id);

CREATE INDEX ix_partner_systems_institution ON partner_systems (municipal_area_id, institution_id);

CREATE TABLE partner_credentials (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    partner_system_id UUID NOT NULL,
    kind TEXT NOT NULL,
    kid TEXT,
    x TEXT,
    y TEXT,
    secret_hash TEXT,
    created_by UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    revoked_at TIMESTAMP WITH TIME ZONE,
    last_used_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_partner_credentials PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_partner_credentials_partner_system_id FOREIGN KEY(municipal_area_id, partner_system_id) REFERENCES partner_systems (municipal_area_id, id),
    CONSTRAINT fk_partner_credentials_created_by FOREIGN KEY(municipal_area_id, created_by) REFERENCES users (municipal_area_id, id),
    CONSTRAINT uq_partner_credentials_kid UNIQUE (municipal_area_id, kid),
    CONSTRAINT ck_partner_credentials_kind CHECK (kind IN ('key', 'secret')),
    CONSTRAINT ck_partner_credentials_key_or_secret CHECK (CASE kind WHEN 'key' THEN num_nonnulls(kid, x, y) = 3 AND secret_hash IS NULL ELSE num_nonnulls(kid, x, y) = 0 AND secret_hash IS NOT NULL END),
    CONSTRAINT ck_partner_credentials_period CHECK (expires_at > created_at)
);

CREATE UNIQUE INDEX uq_partner_credentials_id ON partner_credentials (id);

CREATE INDEX ix_partner_credentials_system ON partner_credentials (municipal_area_id, partner_system_id);

CREATE TABLE partner_allowances (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    requests_left DOUBLE PRECISION NOT NULL,
    counted_at TIMESTAMP WITH TIME ZONE NOT NULL,
    last_used_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_partner_allowances PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_partner_allowances_id FOREIGN KEY(municipal_area_id, id) REFERENCES partner_systems (municipal_area_id, id)
);

CREATE TABLE used_proofs (
    proof_sha256 BYTEA NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_used_proofs PRIMARY KEY (proof_sha256)
);

CREATE INDEX ix_used_proofs_expires ON used_proofs (expires_at);
