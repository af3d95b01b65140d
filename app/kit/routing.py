"""Routes that are made when somebody first asks for more than their address.

What a route takes and answers is worked out by the framework when it is made, 2 ms each: with hundreds of
operations a third of a start, for most of which nobody comes soon.
"""

import threading
import warnings
from collections.abc import Callable
from typing import Any

from fastapi import APIRouter
from fastapi.routing import APIRoute
from pydantic.warnings import UnsupportedFieldAttributeWarning
from starlette.routing import compile_path

# The framework causes and silences it where it makes a body's field; shapes that are made later warn later.
warnings.filterwarnings("ignore", category=UnsupportedFieldAttributeWarning)


class LateRoute(APIRoute):
    """Knows its address and what was said of it; everything else is made when somebody asks for it."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **said: Any) -> None:
        self._making = threading.RLock()
        self._said: dict[str, Any] | None = said
        self.path = path
        self.path_regex, self.path_format, self.param_convertors = compile_path(path)
        self.endpoint = endpoint
        self.methods = set(said["methods"])
        self.name = said["name"] or endpoint.__name__
        self.status_code = said["status_code"]
        self.include_in_schema = said["include_in_schema"]

    def __getattr__(self, name: str) -> Any:
        """Make what is not there yet. Raises AttributeError for what is not there afterwards either."""
        with self._making:  # the contract is made in a thread
            said, self._said = self._said, None
            if said is not None:
                try:
                    super().__init__(self.path, self.endpoint, **said)
                except BaseException:
                    self._said = said  # the next one tries again, and is told the same
                    raise
            return object.__getattribute__(self, name)


class Router(APIRouter):
    """A router of late routes; what it is given is what a router of the framework takes."""

    def __init__(self, **given: Any) -> None:
        super().__init__(route_class=LateRoute, **given)
