"""An own PostgreSQL for development, demonstration and small installations, from initdb to stop.

Words: *home* (the private directory below which everything lies), *postmaster* (the server's first process),
*lease* (one process's use of the server), *account* (whom the server runs as when root starts it).
Production names a database server in KIM_DATABASE_URL and does not come here. Decision record 0003.
"""

from app.kit.embedded.errors import EmbeddedServerError
from app.kit.embedded.role_secrets import RoleSecrets
from app.kit.embedded.server import EmbeddedServer

__all__ = ["EmbeddedServer", "EmbeddedServerError", "RoleSecrets"]
