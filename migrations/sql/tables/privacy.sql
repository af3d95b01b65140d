-- Tables of the package `privacy`.

CREATE TABLE retentions (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    object_type TEXT NOT NULL,
    object_id UUID NOT NULL,
    client_id UUID NOT NULL,
    client_pseudonym UUID NOT NULL,
    unit_id UUID NOT NULL,
    starts_on DATE NOT NULL,
    delete_after DATE NOT NULL,
    reason TEXT NOT NULL,
    CONSTRAINT pk_retentions PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_retentions_unit_id FOREIGN KEY(municipal_area_id, unit_id) REFERENCES units (municipal_area_id, id),
    CONSTRAINT ck_retentions_object_type CHECK (object_type IN ('case')),
    CONSTRAINT ck_retentions_reason CHECK (reason IN ('closed', 'consent_withdrawn')),
    CONSTRAINT uq_retentions_object_type_object_id UNIQUE (municipal_area_id, object_type, object_id)
);

CREATE INDEX ix_retentions_due ON retentions (municipal_area_id, delete_after, id);
