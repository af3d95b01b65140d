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

    # reference data and organisation
    CATALOGUE_READ = "catalogue.read"
    UNIT_READ = "unit.read"
    UNIT_CHANGE = "unit.change"
    POSITION_READ = "position.read"
    POSITION_CHANGE = "position.change"
    INSTITUTION_READ = "institution.read"
    INSTITUTION_CHANGE = "institution.change"

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
    CASE_DEPUTISE = "case.deputise"
    CASE_BREAK_GLASS = "case.break_glass"
    WORK_READ = "work.read"
    SYNC_READ = "sync.read"
    CASELOAD_READ = "caseload.read"
    TEMPLATE_READ = "contact_template.read"
    TEMPLATE_KEEP = "contact_template.keep"

    # documents
    DOCUMENT_READ = "document.read"
    DOCUMENT_KEEP = "document.keep"

    # before a case
    INQUIRY_WORK = "inquiry.work"

    # consents and referrals
    CONSENT_READ = "consent.read"
    CONSENT_RECORD = "consent.record"
    CONSENT_WITHDRAW = "consent.withdraw"
    REFERRAL_READ = "referral.read"
    REFERRAL_SEND = "referral.send"
    PARTNER_REFERRAL_READ = "partner_referral.read"
    PARTNER_REFERRAL_ANSWER = "partner_referral.answer"
    DISCLOSURE_READ = "disclosure.read"

    # barriers and what becomes of them
    BARRIER_REPORT = "barrier.report"
    BARRIER_READ = "barrier.read"
    OBSERVATION_WRITE = "observation.write"
    OBSERVATION_READ = "observation.read"
    SIGNAL_READ = "signal.read"
    OBSTACLE_READ = "obstacle.read"
    OBSTACLE_WORK = "obstacle.work"
    OBSTACLE_DECIDE = "obstacle.decide"

    # statistics
    AUTHORITY_FIGURE_ENTER = "authority_figure.enter"
    RELEASE_READ = "release.read"
    RELEASE_PREPARE = "release.prepare"
    RELEASE_PUBLISH = "release.publish"

    # oversight
    AUDIT_READ = "audit.read"
    RETENTION_READ = "retention.read"
    ACCESS_REVIEW_READ = "access_review.read"
    ACCESS_REVIEW_CLOSE = "access_review.close"
