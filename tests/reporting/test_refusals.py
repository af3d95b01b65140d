"""Planted faults: whatever goes wrong in the protection, nothing is stored but the reason."""

from typing import Any

import pytest

from app.protection import Finding, ProtectionError, Rule, Rules, draft
from app.reporting import barriers, last_check
from app.reporting.rules import Refusal
from tests.reporting.arrange import Office, figures, request, work


def without(rule: Rule) -> Any:
    """Return the protection with one of its rules switched off."""

    def planted(units: Any, dimensions: Any, tables: Any, rules: Any, known: Any) -> Any:
        return draft(units, dimensions, tables, Rules(effort=0, off=frozenset({rule})), known)

    return planted


async def refused(office: Office, **more: Any) -> dict[str, Any]:
    """Ask for a release, let the worker try, and return what is left."""
    release_id = await request(office.first, **more)
    await work(office.worker, office.reporting, office.world.area, release_id)
    return dict((await office.first.get(f"/v1/releases/{release_id}")).json())


async def stored(office: Office) -> int:
    """Return how many rows of figures there are anywhere for the area."""
    counts = [
        await office.world.admin.fetchval(
            f"SELECT count(*) FROM {table} WHERE municipal_area_id = $1", office.world.area
        )
        for table in ("release_cells", "release_tables", "ledger", "published_releases", "published_tables")
    ]
    return sum(counts)


@pytest.mark.parametrize("rule", [Rule.COMPLEMENTARY, Rule.LINKED])
async def test_attacker_stops_a_release_that_is_protected_too_little(
    office: Office, monkeypatch: pytest.MonkeyPatch, rule: Rule
) -> None:
    await figures(office.world)
    monkeypatch.setattr(barriers, "protect", without(rule))
    release = await refused(office)
    assert (release["state"], release["refusal"]) == ("refused", "attack_succeeded")
    assert (release["content"], release["sha256"], await stored(office)) == (None, None, 0)
    assert (await office.second.post(f"/v1/releases/{release['id']}/publish")).status_code == 409


async def test_release_without_the_planted_fault_is_stored(office: Office) -> None:
    await figures(office.world)
    assert (await refused(office))["state"] == "computed"
    assert await stored(office) > 0


async def test_release_whose_proof_fails_is_refused(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_: Any) -> Any:
        raise ProtectionError("units of {'barrier': 'A1'} cannot be protected")

    await figures(office.world)
    monkeypatch.setattr(barriers, "protect", failing)
    release = await refused(office)
    assert (release["refusal"], await stored(office)) == ("proof_failed", 0)
    kept = await office.world.admin.fetchval(
        "SELECT row_to_json(r)::text FROM releases r WHERE municipal_area_id = $1", office.world.area
    )
    assert "A1" not in kept


async def test_one_finding_of_the_attacker_is_enough(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    await figures(office.world)
    finding = Finding((("barrier", "A"),), "units", "outsider", 1.0, 3.0)
    monkeypatch.setattr(last_check, "attack", lambda *_args, **_more: [finding])
    assert (await refused(office))["refusal"] == "attack_succeeded"


async def test_insiders_attack_with_what_they_know(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []

    def watching(*_: Any, own: Any, **more: Any) -> list[Finding]:
        seen.append((own, more))
        return []

    population = await figures(office.world)
    monkeypatch.setattr(last_check, "attack", watching)
    await refused(office)
    own, more = seen[0]
    kinds = [name.split()[0] for name in own]
    assert (kinds.count("contributor"), kinds.count("institution")) == (1, 1)
    assert {name.split()[1] for name in own if name.startswith("contributor")} <= {
        str(manager) for manager in population.staff
    }
    assert more == {"k": 5, "k_sensitive": 10, "k_insider": 3}


async def test_ledger_that_contradicts_itself_stops_a_release(office: Office) -> None:
    await figures(office.world)
    await office.published()
    # A total that is smaller than its parts can only come from somebody's hand.
    await office.world.admin.execute(
        "UPDATE ledger SET value = 1 WHERE municipal_area_id = $1 AND key = 'quarter=2025Q3'",
        office.world.area,
    )
    release = await refused(office, quarter="2025Q4")
    assert (release["state"], release["refusal"]) == ("refused", "earlier_releases_contradict")


async def test_last_quarter_is_told_alone_when_the_year_would_give_something_away(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def only_the_year(shown: Any, *_: Any) -> bool:
        return any(table.spec.name == "types" for table in shown)

    population = await figures(office.world, "2025Q3")
    await figures(office.world, "2025Q4", population=population)
    monkeypatch.setattr(barriers, "is_inferred", only_the_year)
    release = await refused(office, quarter="2025Q4")
    assert (release["state"], release["content"]["scope"]) == ("computed", "quarter")
    assert "types" not in {table["name"] for table in release["content"]["tables"]}


async def test_classes_that_changed_within_a_year_stop_a_release(office: Office) -> None:
    await figures(office.world)
    await office.published()
    await office.world.admin.execute(
        "UPDATE ledger SET key = 'barrier=ZZ&quarter=2025Q3' WHERE municipal_area_id = $1"
        " AND key = 'barrier=A&quarter=2025Q3'",
        office.world.area,
    )
    assert (await refused(office, quarter="2025Q4"))["refusal"] == Refusal.CLASSES_CHANGED


async def test_refused_quarter_can_be_asked_for_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    await figures(office.world)
    with monkeypatch.context() as planted:
        planted.setattr(barriers, "protect", without(Rule.COMPLEMENTARY))
        await refused(office)
    assert (await refused(office))["state"] == "computed"
