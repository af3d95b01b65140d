"""Offers and their free places, reference data, and the directory as HSDS 3.0."""

from collections.abc import Iterator
from typing import Any, cast

from kim_partner.connection import Connection
from kim_partner.shapes import Entry, Offer


class Directory:
    """What there is in the area; with the scope `directory:capacity`, also one's own free places."""

    def __init__(self, connection: Connection) -> None:
        self._kim = connection

    def offers(
        self,
        *,
        topic: str | None = None,
        language: str | None = None,
        municipality: str | None = None,
        institution_id: str | None = None,
        is_free: bool | None = None,
    ) -> Iterator[Offer]:
        """Yield the offers that match all of these."""
        asked = {"topic": topic, "language": language, "municipality": municipality}
        return self._kim.pages("/v1/offers", **asked, institution_id=institution_id, is_free=is_free)

    def offer(self, offer_id: str) -> Offer:
        """Read an offer."""
        return cast("Offer", self._kim.get(f"/v1/offers/{offer_id}"))

    def tell_capacity(
        self, offer_id: str, free_places: int, places: int | None = None, *, key: str | None = None
    ) -> Offer:
        """Say how many places one's offer has free now, and of how many."""
        body = {"free_places": free_places} | ({} if places is None else {"places": places})
        return cast("Offer", self._kim.post(f"/v1/offers/{offer_id}/capacity", body, key=key))

    def entries(self, vocabulary: str) -> Iterator[Entry]:
        """Yield the entries of a vocabulary, such as `rejection_reason` or `referral_outcome`."""
        return self._kim.pages(f"/v1/catalogues/{vocabulary}")

    def services(self, **query: Any) -> Iterator[dict[str, Any]]:
        """Yield the area's services in the shape of HSDS 3.0."""
        number = 1
        while True:
            page = self._kim.get("/v1/hsds/services", **query, page=number)
            yield from page["contents"]
            if number >= page["total_pages"]:
                return
            number += 1
