"""Counters and durations for Prometheus, by route template and never by address."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from starlette.types import Scope

_BUCKETS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5)


class Metrics:
    """What this process counts."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Histogram(
            "kim_request_seconds",
            "Duration of requests",
            ["method", "route", "status"],
            buckets=_BUCKETS,
            registry=self.registry,
        )
        self.security_events = Counter(
            "kim_security_events_total",
            "Refused tokens, sign-ins and accesses",
            ["kind"],
            registry=self.registry,
        )
        self.turns = Counter(
            "kim_turns_total",
            "Requests that waited for others of the same sender, or were refused as too many did",
            ["outcome"],
            registry=self.registry,
        )
        self.outbox = Gauge("kim_outbox_rows", "Rows of the outbox", ["state"], registry=self.registry)

    def observe(self, scope: Scope, status: int, seconds: float) -> None:
        """Count one request."""
        route = getattr(scope.get("route"), "path", "unknown")
        self.requests.labels(scope["method"], route, str(status)).observe(seconds)
