"""Codes of exports to a state-wide database."""

from app.documentation.meaning import of

EXPORTS = (
    *of(
        "403",
        (
            "own_export",
            "Nobody fetches or acknowledges what they asked for or released, nor by a machine they set up.",
            "Somebody else of the institution fetches it, or a machine that another administrator set up.",
        ),
    ),
    *of(
        "409",
        (
            "state_export_open",
            "Another export of this unit is open.",
            "Wait until it is fetched and acknowledged, or discard it.",
        ),
        (
            "state_export_passed",
            "The recipient has a later quarter already, and exports go forward only.",
            "Ask for the latest quarter that it has, of which withdrawals alone follow, or for a later one.",
        ),
        (
            "state_export_too_soon",
            "Another quarter of this unit was looked at for this recipient within the last 7 days.",
            "Ask for that quarter, or wait until `dry_run_until` of its export is over.",
        ),
        (
            "state_export_differs",
            "What the recipient names is not the digest of the file that was sent.",
            "Fetch it again with the same Idempotency-Key.",
        ),
        (
            "withdrawals_left",
            "Not everybody was deleted whom the file names as withdrawn.",
            "Delete them, and say how many.",
        ),
    ),
    *of("410", ("state_export_gone", "The file is kept no longer.", "Ask the area for another export.")),
)
