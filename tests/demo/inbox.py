"""What the people and the machine of the card find at their institution, asked over HTTP as they would."""

from dataclasses import dataclass
from typing import Any, Self

import httpx

from kim_partner import KeyCredential, Kim


@dataclass(frozen=True)
class Inbox:
    """One institution, seen by its machine and by the first partner user of the card."""

    machine: dict[str, Any]
    team: list[dict[str, Any]]
    """The first partner user of the card and the one who joined by invitation, which is the last account."""
    ids: list[str]
    of_machine: list[Any]
    of_first: list[Any]
    offers: list[dict[str, Any]]

    @classmethod
    async def of(cls, http: httpx.AsyncClient, card: dict[str, Any]) -> Self:
        """Sign in as each of them and read."""
        machine = card["partner_systems"][0]
        partners = [each for each in card["accounts"] if each["roles"] == ["partner_user"]]
        team = [partners[0], [each for each in partners if each["unit"] == partners[0]["unit"]][-1]]
        headers = [await signed_in(http, each) for each in team]
        with Kim(card["base_url"], KeyCredential(machine["client_id"], machine["private_key"])) as kim:
            of_machine = list(kim.referrals.listed())
        listed = await read(http, "/v1/partner/referrals?limit=100", headers[0])
        place = machine["institution_id"]
        offers = await read(http, f"/v1/offers?institution_id={place}", headers[0])
        ids = [str((await read(http, "/v1/me", each))["id"]) for each in headers]
        return cls(machine, team, ids, of_machine, listed["items"], offers["items"])


def accounts(card: dict[str, Any]) -> list[dict[str, Any]]:
    """Return everybody on the card."""
    return list(card["accounts"])


async def signed_in(http: httpx.AsyncClient, account: dict[str, Any]) -> dict[str, str]:
    """Return the header of somebody of the card."""
    body = {name: account[name] for name in ("email", "password")}
    answer = (await http.post("/v1/sessions", json=body)).raise_for_status()
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


async def read(http: httpx.AsyncClient, path: str, headers: dict[str, str]) -> Any:
    """Return what somebody reads."""
    return (await http.get(path, headers=headers)).raise_for_status().json()
