"""Requests generated from the contract, by several kinds of people; the seed makes a run repeatable.

The application runs where its pool of connections lives, in the loop of the tests; Hypothesis runs in a
thread beside it and hands each request over.
"""



from tests.contract.stage import ANYONE

SEED = 20_260_504
IDENTITIES = ("Anja Berger", "Heike Brandt", "Mehmet Kaya", "Ina Conrads", "Petra Niehaus", ANYONE)
"""case_manager, coordinator, partner_user, admin, privacy_officer, and nobody."""
OFTEN, SELDOM = 10, 2
"""Examples of each kind for who may use an operation, and for who may not."""

# Our manners where they differ from what Schemathesis expects by default.
MANNERS = {
    "checks": {
        # 403, 404 and 409 speak before the body is looked at or instead of it: a role that may not do a
        # verb gets 403 for everything it sends; a wrong state or a stale version (409, 412) is told when
        # the request is readable but cannot be meant now; 413 and 429 come before reading.
        "negative_data_rejection": {
            "expected-statuses": [400, 401, 403, 404, 405, 409, 412, 413, 415, 422, 428, 429]
        },
        # A schema cannot say which codes are valid, which rows exist, and which steps are possible now.
        "positive_data_acceptance": {"expected-statuses": ["2xx", 304, 401, 403, 404, 409, 412, 422, 429]},
        # A change without If-Match is 428 (RFC 6585), after 401 and 403.
        "missing_required_header": {"expected-statuses": [401, 403, 404, 422, 428]},
    }
}
