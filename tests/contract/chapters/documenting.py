"""Documents of a case and of its client: put in, named, downloaded, removed."""

from tests.consents.arrange import consent_body
from tests.contract.stage import Stage

WHO = "Anja Berger"
FILE = "application/octet-stream"
NOTICE = (
    "%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
    "2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n"
    "3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>\nendobj\n"
    "trailer\n<< /Root 1 0 R >>\n%%EOF\n"
)


async def play(stage: Stage, known: dict[str, str]) -> None:
    """A notice of an authority comes into the case; a file put there by mistake goes."""
    here = {"case_id": known["case"]}
    key = {"Idempotency-Key": "document-0001"}
    notice = await stage.do(WHO, "add_case_document", NOTICE, headers=key, media_type=FILE, **here)
    said = {"title": "Bescheid des Jobcenters", "category": "notice", "dated_on": stage.day(0)}
    await stage.do(WHO, "change_document", said, at=notice, document_id=notice["id"])
    await stage.do(WHO, "read_document", document_id=notice["id"])
    await stage.do(WHO, "download_document", document_id=notice["id"])
    await stage.do(WHO, "list_case_documents", query={"limit": 2}, **here)
    invitation = {
        "kind": "appointment", "language": "ukr", "starts_at": stage.moment(48), "place": "Raum 12",
    }  # fmt: skip
    await stage.do(WHO, "write_letter", invitation, **here)
    whose = {"client_id": known["client"]}
    note = "Vollmacht der Mutter für Behördengänge."
    wrong = await stage.do(WHO, "add_client_document", note, media_type=FILE, **whose)
    await stage.do(WHO, "list_client_documents", query={"limit": 2}, **whose)
    await stage.do(WHO, "remove_document", {"reason": "wrong_person"}, at=wrong, document_id=wrong["id"])
    await _prove(stage, known)


async def _prove(stage: Stage, known: dict[str, str]) -> None:
    """One consent is signed on a tablet; the scan of another, given on paper, comes later."""
    agreed = consent_body(
        known["client"], stage.given["schule"], purpose="feedback", direction="from",
        data_categories=["contact"], given_at=stage.moment(-1), valid_until=stage.day(180),
        evidence="Auf dem Tablet",
    )  # fmt: skip
    consent = await stage.do(WHO, "record_consent", {**agreed, "form": "electronic"})
    drawn = {
        "text_sha256": consent["text_sha256"], "signer_name": "Olena Kovalenko",
        "signed_at": stage.moment(-1), "device": "tablet",
        "strokes": [[[40 + 9 * step, 120 + 7 * (step % 3)] for step in range(12)]],
    }  # fmt: skip
    of_consent = {"consent_id": consent["id"]}
    signature = await stage.do(WHO, "sign_consent", drawn, **of_consent)
    await stage.do(WHO, "list_consent_signatures", query={"limit": 2}, **of_consent)
    await stage.do(WHO, "verify_consent_signature", signature_id=signature["id"], **of_consent)
    paper = await stage.do(WHO, "record_consent", {**agreed, "evidence": "Papierakte, Blatt 2"})
    scan = await stage.do(WHO, "add_client_document", NOTICE, media_type=FILE, client_id=known["client"])
    await stage.do(WHO, "add_consent_evidence", {"document_id": scan["id"]}, at=paper, consent_id=paper["id"])
