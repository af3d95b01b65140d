-- Tables of the package `council_questions`.

CREATE TABLE council_questions (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    number TEXT NOT NULL,
    asked_by TEXT NOT NULL,
    asked_on DATE NOT NULL,
    question TEXT NOT NULL,
    answer TEXT,
    state TEXT DEFAULT 'draft' NOT NULL,
    created_by UUID NOT NULL,
    answered_by UUID,
    answered_at TIMESTAMP WITH TIME ZONE,
    sha256 TEXT,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    CONSTRAINT pk_council_questions PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_council_questions_created_by FOREIGN KEY(municipal_area_id, created_by) REFERENCES users (municipal_area_id, id),
    CONSTRAINT fk_council_questions_answered_by FOREIGN KEY(municipal_area_id, answered_by) REFERENCES users (municipal_area_id, id),
    CONSTRAINT ck_council_questions_state CHECK (state IN ('draft', 'answered')),
    CONSTRAINT uq_council_questions_number UNIQUE (municipal_area_id, number),
    CONSTRAINT ck_council_questions_answered_by_somebody CHECK (num_nonnulls(answered_by, answered_at, sha256) = CASE state WHEN 'answered' THEN 3 ELSE 0 END),
    CONSTRAINT ck_council_questions_answered_with_words CHECK (state = 'draft' OR answer IS NOT NULL)
);

CREATE TABLE council_citations (
    municipal_area_id TEXT NOT NULL,
    question_id UUID NOT NULL,
    release_id UUID NOT NULL,
    table_name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    CONSTRAINT pk_council_citations PRIMARY KEY (municipal_area_id, question_id, release_id, table_name),
    CONSTRAINT fk_council_citations_question_id FOREIGN KEY(municipal_area_id, question_id) REFERENCES council_questions (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_council_citations_table FOREIGN KEY(municipal_area_id, release_id, table_name) REFERENCES published_tables (municipal_area_id, release_id, name)
);
