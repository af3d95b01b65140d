"""Codes of households."""

from app.documentation.meaning import of

HOUSEHOLDS = (
    *of(
        "409",
        (
            "is_guardian",
            "One of the two decides for the other as a member of the household.",
            "End each guardianship in `guardians` first; record it by name if they still decide.",
        ),
        (
            "of_full_age",
            "Child protection by § 4 KKG is for somebody under 18.",
            "End the course, with its outcome; for the children of the household note courses of their own.",
        ),
    ),
)
