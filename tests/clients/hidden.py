"""A child whose mother and brother are hidden, and everything of the child's case that points to them."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from app.kit.clock import local_date, utc_now
from tests.barriers.arrange import file_barrier
from tests.cases.arrange import open_case, team_lead
from tests.clients.arrange import etag_of, new_client
from tests.consents.arrange import consent_body
from tests.world import Person, World

WORDS = ("Verborgen", "Mahnaz", "Frauenhaus", "Registerauszug")
"""What must reach nobody who does not see the mother."""


@dataclass
class Family:
    """The child's case, who leads it and sees all, and a colleague on it who sees the child alone."""

    world: World
    lead: Person
    colleague: Person
    ids: dict[str, str]

    @property
    def case(self) -> str:
        return f"/v1/cases/{self.ids['case']}"

    @property
    def child(self) -> str:
        return f"/v1/clients/{self.ids['child']}"

    def reads(self) -> tuple[str, ...]:
        """Return every address under which something of the mother could be told."""
        child, case = self.ids["child"], self.ids["case"]
        return (
            self.child,
            *(f"{self.child}/{part}" for part in ("household", "guardians", "disputes", "documents")),
            f"/v1/consents?client_id={child}",
            f"/v1/consents/{self.ids['consent']}",
            f"/v1/barriers?case_id={case}",
            f"/v1/barriers/{self.ids['report']}",
            f"/v1/barriers/proposals?case_id={case}",
            self.case,
            *(
                f"{self.case}/{part}"
                for part in ("pathways", f"pathways/{self.ids['pathway']}", "school-entries", "timeline")
            ),
            f"{self.case}/open-items",
            "/v1/me/work",
        )

    def hidden(self) -> tuple[str, ...]:
        """Return the ids that tell of the mother or the brother."""
        names = ("mother", "brother", "member", "guardian", "dispute", "their_pathway", "entry", "proposal")
        return tuple(self.ids[name] for name in names)


async def end_guardian(family: Family) -> None:
    """End that the mother decides, so that she can leave the household."""
    path = f"{family.child}/guardians/{family.ids['guardian']}"
    yesterday = str(local_date(utc_now()) - timedelta(days=1))
    ended = await family.lead.patch(path, {"valid_until": yesterday}, if_match='"1"')
    assert ended.status_code == 200, ended.text


async def made(person: Person, path: str, body: Any) -> str:
    answer = await person.post(path, body)
    assert answer.status_code == 201, (path, answer.text)
    return str(answer.json()["id"])


async def a_family(world: World) -> Family:
    """Return the family, with mother and brother hidden after everything was written down."""
    lead, colleague, leads_team = (
        await world.case_manager(),
        await world.case_manager(),
        await team_lead(world),
    )
    ids: dict[str, str] = {}
    family = Family(world, lead, colleague, ids)
    ids["mother"] = await new_client(
        lead, given_name="Mahnaz", family_name="Verborgen", birth_date="1985-02-01"
    )
    ids["brother"] = await new_client(lead, given_name="Navid", birth_date="2013-02-01")
    ids["child"] = await new_client(lead, given_name="Parisa", birth_date="2015-02-01")
    for name, relation, place in (("mother", "parent", "member"), ("brother", "sibling", "brothers_place")):
        body = {"client_id": ids[name], "relation": relation}
        listed = await lead.post(f"{family.child}/household", body)
        assert listed.status_code == 201, listed.text
        ids[place] = next(each["id"] for each in listed.json()["items"] if each["client_id"] == ids[name])
    ids["case"] = await open_case(lead, ids["child"])
    ids["guardian"] = await made(
        lead,
        f"{family.child}/guardians",
        {
            "kind": "parent",
            "member_id": ids["member"],
            "scope": ["custody"],
            "reachable": "Frauenhaus Tel 0281 123456",
            "evidence": "Registerauszug der Mutter",
        },
    )
    by_mother = {"given_by": "guardian", "guardian_ids": [ids["guardian"]]}
    ids["consent"] = await made(lead, "/v1/consents", consent_body(ids["child"], None, **by_mother))
    says = {"entry": "household", "entry_id": ids["member"], "disputed_on": "2026-03-01"}
    ids["dispute"] = await made(
        lead, f"{family.child}/disputes", {**says, "says": "Wohnt nicht in der Frauenhausstrasse"}
    )
    report = await file_barrier(lead, ids["case"], persons=[ids["child"], ids["mother"]])
    ids["report"] = str(report["id"])
    path = f"{family.case}/pathways"
    theirs = {"pathway": "naturalisation", "member_id": ids["member"]}
    ids["their_pathway"] = await made(lead, path, theirs)
    own = {"pathway": "naturalisation", "together_with_id": ids["their_pathway"]}
    ids["pathway"] = await made(lead, path, own)
    pupil = {"stage": "primary", "member_id": ids["brothers_place"]}
    ids["entry"] = await made(lead, f"{family.case}/school-entries", pupil)
    await world.admin.execute(
        """INSERT INTO consent_signatures (municipal_area_id, id, consent_id, signed_by, guardian_id,
            text_sha256, signed_at, device, sealed, recorded_at, recorded_by)
        VALUES ($1, $2, $3, 'guardian', $4, 'x', now(), 'tablet', 'x', now(), $5)""",
        world.area, uuid4(), UUID(ids["consent"]), UUID(ids["guardian"]), lead.user_id,
    )  # fmt: skip
    ids["proposal"] = str(uuid4())
    await world.admin.execute(
        """INSERT INTO barrier_proposals
            (municipal_area_id, id, case_id, school_entry_id, barrier_type, outcome)
        VALUES ($1, $2, $3, $4, 'C9', 'waiting_too_long')""",
        world.area,
        *(UUID(ids[name]) for name in ("proposal", "case", "entry")),
    )
    await world.admin.execute(
        """INSERT INTO tombstones (municipal_area_id, id, kind, object_id, client_id, member_client_id)
        VALUES ($1, gen_random_uuid(), 'guardian', gen_random_uuid(), $2, $3)""",
        world.area,
        *(UUID(ids[name]) for name in ("child", "mother")),
    )
    await world.admin.execute(
        """INSERT INTO child_protections (municipal_area_id, id, case_id, member_client_id, relation, state,
            indications, noticed_on, look_again_on, created_by)
        VALUES ($1, gen_random_uuid(), $2, $3, 'sibling', 'noted', 'Fehlt seit Wochen', '2026-03-01',
            '2026-03-08', $4)""",
        world.area,
        *(UUID(ids[name]) for name in ("case", "brother")),
        lead.user_id,
    )
    for name in ("mother", "brother"):
        await hide(lead, ids[name])
    joins = {"user_id": str(colleague.user_id), "kind": "member"}
    answer = await leads_team.post(f"{family.case}/assign", joins)
    assert answer.status_code == 201, answer.text
    return family


async def hide(person: Person, client_id: str) -> None:
    """Restrict a person."""
    path = f"/v1/clients/{client_id}"
    answer = await person.patch(path, {"is_restricted": True}, if_match=await etag_of(person, path))
    assert answer.status_code == 200, answer.text
