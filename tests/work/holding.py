"""A case with everything in it that a phone holds beside what is written down day by day."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from app.access.roles import Role
from app.kit.clock import utc_now
from tests.cases.arrange import etag, open_case
from tests.cases.test_domain_changes import changed, domain_changes, settle
from tests.clients.arrange import new_client
from tests.consents.arrange import consent_body
from tests.documents.arrange import upload
from tests.world import Person, World

PARTS = {
    "conference": "conferences",
    "pathway": "pathways",
    "school_entry": "school-entries",
    "domain_change": "domain-changes",
    "transfer": "transfers",
}
"""Where each kind in a case is read."""
KINDS = ("document", *PARTS, "guardian")


@dataclass
class Full:
    """A case manager, a case, and one thing of each kind in it."""

    world: World
    anna: Person
    client_id: str
    case_id: str
    ids: dict[str, str]

    @property
    def case(self) -> str:
        return f"/v1/cases/{self.case_id}"

    @property
    def client(self) -> str:
        return f"/v1/clients/{self.client_id}"

    def address(self, kind: str) -> str:
        """Return where one of the case, or a document, is read."""
        if kind == "document":
            return f"/v1/documents/{self.ids[kind]}"
        return f"{self.case}/{PARTS[kind]}/{self.ids[kind]}"

    async def read(self, kind: str) -> dict[str, Any]:
        """Read one as its own address (or list) answers."""
        lists = {"guardian": f"{self.client}/guardians", "domain_change": f"{self.case}/domain-changes"}
        if kind in lists:
            listed = (await self.anna.get(lists[kind])).json()["items"]
            return next(dict(each) for each in listed if each["id"] == self.ids[kind])
        answer = await self.anna.get(self.address(kind))
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def made(self, path: str, **body: Any) -> str:
        """Add something and return its id."""
        answer = await self.anna.post(path, body)
        assert answer.status_code == 201, (path, answer.text)
        return str(answer.json()["id"])

    async def document(self, **said: str) -> str:
        """Upload a file into the case."""
        answer = await upload(self.anna, f"{self.case}/documents", **said)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    async def step(self, kind: str, verb: str, **body: Any) -> None:
        """Do something with one of the case."""
        answer = await self.anna.post(f"{self.address(kind)}/{verb}", body)
        assert answer.status_code in (200, 201), answer.text


async def a_full_case(world: World, anna: Person | None = None) -> Full:
    """Return a case of somebody (or of somebody new) with one of each kind."""
    anna = anna or await world.case_manager()
    client_id = await new_client(anna)
    full = Full(world, anna, client_id, await open_case(anna, client_id), {})
    consent = await anna.post("/v1/consents", consent_body(client_id, None))
    assert consent.status_code == 201, consent.text
    ids = full.ids
    ids["document"] = await full.document()
    ids["conference"] = await full.made(
        f"{full.case}/conferences", occasion="Übergang in die Schule", mode="on_site",
        starts_at=utc_now().isoformat(), client_takes_part=True,
    )  # fmt: skip
    ids["pathway"] = await full.made(f"{full.case}/pathways", pathway="naturalisation")
    ids["school_entry"] = await full.made(
        f"{full.case}/school-entries", stage="upper_secondary", registered_on="2026-01-12"
    )
    await changed(anna, client_id)
    ids["domain_change"] = (await domain_changes(anna, full.case_id))[0]["id"]
    await world.person(Role.TEAM_LEAD, unit="Stadt")
    ids["transfer"] = await full.made(
        f"{full.case}/transfers", receiving_unit_id=str(await world.unit("Stadt")), reason="moved",
        language="ara", target_group="refugees", data_categories=["master_data"],
    )  # fmt: skip
    ids["guardian"] = await full.made(
        f"{full.client}/guardians", kind="legal_adviser", name="Herr Adler", scope=["custody"],
        evidence="Bestallungsurkunde",
    )  # fmt: skip
    return full


async def _of_the_document(full: Full) -> None:
    path = full.address("document")
    await full.anna.patch(path, {"dated_on": "2026-02-02"}, if_match=await etag(full.anna, path))


async def _of_the_conference(full: Full) -> None:
    colleague = await full.world.case_manager()
    lead = await full.world.person(Role.TEAM_LEAD)
    joins = {"user_id": str(colleague.user_id), "kind": "member"}
    assert (await lead.post(f"{full.case}/assign", joins)).status_code == 201
    await full.step("conference", "participants", user_id=str(colleague.user_id))


async def _of_the_pathway(full: Full) -> None:
    path = full.address("pathway")
    requirement = (await full.read("pathway"))["requirements"][0]["requirement"]
    answer = await full.anna.patch(
        f"{path}/requirements/{requirement}", {"state": "in_progress"}, if_match=await etag(full.anna, path)
    )
    assert answer.status_code == 200, answer.text


async def _of_the_school_entry(full: Full) -> None:
    step = (await full.read("school_entry"))["steps"][0]
    await full.step("school_entry", f"steps/{step['id']}/correct", on="2026-01-12", reason="Noch einmal")


async def _of_the_domain_change(full: Full) -> None:
    answer = await settle(full.anna, full.case_id, await full.read("domain_change"), 0, state="done")
    assert answer.status_code == 200, answer.text


async def _of_the_transfer(full: Full) -> None:
    await full.step("transfer", "withdraw", reason="entered_in_error")


async def _of_the_guardian(full: Full) -> None:
    version = (await full.read("guardian"))["version"]
    path = f"{full.client}/guardians/{full.ids['guardian']}"
    answer = await full.anna.patch(path, {"reachable": "0281 1234"}, if_match=f'"{version}"')
    assert answer.status_code == 200, answer.text


CHANGES: dict[str, Callable[[Full], Awaitable[None]]] = {
    "document": _of_the_document,
    "conference": _of_the_conference,
    "pathway": _of_the_pathway,
    "school_entry": _of_the_school_entry,
    "domain_change": _of_the_domain_change,
    "transfer": _of_the_transfer,
    "guardian": _of_the_guardian,
}
"""How each is changed, where it has parts by a change of a part alone."""
