-- Tables of the package `inquiries`.

CREATE TABLE inquiries (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    unit_id UUID NOT NULL,
    responsible_id UUID,
    state TEXT DEFAULT 'open' NOT NULL,
    language TEXT NOT NULL,
    waiting_since DATE,
    priority_reason TEXT,
    referral TEXT,
    answer_until TIMESTAMP WITH TIME ZONE,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    CONSTRAINT pk_inquiries PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_inquiries_unit_id FOREIGN KEY(municipal_area_id, unit_id) REFERENCES units (municipal_area_id, id),
    CONSTRAINT fk_inquiries_responsible_id FOREIGN KEY(municipal_area_id, responsible_id) REFERENCES users (municipal_area_id, id),
    CONSTRAINT ck_inquiries_state CHECK (state IN ('open', 'waiting', 'advised', 'passed_on', 'declined', 'case', 'removed', 'lapsed')),
    CONSTRAINT ck_inquiries_priority_reason CHECK (priority_reason IN ('deadline', 'livelihood', 'housing', 'child', 'emergency')),
    CONSTRAINT ck_inquiries_referral CHECK (referral IN ('unanswered', 'answered')),
    CONSTRAINT ck_inquiries_waiting_since CHECK (state <> 'waiting' OR waiting_since IS NOT NULL),
    CONSTRAINT ck_inquiries_responsible CHECK (responsible_id IS NOT NULL OR state IN ('waiting', 'lapsed', 'removed'))
);

CREATE INDEX ix_inquiries_responsible ON inquiries (municipal_area_id, responsible_id);

CREATE INDEX ix_inquiries_unanswered ON inquiries (municipal_area_id, unit_id) WHERE referral = 'unanswered';

CREATE INDEX ix_inquiries_waiting ON inquiries (municipal_area_id, unit_id, waiting_since) WHERE state = 'waiting';

CREATE TABLE inquiry_figures (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    unit_id UUID NOT NULL,
    contributor_id UUID NOT NULL,
    quarter TEXT NOT NULL,
    event TEXT NOT NULL,
    access_route TEXT NOT NULL,
    concerns TEXT[] NOT NULL,
    language TEXT NOT NULL,
    is_anonymous BOOLEAN NOT NULL,
    reason TEXT,
    CONSTRAINT pk_inquiry_figures PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_inquiry_figures_unit_id FOREIGN KEY(municipal_area_id, unit_id) REFERENCES units (municipal_area_id, id),
    CONSTRAINT fk_inquiry_figures_contributor_id FOREIGN KEY(municipal_area_id, contributor_id) REFERENCES users (municipal_area_id, id),
    CONSTRAINT ck_inquiry_figures_event CHECK (event IN ('received', 'advised', 'passed_on', 'declined', 'removed', 'case'))
);

CREATE INDEX ix_inquiry_figures_quarter ON inquiry_figures (municipal_area_id, quarter);

CREATE TABLE inquiry_contents (
    municipal_area_id TEXT NOT NULL,
    id UUID NOT NULL,
    received_on DATE NOT NULL,
    access_route TEXT NOT NULL,
    concerns TEXT[] NOT NULL,
    name TEXT,
    reachable TEXT,
    minutes INTEGER,
    note TEXT,
    finished_on DATE,
    institution_id UUID,
    institution_name TEXT,
    reason TEXT,
    case_id UUID,
    forgotten_at TIMESTAMP WITH TIME ZONE,
    version INTEGER DEFAULT '1' NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    changed_xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    CONSTRAINT pk_inquiry_contents PRIMARY KEY (municipal_area_id, id),
    CONSTRAINT fk_inquiry_contents_id FOREIGN KEY(municipal_area_id, id) REFERENCES inquiries (municipal_area_id, id) ON DELETE CASCADE,
    CONSTRAINT fk_inquiry_contents_institution_id FOREIGN KEY(municipal_area_id, institution_id) REFERENCES institutions (municipal_area_id, id),
    CONSTRAINT fk_inquiry_contents_case_id FOREIGN KEY(municipal_area_id, case_id) REFERENCES cases (municipal_area_id, id) ON DELETE SET NULL (case_id),
    CONSTRAINT ck_inquiry_contents_reason CHECK (reason IN ('not_responsible', 'other_case_management', 'no_need', 'not_voluntary', 'no_capacity', 'other', 'no_longer_wanted', 'not_reached', 'moved_away', 'helped_elsewhere')),
    CONSTRAINT ck_inquiry_contents_forgotten CHECK (forgotten_at IS NULL OR num_nonnulls(name, reachable, note) = 0)
);

CREATE INDEX ix_inquiry_contents_changed ON inquiry_contents (municipal_area_id, changed_at) WHERE forgotten_at IS NULL;
