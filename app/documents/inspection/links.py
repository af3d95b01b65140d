"""Where a file points to: a link that waits to be clicked, or a place it would fetch from itself."""

import re

_BLANK = re.compile(r"[\x00-\x20\x7f]")
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_CLICKED = {"http", "https", "mailto", "tel", "sms", "ftp", "ftps", "file"}


def is_plain_link(target: str) -> bool:
    """Say whether clicking this leads to a page, a message or a file, and starts no program by itself."""
    scheme = _scheme(_BLANK.sub("", target))
    return scheme is None or scheme in _CLICKED


def is_inside(target: str) -> bool:
    """Say whether this names something in the file itself, or nothing."""
    place = _BLANK.sub("", target)
    return (
        _scheme(place) is None
        and ":" not in place.partition("#")[0]
        and not place.startswith(("/", "\\"))
        and "\\" not in place
        and ".." not in place.split("/")
    )


def is_on_this_machine(target: str) -> bool:
    """Say whether a path leads to the machine on which the file is opened, and not over the network."""
    place = _BLANK.sub("", target).replace("\\", "/")
    if _scheme(place) == "file":
        place = place[len("file:") :]
        return place.startswith("///") and not place.startswith("////")
    return _scheme(place) is None and not place.startswith("//")


def _scheme(place: str) -> str | None:
    found = _SCHEME.match(place)
    return found[1].lower() if found else None
