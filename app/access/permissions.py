"""The verbs of the office. Every endpoint names exactly one; the policy says who may do it."""

from enum import StrEnum


class Permission(StrEnum):
    """One verb on one kind of object."""

    # one's own account
    SELF_READ = "self.read"
    SELF_CHANGE = "self.change"
    NOTIFICATION_READ = "notification.read"
    CALENDAR_SHARE = "calendar.share"

    # people and roles
    USER_READ = "user.read"
    USER_CREATE = "user.create"
    USER_CHANGE = "user.change"
    COLLEAGUE_READ = "colleague.read"
    USER_NAME = "user.name"
    INVITATION_KEEP = "invitation.keep"
    PARTNER_SYSTEM_READ = "partner_system.read"
    PARTNER_SYSTEM_KEEP = "partner_system.keep"

    # reference data and organisation
    CATALOGUE_READ = "catalogue.read"
    UNIT_READ = "unit.read"
    UNIT_CHANGE = "unit.change"
    POSITION_READ = "position.read"
    POSITION_CHANGE = "position.change"
    FUNDING_READ = "funding.read"
    FUNDING_KEEP = "funding.keep"
    POPULATION_READ = "population.read"
    POPULATION_KEEP = "population.keep"
    INSTITUTION_READ = "institution.read"
    INSTITUTION_CHANGE = "institution.change"
    DIRECTORY_READ = "directory.read"
    OFFER_KEEP = "offer.keep"
    CAPACITY_TELL = "offer.tell_capacity"

    # clients
    CLIENT_SEARCH = "client.search"
    CLIENT_CREATE = "client.create"
    CLIENT_READ = "client.read"
    CLIENT_CHANGE = "client.change"
    CLIENT_MERGE = "client.merge"
    NUMBER_RECORD = "official_number.record"
    NUMBER_SHOW = "official_number.show"

    # cases
    CASE_LIST = "case.list"
    CASE_OPEN = "case.open"
    CASE_READ = "case.read"
    CASE_WORK = "case.work"
    CASE_CLOSE = "case.close"
    CASE_REOPEN = "case.reopen"
    CASE_ASSIGN = "case.assign"
    CASE_HAND_OVER = "case.hand_over"
    CASE_TAKE_OVER = "case.take_over"
    VACANCY_FILL = "vacancy.fill"
    CASE_DEPUTISE = "case.deputise"
    CASE_END_REGISTRAR = "case.end_registrar"
    CASE_BREAK_GLASS = "case.break_glass"
    WORK_READ = "work.read"
    SYNC_READ = "sync.read"
    CASELOAD_READ = "caseload.read"
    TEMPLATE_READ = "contact_template.read"
    TEMPLATE_KEEP = "contact_template.keep"

    # documents
    DOCUMENT_READ = "document.read"
    DOCUMENT_KEEP = "document.keep"
    IMPORT_TAKE = "import.take"

    # before a case
    INQUIRY_WORK = "inquiry.work"

    # consents and referrals
    CONSENT_READ = "consent.read"
    CONSENT_RECORD = "consent.record"
    CONSENT_WITHDRAW = "consent.withdraw"
    WITHDRAWAL_TAKE = "withdrawal.take"
    WITHDRAWAL_SETTLE = "withdrawal.settle"
    REFERRAL_READ = "referral.read"
    REFERRAL_SEND = "referral.send"
    REFERRAL_DEADLINE_READ = "referral_deadline.read"
    REFERRAL_DEADLINE_CHANGE = "referral_deadline.change"
    PARTNER_REFERRAL_READ = "partner_referral.read"
    PARTNER_REFERRAL_ANSWER = "partner_referral.answer"
    PARTNER_INBOX_WORK = "partner_inbox.work"
    DUTY_REQUEST = "duty.request"
    DUTY_READ = "duty.read"
    DUTY_DECIDE = "duty.decide"
    CHILD_PROTECTION_WORK = "child_protection.work"
    INCOMING_REFERRAL_SEND = "incoming_referral.send"
    INCOMING_REFERRAL_READ = "incoming_referral.read"
    INCOMING_REFERRAL_ANSWER = "incoming_referral.answer"
    INCOMING_REFERRAL_ASSIGN = "incoming_referral.assign"
    WEBHOOK_MANAGE = "webhook.manage"
    TRANSFER_OFFER = "transfer.offer"
    TRANSFER_READ = "transfer.read"
    TRANSFER_ANSWER = "transfer.answer"
    TRANSFER_RECEIVE = "transfer.receive"
    DISCLOSURE_READ = "disclosure.read"

    # barriers and what becomes of them
    BARRIER_REPORT = "barrier.report"
    BARRIER_READ = "barrier.read"
    PARTNER_BARRIER_FILE = "partner_barrier.file"
    OBSERVATION_WRITE = "observation.write"
    OBSERVATION_READ = "observation.read"
    SIGNAL_READ = "signal.read"
    OBSTACLE_READ = "obstacle.read"
    OBSTACLE_WORK = "obstacle.work"
    OBSTACLE_DECIDE = "obstacle.decide"
    MEETING_READ = "steering_meeting.read"
    MEETING_KEEP = "steering_meeting.keep"
    OUTCOME_READ = "outcome.read"
    HEARING_ANSWER = "hearing.answer"

    # statistics
    AUTHORITY_FIGURE_ENTER = "authority_figure.enter"
    RELEASE_READ = "release.read"
    RELEASE_PREPARE = "release.prepare"
    RELEASE_PUBLISH = "release.publish"
    STATE_VIEW_READ = "state_view.read"
    COUNCIL_QUESTION_READ = "council_question.read"
    COUNCIL_QUESTION_WRITE = "council_question.write"

    # to a state-wide database, by consent
    STATE_EXPORT_REQUEST = "state_export.request"
    STATE_EXPORT_READ = "state_export.read"
    STATE_EXPORT_RELEASE = "state_export.release"
    STATE_EXPORT_DISCARD = "state_export.discard"
    STATE_EXPORT_FETCH = "state_export.fetch"

    # oversight
    AUDIT_READ = "audit.read"
    RETENTION_READ = "retention.read"
    ACCESS_REVIEW_READ = "access_review.read"
    ACCESS_REVIEW_CLOSE = "access_review.close"
