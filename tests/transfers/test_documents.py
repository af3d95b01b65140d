"""Documents that go along with a case: which do, sealed anew; and what is left of a receipt that fails."""

import hashlib
from uuid import UUID

import pytest

from app.access.roles import Role
from app.documents.store import FolderStore
from tests.cases.arrange import open_case
from tests.clients.arrange import add_period, new_client
from tests.documents.files import TEXT
from tests.transfers.arrange import (
    CATEGORIES,
    Scene,
    a_scene,
    accept,
    agree,
    draft,
    draft_body,
    offer,
    receive,
)
from tests.transfers.carrying import (
    BIG,
    WITH,
    accepted_with,
    blobs,
    careless,
    put,
    rows,
    say,
    shown,
)
from tests.world import World


async def test_chosen_documents_are_shown_and_become_those_of_the_other_unit(world: World) -> None:
    scene = await a_scene(world)
    chosen = await put(scene, BIG, dated_on="2026-02-01")
    of_client = await put(scene, path=f"/v1/clients/{scene.client_id}/documents", category="identity")
    await put(scene, title="Bleibt hier")
    await agree(scene, data_categories=WITH, special_categories=["health"])
    transfer_id = await draft(scene, data_categories=WITH, document_ids=[chosen, of_client])
    told = {each["id"]: each for each in await shown(scene, transfer_id)}
    assert set(told) == {chosen, of_client}
    assert told[chosen] == {
        "id": chosen, "title": "Schulzeugnis", "category": "certificate", "dated_on": "2026-02-01",
        "data_categories": ["documents", "education_language"], "kind": "text", "size_bytes": len(BIG),
        "sha256": hashlib.sha256(BIG).hexdigest(),
    }  # fmt: skip
    await offer(scene, transfer_id)
    await accept(scene, transfer_id)
    assert blobs(scene, scene.hagen) == []
    case_id = (await receive(scene, transfer_id))["case_id"]
    there = (await scene.colleague.get(f"/v1/cases/{case_id}/documents")).json()["items"]
    assert {each["sha256"] for each in there} == {each["sha256"] for each in told.values()}
    assert {(each["source"], each["created_by"]) for each in there} == {
        ("transfer", str(scene.colleague.user_id))
    }
    assert not {each["id"] for each in there} & set(told)
    (big,) = (each for each in there if each["size_bytes"] == len(BIG))
    assert (big["title"], big["category"], big["dated_on"]) == ("Schulzeugnis", "certificate", "2026-02-01")
    got = await scene.colleague.get(f"/v1/documents/{big['id']}/content")
    assert got.content == BIG
    assert (await scene.manager.get(f"/v1/documents/{chosen}/content")).content == BIG


async def test_each_side_has_a_key_and_bytes_of_its_own(world: World) -> None:
    scene = await a_scene(world)
    chosen = await put(scene)
    await receive(scene, await accepted_with(scene, chosen))
    kept = await world.admin.fetch(
        "SELECT municipal_area_id, sealed_key, blob_id FROM documents WHERE municipal_area_id = ANY ($1)",
        [world.area, scene.hagen.area],
    )
    assert {row["municipal_area_id"] for row in kept} == {world.area, scene.hagen.area}
    assert len({row["sealed_key"] for row in kept}) == len({row["blob_id"] for row in kept}) == 2
    (here,), (there,) = blobs(scene, world), blobs(scene, scene.hagen)
    assert here.read_bytes() != there.read_bytes()
    await scene.manager.post(f"/v1/documents/{chosen}/remove", {"reason": "not_needed"})
    (own,) = await world.admin.fetch(
        "SELECT id FROM documents WHERE municipal_area_id = $1", scene.hagen.area
    )
    assert (await scene.colleague.get(f"/v1/documents/{own['id']}/content")).content == TEXT


async def test_the_disclosure_log_names_what_went(world: World) -> None:
    scene = await a_scene(world)
    chosen = await put(scene, category="medical")
    transfer_id = await accepted_with(scene, chosen)
    officer = await world.person(Role.PRIVACY_OFFICER)
    (package,) = (await officer.get("/v1/disclosures")).json()["items"]
    assert package["document_ids"] == []
    await receive(scene, transfer_id)
    entries = (await officer.get("/v1/disclosures")).json()["items"]
    (entry,) = (each for each in entries if each["document_ids"])
    assert (len(entries), entry["document_ids"]) == (2, [chosen])
    assert entry["data_categories"] == ["documents", "health"]
    assert (entry["transfer_id"], entry["disclosed_by"]) == (transfer_id, str(scene.manager.user_id))


@pytest.mark.parametrize(
    ("category", "categories", "code"),
    [
        ("medical", [*CATEGORIES, "documents"], "category_missing"),
        ("notice", [*CATEGORIES, "documents"], "category_missing"),
        ("certificate", CATEGORIES, "category_missing"),
        ("consent", WITH, "stays"),
        ("other", WITH, "stays"),
    ],
)
async def test_document_goes_only_with_what_it_tells_about(
    world: World, category: str, categories: list[str], code: str
) -> None:
    scene = await a_scene(world)
    chosen = await put(scene, category=category)
    body = draft_body(scene, data_categories=categories, document_ids=[chosen])
    answer = await scene.manager.post(scene.path, body)
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["place"], error["kind"]) == (422, "body.document_ids.0", code)


@pytest.mark.parametrize("lacking", ["documents", "health"])
async def test_the_consent_names_documents_and_what_they_tell_about(world: World, lacking: str) -> None:
    scene = await a_scene(world)
    agreed = [each for each in WITH if each != lacking]
    special = [each for each in agreed if each == "health"]
    await agree(scene, data_categories=agreed, special_categories=special)
    transfer_id = await draft(
        scene, data_categories=WITH, document_ids=[await put(scene, category="medical")]
    )
    answer = await scene.manager.post(f"{scene.path}/{transfer_id}/offer")
    assert (answer.status_code, answer.json()["missing"]) == (409, [f"category:{lacking}"])


@pytest.mark.parametrize("whose", ["removed", "another case", "another client", "restricted", "sheltered"])
async def test_document_that_never_goes_along_is_refused(world: World, whose: str) -> None:
    scene = await a_scene(world)
    manager = scene.manager
    path = None
    if whose == "another case":
        path = f"/v1/cases/{await open_case(manager, scene.client_id, kind='counselling')}/documents"
    if whose == "another client":
        path = f"/v1/clients/{await new_client(manager, given_name='Rami')}/documents"
    chosen = await put(scene, path=path)
    if whose == "removed":
        await manager.post(f"/v1/documents/{chosen}/remove", {"reason": "not_needed"})
    if whose == "sheltered":
        await add_period(
            manager, scene.client_id, "addresses", strand="actual", housing_type="womens_shelter"
        )
        await world.admin.execute(
            "UPDATE clients SET is_restricted = false WHERE id = $1", UUID(scene.client_id)
        )
    if whose == "restricted":
        await _restrict(scene)
    body = draft_body(scene, data_categories=WITH, document_ids=[chosen])
    answer = await manager.post(scene.path, body)
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["place"]) == (422, "body.document_ids.0")
    assert error["kind"] == "unknown_reference"


async def _restrict(scene: Scene) -> None:
    path = f"/v1/clients/{scene.client_id}"
    version = (await scene.manager.get(path)).json()["version"]
    answer = await scene.manager.patch(path, {"is_restricted": True}, if_match=f'"{version}"')
    assert answer.status_code == 200, answer.text


async def test_who_becomes_restricted_before_the_offer_takes_no_document_along(world: World) -> None:
    scene = await a_scene(world)
    await agree(scene, data_categories=WITH, special_categories=["health"])
    transfer_id = await draft(scene, data_categories=WITH, document_ids=[await put(scene)])
    await _restrict(scene)
    assert await shown(scene, transfer_id) == []
    await offer(scene, transfer_id)
    await accept(scene, transfer_id)
    await receive(scene, transfer_id)
    assert (blobs(scene, scene.hagen), await rows(scene.hagen)) == ([], 0)


async def test_too_many_or_too_large_are_refused(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    scene = await a_scene(world)
    chosen = await put(scene)
    for ids, code in (([chosen, chosen], "repeated"), ([chosen] * 21, "too_long")):
        answer = await scene.manager.post(
            scene.path, draft_body(scene, data_categories=WITH, document_ids=ids)
        )
        assert (answer.status_code, answer.json()["errors"][0]["kind"]) == (422, code)
    monkeypatch.setattr("app.transfers.documents.MOST_BYTES", len(TEXT) - 1)
    answer = await scene.manager.post(
        scene.path, draft_body(scene, data_categories=WITH, document_ids=[chosen])
    )
    assert answer.json()["errors"][0]["kind"] == "too_large"


@pytest.mark.parametrize("what", ["removed", "medical after all"])
async def test_what_changes_after_the_offer_stays_here(world: World, what: str) -> None:
    scene = await a_scene(world)
    chosen, other = await put(scene), await put(scene, BIG)
    transfer_id = await accepted_with(scene, chosen, other)
    await _changes(scene, chosen, what)
    await receive(scene, transfer_id)
    assert (len(blobs(scene, scene.hagen)), await rows(scene.hagen)) == (1, 1)


async def _changes(scene: Scene, document_id: str, what: str) -> None:
    if what == "removed":
        await scene.manager.post(f"/v1/documents/{document_id}/remove", {"reason": "wrong_person"})
    else:
        await say(scene, document_id, category="medical")


async def test_without_the_look_at_its_category_a_document_would_go_all_the_same(world: World) -> None:
    scene = await a_scene(world)
    chosen = await put(scene)
    transfer_id = await accepted_with(scene, chosen)
    await _changes(scene, chosen, "medical after all")
    async with careless(world, "carried_documents", "(d.category = f.category)", "true"):
        await receive(scene, transfer_id)
    assert await rows(scene.hagen) == 1


@pytest.mark.parametrize("how", ["consent", "sender", "declined"])
async def test_a_withdrawal_before_the_receipt_leaves_nothing_there(world: World, how: str) -> None:
    scene = await a_scene(world)
    transfer_id = await accepted_with(scene, await put(scene))
    if how == "consent":
        consent = await world.admin.fetchval(
            "SELECT consent_id FROM case_transfers WHERE id = $1", UUID(transfer_id)
        )
        answer = await scene.manager.post(f"/v1/consents/{consent}/withdraw", {"channel": "phone"})
    elif how == "sender":
        answer = await scene.manager.post(
            f"{scene.path}/{transfer_id}/withdraw", {"reason": "no_longer_wanted"}
        )
    else:
        answer = await scene.lead.post(f"/v1/transfers/{transfer_id}/decline", {"reason": "other"})
    assert answer.status_code == 200, answer.text
    answer = await scene.colleague.post(f"/v1/transfers/{transfer_id}/receive", {})
    assert answer.status_code == 409
    assert (blobs(scene, scene.hagen), await rows(scene.hagen)) == ([], 0)


async def test_nobody_but_the_one_who_was_named_copies_anything(world: World) -> None:
    scene = await a_scene(world)
    transfer_id = await accepted_with(scene, await put(scene))
    other = await scene.hagen.case_manager("KI Hagen")
    for person in (other, scene.manager):
        assert (await person.post(f"/v1/transfers/{transfer_id}/receive", {})).status_code == 404
    assert (await scene.lead.post(f"/v1/transfers/{transfer_id}/receive", {})).status_code == 403
    assert blobs(scene, scene.hagen) == []


async def test_without_both_looks_at_who_was_named_a_colleague_would_reach_the_files(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = await a_scene(world)
    transfer_id = await accepted_with(scene, await put(scene))
    other = await scene.hagen.case_manager("KI Hagen")
    copied: list[str] = []
    kept = FolderStore.put

    async def counting(self: FolderStore, name: str, content: bytes) -> None:
        copied.append(name)
        await kept(self, name, content)

    monkeypatch.setattr(FolderStore, "put", counting)
    named = "o.case_manager_id = public.ctx_user() AND o.unit_id"
    async with careless(world, "hold_transfer", named, "o.unit_id"):
        await other.post(f"/v1/transfers/{transfer_id}/receive", {})
        assert copied == []
        async with careless(world, "files_of_transfer", named, "o.unit_id"):
            await other.post(f"/v1/transfers/{transfer_id}/receive", {})
    assert len(copied) == 1
