-- Tables of the package `catalogues`.

CREATE TABLE catalogue_entries (
    vocabulary TEXT NOT NULL,
    code TEXT NOT NULL,
    position INTEGER NOT NULL,
    label_de TEXT NOT NULL,
    label_en TEXT NOT NULL,
    parent TEXT,
    note TEXT,
    attributes JSONB DEFAULT '{}' NOT NULL,
    valid_from DATE,
    valid_to DATE,
    CONSTRAINT pk_catalogue_entries PRIMARY KEY (vocabulary, code),
    CONSTRAINT ck_catalogue_entries_validity CHECK (valid_to IS NULL OR valid_to >= valid_from)
);

CREATE INDEX ix_catalogue_entries_position ON catalogue_entries (vocabulary, position);
