"""Tables of pathways, what is known of their requirements, and their steps."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.tables import OfArea, Table, Versioned, one_of, to_area
from app.pathways.rules import MOVE, REQUIREMENT, REQUIREMENT_STATES, RUNNING, State, Step

_RUNNING = ", ".join(f"'{state}'" for state in RUNNING)


class Pathway(OfArea, Versioned, Table):
    """One person's way towards one decision of an authority, by one version of the law."""

    __tablename__ = "pathways"
    __table_args__ = (
        to_area("case_id", "cases", ondelete="CASCADE"),
        to_area("member_client_id", "clients", ondelete="CASCADE"),
        to_area("together_with_id", "pathways", ondelete="SET NULL (together_with_id)"),
        to_area("turned_into_id", "pathways", deferrable=True, initially="DEFERRED"),
        one_of("state", tuple(State)),
        CheckConstraint("num_nonnulls(member_client_id, member_name) <= 1", name="one_person"),
        CheckConstraint(
            "(relation IS NULL) = (num_nonnulls(member_client_id, member_name) = 0)", name="member_is_related"
        ),
        CheckConstraint("(state = 'turned') = (turned_into_id IS NOT NULL)", name="turned_into_another"),
        CheckConstraint(f"(state IN ({_RUNNING})) = (ended_on IS NULL)", name="ended"),
        CheckConstraint("together_with_id <> id", name="together_with_another"),
        Index("ix_pathways_case", "municipal_area_id", "case_id", "changed_xid"),
        Index(
            "uq_pathways_running", "municipal_area_id", "case_id", "pathway", "member_client_id",
            "member_name", unique=True, postgresql_nulls_not_distinct=True,
            postgresql_where=text(f"state IN ({_RUNNING})"),
        ),
    )  # fmt: skip

    case_id: Mapped[UUID]
    pathway: Mapped[str]
    law_version: Mapped[str]
    """A code of the vocabulary `pathway_version`; only an explicit move takes another."""
    member_client_id: Mapped[UUID | None]
    member_name: Mapped[str | None]
    """For whom, when not for the case's client: a member of the household, as their entry says."""
    relation: Mapped[str | None]
    together_with_id: Mapped[UUID | None]
    """The naturalisation with which this one goes together (§ 10 Abs. 2 StAG)."""
    state: Mapped[str] = mapped_column(server_default="preparing")
    applied_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    turned_into_id: Mapped[UUID | None]
    next_on: Mapped[date | None]
    note: Mapped[str | None]
    started_by: Mapped[UUID]


class PathwayRequirement(OfArea, Table):
    """What is known of one requirement; one that the law no longer asks for is kept."""

    __tablename__ = "pathway_requirements"
    __table_args__ = (
        to_area("pathway_id", "pathways", ondelete="CASCADE"),
        to_area("case_id", "cases", ondelete="CASCADE"),
        to_area("evidence_document_id", "documents", ondelete="SET NULL (evidence_document_id)"),
        one_of("state", REQUIREMENT_STATES),
        UniqueConstraint(
            "municipal_area_id", "pathway_id", "requirement", name="uq_pathway_requirements_once"
        ),
        Index("ix_pathway_requirements_case", "municipal_area_id", "case_id"),
    )

    pathway_id: Mapped[UUID]
    case_id: Mapped[UUID]
    requirement: Mapped[str]
    state: Mapped[str] = mapped_column(server_default="open")
    evidence: Mapped[str | None]
    evidence_document_id: Mapped[UUID | None]
    note: Mapped[str | None]
    next_on: Mapped[date | None]


class PathwayStep(OfArea, Table):
    """What was written down: a step, a requirement with what was said of it, a move to another version."""

    __tablename__ = "pathway_steps"
    __table_args__ = (
        to_area("pathway_id", "pathways", ondelete="CASCADE"),
        to_area("case_id", "cases", ondelete="CASCADE"),
        to_area("evidence_document_id", "documents", ondelete="SET NULL (evidence_document_id)"),
        one_of("step", (*Step, REQUIREMENT, MOVE)),
        CheckConstraint("(step = 'requirement') = (requirement IS NOT NULL)", name="of_a_requirement"),
        Index("ix_pathway_steps_of", "municipal_area_id", "pathway_id", "at"),
        Index("ix_pathway_steps_case", "municipal_area_id", "case_id"),
    )

    pathway_id: Mapped[UUID]
    case_id: Mapped[UUID]
    at: Mapped[datetime]
    step: Mapped[str]
    requirement: Mapped[str | None]
    source: Mapped[str | None]
    """The state before; of a move, the version before."""
    target: Mapped[str]
    user_id: Mapped[UUID]
    reason: Mapped[str | None]
    evidence: Mapped[str | None]
    evidence_document_id: Mapped[UUID | None]
    note: Mapped[str | None]
    next_on: Mapped[date | None]
