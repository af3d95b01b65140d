"""The process in which one file is looked into: its limits first, then the bytes, then one line of answer.

It has no address, key or password of the application, and can write no file and start no other process.
"""

import os
import sys

from app.documents.inspection import Refused, kind_of
from app.kit.bounded import bound


def main(cpu_seconds: int, memory_bytes: int) -> None:
    """Read a file from the standard input and say what it is."""
    bound(cpu_seconds, memory_bytes)
    try:
        answer = f"kept {kind_of(sys.stdin.buffer.read()).code}"
    except Refused as refused:
        answer = f"refused {refused.reason}"
    except Exception as error:  # noqa: BLE001  whatever it was, the file is not kept; its words stay here
        answer = f"failed {type(error).__name__}"
    sys.stdout.write(f"{answer}\n")
    sys.stdout.flush()
    os._exit(0)  # nothing is tidied that ends anyway


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
