"""The one error of the embedded server; its sentence says what is missing and what to do."""


class EmbeddedServerError(Exception):
    """The embedded server cannot do what was asked of it."""
