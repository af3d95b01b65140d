"""A process of inspection that goes wrong, by what the file says: the planted faults of its limits."""

import os
import re
import signal
import sys

from app.documents.inspection import __main__ as inspection
from app.documents.kinds import TEXT, Kind

_QUADRATIC = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>")
"""How relations were once looked for."""


def _fault(content: bytes) -> Kind:
    what = content[:20].split(b" ")[0]
    if what == b"search":
        _QUADRATIC.findall(b"<Relationship " * 100_000)
    elif what == b"hoard":
        bytearray(4 * 1024**3)
    elif what == b"burst":
        os._exit(3)
    elif what == b"killed":
        os.kill(os.getpid(), signal.SIGKILL)
    elif what == b"raise":
        raise LookupError(content.decode())
    elif what == b"chatter":
        os.write(1, b"x" * 1_000)
    elif what == b"lie":
        os.write(1, b"kept gif\n")
    elif what == b"claim":
        os.write(1, b"kept text\n")
        os._exit(1)
    elif what == b"write":
        sys.stderr.flush()
        with open(content[6:].decode(), "wb") as file:  # noqa: PTH123  what an attacker would do
            file.write(b"x")
    elif what == b"wait":
        signal.pause()
    elif what == b"tell" and len(os.environ) > 3:  # the path, and what Python adds
        raise LookupError
    return TEXT


if __name__ == "__main__":
    if len(sys.argv) > 1:
        setattr(inspection, "kind_of", _fault)  # noqa: B010  what the module imported
        inspection.main(int(sys.argv[1]), int(sys.argv[2]))
