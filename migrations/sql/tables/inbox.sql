-- Tables of the package `referrals`: the team inbox of an institution.

CREATE TABLE referral_charges (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    institution_id UUID NOT NULL,
    site_id UUID,
    user_id UUID NOT NULL,
    since TIMESTAMP WITH TIME ZONE NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    CONSTRAINT pk_referral_charges PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_referral_charges_request FOREIGN KEY(municipal_area_id, id, institution_id) REFERENCES referral_requests (municipal_area_id, id, institution_id),
    CONSTRAINT fk_referral_charges_user_id FOREIGN KEY(municipal_area_id, user_id) REFERENCES users (municipal_area_id, id)
);

CREATE INDEX ix_referral_charges_user ON referral_charges (municipal_area_id, user_id);

CREATE TABLE partner_deputyships (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    institution_id UUID NOT NULL,
    user_id UUID NOT NULL,
    deputy_id UUID NOT NULL,
    first_day DATE NOT NULL,
    last_day DATE NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_partner_deputyships PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_partner_deputyships_institution_id FOREIGN KEY(municipal_area_id, institution_id) REFERENCES institutions (municipal_area_id, id),
    CONSTRAINT fk_partner_deputyships_user_id FOREIGN KEY(municipal_area_id, user_id) REFERENCES users (municipal_area_id, id),
    CONSTRAINT fk_partner_deputyships_deputy_id FOREIGN KEY(municipal_area_id, deputy_id) REFERENCES users (municipal_area_id, id),
    CONSTRAINT ck_partner_deputyships_somebody_else CHECK (user_id <> deputy_id),
    CONSTRAINT ck_partner_deputyships_period CHECK (last_day >= first_day),
    CONSTRAINT ex_partner_deputyships_one_at_a_time EXCLUDE USING gist (municipal_area_id WITH =, institution_id WITH =, user_id WITH =, daterange(first_day, last_day, '[]') WITH &&) WHERE (ended_at IS NULL)
);

CREATE INDEX ix_partner_deputyships_deputy ON partner_deputyships (municipal_area_id, deputy_id);
