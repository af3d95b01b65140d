"""Inquiries before a case: advised at once, waiting, taken over, passed on, and one that becomes the case."""

from tests.contract.stage import Stage

WHO, COLLEAGUE = "Anja Berger", "Murat Aydin"


async def play(stage: Stage, known: dict[str, str]) -> None:
    """From the first question to what becomes of it."""
    asks = {
        "access_route": "outreach", "concerns": ["housing", "benefits"], "language": "ron", "minutes": 30,
        "note": "Miete zwei Monate offen, Räumung angekündigt.",
    }  # fmt: skip
    inquiry = await stage.do(WHO, "record_inquiry", asks, headers={"Idempotency-Key": "inquiry-0001"})
    here = {"inquiry_id": inquiry["id"]}
    inquiry = await stage.do(WHO, "read_inquiry", **here)
    reach = {"name": "Ioana Popa", "reachable": "0151 2345678, nachmittags"}
    await stage.do(WHO, "change_inquiry", reach, at=inquiry, **here)
    await stage.do(WHO, "put_on_waiting_list", {"priority_reason": "housing"}, **here)
    await stage.do(COLLEAGUE, "list_waiting", query={"limit": 2})
    await stage.do(COLLEAGUE, "take_from_waiting_list", **here)
    passed_on = {"outcome": "passed_on", "institution_id": stage.given["jobcenter"]}
    await stage.do(COLLEAGUE, "finish_inquiry", passed_on, **here)
    again = {"access_route": "self", "concerns": ["work"], "language": "ukr", "name": "Olena Koval"}
    other = await stage.do(WHO, "record_inquiry", again)
    await stage.do(WHO, "become_case", {"case_id": known["case"]}, inquiry_id=other["id"])
    await stage.do(WHO, "list_inquiries", query={"limit": 2})
