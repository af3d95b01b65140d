"""Shape of a notification."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from app.kit.schema import Read


class NotificationRead(Read):
    """That something happened; what it was is read at the object, with today's rights."""

    id: UUID
    kind: Literal[
        "referral_received",
        "referral_reminder",
        "referral_answered",
        "referral_completed",
        "referral_cancelled",
        "referral_expired",
        "referral_revoked",
        "possible_duplicate",
        "client_merged",
        "merge_undone",
        "task_assigned",
        "task_accepted",
        "task_declined",
        "task_due",
        "glass_broken",
        "review_due",
        "password_reset",
        "case_handed_over",
        "handover_acknowledged",
        "conference_invited",
        "conference_cancelled",
        "conference_left",
        "inquiry_taken",
        "restricted_while_referred",
    ]
    object_type: Literal[
        "referral", "client", "task", "case", "access_review", "user", "conference", "inquiry"
    ]
    object_id: UUID
    created_at: datetime
    read_at: datetime | None
