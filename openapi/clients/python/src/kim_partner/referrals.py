"""What was referred to the institution: the feed, the package, every step, many steps at once, recalls."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast
from uuid import uuid4

from kim_partner.connection import Connection
from kim_partner.problems import Refused, refused
from kim_partner.shapes import (
    BatchStep,
    CancelReason,
    FileSent,
    HoldReason,
    KeptReason,
    Recall,
    ReceiptLine,
    Referral,
    ReferralSummary,
    Taken,
)

_PATH = "/v1/partner/referrals"
_RECALLS = "/v1/partner/recalls"
_MOST_STEPS = 50
_OK = 200


@dataclass(frozen=True, slots=True)
class Changes:
    """One page of the feed. Store `cursor` when the page has been worked off, not before."""

    changed: list[ReferralSummary]
    lost: list[str]
    """Ids of what went out of sight: delete what was taken over of them."""
    cursor: str
    more: bool


@dataclass(frozen=True, slots=True)
class StepResult:
    """What came of one step of a batch: a receipt, or the refusal."""

    id: str
    state: str | None
    version: int | None
    receipt: str | None
    refusal: Refused | None


class Referrals:
    """The referrals that are addressed to the institution of this credential."""

    def __init__(self, connection: Connection) -> None:
        self._kim = connection

    def changes(self, since: str = "", *, limit: int = 100) -> Iterator[Changes]:
        """Yield what came or changed since a cursor, page by page, until there is no more at once.

        An empty cursor begins with everything open. Nothing is left out; what changes between two pages may
        come twice. Raises `Gone` for a cursor that is too old: begin with an empty one, and read what
        you hold and are not told of, since what is finished does not come again.
        """
        while True:
            page = self._kim.get(_PATH, since=since, limit=limit)
            items = page["items"]
            since = page["next"]
            yield Changes(
                changed=[each for each in items if not each.get("lost")],
                lost=[each["id"] for each in items if each.get("lost")],
                cursor=since,
                more=page["more"],
            )
            if not page["more"]:
                return

    def listed(self) -> Iterator[ReferralSummary]:
        """Yield everything in the institution's list, newest first."""
        return self._kim.pages(_PATH)

    def read(self, referral_id: str) -> Referral:
        """Read a referral with its package."""
        return cast("Referral", self._kim.get(f"{_PATH}/{referral_id}"))

    def receipts(self, referral_id: str) -> Iterator[ReceiptLine]:
        """Yield the signed receipts of all its steps, the first one first."""
        return self._kim.pages(f"{_PATH}/{referral_id}/receipts")

    def fetched(self, referral_id: str, *, version: int | None = None, key: str | None = None) -> Taken:
        """Acknowledge that the package was taken over and is stored."""
        return self._step(referral_id, "fetched", None, version, key)

    def accept(self, referral_id: str, *, version: int | None = None, key: str | None = None) -> Taken:
        """Accept it; also late, when it has expired."""
        return self._step(referral_id, "accept", None, version, key)

    def reject(
        self,
        referral_id: str,
        reason: str,
        text: str | None = None,
        *,
        version: int | None = None,
        key: str | None = None,
    ) -> Taken:
        """Reject it with a reason of the vocabulary `rejection_reason`."""
        return self._step(referral_id, "reject", _said(reason=reason, text=text), version, key)

    def start(self, referral_id: str, *, version: int | None = None, key: str | None = None) -> Taken:
        """Begin the work."""
        return self._step(referral_id, "start", None, version, key)

    def hold(
        self, referral_id: str, reason: HoldReason, *, version: int | None = None, key: str | None = None
    ) -> Taken:
        """Let it wait."""
        return self._step(referral_id, "hold", {"reason": reason}, version, key)

    def resume(self, referral_id: str, *, version: int | None = None, key: str | None = None) -> Taken:
        """Go on with it."""
        return self._step(referral_id, "resume", None, version, key)

    def complete(
        self,
        referral_id: str,
        outcome: str,
        text: str | None = None,
        *,
        version: int | None = None,
        key: str | None = None,
    ) -> Taken:
        """Finish it with an outcome of the vocabulary `referral_outcome`."""
        return self._step(referral_id, "complete", _said(outcome=outcome, text=text), version, key)

    def fail(
        self,
        referral_id: str,
        outcome: str,
        text: str | None = None,
        *,
        version: int | None = None,
        key: str | None = None,
    ) -> Taken:
        """End it without success."""
        return self._step(referral_id, "fail", _said(outcome=outcome, text=text), version, key)

    def cancel(
        self, referral_id: str, reason: CancelReason, *, version: int | None = None, key: str | None = None
    ) -> Taken:
        """Give it back."""
        return self._step(referral_id, "cancel", {"reason": reason}, version, key)

    def send_file(self, referral_id: str, content: bytes, *, key: str | None = None) -> FileSent:
        """Send a file with one's answer, such as a confirmation; needs the client's consent to feedback.

        At most 10 MiB, and ten to a referral. With a key of your own a repeat finds the file that was sent.
        Raises `Conflict` with the code `feedback_not_agreed` without a consent, `coded_only` for an authority
        of residence law, and `file_not_taken` where the sender takes none.
        """
        return cast("FileSent", self._kim.send_file(f"{_PATH}/{referral_id}/files", content, key=key))

    def send_back(
        self,
        referral_id: str,
        *,
        suggested_type: str | None = None,
        text: str | None = None,
        version: int | None = None,
        key: str | None = None,
    ) -> Taken:
        """Send it back as not responsible, and suggest the kind of institution that is."""
        body = _said(suggested_type=suggested_type, text=text)
        return self._step(referral_id, "return", body, version, key)

    def acknowledge_revocation(
        self, referral_id: str, *, version: int | None = None, key: str | None = None
    ) -> Taken:
        """Confirm that one knows that the consent has ended."""
        return self._step(referral_id, "acknowledge-revocation", None, version, key)

    def take_steps(self, steps: Sequence[BatchStep], *, key: str | None = None) -> list[StepResult]:
        """Take many steps, each by itself, fifty to a request; return what came of each, in their order.

        With a key of your own, the same steps in the same order can be sent again: what was done is found,
        what was not is done.
        """
        key = key or str(uuid4())
        results: list[StepResult] = []
        for begin in range(0, len(steps), _MOST_STEPS):
            items = list(steps[begin : begin + _MOST_STEPS])
            answer = self._kim.post(f"{_PATH}/batch", {"items": items}, key=f"{key}.{begin}")
            results += [_result(each) for each in answer["items"]]
        return results

    def recalls(self) -> Iterator[Recall]:
        """Yield what is asked because a consent has ended: are the data deleted?"""
        return self._kim.pages(_RECALLS)

    def data_deleted(
        self, referral_id: str, on: str, *, version: int | None = None, key: str | None = None
    ) -> Recall:
        """Answer a recall: deleted on this day (a date)."""
        return self._account(referral_id, {"account": "deleted", "deleted_on": on}, version, key)

    def data_kept(
        self,
        referral_id: str,
        reason: KeptReason,
        norm: str,
        *,
        version: int | None = None,
        key: str | None = None,
    ) -> Recall:
        """Answer a recall: kept, for this reason and by this rule (such as "§ 84 SGB X")."""
        body = {"account": "kept", "kept_reason": reason, "norm": norm}
        return self._account(referral_id, body, version, key)

    def _account(self, referral_id: str, body: Any, version: int | None, key: str | None) -> Recall:
        path = f"{_RECALLS}/{referral_id}/answer"
        return cast("Recall", self._kim.post(path, body, version=version, key=key))

    def _step(self, referral_id: str, step: str, body: Any, version: int | None, key: str | None) -> Taken:
        return cast("Taken", self._kim.post(f"{_PATH}/{referral_id}/{step}", body, version=version, key=key))


def _said(**members: str | None) -> dict[str, str]:
    return {name: value for name, value in members.items() if value is not None}


def _result(told: dict[str, Any]) -> StepResult:
    if told["status"] == _OK:
        return StepResult(told["id"], told["state"], told["version"], told["receipt"], None)
    return StepResult(told["id"], None, None, None, refused(told["status"], told["problem"]))
