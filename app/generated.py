"""Documents that are made from the code and committed: the contract, the rights, the state machines."""

import tempfile
from pathlib import Path
from typing import Any

import orjson
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from app.access.render import render_permissions
from app.main import create_app
from app.settings import Settings


def contract() -> dict[str, Any]:
    """Return the contract of the application; no database is asked."""
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
