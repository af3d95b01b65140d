"""Codes of machines of partner institutions and of the token endpoint (RFC 6749, RFC 9449)."""

from app.documentation.meaning import of

MACHINES = (
    *of(
        "400",
        ("invalid_request", "The form of a request for a token is not right.", "`detail` says which."),
        ("unsupported_grant_type", "Tokens are given for client credentials only.", "Send that grant type."),
        ("invalid_scope", "The machine does not have a scope that was asked for.", "Ask for fewer, or none."),
        (
            "invalid_dpop_proof",
            "The proof of the key is not for this request, too old, or was used before.",
            "Sign a new one for each request, with a clock that is right.",
        ),
    ),
    *of(
        "401",
        (
            "invalid_client",
            "No such machine, or what it proves itself with is wrong, used, expired or revoked.",
            "Check client_id, kid, audience and clock; a new jti each time. Ask whether it was revoked.",
        ),
        (
            "proof_refused",
            "The token is bound to a key, and the request brought no good proof of it.",
            "Send the token as DPoP, with a new proof for this method, address and token.",
        ),
    ),
    *of(
        "403",
        (
            "scope_missing",
            "The token does not have the scope for this, or the machine has lost it.",
            "Ask for a token with the scope that `scope` names; an administrator gives scopes.",
        ),
    ),
    *of(
        "409",
        ("institution_inactive", "The institution does not work with KIM any more.", "Choose an active one."),
        ("too_many_credentials", "The machine has as many credentials as it may.", "Revoke one first."),
    ),
    *of(
        "422",
        ("role_of_machines", "A machine has this role by its credentials, no person.", "Give another role."),
    ),
)
