"""What is said on a referral: coded words, requests for more information, answers with their files."""

from collections.abc import Iterator, Sequence
from typing import Any, cast

from kim_partner.connection import Connection
from kim_partner.shapes import Message, RecipientWord


class Messages:
    """The threads of the referrals to the institution; a thread is there as long as its package."""

    def __init__(self, connection: Connection) -> None:
        self._kim = connection

    def listed(self, referral_id: str) -> Iterator[Message]:
        """Yield what was said, the first first; nothing while the package cannot be read."""
        return self._kim.pages(_thread(referral_id))

    def say(self, referral_id: str, word: RecipientWord, *, key: str | None = None) -> Message:
        """Say a coded word, which tells of nobody."""
        return self._said(referral_id, {"kind": "message", "code": word}, key)

    def write(self, referral_id: str, text: str, *, key: str | None = None) -> Message:
        """Say something of the client. Raises `Conflict` (`feedback_not_agreed`) without their consent."""
        return self._said(referral_id, {"kind": "message", "text": text}, key)

    def ask(self, referral_id: str, data_categories: Sequence[str], *, key: str | None = None) -> Message:
        """Ask for more information. The answer is a message with the id of this one as `answers_id`."""
        body = {"kind": "information_request", "data_categories": list(data_categories)}
        return self._said(referral_id, body, key)

    def take_back(self, referral_id: str, message_id: str, *, key: str | None = None) -> None:
        """Take a request for more information back."""
        self._kim.post(f"{_thread(referral_id)}/{message_id}/withdraw", key=key)

    def mark_read(self, referral_id: str, message_id: str, *, key: str | None = None) -> None:
        """Mark what the sender said up to this message as read; the sender sees when."""
        self._kim.post(f"{_thread(referral_id)}/{message_id}/read", key=key)

    def attachment(self, referral_id: str, message_id: str, attachment_id: str) -> bytes:
        """Return a file of the sender. Raises `Gone` (`document_removed`) once it was removed."""
        path = f"{_thread(referral_id)}/{message_id}/attachments/{attachment_id}"
        return cast("bytes", self._kim.get(path))

    def _said(self, referral_id: str, body: Any, key: str | None) -> Message:
        return cast("Message", self._kim.post(_thread(referral_id), body, key=key))


def _thread(referral_id: str) -> str:
    return f"/v1/partner/referrals/{referral_id}/messages"
