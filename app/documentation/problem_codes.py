"""What each code of a problem means and what to do about it; a test finds every code that the source answers.

The page `/docs/problems`, to which the `type` of each problem points, and docs/problems.md are made of this.
"""

from app.documentation.domain_codes import CASEWORK, DOCUMENTS, STATE
from app.documentation.export_codes import EXPORTS
from app.documentation.household_codes import HOUSEHOLDS
from app.documentation.machine_codes import MACHINES
from app.documentation.meaning import Meaning, of
from app.documentation.transfer_codes import TRANSFERS

_TECHNICAL = (
    *of(
        "400",
        ("not_http", "What arrived is no HTTP request.", "Check the client or the proxy before it."),
        (
            "idempotency_key_missing",
            "A partner's POST must carry a key, so that repeating it does nothing twice.",
            "Send a new random Idempotency-Key with each act, and the same one with its repetition.",
        ),
    ),
    *of(
        "405",
        (
            "method_not_allowed",
            "The address exists, but not with this method.",
            "Use a method of the header Allow; the contract names them.",
        ),
    ),
    *of(
        "406",
        (
            "not_acceptable",
            "The address has none of the forms that Accept asks for; `offered` names those it has.",
            "Ask for one of `offered`, or for anything.",
        ),
    ),
    *of(
        "408",
        ("too_slow", "The request did not arrive whole in time.", "Repeat it over a better connection."),
    ),
    *of(
        "413",
        (
            "too_large",
            "The body is larger than this server takes.",
            "Send less at once; an import can be split.",
        ),
    ),
    *of(
        "415",
        (
            "unsupported_media_type",
            "The body is of another kind than the address takes.",
            "Send a file itself as the body, as application/octet-stream.",
        ),
    ),
    *of(
        "410",
        ("gone", "What was handed out once is good for nothing any more.", "Ask for a new one."),
        (
            "document_removed",
            "The sender has removed this document since.",
            "Delete what was taken over of it, and ask the sender.",
        ),
        (
            "sync_anew",
            "The cursor is too old, belongs to somebody else, or the data were restored since.",
            "Begin anew: a phone forgets what it holds, a partner compares (`since` empty).",
        ),
    ),
    *of(
        "412",
        (
            "version_stale",
            "Somebody changed it after you read it.",
            "Merge with what `current` shows, and repeat the change with the new ETag in If-Match.",
        ),
    ),
    *of(
        "428",
        (
            "version_missing",
            "A change must say of which version.",
            "Read it and send its ETag in the header If-Match.",
        ),
    ),
    *of(
        "429",
        ("too_many_requests", "Too fast, or too many failed attempts.", "Wait as long as Retry-After says."),
    ),
    *of(
        "500",
        (
            "internal_error",
            "A fault of this server; nothing was changed.",
            "Tell the operator the X-Request-ID of the answer: it leads to the log.",
        ),
    ),
    *of(
        "503",
        (
            "unavailable",
            "The database, or what is being changed, cannot be reached at the moment.",
            "Repeat after Retry-After with the same Idempotency-Key: it has an effect once only.",
        ),
    ),
)

_WHO = (
    *of(
        "401",
        ("not_signed_in", "The request carries no token.", "Sign in and send Authorization: Bearer."),
        ("token_invalid", "The access token is not valid or has run out.", "Renew the session or sign in."),
        ("session_ended", "The session was ended or has run out.", "Sign in again."),
        (
            "invitation_refused",
            "Code and e-mail address open nothing (any more).",
            "Ask the administrator of the area for a new invitation.",
        ),
        (
            "sign_in_failed",
            "E-mail address, password or both are not right, or the account is closed.",
            "Try again; after several attempts an administrator sets a new password.",
        ),
        (
            "initial_password_expired",
            "The initial password was not changed in time.",
            "Ask an administrator for a new one.",
        ),
    ),
    *of(
        "403",
        ("forbidden", "You are known, but may not do this.", "`detail` says what it would need."),
        (
            "role_missing",
            "None of your roles includes this operation.",
            "docs/permissions.md says which roles do; an administrator grants them.",
        ),
        (
            "relation_missing",
            "Your role may do this, but not for this case or client.",
            "`detail` names who may: ask the lead of the case or the team lead.",
        ),
        (
            "other_preparer",
            "Only whoever prepared a disclosure without consent sends it.",
            "Ask for it anew in your own name.",
        ),
        ("own_act", "Nobody reviews what they did themselves.", "Ask somebody else with the same role."),
        (
            "not_given_to_you",
            "Only the one whom a task is given to accepts or declines it.",
            "Take it over with PATCH.",
        ),
        (
            "not_in_charge",
            "A colleague is in charge of the referral.",
            "They or their deputy do this; or take it over with `instead_of`.",
        ),
        ("own_rights", "Nobody changes their own rights.", "Ask another administrator."),
        ("password_change_required", "The password was set by somebody else.", "PUT /v1/me/password first."),
        ("password_wrong", "The present password is another one.", "Send the password that is valid now."),
        (
            "second_person_required",
            "What you prepared is released by somebody else.",
            "Ask a second person with the same role.",
        ),
    ),
    *of(
        "404",
        (
            "not_found",
            "It does not exist, or not for you; both look alike.",
            "Check the address; if it should be yours, ask who is responsible for it.",
        ),
    ),
)

_INPUT = of(
    "422",
    (
        "invalid",
        "Something of what was sent cannot be accepted.",
        "`errors` names each place with a sentence on what is expected there; `detail` says what else.",
    ),
    ("duplicate_query_key", "A query parameter stands twice.", "Send it once."),
    ("nothing_to_change", "The body of a change is empty.", "Send at least one field."),
    ("unknown_reference", "An id leads to nothing that you can refer to.", "Check the ids in the body."),
    (
        "idempotency_key_reused",
        "The Idempotency-Key belongs to another request.",
        "Use a new key for each new request.",
    ),
    (
        "observation_identifies",
        "The text tells of a person; `passages` marks where (empty for a machine without `referrals:read`).",
        "Say the same without names, dates, numbers and addresses.",
    ),
    (
        "text_identifies",
        "The text points to a person; `passages` marks where, by field.",
        "Say it without names, dates, numbers and addresses.",
    ),
    ("role_elsewhere", "This role exists in another kind of area only.", "Choose a role of this area."),
    ("password_unchanged", "The new password is the old one.", "Choose another."),
    ("password_too_short", "The password is too short.", "`detail` says how long it must be."),
    ("password_too_long", "The password is too long.", "`detail` says how long it may be."),
    ("password_not_text", "The password has signs that cannot be written.", "Use letters, digits, signs."),
    ("password_leaked", "The password is on a list of leaked ones.", "Choose another."),
    ("password_repetitive", "The password repeats itself.", "Choose one with more different signs."),
    ("password_sequence", "The password is a row of neighbouring keys or letters.", "Choose another."),
    ("password_personal", "The password is made of what others connect with you.", "Choose another."),
)

MEANINGS: dict[str, Meaning] = {
    each.code: each
    for each in (
        *_TECHNICAL,
        *_WHO,
        *_INPUT,
        *STATE,
        *CASEWORK,
        *DOCUMENTS,
        *MACHINES,
        *EXPORTS,
        *HOUSEHOLDS,
        *TRANSFERS,
    )
}
"""By code, in the order of the page."""
