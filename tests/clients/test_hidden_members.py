"""Nobody learns of a hidden member of the household by another way: each column that points to somebody.

The columns are read from the catalogue; one that nobody has thought about fails.
"""

from typing import Any
from uuid import UUID

import asyncpg
import pytest

from tests.cases.test_row_security import weakened
from tests.clients.arrange import etag_of
from tests.clients.hidden import WORDS, Family, a_family, end_guardian
from tests.consents.arrange import consent_body
from tests.refusals import places
from tests.world import Person, World

SUBJECT = "the row is about this person and seen with them alone"
NOBODY = "read by nobody of a case's team"
USERS = "colleagues, not clients"
LEFT_OUT = "an id that opens nothing; the answer leaves it out"
OF_A_PATHWAY = "pathway_id = '{their_pathway}'"
OF_A_PUPIL = "school_entry_id = '{entry}'"
TOLD: dict[tuple[str, str], str] = {
    **dict.fromkeys(
        (
            *((table, "client_id") for table in (
                "addresses", "assignments", "cases", "client_merges", "client_nationalities", "consents",
                "disputes", "documents", "guardians", "household_members", "language_levels",
                "legal_domain_periods", "official_numbers", "processing_restrictions", "processing_uses",
                "import_effects", "incoming_receipts", "referrals", "residence_documents",
                "schooling_periods", "tombstones",
            )),
            ("clients", "merged_into"), ("client_merges", "merged_client_id"),
            ("distinct_clients", "client_id"), ("processing_restrictions", "entry_id"),
        ),
        SUBJECT,
    ),
    **dict.fromkeys(
        (("audit_journal", "client_pseudonyms"), ("retentions", "client_id")),
        NOBODY,
    ),
    ("tasks", "participant_ids"): USERS,
    ("case_transfers", "contact_ids"): "entries of the case, not clients",
    **dict.fromkeys((("offers", "site_ids"), ("invitations", "site_ids")), "places, not persons"),
    ("membership_sites", "membership_id"): "roles of people of institutions, not clients",
    ("case_transfers", "document_ids"): "documents of the case's own client",
    ("disclosure_log", "document_ids"): "documents of the client whose pseudonym stands beside",
    ("import_rows", "duplicates"): "found among those whom the importer sees, and read by them alone",
    ("pathways", "together_with_id"): LEFT_OUT,
    ("pathways", "turned_into_id"): LEFT_OUT,
    ("barrier_persons", "client_id"): "client_id = '{mother}'",
    ("barrier_proposals", "school_entry_id"): OF_A_PUPIL,
    ("child_protections", "member_client_id"): "member_client_id = '{brother}'",
    ("consent_guardians", "guardian_id"): "guardian_id = '{guardian}'",
    ("consent_guardians", "member_client_id"): "member_client_id = '{mother}'",
    ("consent_signatures", "guardian_id"): "guardian_id = '{guardian}'",
    ("disputes", "entry_ids"): "'{member}' = ANY (entry_ids)",
    ("disputes", "member_client_id"): "member_client_id = '{mother}'",
    ("distinct_clients", "other_client_id"): "other_client_id = '{mother}'",
    ("guardians", "member_id"): "member_id = '{member}'",
    ("household_members", "member_client_id"): "member_client_id = '{mother}'",
    ("obstacles", "absorbed_ids"): "other obstacles, which are about nobody",
    ("pathways", "member_client_id"): "member_client_id = '{mother}'",
    ("pathway_requirements", "pathway_id"): OF_A_PATHWAY,
    ("pathway_steps", "pathway_id"): OF_A_PATHWAY,
    ("school_entries", "member_client_id"): "member_client_id = '{brother}'",
    ("school_entry_steps", "school_entry_id"): OF_A_PUPIL,
    ("tombstones", "member_client_id"): "member_client_id = '{mother}'",
}  # fmt: skip
"""Each column that points to a person or to something that is hidden with one: which rows it would betray."""

_COLUMNS = """SELECT c.relname, a.attname
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
    AND has_column_privilege('kim_app', c.oid, a.attnum, 'SELECT')
    AND (a.atttypid = 'uuid[]'::regtype
        OR EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'f'
            AND a.attnum = ANY (k.conkey) AND a.attname <> 'municipal_area_id' AND a.attname <> 'case_id'
            AND k.confrelid = ANY (
                '{clients,household_members,guardians,pathways,school_entries}'::regclass[]))
        OR a.atttypid = 'uuid'::regtype
            AND a.attname ~ '(client|member|guardian|entry|together|parent)_?(.*_)?id$')"""
HIDING = sorted((*key, rows) for key, rows in TOLD.items() if "{" in rows)


@pytest.fixture
async def family(world: World) -> Family:
    return await a_family(world)


async def count(world: World, person: Person, table: str, rows: str) -> int:
    async with world.sql(person) as db:
        driver = await db.driver()
        return int(await driver.fetchval(f"SELECT count(*) FROM {table} WHERE {rows}"))


async def test_every_column_that_points_to_somebody_is_thought_about(world: World) -> None:
    found = {(row[0], row[1]) for row in await world.admin.fetch(_COLUMNS)}
    assert found == set(TOLD)


async def test_no_row_tells_the_database_s_reader_of_a_hidden_member(world: World, family: Family) -> None:
    seen = {}
    for table, column, rows in HIDING:
        asked = rows.format(**family.ids)
        seen[table, column] = (
            await count(world, family.lead, table, asked),
            await count(world, family.colleague, table, asked),
        )
    betrayed = {key: both for key, both in seen.items() if both[1]}
    assert betrayed == {}
    laid = {key for key, both in seen.items() if both[0]}
    assert laid == seen.keys() - {("distinct_clients", "other_client_id")}  # tests/clients/test_distinct.py


async def test_no_answer_tells_of_a_hidden_member(family: Family) -> None:
    told: dict[str, list[str]] = {}
    for path in family.reads():
        answer = await family.colleague.get(path)
        assert answer.status_code == 200, (path, answer.text)
        found = [word for word in (*WORDS, *family.hidden()) if word in answer.text]
        if found:
            told[path] = found
    assert told == {}


async def test_whoever_sees_them_reads_all_of_it(family: Family) -> None:
    told = "".join([(await family.lead.get(path)).text for path in family.reads()])
    assert [word for word in (*WORDS, *family.hidden()) if word not in told] == []


@pytest.mark.parametrize(
    ("table", "policy", "path"),
    [
        ("guardians", "member", "{child}/guardians"),
        ("disputes", "member", "{child}/disputes"),
        ("consent_guardians", "read", "/v1/consents/{consent}"),
        ("consent_signatures", "read", "/v1/consents/{consent}/signatures"),
        ("barrier_proposals", "member", "/v1/barriers/proposals?case_id={case_id}"),
    ],
)
async def test_weakened_policy_would_tell(family: Family, table: str, policy: str, path: str) -> None:
    asked = path.format(child=family.child, consent=family.ids["consent"], case_id=family.ids["case"])
    before = (await family.colleague.get(asked)).text
    async with weakened(family.world, table, policy, "USING"):
        assert (await family.colleague.get(asked)).text != before


async def test_fields_of_somebody_hidden_are_absent_and_neither_null_nor_empty(family: Family) -> None:
    consent = (await family.colleague.get(f"/v1/consents/{family.ids['consent']}")).json()
    assert "guardian" not in consent
    assert (consent["given_by"], consent["guardian_ids"]) == ("guardian", [])
    pathway = (await family.colleague.get(f"{family.case}/pathways/{family.ids['pathway']}")).json()
    assert "together_with_id" not in pathway
    seen = (await family.lead.get(f"/v1/consents/{family.ids['consent']}")).json()
    assert (seen["guardian"], seen["guardian_ids"]) == ("Mahnaz Verborgen", [family.ids["guardian"]])


async def test_hidden_guardian_is_not_changed(family: Family) -> None:
    path = f"{family.child}/guardians/{family.ids['guardian']}"
    answer = await family.colleague.patch(path, {"must_not_learn": False}, if_match='"1"')
    assert answer.status_code == 404
    nowhere = f"{family.child}/guardians/{family.ids['case']}"
    assert (
        await family.colleague.patch(nowhere, {"must_not_learn": False}, if_match='"1"')
    ).status_code == 404


async def test_hidden_dispute_is_not_resolved(family: Family) -> None:
    path = f"{family.child}/disputes/{family.ids['dispute']}/resolve"
    body = {"outcome": "confirmed", "reason": "Ausweis gesehen"}
    answer = await family.colleague.post(path, body, if_match='"1"')
    assert answer.status_code == 404, answer.text


async def test_nobody_consents_whose_name_cannot_be_read(family: Family, world: World) -> None:
    by_mother: dict[str, Any] = {"given_by": "guardian", "guardian_ids": [family.ids["guardian"]]}
    answer = await family.colleague.post("/v1/consents", consent_body(family.ids["child"], None, **by_mother))
    assert (answer.status_code, places(answer)) == (
        422,
        [{"place": "body.guardian_ids", "kind": "guardian_unknown"}],
    )
    kept = await world.admin.fetchval(
        "SELECT count(*) FROM consents WHERE client_id = $1", UUID(family.ids["child"])
    )
    assert kept == 1


async def test_dispute_about_a_removed_member_stays_hidden(family: Family) -> None:
    await end_guardian(family)
    place = f"{family.child}/household/{family.ids['member']}"
    assert (await family.lead.delete(place, if_match='"1"')).status_code == 200
    assert (await family.colleague.get(f"{family.child}/disputes")).json()["items"] == []
    theirs = (await family.lead.get(f"{family.child}/disputes")).json()["items"]
    assert [each["id"] for each in theirs] == [family.ids["dispute"]]


async def test_consent_of_a_removed_guardian_keeps_the_name_and_the_secret(family: Family) -> None:
    await end_guardian(family)
    place = f"{family.child}/household/{family.ids['member']}"
    assert (await family.lead.delete(place, if_match='"1"')).status_code == 200
    path = f"/v1/consents/{family.ids['consent']}"
    assert (await family.lead.get(path)).json()["guardian"] == "Mahnaz Verborgen"
    assert "guardian" not in (await family.colleague.get(path)).json()


async def test_corrected_report_still_concerns_whom_the_corrector_does_not_see(family: Family) -> None:
    path = f"/v1/barriers/{family.ids['report']}"
    answer = await family.colleague.patch(
        path, {"persons": [family.ids["child"]]}, if_match=await etag_of(family.colleague, path)
    )
    assert answer.status_code == 200, answer.text
    assert set((await family.lead.get(path)).json()["persons"]) == {
        family.ids["child"],
        family.ids["mother"],
    }


async def test_database_refuses_a_row_about_a_hidden_member(family: Family, world: World) -> None:
    values = {
        "disputes": """INSERT INTO disputes (municipal_area_id, id, client_id, entry, entry_ids, says,
                disputed_by, disputed_on, recorded_by)
            VALUES (ctx_area(), gen_random_uuid(), '{child}', 'household', '{{{member}}}', 'x', 'client',
                '2026-03-01', ctx_user())""",
        "guardians": """INSERT INTO guardians
                (municipal_area_id, id, client_id, kind, member_id, scope, evidence)
            VALUES (ctx_area(), gen_random_uuid(), '{child}', 'parent', '{member}', '{{custody}}', 'x')""",
        "consent_guardians": """INSERT INTO consent_guardians
                (municipal_area_id, id, consent_id, guardian_id, name)
            VALUES (ctx_area(), gen_random_uuid(), '{consent}', '{guardian}', 'x')""",
    }
    for statement in values.values():
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with world.sql(family.colleague) as db:
                await (await db.driver()).execute(statement.format(**family.ids))


@pytest.mark.parametrize("hidden", [True, False])
async def test_worker_proposes_nothing_for_a_hidden_child(
    family: Family, world: World, *, hidden: bool
) -> None:
    await world.admin.execute(
        "UPDATE clients SET is_restricted = $2 WHERE id = $1", UUID(family.ids["brother"]), hidden
    )
    async with world.admin.transaction():
        await world.admin.execute("SELECT set_config('kim.area', $1, true)", world.area)
        found = await world.admin.fetch("SELECT id FROM long_school_waiting('2199-01-01')")
    assert [str(row["id"]) for row in found] == ([] if hidden else [family.ids["entry"]])
