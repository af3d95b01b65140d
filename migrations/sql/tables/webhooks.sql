-- Tables of the package `webhooks`.

CREATE TABLE webhooks (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    institution_id UUID NOT NULL,
    url TEXT NOT NULL,
    label TEXT NOT NULL,
    kinds TEXT[] NOT NULL,
    signature TEXT NOT NULL,
    state TEXT NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    created_by UUID NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    CONSTRAINT pk_webhooks PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_webhooks_institution_id FOREIGN KEY(municipal_area_id, institution_id) REFERENCES institutions (municipal_area_id, id),
    CONSTRAINT fk_webhooks_created_by FOREIGN KEY(municipal_area_id, created_by) REFERENCES users (municipal_area_id, id),
    CONSTRAINT uq_webhooks_owned UNIQUE (municipal_area_id, id, institution_id),
    CONSTRAINT ck_webhooks_signature CHECK (signature IN ('hmac_sha256', 'ed25519', 'callback_hmac_sha512')),
    CONSTRAINT ck_webhooks_state CHECK (state IN ('active', 'paused', 'ended')),
    CONSTRAINT ck_webhooks_kinds CHECK (cardinality(kinds) > 0 AND kinds <@ ARRAY['referral.offered', 'referral.sent_back', 'referral.reminder', 'referral.expired', 'referral.cancelled', 'referral.entered_in_error', 'referral.revoked', 'referral.message', 'referral.recall_asked', 'incoming_referral.accepted', 'incoming_referral.rejected', 'incoming_referral.asked']),
    CONSTRAINT ck_webhooks_ended CHECK ((state = 'ended') = (ended_at IS NOT NULL))
);

CREATE INDEX ix_webhooks_institution ON webhooks (municipal_area_id, institution_id, id);

CREATE TABLE webhook_secrets (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    webhook_id UUID NOT NULL,
    institution_id UUID NOT NULL,
    sealed TEXT NOT NULL,
    public_key TEXT,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_webhook_secrets PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_webhook_secrets_webhook FOREIGN KEY(municipal_area_id, webhook_id, institution_id) REFERENCES webhooks (municipal_area_id, id, institution_id) ON DELETE CASCADE
);

CREATE INDEX ix_webhook_secrets_webhook ON webhook_secrets (municipal_area_id, webhook_id);

CREATE TABLE webhook_deliveries (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    webhook_id UUID NOT NULL,
    institution_id UUID NOT NULL,
    event_id UUID NOT NULL,
    kind TEXT NOT NULL,
    referral_id UUID,
    incoming_id UUID,
    happened_at TIMESTAMP WITH TIME ZONE NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    state TEXT NOT NULL,
    failures INTEGER DEFAULT '0' NOT NULL,
    claims INTEGER DEFAULT '0' NOT NULL,
    next_at TIMESTAMP WITH TIME ZONE NOT NULL,
    leased_until TIMESTAMP WITH TIME ZONE,
    failure TEXT,
    ended_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_webhook_deliveries PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_webhook_deliveries_webhook FOREIGN KEY(municipal_area_id, webhook_id, institution_id) REFERENCES webhooks (municipal_area_id, id, institution_id) ON DELETE CASCADE,
    CONSTRAINT fk_webhook_deliveries_referral FOREIGN KEY(municipal_area_id, referral_id, institution_id) REFERENCES referral_requests (municipal_area_id, id, institution_id) ON DELETE CASCADE,
    CONSTRAINT fk_webhook_deliveries_incoming FOREIGN KEY(municipal_area_id, incoming_id, institution_id) REFERENCES incoming_referrals (municipal_area_id, id, institution_id) ON DELETE CASCADE,
    CONSTRAINT uq_webhook_deliveries_event UNIQUE (municipal_area_id, webhook_id, event_id),
    CONSTRAINT uq_webhook_deliveries_owned UNIQUE (municipal_area_id, id, institution_id),
    CONSTRAINT ck_webhook_deliveries_kind CHECK (kind IN ('referral.offered', 'referral.sent_back', 'referral.reminder', 'referral.expired', 'referral.cancelled', 'referral.entered_in_error', 'referral.revoked', 'referral.message', 'referral.recall_asked', 'incoming_referral.accepted', 'incoming_referral.rejected', 'incoming_referral.asked', 'webhook.test')),
    CONSTRAINT ck_webhook_deliveries_state CHECK (state IN ('pending', 'delivered', 'parked')),
    CONSTRAINT ck_webhook_deliveries_failure CHECK (failure IN ('address', 'unresolved', 'connection', 'certificate', 'timeout', 'protocol', 'status', 'redirect', 'gone', 'secret', 'webhook_ended', 'paused_too_long')),
    CONSTRAINT ck_webhook_deliveries_about_a_referral CHECK ((kind = 'webhook.test' OR num_nonnulls(referral_id, incoming_id) = 1) AND (referral_id IS NOT NULL) = (kind LIKE 'referral.%') AND (incoming_id IS NOT NULL) = (kind LIKE 'incoming_referral.%')),
    CONSTRAINT ck_webhook_deliveries_ended CHECK ((state = 'pending') = (ended_at IS NULL))
);

CREATE INDEX ix_webhook_deliveries_due ON webhook_deliveries (municipal_area_id, webhook_id, next_at) WHERE state = 'pending';

CREATE INDEX ix_webhook_deliveries_incoming ON webhook_deliveries (municipal_area_id, incoming_id);

CREATE INDEX ix_webhook_deliveries_leased ON webhook_deliveries (municipal_area_id, institution_id, webhook_id) WHERE leased_until IS NOT NULL;

CREATE INDEX ix_webhook_deliveries_parked ON webhook_deliveries (municipal_area_id, webhook_id) WHERE state = 'parked';

CREATE INDEX ix_webhook_deliveries_referral ON webhook_deliveries (municipal_area_id, referral_id);

CREATE INDEX ix_webhook_deliveries_webhook ON webhook_deliveries (municipal_area_id, webhook_id, created_at, id);

CREATE TABLE webhook_attempts (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    delivery_id UUID NOT NULL,
    institution_id UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    milliseconds INTEGER NOT NULL,
    status INTEGER,
    failure TEXT,
    CONSTRAINT pk_webhook_attempts PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_webhook_attempts_delivery FOREIGN KEY(municipal_area_id, delivery_id, institution_id) REFERENCES webhook_deliveries (municipal_area_id, id, institution_id) ON DELETE CASCADE,
    CONSTRAINT ck_webhook_attempts_failure CHECK (failure IN ('address', 'unresolved', 'connection', 'certificate', 'timeout', 'protocol', 'status', 'redirect', 'gone', 'secret', 'webhook_ended', 'paused_too_long'))
);

CREATE INDEX ix_webhook_attempts_delivery ON webhook_attempts (municipal_area_id, delivery_id, at);
