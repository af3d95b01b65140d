"""Component 3: a naturalisation by a law that changes, and what the authority counts in a quarter."""

from tests.contract.stage import RELEASED, Stage

WHO, AUTHORITY = "Anja Berger", "Nina Falk"


async def play(stage: Stage, known: dict[str, str]) -> None:
    """A naturalisation is prepared, moved to the newer law and applied for."""
    here = {"case_id": known["case"]}
    begin = {"pathway": "naturalisation", "next_on": stage.day(14), "note": "Termin zur Erstberatung."}
    row = await stage.do(WHO, "start_pathway", begin, **here)
    there = {**here, "pathway_id": row["id"]}
    said = {"state": "evidence_there", "evidence": "Zertifikat B1, 12. Februar"}
    row = await stage.do(WHO, "change_pathway_requirement", said, at=row, requirement="language", **there)
    await stage.do(WHO, "change_pathway", {"next_on": stage.day(21)}, at=row, **there)
    await stage.meanwhile("the law changes")
    await stage.do(WHO, "compare_pathway_versions", **there)
    await stage.do(WHO, "move_pathway", {"law_version": "StAG10-2025"}, **there)
    await stage.do(WHO, "take_pathway_step", {"step": "apply"}, **there)
    await stage.do(WHO, "read_pathway", **there)
    await stage.do(WHO, "list_pathways", query={"limit": 2}, **here)
    await stage.do(WHO, "list_pathway_steps", query={"limit": 2}, **there)


async def play_figures(stage: Stage, known: dict[str, str]) -> None:
    """The authority enters a figure, finds a mistake and corrects it."""
    counted = {
        "quarter": RELEASED, "figure": "naturalisation_granted", "total": 74,
        "groups": {"syria": 41, "ukraine": 3, "iraq": 12, "other": 18},
    }  # fmt: skip
    entered = await stage.do(AUTHORITY, "enter_authority_figure", counted)
    which = {"figure_id": entered["id"]}
    right = {"total": 76, "groups": {**counted["groups"], "iraq": 14}, "reason": "Zwei Urkunden nachgetragen"}
    await stage.do(AUTHORITY, "correct_authority_figure", right, **which)
    await stage.do(AUTHORITY, "read_authority_figure", **which)
    await stage.do(AUTHORITY, "list_authority_figures", query={"quarter": RELEASED, "limit": 2})
