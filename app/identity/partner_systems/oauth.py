"""The token endpoint over HTTP (RFC 6749, 3.2)."""

from typing import Annotated, Any

from app.access.context import PublicContext
from app.access.guard import everyone
from app.identity.office import Office
from app.identity.partner_systems.actions import tokens
from app.identity.partner_systems.form import ASSERTION_TYPE, FORM, GRANT, Asked
from app.identity.partner_systems.schemas import TokenRead
from app.kit.routing import Router

router = Router(tags=["partner systems"])

_REFUSED: dict[str, Any] = {
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
}
_FORM: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            FORM: {
                "schema": {
                    "type": "object",
                    "properties": {
                        "grant_type": {"type": "string", "enum": [GRANT]},
                        "scope": {"type": "string", "maxLength": 500},
                        "client_id": {"type": "string", "format": "uuid"},
                        "client_secret": {"type": "string", "maxLength": 200},
                        "client_assertion_type": {"type": "string", "enum": [ASSERTION_TYPE]},
                        "client_assertion": {"type": "string", "maxLength": 4096},
                    },
                    "required": ["grant_type"],
                }
            }
        },
    }
}


@router.post(
    tokens.ADDRESS,
    openapi_extra=_FORM,
    responses={
        400: {**_REFUSED, "description": "No token for this request (RFC 6749, 5.2)"},
        401: {**_REFUSED, "description": "The client has not proved itself (RFC 6749, 5.2)"},
    },
)
async def issue_token(asked: Asked, ctx: Annotated[PublicContext, everyone()], office: Office) -> TokenRead:
    """Get an access token with client credentials: a signed assertion, or a secret in the form or as Basic.

    With a `DPoP` header the token is bound to the key that signed it.
    """
    return await tokens.give_token(ctx, office, asked)
