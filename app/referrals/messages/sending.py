"""What the sender says: a coded word, a text on the basis of the referral, an answer, or a refusal."""

from uuid import UUID

from app.access.context import Context
from app.audit import journal
from app.cases.rules import CLOSED
from app.cases.subject import closed, require_usable
from app.consents.models import Consent
from app.directory.models import Institution
from app.disclosures.log import record_disclosure
from app.documents.models import Document
from app.kit.ids import new_id
from app.kit.versions import Expected
from app.referrals.actions.parties import Own, held_recipient, own_referral, unit_of
from app.referrals.actions.send import PURPOSE
from app.referrals.messages.covering import Parties, chosen_documents, hold_consent, require_covered
from app.referrals.messages.models import ReferralAttachment, ReferralMessage
from app.referrals.messages.rules import WRITE, Kind, Step, result_of
from app.referrals.messages.schemas import InformationAnswer, InformationDecline, MessageWrite
from app.referrals.messages.thread import (
    end_request,
    mark_read,
    note_said,
    open_request,
    require_writable,
)
from app.referrals.rules import Side


async def write_message(ctx: Context, referral_id: UUID, body: MessageWrite) -> UUID:
    """Say something and return its id.

    Raises 409 for a thread that is over, an institution that is not active, and naming each category that
    the basis does not cover.
    """
    consent = await hold_consent(ctx, referral_id)
    own, recipient = await _own(ctx, referral_id)
    message = await _say(ctx, own, recipient, consent, body)
    await note_said(ctx, own.request, message, Side.SENDER, WRITE)
    return message.id


async def answer_request(ctx: Context, referral_id: UUID, message_id: UUID, body: InformationAnswer) -> UUID:
    """Answer an information request and return the answer's id; 409 for one that is over."""
    consent = await hold_consent(ctx, referral_id)
    own, recipient = await _own(ctx, referral_id)
    request = await open_request(ctx, referral_id, message_id, Step.ANSWER, Side.SENDER)
    message = await _say(ctx, own, recipient, consent, body, request.id)
    end_request(ctx, request, Step.ANSWER, Side.SENDER)
    await note_said(ctx, own.request, message, Side.SENDER, Step.ANSWER)
    return message.id


async def decline_request(
    ctx: Context, referral_id: UUID, message_id: UUID, body: InformationDecline
) -> UUID:
    """Say with a code that it is not told; nothing of the client leaves."""
    own, _ = await _own(ctx, referral_id)
    request = await open_request(ctx, referral_id, message_id, Step.DECLINE, Side.SENDER)
    request.decline_reason = body.reason
    end_request(ctx, request, Step.DECLINE, Side.SENDER)
    await journal.record(
        ctx.db, "referral.decline_request", "referral", referral_id, clients=[own.request.client_pseudonym]
    )
    await note_said(ctx, own.request, request, Side.SENDER, Step.DECLINE)
    return request.id


async def mark_read_by_sender(ctx: Context, referral_id: UUID, message_id: UUID) -> UUID:
    """Mark what the institution said up to this message as read; also after the end."""
    own = await own_referral(ctx, referral_id, Expected(None))
    return await mark_read(ctx, own.request, message_id, Side.SENDER)


async def _own(ctx: Context, referral_id: UUID) -> tuple[Own, Institution]:
    own = await own_referral(ctx, referral_id, Expected(None))
    require_writable(ctx, own.request)
    if own.case.phase == CLOSED:
        raise closed()
    require_usable(own.case)
    return own, await held_recipient(ctx, own.request.institution_id)


async def _say(
    ctx: Context,
    own: Own,
    recipient: Institution,
    consent: Consent | None,
    body: MessageWrite,
    answers_id: UUID | None = None,
) -> ReferralMessage:
    documents: list[Document] = []
    if body.text is not None:
        parties = Parties(recipient, await unit_of(ctx, own.request.unit_id))
        await require_covered(ctx, own, parties, consent, body.data_categories)
        documents = await chosen_documents(ctx, own, body.document_ids, body.data_categories)
    message = ReferralMessage(
        municipal_area_id=own.request.municipal_area_id,
        id=new_id(),
        referral_id=own.request.id,
        institution_id=own.request.institution_id,
        at=ctx.now,
        side=Side.SENDER,
        kind=Kind.MESSAGE,
        code=body.code,
        text=body.text,
        data_categories=sorted(set(body.data_categories)),
        answers_id=answers_id,
        result=result_of(body.result, is_text=body.text is not None)
        if isinstance(body, InformationAnswer)
        else None,
    )
    ctx.db.add(message)
    await ctx.db.flush()
    for document in documents:
        ctx.db.add(_attached(message, document))
    await _log(ctx, own, message, documents)
    return message


def _attached(message: ReferralMessage, document: Document) -> ReferralAttachment:
    return ReferralAttachment(
        municipal_area_id=message.municipal_area_id,
        id=new_id(),
        referral_id=message.referral_id,
        institution_id=message.institution_id,
        message_id=message.id,
        document_id=document.id,
        category=document.category,
        kind=document.kind,
        size_bytes=document.size_bytes,
        sha256=document.sha256,
    )


async def _log(ctx: Context, own: Own, message: ReferralMessage, documents: list[Document]) -> None:
    """Write the disclosure down; a coded word discloses nothing."""
    is_disclosure = bool(message.data_categories)
    if is_disclosure:
        await record_disclosure(
            ctx,
            case_id=own.referral.case_id,
            client_pseudonym=own.request.client_pseudonym,
            unit_id=own.request.unit_id,
            institution_id=own.request.institution_id,
            legal_basis=own.referral.legal_basis,
            purpose=PURPOSE,
            categories=message.data_categories,
            channel=own.request.channel,
            referral_id=own.request.id,
            document_ids=[document.id for document in documents],
        )
    await journal.record(
        ctx.db,
        "referral.write_message",
        "referral",
        own.request.id,
        clients=[own.request.client_pseudonym],
        purpose=PURPOSE if is_disclosure else None,
        legal_basis=own.referral.legal_basis if is_disclosure else None,
    )
