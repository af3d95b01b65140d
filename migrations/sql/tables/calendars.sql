-- Tables of the package `calendars`.

CREATE TABLE calendar_feeds (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    user_id UUID NOT NULL,
    secret_sha256 BYTEA NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    revoked_at TIMESTAMP WITH TIME ZONE,
    last_used_at TIMESTAMP WITH TIME ZONE,
    window_started_at TIMESTAMP WITH TIME ZONE,
    window_uses INTEGER DEFAULT '0' NOT NULL,
    CONSTRAINT pk_calendar_feeds PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_calendar_feeds_user_id FOREIGN KEY(municipal_area_id, user_id) REFERENCES users (municipal_area_id, id),
    CONSTRAINT uq_calendar_feeds_secret_sha256 UNIQUE (secret_sha256)
);

CREATE UNIQUE INDEX uq_calendar_feeds_living ON calendar_feeds (municipal_area_id, user_id) WHERE revoked_at IS NULL;
