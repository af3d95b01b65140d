"""Waiting that ends when nothing moves any more, not after a fixed time: a recovery may be long."""

import time
from collections.abc import Callable

_BETWEEN_LOOKS = 0.02


def wait_for(done: Callable[[], bool], sign_of_life: Callable[[], object], patience: float) -> bool:
    """Return True once it is `done`, or False when the sign of life stays the same for `patience` seconds."""
    last = sign_of_life()
    deadline = time.monotonic() + patience
    while not done():
        current = sign_of_life()
        if current != last:
            last, deadline = current, time.monotonic() + patience
        if time.monotonic() > deadline:
            return False
        time.sleep(_BETWEEN_LOOKS)
    return True
