"""What an action gets: the session, who acts, by which permission, the time, and the way to tell others."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from app.access.permissions import Permission
from app.access.roles import Role
from app.kit.database import Db
from app.kit.events import Event, Wiring


@dataclass(frozen=True, slots=True)
class Membership:
    """A role at one unit or institution."""

    role: Role
    place_id: UUID


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in person, or a machine of an institution, with only what grants what they are doing.

    A machine has no account; its session is the credential by which it got its token.
    """

    user_id: UUID
    account_id: UUID | None
    session_id: UUID
    municipal_area_id: str
    memberships: tuple[Membership, ...]

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(membership.role for membership in self.memberships)

    def places(self, role: Role) -> frozenset[UUID]:
        """Return the units or institutions at which the person holds a role."""
        return frozenset(each.place_id for each in self.memberships if each.role is role)


@dataclass(slots=True)
class Context:
    """One request of one actor, inside one transaction."""

    db: Db
    actor: Actor
    permission: Permission
    now: datetime
    _wiring: Wiring = field(repr=False)
    kept: bool = field(default=False)
    scopes: frozenset[str] | None = field(default=None)
    """What a machine may be used for in this request; None for people."""

    async def publish(self, event: Event) -> None:
        """Tell the other packages; see `app/wiring.py` for who listens."""
        await self._wiring.publish(self, self.db, event)

    def keep(self) -> None:
        """Commit what has been written even if the request is refused: the trace of that refusal."""
        self.kept = True


@dataclass(slots=True)
class SystemContext:
    """The worker acting by itself in one area: no actor, no permission."""

    db: Db
    municipal_area_id: str
    now: datetime
    _wiring: Wiring = field(repr=False)

    async def publish(self, event: Event) -> None:
        """Tell the other packages."""
        await self._wiring.publish(self, self.db, event)


@dataclass(slots=True)
class PublicContext:
    """A request without sign-in: every policy shows it nothing."""

    db: Db
    now: datetime
    source: str
    kept: bool = field(default=False)

    def keep(self) -> None:
        """Commit what has been written even if the request is refused: the trace of that refusal."""
        self.kept = True
