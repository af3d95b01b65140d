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
    account_id UUID NOT NULL,
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
