"""A process that holds the embedded server as the API does; the tests start it, ask it to stop, or kill it.

Arguments: home, binaries or "-", user id to become after the imports or "-". Prints one line of JSON when the
server answers, holds it until its standard input is closed, stops, and prints another.
"""

import json
import os
import signal
import sys
from pathlib import Path

from app.kit.embedded import EmbeddedServer, EmbeddedServerError


def hold(home: str, binaries: str, user: str) -> None:
    """Start, hold and stop; an interrupt is heard also below a shell that ignores it for what runs behind."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if user != "-":
        os.setgroups([])
        os.setgid(int(user))
        os.setuid(int(user))
    server = EmbeddedServer(Path(home), None if binaries == "-" else Path(binaries), durable=False)
    try:
        server.start()
    except EmbeddedServerError as error:
        say({"error": str(error)})
        return
    try:
        say({"dsn": server.superuser_dsn(), "version": server.version})
        sys.stdin.read()
    except KeyboardInterrupt:
        pass
    finally:
        say({"stopped": server.stop()})


def say(words: dict[str, object]) -> None:
    """Print a line of JSON at once."""
    print(json.dumps(words), flush=True)


if __name__ == "__main__":
    hold(*sys.argv[1:])
