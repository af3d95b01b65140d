"""Consents to referrals, and referrals in every state with their history."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from uuid import UUID

from app.consents.rules import default_end
from app.consents.texts import digest_of
from app.demo.casework import DemoCase
from app.demo.days import day_within, moment
from app.demo.documenting import agreed_by
from app.demo.packing import concern_of, data_of
from app.demo.picking import Weighted, between, pick
from app.demo.recalling import recall_of
from app.demo.rows import Ids, Rows
from app.demo.situations import Situation
from app.demo.staff import Area, Institution
from app.demo.talking import disclosed, said_last, thread_of
from app.kit.clock import end_of
from app.referrals.package import freeze
from app.referrals.rules import ANSWER_DAYS, REMINDER_DAYS, SHUT

_OPEN_STATES = Weighted(("draft", 4), ("requested", 10), ("accepted", 8), ("in_progress", 8), ("on_hold", 4))
_ENDED_STATES = Weighted(
    ("rejected", 5), ("completed", 22), ("failed", 4), ("cancelled", 4), ("revoked", 5), ("expired", 6),
    ("entered_in_error", 3),
)  # fmt: skip
_SHARE_OPEN = 0.42
DEADLINE = timedelta(days=ANSWER_DAYS)
CATEGORIES = ["master_data", "contact"]
"""Every kind of institution here may get these; more is chosen by the case managers themselves."""
_LATEST_END = 40
"""Days after which an open case has no more answer to wait for."""
_ANSWERED = frozenset({"accepted", "rejected", "in_progress", "on_hold", "completed", "failed"})
_OUTCOMES = {
    "completed": ("helped", "helped", "partly_helped"),
    "failed": ("no_capacity", "did_not_come"),
    "expired": ("no_answer",),
}
_REJECTIONS = ("no_capacity", "no_capacity", "not_responsible", "incomplete")
_ACCEPT = ("accept", "requested", "accepted", "recipient")
_START = ("start", "accepted", "in_progress", "recipient")
_WAYS = {
    "requested": (),
    "accepted": (_ACCEPT,),
    "rejected": (("reject", "requested", "rejected", "recipient"),),
    "in_progress": (_ACCEPT, _START),
    "on_hold": (_ACCEPT, _START, ("hold", "in_progress", "on_hold", "recipient")),
    "completed": (_ACCEPT, ("complete", "accepted", "completed", "recipient")),
    "failed": (_ACCEPT, ("fail", "accepted", "failed", "recipient")),
    "cancelled": (("cancel", "requested", "cancelled", "sender"),),
    "revoked": (("revoke", "requested", "revoked", "system"),),
    "expired": (("expire", "requested", "expired", "system"),),
    "entered_in_error": (("enter-in-error", "requested", "entered_in_error", "sender"),),
}


@dataclass(frozen=True, slots=True)
class DemoReferral:
    """One referral while its rows are made."""

    id: UUID
    case: DemoCase
    institution: Institution
    situation: Situation
    state: str
    sent_at: datetime
    steps: tuple[datetime, ...]
    """When it was sent and when each further step was taken."""
    consent: UUID
    consent_until: date
    concern: str | None = None
    """Coded for an authority of residence law, which gets no words and hardly any data."""

    @property
    def is_sent(self) -> bool:
        return self.state != "draft"

    @property
    def categories(self) -> list[str]:
        return ["master_data"] if self.concern else CATEGORIES


class Referring:
    """Makes referrals of one area's cases."""

    def __init__(self, area: Area, rows: Rows, ids: Ids, random: Random, *, today: date) -> None:
        self._area = area
        self._rows = rows
        self._ids = ids
        self._random = random
        self._today = today

    def refer(self, case: DemoCase) -> DemoReferral:
        """Make one referral of a case, its consent and everything that followed, and return it."""
        random, client = self._random, case.client
        situation = pick(random, case.situations)
        age = client.age(case.opened_on)
        found = (
            self._area.institution(kind, client.dwelling.municipality, age) for kind in situation.referred_to
        )
        institution = pick(random, [each for each in found if each])
        return self._referral(case, institution, situation)

    def to_authority(self, case: DemoCase, authority: Institution, concern: str) -> DemoReferral:
        """Make one to an authority of residence law, with a coded concern and what it may get."""
        return self._referral(case, authority, case.situations[0], concern)

    def _referral(
        self, case: DemoCase, institution: Institution, situation: Situation, concern: str | None = None
    ) -> DemoReferral:
        random = self._random
        state, sent = self._state_and_day(case)
        at = moment(random, sent)
        steps = self._steps(state, at, case.last_day(self._today))
        referral = DemoReferral(
            id=self._ids.at(at),
            case=case,
            institution=institution,
            situation=situation,
            state=state,
            sent_at=at,
            steps=steps,
            consent=self._ids.at(at),
            consent_until=default_end(sent),
            concern=concern,
        )
        self._consent(referral)
        self._request(referral)
        self._sender_side(referral)
        if referral.is_sent:
            self._package(referral)
            self._history(referral)
            self._disclosure(referral)
        if state == "revoked":
            self._rows.add("referral_recalls", **recall_of(referral, self._area))
        return referral

    def _state_and_day(self, case: DemoCase) -> tuple[str, date]:
        """Return a state and the day of sending: what is open is recent, what has ended had its time."""
        random, first = self._random, case.opened_on
        last = case.last_day(self._today) - timedelta(days=1)
        days = (last - first).days
        if case.is_open and (random.random() < _SHARE_OPEN or days < 2 * DEADLINE.days):
            state = _OPEN_STATES.pick(random)
            return state, day_within(random, max(first, last - timedelta(days=9)), max(first, last))
        if days < 2 * DEADLINE.days:
            return "completed", first
        latest = last - DEADLINE - timedelta(days=4)
        earliest = max(first, latest - timedelta(days=_LATEST_END * 3))
        return _ENDED_STATES.pick(random), day_within(random, earliest, latest)

    def _steps(self, state: str, sent_at: datetime, last: date) -> tuple[datetime, ...]:
        """Return when each step was taken, none after the last day of the case."""
        found, day = [sent_at], sent_at.date()
        if state == "expired":
            return sent_at, sent_at + DEADLINE
        for _ in _WAYS.get(state, ()):
            day = min(day + timedelta(days=between(self._random, 1, 4)), last - timedelta(days=1))
            at = moment(self._random, max(day, found[-1].date()))
            found.append(at if at > found[-1] else found[-1] + timedelta(minutes=25))
        return tuple(found)

    def _consent(self, referral: DemoReferral) -> None:
        client, manager = referral.case.client, referral.case.client.manager
        given = referral.sent_at - timedelta(minutes=15)
        withdrawn = referral.steps[-1] if referral.state == "revoked" else None
        self._rows.add(
            "consents",
            municipal_area_id=self._area.key,
            id=referral.consent,
            client_id=client.id,
            case_id=referral.case.id,
            purpose="referral",
            institution_id=referral.institution.id,
            data_categories=referral.categories,
            direction=pick(self._random, ("to", "mutual", "mutual")),
            text_sha256=digest_of("referral", "deu", "1"),
            **agreed_by(client),
            given_at=given,
            given_on=given.date(),
            valid_until=referral.consent_until,
            evidence="Papierakte, Blatt 4",
            recorded_by=manager.user_id,
            withdrawn_at=withdrawn,
            withdrawn_by=manager.user_id if withdrawn else None,
            withdrawal_channel="phone" if withdrawn else None,
            withdrawal_told_at=withdrawn,
        )

    def _request(self, referral: DemoReferral) -> None:
        state, random = referral.state, self._random
        sent_at = referral.sent_at if referral.is_sent else None
        is_over = state in _ENDED_STATES.codes
        delivery = None
        if sent_at:
            delivery = "fetched" if state in _ANSWERED else "offered"
        self._rows.add(
            "referral_requests",
            municipal_area_id=self._area.key,
            id=referral.id,
            institution_id=referral.institution.id,
            unit_id=referral.case.client.manager.unit_id,
            client_pseudonym=referral.case.client.pseudonym,
            channel="platform",
            urgency="urgent" if random.random() < 0.1 else "normal",
            state=state,
            delivery=delivery,
            requested_at=sent_at,
            deadline_at=sent_at + DEADLINE if sent_at else None,
            answer_days=ANSWER_DAYS if sent_at else None,
            reminder_days=list(REMINDER_DAYS) if sent_at else [],
            consent_ends_at=end_of(referral.consent_until) if sent_at else None,
            revoke_reason="consent_withdrawn" if state == "revoked" else None,
            answered_at=referral.steps[1] if state in _ANSWERED else None,
            closed_at=referral.steps[-1] if is_over else None,
            rejection_reason=pick(random, _REJECTIONS) if state == "rejected" else None,
            hold_reason="waiting_for_documents" if state == "on_hold" else None,
            cancel_reason="solved_otherwise" if state == "cancelled" else None,
            outcome=pick(random, _OUTCOMES[state]) if state in _OUTCOMES else None,
            last_message_at=said_last(referral),
        )

    def _sender_side(self, referral: DemoReferral) -> None:
        case = referral.case
        self._rows.add(
            "referrals",
            municipal_area_id=self._area.key,
            id=referral.id,
            case_id=case.id,
            client_id=case.client.id,
            consent_id=referral.consent if referral.is_sent else None,
            legal_basis="consent",
            data_categories=referral.categories,
            concern_code=referral.concern,
            concern_text=None if referral.concern else referral.situation.request,
            created_by=case.client.manager.user_id,
        )

    def _package(self, referral: DemoReferral) -> None:
        frozen = freeze({"concern": concern_of(referral), "data": data_of(referral), "disputed": {}})
        is_withdrawn = referral.state in {"revoked", "entered_in_error"}
        self._rows.add(
            "referral_packages",
            municipal_area_id=self._area.key,
            id=referral.id,
            institution_id=referral.institution.id,
            is_on_platform=True,
            content=frozen.content,
            sha256=frozen.sha256,
            frozen_at=referral.sent_at,
            withheld_at=referral.steps[-1] if is_withdrawn else None,
            readable_until=end_of(referral.consent_until),
            is_shut=referral.state in SHUT,
        )

    def _history(self, referral: DemoReferral) -> None:
        manager, sent_at = referral.case.client.manager, referral.sent_at
        steps = (("send", "draft", "requested", "sender"), *_WAYS[referral.state])
        for at, (step, source, target, side) in zip(referral.steps, steps, strict=True):
            self._rows.add(
                "referral_events",
                municipal_area_id=self._area.key,
                id=self._ids.at(at),
                referral_id=referral.id,
                institution_id=referral.institution.id,
                at=at,
                step=step,
                from_state=source,
                to_state=target,
                side=side,
                user_id=manager.user_id if side == "sender" else None,
            )
        self._rows.add(
            "case_linkings",
            municipal_area_id=self._area.key,
            id=self._ids.at(sent_at),
            case_id=referral.case.id,
            referral_id=referral.id,
            recorded_at=sent_at,
            recorded_by=manager.user_id,
        )

    def _disclosure(self, referral: DemoReferral) -> None:
        at = referral.sent_at
        sending = disclosed(referral, self._area, self._ids.at(at), at, referral.categories)
        for table, row in (sending, *thread_of(referral, self._area)):
            self._rows.add(table, **row)
