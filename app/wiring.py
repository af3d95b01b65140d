"""Which handler hears which event, within the transaction or after it."""

from app.kit.events import Wiring


def wire() -> Wiring:
    """Return who listens to what."""
    return Wiring()
