"""Which server a command speaks to: the one that is named, else the demonstration's, else this machine's."""

from pathlib import Path
from typing import Annotated

import typer

_ALONE = "http://127.0.0.1:8000"
_HOME = Path("var")
"""Where the demonstration keeps everything unless another place is named."""


def server_beside(home: Path = _HOME) -> str:
    """Return the address on one's own card of the demonstration, whatever port it found; else port 8000.

    A password is sent there, so somebody else's card in a shared folder is not believed.
    """
    from app.demo.card import is_own, read_card

    return str(read_card(home).get("base_url", _ALONE)) if is_own(home) else _ALONE


def _beside() -> str:
    return server_beside()


Server = Annotated[
    str,
    typer.Option(
        envvar="KIM_SERVER",
        default_factory=_beside,
        show_default=f"what var/demo.json says, else {_ALONE}",
    ),
]
