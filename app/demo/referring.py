"""Consents to referrals, and referrals in every state with their history."""

from datetime import date, datetime, timedelta
from random import Random
from uuid import UUID

from app.consents.rules import default_end
from app.consents.texts import digest_of
from app.demo.casework import DemoCase
from app.demo.rows import Ids, Rows, at
from app.demo.staff import Area
from app.demo.stories import REFERRAL_CONCERNS
from app.referrals.package import freeze
from app.referrals.rules import DEADLINE

_STATES = (
    ("draft", 4), ("requested", 10), ("accepted", 8), ("rejected", 5), ("in_progress", 8),
    ("on_hold", 3), ("completed", 22), ("failed", 4), ("cancelled", 4), ("revoked", 5), ("expired", 6),
    ("entered_in_error", 2),
)  # fmt: skip
_CATEGORIES = {
    "jobcenter": ["master_data", "contact", "benefits"],
    "schule": ["master_data", "contact", "education_language"],
    "sprachkurstraeger": ["master_data", "contact", "education_language"],
    "mbe": ["master_data", "contact", "residence"],
    "sozialamt": ["master_data", "contact", "benefits"],
    "wohnungsamt": ["master_data", "contact", "household"],
}
_WAYS = {
    "requested": (),
    "accepted": (("accept", "requested", "accepted", "recipient"),),
    "rejected": (("reject", "requested", "rejected", "recipient"),),
    "in_progress": (
        ("accept", "requested", "accepted", "recipient"),
        ("start", "accepted", "in_progress", "recipient"),
    ),
    "on_hold": (
        ("accept", "requested", "accepted", "recipient"),
        ("start", "accepted", "in_progress", "recipient"),
        ("hold", "in_progress", "on_hold", "recipient"),
    ),
    "completed": (
        ("accept", "requested", "accepted", "recipient"),
        ("complete", "accepted", "completed", "recipient"),
    ),
    "failed": (("accept", "requested", "accepted", "recipient"), ("fail", "accepted", "failed", "recipient")),
    "cancelled": (("cancel", "requested", "cancelled", "sender"),),
    "revoked": (("revoke", "requested", "revoked", "system"),),
    "expired": (("expire", "requested", "expired", "system"),),
    "entered_in_error": (("enter-in-error", "requested", "entered_in_error", "sender"),),
}
_OPEN = {"requested", "accepted", "in_progress", "on_hold"}


class Referring:
    """Makes referrals of one area's cases."""

    def __init__(self, area: Area, rows: Rows, ids: Ids, random: Random, *, today: date) -> None:
        self._area = area
        self._rows = rows
        self._ids = ids
        self._random = random
        self._today = today

    def refer(self, case: DemoCase) -> None:
        """Make one referral of a case, its consent and everything that followed."""
        random = self._random
        kinds = [kind for kind in _CATEGORIES if kind in self._area.institutions]
        kind = random.choice(kinds)
        institution = random.choice(self._area.institutions[kind])
        state = random.choices([code for code, _ in _STATES], [weight for _, weight in _STATES])[0]
        if not case.is_open and state in {"draft", *_OPEN}:
            state = "completed"
        age = random.randint(1, 10) if state in _OPEN | {"draft"} else random.randint(20, 120)
        sent = max(self._today - timedelta(days=age), case.opened_on)
        consent = self._consent(case, kind, institution, sent, withdrawn=state == "revoked")
        referral = self._id(sent)
        moment = None if state == "draft" else at(sent)
        self._request(case, referral, institution, state, moment)
        self._sender_side(case, referral, kind, consent if moment else None)
        if moment:
            self._package(case, referral, kind, institution, state, moment)
            self._history(case, referral, institution, state, moment)
            self._disclosure(case, referral, kind, institution, moment)

    def _consent(self, case: DemoCase, kind: str, institution: UUID, day: date, *, withdrawn: bool) -> UUID:
        manager = case.client.manager
        consent = self._id(day)
        adult = case.client.is_adult(day)
        self._rows.add(
            "consents",
            municipal_area_id=self._area.key,
            id=consent,
            client_id=case.client.id,
            case_id=case.id,
            purpose="referral",
            institution_id=institution,
            data_categories=_CATEGORIES[kind],
            special_categories=[],
            direction=self._random.choice(("to", "mutual", "mutual")),
            text_language="deu",
            text_version="1",
            text_sha256=digest_of("referral", "deu", "1"),
            interpreter_used=False,
            consequences_explained=True,
            revocability_explained=True,
            form="written",
            given_by="client" if adult else "guardian",
            guardian=None if adult else "Mutter, Ausweis lag vor",
            given_at=at(day, hour=9),
            given_on=day,
            valid_until=default_end(day),
            evidence="Papierakte, Blatt 4",
            recorded_by=manager.user_id,
            withdrawn_at=at(day + timedelta(days=1)) if withdrawn else None,
            withdrawn_by=manager.user_id if withdrawn else None,
            withdrawal_channel="phone" if withdrawn else None,
        )
        return consent

    def _request(
        self, case: DemoCase, referral: UUID, institution: UUID, state: str, moment: datetime | None
    ) -> None:
        ended = state not in _OPEN | {"draft"}
        last = moment + timedelta(days=5) if moment else None
        outcomes = {"completed": "helped", "failed": "no_capacity", "expired": "no_answer"}
        delivery = None
        if moment:
            delivery = "fetched" if state not in {"requested", "expired"} else "offered"
        self._rows.add(
            "referral_requests",
            municipal_area_id=self._area.key,
            id=referral,
            institution_id=institution,
            unit_id=case.client.manager.unit_id,
            client_pseudonym=case.client.pseudonym,
            channel="platform",
            urgency="urgent" if self._random.random() < 0.1 else "normal",
            state=state,
            delivery=delivery,
            requested_at=moment,
            deadline_at=moment + DEADLINE if moment else None,
            answered_at=last
            if state not in {"draft", "requested", "expired", "cancelled", "revoked"}
            else None,
            closed_at=last if ended else None,
            rejection_reason="no_capacity" if state == "rejected" else None,
            hold_reason="waiting_for_documents" if state == "on_hold" else None,
            cancel_reason="solved_otherwise" if state == "cancelled" else None,
            outcome=outcomes.get(state),
        )

    def _sender_side(self, case: DemoCase, referral: UUID, kind: str, consent: UUID | None) -> None:
        self._rows.add(
            "referrals",
            municipal_area_id=self._area.key,
            id=referral,
            case_id=case.id,
            client_id=case.client.id,
            consent_id=consent,
            legal_basis="consent",
            data_categories=_CATEGORIES[kind],
            concern_text=REFERRAL_CONCERNS[kind],
            created_by=case.client.manager.user_id,
        )

    def _package(
        self, case: DemoCase, referral: UUID, kind: str, institution: UUID, state: str, moment: datetime
    ) -> None:
        person = case.client.person
        frozen = freeze(
            {
                "concern": {"code": None, "text": REFERRAL_CONCERNS[kind]},
                "data": {
                    "master_data": {
                        "given_name": person.given_name,
                        "family_name": person.family_name,
                        "birth_date": person.birth_date.isoformat(),
                        "sex": person.sex,
                    }
                },
            }
        )
        self._rows.add(
            "referral_packages",
            municipal_area_id=self._area.key,
            id=referral,
            institution_id=institution,
            is_on_platform=True,
            content=frozen.content,
            sha256=frozen.sha256,
            frozen_at=moment,
            withheld_at=moment + timedelta(days=1) if state in {"revoked", "entered_in_error"} else None,
        )

    def _history(
        self, case: DemoCase, referral: UUID, institution: UUID, state: str, moment: datetime
    ) -> None:
        steps = (("send", "draft", "requested", "sender"), *_WAYS[state])
        for number, (step, source, target, side) in enumerate(steps):
            self._rows.add(
                "referral_events",
                municipal_area_id=self._area.key,
                id=self._id(moment.date()),
                referral_id=referral,
                institution_id=institution,
                at=moment + timedelta(days=number),
                step=step,
                from_state=source,
                to_state=target,
                side=side,
                user_id=case.client.manager.user_id if side == "sender" else None,
            )
        self._rows.add(
            "case_linkings",
            municipal_area_id=self._area.key,
            id=self._id(moment.date()),
            case_id=case.id,
            referral_id=referral,
            recorded_at=moment,
            recorded_by=case.client.manager.user_id,
        )

    def _disclosure(
        self, case: DemoCase, referral: UUID, kind: str, institution: UUID, moment: datetime
    ) -> None:
        self._rows.add(
            "disclosure_log",
            municipal_area_id=self._area.key,
            id=self._id(moment.date()),
            at=moment,
            case_id=case.id,
            client_pseudonym=case.client.pseudonym,
            unit_id=case.client.manager.unit_id,
            institution_id=institution,
            legal_basis="consent",
            purpose="referral",
            data_categories=_CATEGORIES[kind],
            channel="platform",
            referral_id=referral,
            disclosed_by=case.client.manager.user_id,
        )

    def _id(self, day: date) -> UUID:
        return self._ids.at(at(day, hour=self._random.randint(8, 16)))
