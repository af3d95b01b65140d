"""Somebody was registered twice: preview, merge, undo; and two who only look alike."""

from tests.contract.stage import Stage

WHO = "Anja Berger"
TWIN = {
    "given_name": "Olena", "family_name": "Bondarenko", "birth_date": "1988-09-03", "sex": "w",
    "phone": "+49 201 5550143", "confirm_new": True,
}  # fmt: skip
OTHER = {**TWIN, "given_name": "Elena", "phone": "+49 201 5550187"}
SEEN = "Beide Aufnahmebögen zeigen denselben ukrainischen Reisepass."


async def play(stage: Stage, known: dict[str, str]) -> None:
    """Listing, previewing, merging, undoing, saying that they are two."""
    kept = (await stage.do(WHO, "create_client", TWIN))["id"]
    merged = (await stage.do(WHO, "create_client", OTHER))["id"]
    await stage.do(WHO, "review_duplicates")
    seen = await stage.do(WHO, "preview_merge", client_id=kept, merged_client_id=merged)
    body = {
        "merged_client_id": merged, "client_version": seen["client_version"],
        "merged_version": seen["merged_version"], "take": ["phone"], "reason": SEEN,
    }  # fmt: skip
    made = await stage.do(WHO, "merge_clients", body, client_id=kept)
    await stage.do(WHO, "list_merges", client_id=kept)
    await stage.do(WHO, "undo_merge", client_id=kept, merge_id=made["id"])
    two = {
        "client_id": kept, "other_client_id": merged,
        "reason": "Es sind Zwillingsschwestern; beide waren gemeinsam hier.",
    }  # fmt: skip
    said = await stage.do(WHO, "say_clients_distinct", two)
    await stage.do(WHO, "list_distinct_clients")
    await stage.do(WHO, "take_back_distinct", distinct_id=said["id"])
