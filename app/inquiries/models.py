"""Tables of inquiries: what the waiting list shows, what its responsible sees, and what is counted."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Text

from app.inquiries.rules import DECLINED, FINISHED, PRIORITIES, RECEIVED, REFERRAL, REMOVED, STATES
from app.kit.ids import random_id
from app.kit.tables import OfArea, Table, Versioned, one_of, to_area


class Inquiry(OfArea, Versioned, Table):
    """What a waiting list may show: no name, no concern, nothing that was said."""

    __tablename__ = "inquiries"
    __table_args__ = (
        to_area("unit_id", "units"),
        to_area("responsible_id", "users"),
        one_of("state", STATES),
        one_of("priority_reason", PRIORITIES),
        one_of("referral", REFERRAL),
        CheckConstraint("state <> 'waiting' OR waiting_since IS NOT NULL", name="waiting_since"),
        CheckConstraint(
            "responsible_id IS NOT NULL OR state IN ('waiting', 'lapsed', 'removed')", name="responsible"
        ),
        Index("ix_inquiries_responsible", "municipal_area_id", "responsible_id"),
        Index("ix_inquiries_unanswered", "municipal_area_id", "unit_id",
              postgresql_where=text("referral = 'unanswered'")),
        Index("ix_inquiries_waiting", "municipal_area_id", "unit_id", "waiting_since",
              postgresql_where=text("state = 'waiting'")),
    )  # fmt: skip

    unit_id: Mapped[UUID]
    responsible_id: Mapped[UUID | None]
    """None: put back on the waiting list, so that nobody reads what was said until somebody takes it."""
    state: Mapped[str] = mapped_column(server_default="open")
    language: Mapped[str]
    waiting_since: Mapped[date | None]
    """Stays when somebody takes it from the list and puts it back."""
    priority_reason: Mapped[str | None]
    referral: Mapped[str | None]
    """None: nobody referred them. The incoming referral has the same id."""
    answer_until: Mapped[datetime | None]
    """When the institution that referred them expects an answer; none while the turn is its own."""


class InquiryContent(OfArea, Versioned, Table):
    """What only the responsible sees; its `id` is the inquiry's."""

    __tablename__ = "inquiry_contents"
    __table_args__ = (
        to_area("id", "inquiries", ondelete="CASCADE"),
        to_area("institution_id", "institutions"),
        to_area("case_id", "cases", ondelete="SET NULL (case_id)"),
        one_of("reason", tuple(dict.fromkeys((*DECLINED, *REMOVED)))),
        CheckConstraint("forgotten_at IS NULL OR num_nonnulls(name, reachable, note) = 0", name="forgotten"),
        Index("ix_inquiry_contents_changed", "municipal_area_id", "changed_at",
              postgresql_where=text("forgotten_at IS NULL")),
    )  # fmt: skip

    received_on: Mapped[date]
    access_route: Mapped[str]
    concerns: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """Life domains."""
    name: Mapped[str | None]
    """None: anonymous."""
    reachable: Mapped[str | None]
    """Telephone, address or whatever the person gave."""
    minutes: Mapped[int | None]
    note: Mapped[str | None]
    """What was said in the one conversation."""
    finished_on: Mapped[date | None]
    institution_id: Mapped[UUID | None]
    institution_name: Mapped[str | None]
    reason: Mapped[str | None]
    case_id: Mapped[UUID | None]
    forgotten_at: Mapped[datetime | None]


class InquiryFigure(OfArea, Table):
    """One thing that was counted, without a person and without a way back to the inquiry."""

    __tablename__ = "inquiry_figures"
    __table_args__ = (
        to_area("unit_id", "units"),
        to_area("contributor_id", "users"),
        one_of("event", (RECEIVED, *FINISHED, "case")),
        Index("ix_inquiry_figures_quarter", "municipal_area_id", "quarter"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=random_id, sort_order=-19)
    unit_id: Mapped[UUID]
    contributor_id: Mapped[UUID]
    """Statistics ask how many case managers stand behind a cell."""
    quarter: Mapped[str]
    event: Mapped[str]
    access_route: Mapped[str]
    concerns: Mapped[list[str]] = mapped_column(ARRAY(Text))
    language: Mapped[str]
    is_anonymous: Mapped[bool]
    reason: Mapped[str | None]
