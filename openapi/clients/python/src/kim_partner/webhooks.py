"""Giving KIM an address at which it tells that something happened. People do this, not machines."""

from collections.abc import Iterator, Sequence
from typing import Literal, cast

from kim_partner.connection import Connection
from kim_partner.shapes import Delivery, Webhook, WebhookWithSecret

_PATH = "/v1/partner/webhooks"


class Webhooks:
    """The webhooks of the institution; needs a `PersonCredential`."""

    def __init__(self, connection: Connection) -> None:
        self._kim = connection

    def listed(self) -> Iterator[Webhook]:
        """Yield the institution's webhooks."""
        return self._kim.pages(_PATH)

    def register(
        self,
        institution_id: str,
        url: str,
        label: str,
        kinds: Sequence[str],
        *,
        signature: Literal["hmac_sha256", "ed25519", "callback_hmac_sha512"] = "hmac_sha256",
        key: str | None = None,
    ) -> WebhookWithSecret:
        """Give an address. The secret is shown this once, and not on a repeat; of a key pair it is None."""
        body = {
            "institution_id": institution_id, "url": url, "label": label, "kinds": list(kinds),
            "signature": signature,
        }  # fmt: skip
        return cast("WebhookWithSecret", self._kim.post(_PATH, body, key=key))

    def read(self, webhook_id: str) -> Webhook:
        """Read one; `secrets` holds the public half of a key pair."""
        return cast("Webhook", self._kim.get(f"{_PATH}/{webhook_id}"))

    def test(self, webhook_id: str) -> Delivery:
        """Let KIM send an event of the kind `webhook.test`."""
        return cast("Delivery", self._kim.post(f"{_PATH}/{webhook_id}/test"))

    def rotate_secret(self, webhook_id: str, *, overlap_hours: int = 24) -> WebhookWithSecret:
        """Get a new secret; the one before signs beside it for the overlap."""
        body = {"overlap_hours": overlap_hours}
        return cast("WebhookWithSecret", self._kim.post(f"{_PATH}/{webhook_id}/rotate-secret", body))

    def pause(self, webhook_id: str) -> Webhook:
        """Let what happens wait."""
        return cast("Webhook", self._kim.post(f"{_PATH}/{webhook_id}/pause"))

    def resume(self, webhook_id: str) -> Webhook:
        """Let it come again."""
        return cast("Webhook", self._kim.post(f"{_PATH}/{webhook_id}/resume"))

    def deliveries(self, webhook_id: str, *, state: str | None = None) -> Iterator[Delivery]:
        """Yield what was delivered, waits or is parked, newest first."""
        return self._kim.pages(f"{_PATH}/{webhook_id}/deliveries", state=state)

    def resend(self, webhook_id: str, delivery_id: str) -> Delivery:
        """Try a parked delivery anew."""
        return cast("Delivery", self._kim.post(f"{_PATH}/{webhook_id}/deliveries/{delivery_id}/resend"))

    def remove(self, webhook_id: str, *, version: int) -> None:
        """Delete it with its secrets and its log."""
        self._kim.delete(f"{_PATH}/{webhook_id}", version=version)
