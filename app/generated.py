"""Documents that are made from the code and committed: the contract, the rights, the state machines."""

import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import orjson
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from app.access.render import render_permissions
from app.barriers import rules as barriers
from app.cases import rules as cases
from app.cases.tasks import rules as tasks
from app.child_protection import rules as child_protection
from app.conferences import rules as conferences
from app.documentation.problem_page import problems_markdown
from app.incoming_referrals import rules as incoming_referrals
from app.inquiries import rules as inquiries
from app.interpreting import rules as interpreting
from app.kit.diagram import section
from app.main import create_app
from app.obstacles import rules as obstacles
from app.obstacles.meetings import rules as meetings
from app.pathways import rules as pathways
from app.referrals import rules as referrals
from app.referrals.duties import rules as duties
from app.referrals.messages import rules as messages
from app.reporting import rules as reporting
from app.school_entries import rules as school_entries
from app.settings import Settings
from app.state_exports import rules as state_exports
from app.state_exports.profile import schema
from app.transfers import rules as transfers
from app.webhooks import rules as webhooks


@cache
def contract() -> dict[str, Any]:
    """Return the contract of the application, made once and for reading only; no database is asked."""
    key = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "key.pem"
        path.write_bytes(key)
        app = create_app(Settings(database_url="postgresql://nobody@localhost/none", signing_key_file=path))
    return app.openapi()


def contract_text() -> str:
    """Return the contract as it is committed."""
    return orjson.dumps(contract(), option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS).decode() + "\n"


def permissions_text() -> str:
    """Return docs/permissions.md."""
    return render_permissions()


def problems_text() -> str:
    """Return docs/problems.md."""
    return problems_markdown()


def state_database_schema_text() -> str:
    """Return openapi/state-database-1.schema.json."""
    return orjson.dumps(schema(), option=orjson.OPT_INDENT_2).decode() + "\n"


_STATES_HEAD = """# State machines

Generated from the transition tables in the packages' `rules.py` and compared in CI. An arrow says by which
step, taken by whom, a state leads to another; anything else is refused with 409 and the allowed steps.
"""
MACHINES = (
    ("Cases: phases", cases.TRANSITIONS),
    ("Tasks", tasks.WAY),
    ("Interpreting", interpreting.WAY),
    ("Case conferences", conferences.WAY),
    ("Pathways", pathways.WAY),
    ("School entries", school_entries.WAY),
    ("Inquiries", inquiries.TRANSITIONS),
    ("Referrals: task", referrals.TASK),
    ("Referrals: delivery", referrals.DELIVERY),
    ("Duties", duties.WAY),
    ("Information requests on a referral", messages.WAY),
    ("Child protection", child_protection.WAY),
    ("Incoming referrals", incoming_referrals.WAY),
    ("Transfers", transfers.WAY),
    ("Webhooks", webhooks.WAY),
    ("Webhooks: delivery", webhooks.DELIVERY_WAY),
    ("Barrier proposals", barriers.PROPOSAL_TRANSITIONS),
    ("Obstacles", obstacles.TRANSITIONS),
    ("Meetings of the steering group", meetings.WAY),
    ("Releases", reporting.TRANSITIONS),
    ("Exports to a state-wide database", state_exports.WAY),
)


def states_text() -> str:
    """Return docs/states.md."""
    return "\n".join([_STATES_HEAD, *(section(title, arrows) for title, arrows in MACHINES)])
