"""The office at work: it follows the feed, takes packages over, answers, and forgets what it must forget."""

import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from kim_partner.client import Kim
from kim_partner.problems import Conflict, Gone, NotFound, VersionStale
from kim_partner.shapes import ReferralSummary, Taken
from kim_partner.simulation.courses import Act, Rates, course_of, due

_ENDS = frozenset({"rejected", "completed", "failed", "cancelled", "revoked", "entered_in_error"})
_OFFICES = ZoneInfo("Europe/Berlin")
_SHOWN = 8


class Office:
    """One institution; what it says names steps and the end of an id, never a person."""

    def __init__(
        self,
        kim: Kim,
        rates: Rates,
        seed: int,
        *,
        say: Callable[[str], None],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._kim, self._rates, self._seed = kim, rates, seed
        self._say, self._clock = say, clock
        self._cursor = ""
        self._held: dict[str, ReferralSummary] = {}
        self._silent: set[str] = set()
        self.taken: Counter[str] = Counter()

    def turn(self) -> None:
        """Catch up once and do everything that is due by now."""
        self._catch_up()
        for referral_id in list(self._held):
            self._go_on(referral_id)

    def _catch_up(self) -> None:
        forgets = not self._cursor
        try:
            for page in self._kim.referrals.changes(self._cursor):
                for each in page.changed:
                    self._remember(each)
                for referral_id in page.lost:
                    self._held.pop(referral_id, None)
                    self._say(f"{_short(referral_id)}  out of sight: forgotten")
                forgets = forgets or bool(page.lost)
                self._cursor = page.cursor
        except Gone:
            self._say("The cursor is too old: beginning anew.")
            self._cursor = ""
            self._held.clear()
        if forgets:
            self._account()

    def _remember(self, told: ReferralSummary) -> None:
        if told["state"] in _ENDS:
            self._held.pop(told["id"], None)
        else:
            self._held[told["id"]] = told

    def _account(self) -> None:
        """Say of everything that a consent no longer covers that it is deleted."""
        for asked in list(self._kim.referrals.recalls()):
            if asked["account"] is None:
                today = datetime.fromtimestamp(self._clock(), _OFFICES).date()
                self._kim.referrals.data_deleted(asked["id"], today.isoformat(), version=asked["version"])
                self._note(asked["id"], "acknowledge", "data deleted")

    def _go_on(self, referral_id: str) -> None:
        course = course_of(referral_id, self._rates, self._seed)
        if course.answer == "silent" and self._held[referral_id]["state"] in {"requested", "expired"}:
            if referral_id not in self._silent:
                self._silent.add(referral_id)
                self._say(f"{_short(referral_id)}  will stay without an answer")
            return
        while referral_id in self._held:
            told = self._held[referral_id]
            act = due(told["state"], course, self._age(told))
            if act is None:
                return
            try:
                self._take(told, act)
            except (Conflict, VersionStale, NotFound) as refused:
                # A colleague, or the sender, was faster: the feed tells what it is now.
                self._held.pop(referral_id)
                self._say(f"{_short(referral_id)}  {act.step}: {refused.code}, left alone")

    def _take(self, told: ReferralSummary, act: Act) -> None:
        if act.step in {"accept", "reject"} and told["delivery"] == "offered":
            self._kim.referrals.read(told["id"])
            fetched = self._kim.referrals.fetched(told["id"], version=told["version"])
            told = self._done({**told, "delivery": "fetched"}, fetched, "fetched", "")
        said = act.reason or act.outcome or ""
        self._done(told, self._answer(told["id"], told["version"], act), act.step, said)

    def _answer(self, referral_id: str, version: int, act: Act) -> Taken:
        referrals = self._kim.referrals
        if act.step == "reject":
            return referrals.reject(referral_id, act.reason or "other", act.text, version=version)
        if act.step == "complete":
            return referrals.complete(referral_id, act.outcome or "other", version=version)
        if act.step == "fail":
            return referrals.fail(referral_id, act.outcome or "other", version=version)
        if act.step == "hold":
            return referrals.hold(referral_id, "waiting_for_documents", version=version)
        plain = {"accept": referrals.accept, "start": referrals.start, "resume": referrals.resume}
        return plain[act.step](referral_id, version=version)

    def _done(self, told: ReferralSummary, taken: Taken, step: str, said: str) -> ReferralSummary:
        told = {**told, "state": taken["state"], "version": taken["version"]}
        self._remember(told)
        self._note(taken["id"], step, said)
        return told

    def _note(self, referral_id: str, step: str, said: str) -> None:
        self.taken[step] += 1
        self._say(f"{_short(referral_id)}  {step}{'  ' + said if said else ''}")

    def _age(self, told: ReferralSummary) -> float:
        asked = datetime.fromisoformat(told["requested_at"]).timestamp()
        return max(0.0, self._clock() - asked) / 60


def _short(referral_id: str) -> str:
    return "…" + referral_id[-_SHOWN:]
