"""What operations answer that cross the house: referrals both ways, disclosures by duty, transfers."""

from tests.isolation.answers import Access, every, only
from tests.isolation.knowing import (
    ADDRESSED,
    ADMINS,
    CASE_ASSIGN,
    CASE_READ,
    CASE_TEAM,
    CASE_WORK,
    CLIENT_CHANGE,
    INBOX,
    INSIDE,
    LEADS,
    MANAGERS,
    OF_ITS_AUTHOR,
    OFFICERS,
    OUTSIDE,
    PARTNERS,
    REFERRING,
    TEAM_LEADS_OF_THE_UNIT,
)

BETWEEN: dict[str, Access] = {
    # Referrals
    "list_referrals": CASE_READ,
    "list_messages": CASE_READ,
    **dict.fromkeys(
        (
            "write_message",
            "answer_information_request",
            "decline_information_request",
            "mark_message_read",
        ),
        CASE_WORK,
    ),
    **dict.fromkeys(
        (
            "list_partner_messages",
            "write_partner_message",
            "withdraw_information_request",
            "mark_partner_message_read",
            "download_attachment",
            "send_partner_file",
        ),
        ADDRESSED,
    ),
    **dict.fromkeys(("read_referral", "preview_referral", "read_bases"), CASE_READ),
    **dict.fromkeys(("read_referral", "preview_referral", "list_receipts"), CASE_READ),
    **dict.fromkeys(
        (
            "draft_referral",
            "send_referral",
            "send_back_referral",
            "cancel_referral",
            "enter_referral_in_error",
            "record_delivery",
            "record_answer",
        ),
        CASE_WORK,
    ),
    # Duties: asked for by the team, decided by whoever leads the unit's, which also reads what for.
    **dict.fromkeys(("request_duty", "withdraw_duty"), CASE_WORK),
    "list_duties": every(MANAGERS | LEADS),
    **dict.fromkeys(("read_duty", "read_duty_package"), CASE_TEAM),
    **dict.fromkeys(("approve_duty", "refuse_duty"), CASE_ASSIGN),
    # Child protection: the case managers of the case, and nobody by break-glass.
    **dict.fromkeys(
        (
            "list_child_protections",
            "note_child_protection",
            "read_child_protection",
            "take_child_protection_step",
        ),
        CASE_WORK,
    ),
    "list_partner_referrals": every(OUTSIDE),
    # The team inbox: people of the addressed institution
    **dict.fromkeys(("list_partner_colleagues", "list_partner_deputyships"), every(INBOX)),
    **dict.fromkeys(
        (
            "read_charge",
            "take_charge",
            "hand_on_charge",
            "give_back_charge",
            "name_partner_deputy",
            "end_partner_deputyship",
        ),
        only(INBOX, {"partner"}),
    ),
    "propose_invitation": CASE_WORK,
    "read_recall": CASE_READ,
    **dict.fromkeys(("refer_anew", "record_recall_answer"), CASE_WORK),
    "list_referral_deadlines": every(INSIDE),
    "set_referral_deadline": every(ADMINS),
    **dict.fromkeys(("list_partner_referrals", "list_partner_recalls"), every(OUTSIDE)),
    **dict.fromkeys(("list_partner_referrals", "answer_referrals"), every(OUTSIDE)),
    **dict.fromkeys(
        (
            "read_partner_referral",
            "mark_referral_fetched",
            "accept_referral",
            "reject_referral",
            "start_referral",
            "hold_referral",
            "resume_referral",
            "complete_referral",
            "fail_referral",
            "cancel_partner_referral",
            "acknowledge_revocation",
            "return_referral",
            "answer_recall",
            "cancel_partner_referral",
            "acknowledge_revocation",
            "list_partner_receipts",
        ),
        ADDRESSED,
    ),
    **dict.fromkeys(("list_partner_barriers", "file_partner_barrier"), every(REFERRING)),
    **dict.fromkeys(
        ("read_partner_barrier", "withdraw_partner_barrier"), only(REFERRING, {"partner", "machine"})
    ),
    # Incoming: the institution its own, the unit's leads that it waits, its responsible what came.
    **dict.fromkeys(("list_units_to_refer_to", "list_sent_referrals", "refer_to_kim"), every(REFERRING)),
    **dict.fromkeys(
        (
            "read_sent_referral",
            "reply_to_question",
            "withdraw_sent_referral",
            "tell_consent_withdrawn",
            "enter_sent_in_error",
        ),
        only(REFERRING, {"partner", "machine"}),
    ),
    "list_incoming_referrals": every(MANAGERS | LEADS),
    "assign_incoming_referral": CASE_ASSIGN,
    **dict.fromkeys(
        (
            "read_incoming_referral",
            "ask_institution",
            "accept_incoming_referral",
            "reject_incoming_referral",
        ),
        OF_ITS_AUTHOR,
    ),
    "acknowledge_end_of_referral": CLIENT_CHANGE,
    # Webhooks: the people of the institution, no machine
    "list_webhooks": every(PARTNERS),
    **dict.fromkeys(
        (
            "create_webhook",
            "read_webhook",
            "change_webhook",
            "remove_webhook",
            "rotate_webhook_secret",
            "pause_webhook",
            "resume_webhook",
            "test_webhook",
            "list_webhook_deliveries",
            "read_webhook_delivery",
            "resend_webhook_delivery",
        ),
        only(PARTNERS, {"partner"}),
    ),
    # Transfers: the sender's side is of the case; an offer is of the unit, its package of who was named.
    "list_receiving_units": every(MANAGERS),
    **dict.fromkeys(("list_transfers", "read_transfer", "preview_transfer"), CASE_READ),
    **dict.fromkeys(("draft_transfer", "offer_transfer", "withdraw_transfer", "settle_transfer"), CASE_WORK),
    "list_transfer_offers": every(MANAGERS | LEADS),
    "read_transfer_offer": only(MANAGERS | LEADS, {"lead", *TEAM_LEADS_OF_THE_UNIT}),
    **dict.fromkeys(("accept_transfer", "decline_transfer"), CASE_ASSIGN),
    **dict.fromkeys(
        ("read_transfer_package", "receive_transfer", "acknowledge_transfer_withdrawal"), OF_ITS_AUTHOR
    ),
    "list_disclosures": every(OFFICERS),
}
