-- Tables of the package `kit`.

CREATE TABLE idempotency_keys (
    municipal_area_id TEXT NOT NULL,
    user_id UUID NOT NULL,
    key TEXT NOT NULL,
    operation TEXT NOT NULL,
    body_sha256 BYTEA NOT NULL,
    object_id UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_idempotency_keys PRIMARY KEY (municipal_area_id, user_id, key)
);

CREATE TABLE outbox (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    event TEXT NOT NULL,
    handler TEXT NOT NULL,
    payload JSONB NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    available_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    attempts INTEGER DEFAULT '0' NOT NULL,
    failure TEXT,
    done_at TIMESTAMP WITH TIME ZONE,
    parked_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_outbox PRIMARY KEY (municipal_area_id, id)
);

CREATE INDEX ix_outbox_due ON outbox (available_at) WHERE done_at IS NULL AND parked_at IS NULL;
