"""The table that says who may do what. Read it aloud: it is the need-to-know of the programme.

A role opens the door to a verb; the relation is what the person must be to the one record they name.
Row-level security holds the same line a second time.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.access.permissions import Permission as P  # noqa: N817 - the table is read aloud, its names stay short
from app.access.roles import Role as R  # noqa: N817


class Relation(StrEnum):
    """What a person is to a record."""

    LEAD = "lead"
    MEMBER = "member"
    DEPUTY = "deputy"
    REGISTRAR = "registrar"
    BREAK_GLASS = "break_glass"
    AT_THE_UNIT = "at the unit"
    ADDRESSED = "addressed institution"
    AT_THE_INSTITUTION = "at the institution"
    OWN = "own"
    IN_THE_AREA = "in the area"
    PUBLISHED = "published"


RELATION_WORDS = {
    Relation.LEAD: "as the leading case manager",
    Relation.MEMBER: "as a member of the case's team",
    Relation.DEPUTY: "as deputy while the deputyship runs",
    Relation.REGISTRAR: "as the one who registered the client",
    Relation.BREAK_GLASS: "by break-glass: with a reason, three hours, recorded",
    Relation.AT_THE_UNIT: "within their own unit",
    Relation.ADDRESSED: "only what is addressed to their institution",
    Relation.AT_THE_INSTITUTION: "within their own institution",
    Relation.OWN: "only their own",
    Relation.IN_THE_AREA: "within their municipal area",
    Relation.PUBLISHED: "only what has been published",
}


@dataclass(frozen=True, slots=True)
class Rule:
    """For one verb: what each role must be to the record."""

    grants: Mapping[R, frozenset[Relation]]

    @property
    def roles(self) -> frozenset[R]:
        return frozenset(self.grants)


_TEAM = frozenset({Relation.LEAD, Relation.MEMBER, Relation.DEPUTY})
_TEAM_OR_REGISTRAR = _TEAM | {Relation.REGISTRAR}
_LASTING = frozenset({Relation.LEAD, Relation.REGISTRAR})
_GLASS = frozenset({Relation.BREAK_GLASS, *_TEAM})
_UNIT = frozenset({Relation.AT_THE_UNIT})
_AREA = frozenset({Relation.IN_THE_AREA})
_OWN = frozenset({Relation.OWN})
_ADDRESSED = frozenset({Relation.ADDRESSED})
_INSTITUTION = frozenset({Relation.AT_THE_INSTITUTION})
_PUBLISHED = frozenset({Relation.PUBLISHED})

_EVERYBODY = frozenset(R)
# A machine has neither a language nor a password nor an inbox.
_PEOPLE = _EVERYBODY - {R.PARTNER_SYSTEM}
_INSIDE = frozenset({R.CASE_MANAGER, R.TEAM_LEAD, R.COORDINATOR, R.ASSISTANT, R.PRIVACY_OFFICER, R.ADMIN})
_RECIPIENTS = {R.PARTNER_USER: _ADDRESSED, R.PARTNER_SYSTEM: _ADDRESSED, R.AUTHORITY_OFFICER: _ADDRESSED}
_CASEWORKERS = {R.CASE_MANAGER: _TEAM_OR_REGISTRAR}
_READERS = {R.CASE_MANAGER: _TEAM_OR_REGISTRAR, R.TEAM_LEAD: _GLASS}


def _rule(grants: Mapping[R, frozenset[Relation]]) -> Rule:
    return Rule(grants)


def _all(roles: frozenset[R], relation: frozenset[Relation]) -> Rule:
    return Rule(dict.fromkeys(sorted(roles), relation))


POLICY: Mapping[P, Rule] = {
    P.SELF_READ: _all(_PEOPLE, _OWN),
    P.SELF_CHANGE: _all(_PEOPLE, _OWN),
    P.NOTIFICATION_READ: _all(_PEOPLE, _OWN),
    P.CALENDAR_SHARE: _rule({R.CASE_MANAGER: _OWN}),
    P.USER_READ: _rule({R.ADMIN: _AREA}),
    P.USER_CREATE: _rule({R.ADMIN: _AREA}),
    P.USER_CHANGE: _rule({R.ADMIN: _AREA}),
    P.COLLEAGUE_READ: _rule({R.CASE_MANAGER: _UNIT, R.TEAM_LEAD: _UNIT}),
    # Whoever reads that somebody recorded, disclosed or approved something may read who that was.
    P.USER_NAME: _all(_INSIDE, _AREA),
    P.INVITATION_KEEP: _rule({R.ADMIN: _AREA}),
    # A key outlives whoever made it, so nobody of the institution makes one for themselves.
    P.PARTNER_SYSTEM_READ: _rule({R.ADMIN: _AREA}),
    P.PARTNER_SYSTEM_KEEP: _rule({R.ADMIN: _AREA}),
    P.CATALOGUE_READ: _all(_EVERYBODY, _AREA),
    P.UNIT_READ: _all(_INSIDE, _AREA),
    P.UNIT_CHANGE: _rule({R.ADMIN: _AREA}),
    P.POSITION_READ: _all(frozenset({R.ASSISTANT, R.COORDINATOR, R.ADMIN, R.TEAM_LEAD}), _AREA),
    P.POSITION_CHANGE: _rule({R.ASSISTANT: _AREA}),
    P.FUNDING_READ: _rule({R.ASSISTANT: _AREA, R.COORDINATOR: _AREA}),
    P.FUNDING_KEEP: _rule({R.ASSISTANT: _AREA}),
    P.POPULATION_READ: _all(frozenset({R.ASSISTANT, R.COORDINATOR, R.STEERING_MEMBER}), _AREA),
    P.POPULATION_KEEP: _rule({R.ASSISTANT: _AREA, R.COORDINATOR: _AREA}),
    P.INSTITUTION_READ: _all(_INSIDE, _AREA),
    P.INSTITUTION_CHANGE: _all(frozenset({R.COORDINATOR, R.ASSISTANT}), _AREA),
    P.DIRECTORY_READ: _all(_INSIDE | frozenset(_RECIPIENTS), _AREA),
    P.OFFER_KEEP: _all(frozenset({R.COORDINATOR, R.ASSISTANT}), _AREA),
    P.CAPACITY_TELL: _rule({R.COORDINATOR: _AREA, R.ASSISTANT: _AREA, **_RECIPIENTS}),
    P.CLIENT_SEARCH: _rule({R.CASE_MANAGER: _TEAM_OR_REGISTRAR}),
    P.CLIENT_CREATE: _rule({R.CASE_MANAGER: _AREA}),
    P.CLIENT_READ: _rule(_READERS),
    P.CLIENT_CHANGE: _rule(_CASEWORKERS),
    # What a member or deputy sees for a case or a while would be theirs for good after a merge.
    P.CLIENT_MERGE: _rule({R.CASE_MANAGER: _LASTING}),
    P.NUMBER_RECORD: _rule(_CASEWORKERS),
    P.NUMBER_SHOW: _rule(_CASEWORKERS),
    P.CASE_LIST: _rule({R.CASE_MANAGER: _TEAM, R.TEAM_LEAD: _UNIT}),
    P.CASE_OPEN: _rule({R.CASE_MANAGER: _LASTING}),
    P.CASE_READ: _rule({R.CASE_MANAGER: _TEAM, R.TEAM_LEAD: _GLASS}),
    P.CASE_WORK: _rule({R.CASE_MANAGER: _TEAM}),
    P.CASE_CLOSE: _rule({R.CASE_MANAGER: frozenset({Relation.LEAD, Relation.DEPUTY})}),
    P.CASE_REOPEN: _rule({R.CASE_MANAGER: frozenset({Relation.LEAD, Relation.DEPUTY})}),
    P.CASE_ASSIGN: _rule({R.TEAM_LEAD: _UNIT}),
    # Of somebody hidden, of whom the team lead knows nothing.
    P.CASE_HAND_OVER: _rule({R.CASE_MANAGER: frozenset({Relation.LEAD})}),
    P.CASE_TAKE_OVER: _rule({R.CASE_MANAGER: frozenset({Relation.MEMBER, Relation.DEPUTY})}),
    # Where nobody of such a case is left: they name somebody, and see nothing.
    P.VACANCY_FILL: _rule({R.TEAM_LEAD: _UNIT}),
    P.CASE_DEPUTISE: _rule({R.CASE_MANAGER: frozenset({Relation.LEAD}), R.TEAM_LEAD: _UNIT}),
    P.CASE_END_REGISTRAR: _rule({R.CASE_MANAGER: frozenset({Relation.LEAD}), R.TEAM_LEAD: _UNIT}),
    P.CASE_BREAK_GLASS: _rule({R.TEAM_LEAD: _UNIT}),
    P.WORK_READ: _rule({R.CASE_MANAGER: _TEAM, R.TEAM_LEAD: _UNIT}),
    # No team lead: what is seen by break-glass for three hours is not copied to a device.
    P.SYNC_READ: _rule({R.CASE_MANAGER: _TEAM_OR_REGISTRAR}),
    P.CASELOAD_READ: _rule({R.TEAM_LEAD: _UNIT}),
    P.TEMPLATE_READ: _rule({R.CASE_MANAGER: _UNIT, R.TEAM_LEAD: _UNIT}),
    P.TEMPLATE_KEEP: _rule({R.CASE_MANAGER: _OWN, R.TEAM_LEAD: _UNIT}),
    P.INQUIRY_WORK: _rule({R.CASE_MANAGER: _TEAM | _UNIT}),
    P.DOCUMENT_READ: _rule(_READERS),
    P.DOCUMENT_KEEP: _rule(_CASEWORKERS),
    # What is imported is the importer's own afterwards, as if registered one by one.
    P.IMPORT_TAKE: _rule({R.CASE_MANAGER: _OWN}),
    P.CONSENT_READ: _rule(_READERS),
    P.CONSENT_RECORD: _rule(_CASEWORKERS),
    P.CONSENT_WITHDRAW: _rule(_CASEWORKERS),
    # Whoever of the unit is told of it, at the counter or on the telephone: they write, and see nothing.
    P.WITHDRAWAL_TAKE: _rule({R.CASE_MANAGER: _UNIT, R.TEAM_LEAD: _UNIT}),
    P.WITHDRAWAL_SETTLE: _rule({R.PRIVACY_OFFICER: _AREA}),
    P.REFERRAL_READ: _rule({R.CASE_MANAGER: _TEAM, R.TEAM_LEAD: _GLASS}),
    P.REFERRAL_SEND: _rule({R.CASE_MANAGER: _TEAM}),
    P.DUTY_REQUEST: _rule({R.CASE_MANAGER: _TEAM}),
    P.DUTY_READ: _rule({R.CASE_MANAGER: _TEAM, R.TEAM_LEAD: _UNIT}),
    # The second person: never who prepared it, whatever else they are.
    P.DUTY_DECIDE: _rule({R.TEAM_LEAD: _UNIT}),
    # Not even by break-glass.
    P.CHILD_PROTECTION_WORK: _rule({R.CASE_MANAGER: _TEAM}),
    P.REFERRAL_DEADLINE_READ: _all(_INSIDE, _AREA),
    P.REFERRAL_DEADLINE_CHANGE: _rule({R.ADMIN: _AREA}),
    P.PARTNER_REFERRAL_READ: _rule(_RECIPIENTS),
    P.PARTNER_REFERRAL_ANSWER: _rule(_RECIPIENTS),
    # Who takes charge of what, and who stands in: people only, a machine is never away.
    P.PARTNER_INBOX_WORK: _rule({R.PARTNER_USER: _ADDRESSED, R.AUTHORITY_OFFICER: _ADDRESSED}),
    # An authority's officer answers and does not refer: its people come with their own consent, or by letter.
    P.INCOMING_REFERRAL_SEND: _rule({R.PARTNER_USER: _OWN, R.PARTNER_SYSTEM: _OWN}),
    P.INCOMING_REFERRAL_READ: _rule({R.CASE_MANAGER: _UNIT, R.TEAM_LEAD: _UNIT}),
    # To accept is to register a client and open their case.
    P.INCOMING_REFERRAL_ANSWER: _rule({R.CASE_MANAGER: frozenset({Relation.OWN, *_LASTING})}),
    P.INCOMING_REFERRAL_ASSIGN: _rule({R.TEAM_LEAD: _UNIT}),
    # People only: a machine that could move an address would take what its credentials were stolen for.
    P.WEBHOOK_MANAGE: _rule({R.PARTNER_USER: _INSTITUTION}),
    P.TRANSFER_OFFER: _rule({R.CASE_MANAGER: frozenset({Relation.LEAD, Relation.DEPUTY})}),
    P.TRANSFER_READ: _rule({R.TEAM_LEAD: _UNIT, R.CASE_MANAGER: _OWN}),
    P.TRANSFER_ANSWER: _rule({R.TEAM_LEAD: _UNIT}),
    # To receive is to register a client and open their case.
    P.TRANSFER_RECEIVE: _rule({R.CASE_MANAGER: frozenset({Relation.OWN, Relation.LEAD, Relation.REGISTRAR})}),
    P.DISCLOSURE_READ: _rule({R.PRIVACY_OFFICER: _AREA}),
    P.BARRIER_REPORT: _rule({R.CASE_MANAGER: _TEAM}),
    P.BARRIER_READ: _rule({R.CASE_MANAGER: _TEAM}),
    # About the system, in the name of the institution: nobody is named.
    P.PARTNER_BARRIER_FILE: _rule({R.PARTNER_USER: _INSTITUTION, R.PARTNER_SYSTEM: _INSTITUTION}),
    P.OBSERVATION_WRITE: _rule({R.CASE_MANAGER: _TEAM}),
    P.OBSERVATION_READ: _rule({R.COORDINATOR: _AREA}),
    P.SIGNAL_READ: _rule({R.COORDINATOR: _AREA}),
    P.OBSTACLE_READ: _all(frozenset({R.COORDINATOR, R.STEERING_MEMBER}), _AREA),
    P.OBSTACLE_WORK: _rule({R.COORDINATOR: _AREA}),
    P.OBSTACLE_DECIDE: _rule({R.COORDINATOR: _AREA}),
    P.MEETING_READ: _all(frozenset({R.COORDINATOR, R.STEERING_MEMBER}), _AREA),
    P.MEETING_KEEP: _rule({R.COORDINATOR: _AREA}),
    # What became of what they reported themselves.
    P.OUTCOME_READ: _rule({R.CASE_MANAGER: _OWN}),
    # People only: a comment is the word of an institution.
    P.HEARING_ANSWER: _rule({R.PARTNER_USER: _INSTITUTION, R.AUTHORITY_OFFICER: _INSTITUTION}),
    P.AUTHORITY_FIGURE_ENTER: _rule({R.AUTHORITY_OFFICER: _ADDRESSED}),
    P.RELEASE_READ: _rule(
        {
            R.COORDINATOR: _AREA,
            R.STEERING_MEMBER: _PUBLISHED,
            R.ASSISTANT: _PUBLISHED,
            R.STATE_VIEWER: _PUBLISHED,
        }
    ),
    P.RELEASE_PREPARE: _rule({R.COORDINATOR: _AREA}),
    P.RELEASE_PUBLISH: _rule({R.COORDINATOR: _AREA}),
    P.STATE_VIEW_READ: _rule({R.STATE_VIEWER: _PUBLISHED}),
    P.COUNCIL_QUESTION_READ: _rule({R.COORDINATOR: _AREA, R.STEERING_MEMBER: _PUBLISHED}),
    P.COUNCIL_QUESTION_WRITE: _rule({R.COORDINATOR: _AREA}),
    # Whoever asks and whoever releases sees bands of counts; a line is for the recipient alone.
    P.STATE_EXPORT_REQUEST: _rule({R.ADMIN: _AREA}),
    P.STATE_EXPORT_READ: _rule({R.ADMIN: _AREA, R.TEAM_LEAD: _UNIT, R.PRIVACY_OFFICER: _AREA}),
    P.STATE_EXPORT_RELEASE: _rule({R.TEAM_LEAD: _UNIT}),
    P.STATE_EXPORT_DISCARD: _rule({R.ADMIN: _AREA, R.TEAM_LEAD: _UNIT}),
    P.STATE_EXPORT_FETCH: _rule({R.PARTNER_USER: _INSTITUTION, R.PARTNER_SYSTEM: _INSTITUTION}),
    P.AUDIT_READ: _rule({R.PRIVACY_OFFICER: _AREA}),
    P.RETENTION_READ: _rule({R.PRIVACY_OFFICER: _AREA}),
    P.ACCESS_REVIEW_READ: _rule({R.PRIVACY_OFFICER: _AREA, R.TEAM_LEAD: _UNIT}),
    P.ACCESS_REVIEW_CLOSE: _rule({R.PRIVACY_OFFICER: _AREA, R.TEAM_LEAD: _UNIT}),
}
