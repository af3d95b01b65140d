"""The case closes, goes on and closes again; the privacy officer looks at what was done; somebody leaves."""

from tests.contract.stage import Stage

WHO, OFFICER = "Anja Berger", "Petra Niehaus"


async def play(stage: Stage, known: dict[str, str]) -> None:
    """Closing, the journal, retention, signing out."""
    here = {"case_id": known["case"]}
    end = {"reason": "client_ended", "outcomes": {"work": "improved"}, "note": "Arbeitsvertrag liegt vor."}
    await stage.do(WHO, "close_case", end, **here)
    await stage.do(WHO, "reopen_case", {"reason": "Vertrag wurde in der Probezeit beendet"}, **here)
    await stage.do(WHO, "close_case", end, **here)
    await stage.do(OFFICER, "list_retentions", query={"limit": 2})
    await stage.do(OFFICER, "list_disclosures", query={"limit": 2})
    query = {"client_id": known["client"], "action": "client.read", "limit": 2}
    await stage.do(OFFICER, "list_audit", query=query)
    await stage.do("Tim Scholz", "sign_out")
