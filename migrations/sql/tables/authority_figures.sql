-- Tables of the package `authority_figures`.

CREATE TABLE authority_figures (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    institution_id UUID NOT NULL,
    quarter TEXT NOT NULL,
    figure TEXT NOT NULL,
    total INTEGER NOT NULL,
    groups JSONB NOT NULL,
    entered_by UUID NOT NULL,
    entered_at TIMESTAMP WITH TIME ZONE NOT NULL,
    superseded_at TIMESTAMP WITH TIME ZONE,
    superseded_by UUID,
    correction_reason TEXT,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    CONSTRAINT pk_authority_figures PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_authority_figures_institution_id FOREIGN KEY(municipal_area_id, institution_id) REFERENCES institutions (municipal_area_id, id),
    CONSTRAINT fk_authority_figures_superseded_by FOREIGN KEY(municipal_area_id, superseded_by) REFERENCES authority_figures (municipal_area_id, id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT ck_authority_figures_figure CHECK (figure IN ('naturalisation_applied', 'naturalisation_granted', 'naturalisation_rejected', 'stay_examined', 'stay_applied', 'stay_granted', 'stay_rejected', 'duldung_held')),
    CONSTRAINT ck_authority_figures_quarter CHECK (quarter ~ '^2[01][0-9]{2}Q[1-4]$'),
    CONSTRAINT ck_authority_figures_total CHECK (total >= 0),
    CONSTRAINT ck_authority_figures_superseded_by_another CHECK ((superseded_at IS NULL) = (num_nonnulls(superseded_by, correction_reason) = 0))
);

CREATE UNIQUE INDEX uq_authority_figures_believed ON authority_figures (municipal_area_id, institution_id, quarter, figure) WHERE superseded_at IS NULL;
