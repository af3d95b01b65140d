-- Tables of the package `pathways`.

CREATE TABLE pathways (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    case_id UUID NOT NULL,
    pathway TEXT NOT NULL,
    law_version TEXT NOT NULL,
    member_client_id UUID,
    member_name TEXT,
    relation TEXT,
    together_with_id UUID,
    state TEXT DEFAULT 'preparing' NOT NULL,
    applied_on DATE,
    ended_on DATE,
    turned_into_id UUID,
    next_on DATE,
    note TEXT,
    started_by UUID NOT NULL,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    CONSTRAINT pk_pathways PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_pathways_case_id FOREIGN KEY(municipal_area_id, case_id) REFERENCES cases (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_pathways_member_client_id FOREIGN KEY(municipal_area_id, member_client_id) REFERENCES clients (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_pathways_together_with_id FOREIGN KEY(municipal_area_id, together_with_id) REFERENCES pathways (municipal_area_id, id) ON DELETE SET NULL (together_with_id),
    CONSTRAINT fk_pathways_turned_into_id FOREIGN KEY(municipal_area_id, turned_into_id) REFERENCES pathways (municipal_area_id, id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT ck_pathways_state CHECK (state IN ('preparing', 'applied', 'granted', 'rejected', 'withdrawn', 'turned')),
    CONSTRAINT ck_pathways_one_person CHECK (num_nonnulls(member_client_id, member_name) <= 1),
    CONSTRAINT ck_pathways_member_is_related CHECK ((relation IS NULL) = (num_nonnulls(member_client_id, member_name) = 0)),
    CONSTRAINT ck_pathways_turned_into_another CHECK ((state = 'turned') = (turned_into_id IS NOT NULL)),
    CONSTRAINT ck_pathways_ended CHECK ((state IN ('preparing', 'applied')) = (ended_on IS NULL)),
    CONSTRAINT ck_pathways_together_with_another CHECK (together_with_id <> id)
);

CREATE INDEX ix_pathways_case ON pathways (municipal_area_id, case_id, changed_xid);

CREATE UNIQUE INDEX uq_pathways_running ON pathways (municipal_area_id, case_id, pathway, member_client_id, member_name) NULLS NOT DISTINCT WHERE state IN ('preparing', 'applied');

CREATE TABLE pathway_requirements (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    pathway_id UUID NOT NULL,
    case_id UUID NOT NULL,
    requirement TEXT NOT NULL,
    state TEXT DEFAULT 'open' NOT NULL,
    evidence TEXT,
    evidence_document_id UUID,
    note TEXT,
    next_on DATE,
    CONSTRAINT pk_pathway_requirements PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_pathway_requirements_pathway_id FOREIGN KEY(municipal_area_id, pathway_id) REFERENCES pathways (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_pathway_requirements_case_id FOREIGN KEY(municipal_area_id, case_id) REFERENCES cases (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_pathway_requirements_evidence_document_id FOREIGN KEY(municipal_area_id, evidence_document_id) REFERENCES documents (municipal_area_id, id) ON DELETE SET NULL (evidence_document_id),
    CONSTRAINT ck_pathway_requirements_state CHECK (state IN ('open', 'in_progress', 'evidence_there', 'not_met_yet', 'not_applicable', 'to_be_examined')),
    CONSTRAINT uq_pathway_requirements_once UNIQUE (municipal_area_id, pathway_id, requirement)
);

CREATE INDEX ix_pathway_requirements_case ON pathway_requirements (municipal_area_id, case_id);

CREATE TABLE pathway_steps (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    pathway_id UUID NOT NULL,
    case_id UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    step TEXT NOT NULL,
    requirement TEXT,
    source TEXT,
    target TEXT NOT NULL,
    user_id UUID NOT NULL,
    reason TEXT,
    evidence TEXT,
    evidence_document_id UUID,
    note TEXT,
    next_on DATE,
    CONSTRAINT pk_pathway_steps PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_pathway_steps_pathway_id FOREIGN KEY(municipal_area_id, pathway_id) REFERENCES pathways (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_pathway_steps_case_id FOREIGN KEY(municipal_area_id, case_id) REFERENCES cases (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_pathway_steps_evidence_document_id FOREIGN KEY(municipal_area_id, evidence_document_id) REFERENCES documents (municipal_area_id, id) ON DELETE SET NULL (evidence_document_id),
    CONSTRAINT ck_pathway_steps_step CHECK (step IN ('start', 'apply', 'grant', 'reject', 'withdraw', 'turn', 'challenge', 'requirement', 'move')),
    CONSTRAINT ck_pathway_steps_of_a_requirement CHECK ((step = 'requirement') = (requirement IS NOT NULL))
);

CREATE INDEX ix_pathway_steps_case ON pathway_steps (municipal_area_id, case_id);

CREATE INDEX ix_pathway_steps_of ON pathway_steps (municipal_area_id, pathway_id, at);
