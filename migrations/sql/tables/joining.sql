-- Tables of the package `identity` that name memberships and sites: who works where, and invitations.

CREATE TABLE membership_sites (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    membership_id UUID NOT NULL,
    institution_id UUID NOT NULL,
    site_id UUID NOT NULL,
    CONSTRAINT pk_membership_sites PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_membership_sites_membership FOREIGN KEY(municipal_area_id, membership_id, institution_id) REFERENCES memberships (municipal_area_id, id, institution_id),
    CONSTRAINT fk_membership_sites_site FOREIGN KEY(municipal_area_id, site_id, institution_id) REFERENCES institution_sites (municipal_area_id, id, institution_id),
    CONSTRAINT uq_membership_sites_membership_id_site_id UNIQUE (municipal_area_id, membership_id, site_id)
);

CREATE TABLE invitations (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    institution_id UUID NOT NULL,
    role TEXT NOT NULL,
    email TEXT NOT NULL,
    site_ids UUID[] DEFAULT '{}' NOT NULL,
    code_sha256 BYTEA NOT NULL,
    created_by UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    revoked_at TIMESTAMP WITH TIME ZONE,
    accepted_at TIMESTAMP WITH TIME ZONE,
    accepted_by UUID,
    CONSTRAINT pk_invitations PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_invitations_institution_id FOREIGN KEY(municipal_area_id, institution_id) REFERENCES institutions (municipal_area_id, id),
    CONSTRAINT fk_invitations_created_by FOREIGN KEY(municipal_area_id, created_by) REFERENCES users (municipal_area_id, id),
    CONSTRAINT fk_invitations_accepted_by FOREIGN KEY(municipal_area_id, accepted_by) REFERENCES users (municipal_area_id, id),
    CONSTRAINT ck_invitations_role CHECK (role IN ('authority_officer', 'partner_user')),
    CONSTRAINT ck_invitations_period CHECK (expires_at > created_at),
    CONSTRAINT ck_invitations_accepted CHECK ((accepted_at IS NULL) = (accepted_by IS NULL)),
    CONSTRAINT ck_invitations_one_end CHECK (num_nonnulls(accepted_at, revoked_at) < 2)
);

CREATE INDEX ix_invitations_institution ON invitations (municipal_area_id, institution_id);

CREATE UNIQUE INDEX uq_invitations_code ON invitations (code_sha256);
