"""Bodies that are a file and nothing around it."""

from fastapi import Request

from app.kit.errors import WrongMedia

OCTETS = "application/octet-stream"


def require_octets(request: Request) -> None:
    """Refuse what is not sent as a file itself: a form would be kept with the form around it."""
    said = request.headers.getlist("content-type")
    kind, _, _ = said[0].partition(";") if said else (OCTETS, "", "")
    if len(said) > 1 or kind.strip().lower() != OCTETS:
        raise WrongMedia(f"Send the file itself as the body, as {OCTETS}.")
