"""Which handler hears which event, within the transaction or after it."""

from app.barriers.handlers import end_with_case as drop_proposals
from app.barriers.handlers import (
    propose_after_completion,
    propose_after_rejection,
    propose_after_silence,
)
from app.cases.domain_changes.handlers import correct_domain_changes, open_domain_changes
from app.cases.events import (
    CaseClosed,
    CaseReopened,
    CaseSettled,
    GlassBroken,
    HandoverAcknowledged,
    LeadChangedAlone,
)
from app.cases.handlers import on_consent_withdrawn
from app.clients.events import LegalDomainChangeCorrected, LegalDomainChanged, PossibleDuplicate
from app.conferences.events import (
    ColleagueInvited,
    ColleagueUninvited,
    ConferenceCancelled,
    ConferenceMoved,
)
from app.conferences.handlers import end_with_case as cancel_conferences
from app.conferences.handlers import leave_conferences
from app.consents.events import ConsentRenewed, ConsentWithdrawn, WithdrawalTaken
from app.documents.clearing import delete_bytes
from app.documents.events import DocumentRemoved
from app.documents.store import Store
from app.incoming_referrals.events import (
    IncomingReferralAssigned,
    IncomingReferralMoved,
    IncomingReminderDue,
)
from app.interpreting.handlers import end_with_case as cancel_interpretings
from app.kit.events import Wiring
from app.kit.sealing import FieldKeys
from app.notifications import handlers as notify
from app.notifications import of_incoming, of_joining, of_obstacles, of_outcomes
from app.obstacles.events import HearingCommented, HearingOpened, ObstacleMoved, ObstacleReopened
from app.pathways.handlers import end_with_case as withdraw_pathways
from app.privacy.handlers import (
    close_transferred,
    end_retention,
    review_emergency,
    review_glass,
    review_new_lead,
    start_retention,
)
from app.referrals.events import (
    InvitationProposed,
    RecallAnswered,
    RecallOverdue,
    ReferralAnswered,
    ReferralCancelled,
    ReferralCompleted,
    ReferralExpired,
    ReferralNotRenewed,
    ReferralRecalled,
    ReferralReminderDue,
    ReferralRevoked,
    ReferralSent,
    ReferralSentInEmergency,
)
from app.referrals.handlers import end_with_case as cancel_referrals
from app.referrals.handlers import renew_referrals, revoke_referrals
from app.referrals.inbox.events import ReferralHandedOn
from app.referrals.messages.events import ReferralMessaged
from app.reporting.effects.watching import watch_effects
from app.reporting.events import ReleasePublished, ReleaseRequested
from app.reporting.handlers import Desk, reporting_handler
from app.school_entries.handlers import end_with_case as end_school_entries
from app.state_exports.events import StateExportReleased, StateExportRequested
from app.state_exports.handlers import checking, composing
from app.transfers.events import TransferReceived
from app.transfers.handlers import end_with_case as withdraw_transfers
from app.transfers.handlers import refuse_by_hand, revoke_transfers
from app.webhooks import handlers as webhooks
from app.webhooks.rules import EXPIRED, RECALL_ASKED, REMINDER, REVOKED

_SETTLING = (
    cancel_interpretings,
    cancel_referrals,
    cancel_conferences,
    withdraw_pathways,
    end_school_entries,
    drop_proposals,
)
"""What ends with its case when whoever closes it says so."""


def wire(
    desk: Desk | None = None,
    *,
    retention_years: int = 5,
    store: Store | None = None,
    keys: FieldKeys | None = None,
) -> Wiring:
    """Return who listens to what; the worker brings the desk of releases, the store and the keys."""
    wiring = Wiring()
    wiring.hear_within(ConsentWithdrawn, revoke_referrals)
    wiring.hear_within(ConsentWithdrawn, revoke_transfers)
    wiring.hear_within(ConsentWithdrawn, on_consent_withdrawn)
    # After the cases: whoever plans holds a case before its conference.
    wiring.hear_within(ConsentWithdrawn, leave_conferences)
    wiring.hear_within(ConsentRenewed, renew_referrals)
    wiring.hear_within(CaseClosed, refuse_by_hand)
    for ended in (CaseClosed, CaseSettled):
        for settle in _SETTLING:
            wiring.hear_within(ended, settle)
    wiring.hear_within(CaseClosed, withdraw_transfers)
    wiring.hear_within(TransferReceived, close_transferred(retention_years))
    wiring.hear_within(LegalDomainChanged, open_domain_changes)
    wiring.hear_within(LegalDomainChangeCorrected, correct_domain_changes)
    wiring.hear_within(CaseClosed, start_retention(retention_years))
    wiring.hear_within(CaseReopened, end_retention)
    wiring.hear_within(GlassBroken, review_glass)
    wiring.hear_within(LeadChangedAlone, review_new_lead)
    wiring.hear_within(ReferralSentInEmergency, review_emergency)
    wiring.hear_within(ReferralRevoked, notify.tell_both_of_revocation)
    wiring.hear_after(ConsentWithdrawn, "tell_team", notify.tell_team_of_withdrawal)
    wiring.hear_after(WithdrawalTaken, "tell_officers", notify.tell_officers_of_withdrawal)
    wiring.hear_after(ReferralNotRenewed, "tell_team", notify.tell_team_of_narrower_consent)
    wiring.hear_after(ReferralRecalled, "tell_asked", notify.tell_of_recall)
    wiring.hear_after(RecallAnswered, "tell_team", notify.tell_team_of_account)
    wiring.hear_after(RecallOverdue, "tell_team", notify.tell_team_of_silence)
    wiring.hear_after(ReferralSent, "tell_recipient", notify.tell_recipient)
    wiring.hear_after(ReferralReminderDue, "remind_recipient", notify.remind_recipient)
    wiring.hear_after(ReferralAnswered, "tell_team", notify.tell_team_of_answer)
    wiring.hear_after(ReferralAnswered, "propose_barrier", propose_after_rejection)
    wiring.hear_after(ReferralCompleted, "tell_team", notify.tell_team_of_completion)
    wiring.hear_after(ReferralCompleted, "propose_barrier", propose_after_completion)
    wiring.hear_after(ReferralCancelled, "tell_other_side", notify.tell_other_side_of_cancellation)
    wiring.hear_after(ReferralExpired, "tell_team", notify.tell_team_of_expiry)
    wiring.hear_after(ReferralExpired, "propose_barrier", propose_after_silence)
    wiring.hear_after(ReferralMessaged, "tell_other_side", notify.tell_of_message)
    _tell_webhooks(wiring)
    wiring.hear_after(HandoverAcknowledged, "tell_assigner", notify.tell_assigner_of_handover)
    wiring.hear_after(PossibleDuplicate, "tell_holders", notify.tell_of_duplicate)
    wiring.hear_after(IncomingReferralMoved, "tell_other_side", of_incoming.tell_of_incoming)
    wiring.hear_after(IncomingReferralAssigned, "tell_assigned", of_incoming.tell_assigned)
    wiring.hear_after(IncomingReminderDue, "remind", of_incoming.remind_of_incoming)
    wiring.hear_after(ReferralHandedOn, "tell_handed_on", of_joining.tell_handed_on)
    wiring.hear_after(InvitationProposed, "tell_administrators", of_joining.tell_of_proposal)
    _hear_of_conferences(wiring)
    _hear_of_obstacles(wiring)
    wiring.hear_after(ReleaseRequested, "compute_release", reporting_handler(desk))
    _wire_effects(wiring)
    _make_files(wiring, desk, store, keys)
    return wiring


def _make_files(wiring: Wiring, desk: Desk | None, store: Store | None, keys: FieldKeys | None) -> None:
    """Let files be made and deleted: exports to a state-wide database, documents."""
    wiring.hear_after(StateExportRequested, "check_export", checking(keys, desk))
    wiring.hear_after(StateExportReleased, "compose_export", composing(keys, desk))
    wiring.hear_after(DocumentRemoved, "delete_bytes", delete_bytes(store))


def _wire_effects(wiring: Wiring) -> None:
    wiring.hear_after(ReleasePublished, "watch_effects", watch_effects)
    wiring.hear_after(ObstacleReopened, "tell_coordinators", of_obstacles.tell_of_reopening)


def _hear_of_conferences(wiring: Wiring) -> None:
    wiring.hear_after(ColleagueInvited, "tell_colleague", notify.tell_invited_colleague)
    wiring.hear_after(ColleagueUninvited, "tell_colleague", notify.tell_uninvited_colleague)
    wiring.hear_after(ConferenceMoved, "tell_colleagues", notify.tell_colleagues_of_move)
    wiring.hear_after(ConferenceCancelled, "tell_colleagues", notify.tell_colleagues_of_cancellation)


def _hear_of_obstacles(wiring: Wiring) -> None:
    wiring.hear_after(ObstacleMoved, "tell_reporters", of_outcomes.tell_reporters)
    wiring.hear_after(HearingOpened, "tell_institutions", of_outcomes.tell_heard)
    wiring.hear_after(HearingCommented, "tell_coordinators", of_outcomes.tell_of_comment)


def _tell_webhooks(wiring: Wiring) -> None:
    """Let the webhooks of institutions be told of what others do."""
    for event, announce in (
        (ReferralSent, webhooks.announce_offer),
        (ReferralReminderDue, webhooks.announce(REMINDER)),
        (ReferralExpired, webhooks.announce(EXPIRED)),
        (ReferralCancelled, webhooks.announce_end),
        (ReferralRevoked, webhooks.announce(REVOKED)),
        (ReferralMessaged, webhooks.announce_message),
        (ReferralRecalled, webhooks.announce(RECALL_ASKED)),
        (IncomingReferralMoved, webhooks.announce_incoming),
    ):
        wiring.hear_after(event, "tell_webhooks", announce)
