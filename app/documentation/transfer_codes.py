"""Codes of transfers."""

from app.documentation.meaning import of

TRANSFERS = (
    *of(
        "409",
        (
            "transfer_under_way",
            "A transfer of the case is not received yet; `transfer_id` names it.",
            "Wait for the receipt, or close the case with another reason.",
        ),
        (
            "transfer_on_hold",
            "What was offered may not be used now; why is known to the sender.",
            "Wait, or decline it; the sender offers it anew.",
        ),
    ),
)
