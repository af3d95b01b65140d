"""Entering cooperation contracts and changing them."""

from uuid import UUID

from app.access.context import Context
from app.audit import journal
from app.funding.models import CooperationContract
from app.funding.schemas import ContractChange, ContractCreate
from app.kit.changes import apply, locked
from app.kit.ids import new_id
from app.kit.versions import Expected

_REQUIRED = ("reference", "concluded_on", "forwarded_cents", "own_share_cents", "deficit_cents")


async def enter_contract(ctx: Context, body: ContractCreate) -> UUID:
    """Enter what a contract gives a unit in a year; 409 when it is there."""
    contract = CooperationContract(
        municipal_area_id=ctx.actor.municipal_area_id,
        id=new_id(),
        entered_by=ctx.actor.user_id,
        **body.model_dump(),
    )
    ctx.db.add(contract)
    await journal.record(ctx.db, "cooperation_contract.enter", "cooperation_contract", contract.id)
    return contract.id


async def change_contract(ctx: Context, contract_id: UUID, body: ContractChange, expected: Expected) -> None:
    """Change a contract."""
    contract = await locked(ctx.db, CooperationContract, contract_id, expected)
    changed = apply(contract, body.model_dump(exclude_unset=True), required=_REQUIRED)
    await journal.record(
        ctx.db, "cooperation_contract.change", "cooperation_contract", contract_id, changed=changed
    )
