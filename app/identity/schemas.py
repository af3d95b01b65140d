"""Shapes of sessions, one's own account, users and memberships."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, Field, SecretStr, model_validator
from pydantic_core import PydanticCustomError

from app.access.permissions import Permission
from app.access.roles import Role
from app.identity.account_rules import misplaced, normal_email
from app.kit.schema import Code, Email, Input, Line, Name, Read

Language = Literal["de", "en"]
SentPassword = Annotated[SecretStr, Field(min_length=1, max_length=500)]
"""Neither trimmed nor changed: compared as it was sent."""


SentEmail = Annotated[Line, Field(max_length=254), AfterValidator(normal_email)]
NewEmail = Annotated[Email, AfterValidator(normal_email)]


class SignIn(Input):
    """Who signs in; the area only when the account belongs to several."""

    email: SentEmail
    password: SentPassword
    area: Code | None = None


class SessionRenew(Input):
    """The refresh token of the last answer; each is good once."""

    refresh_token: Annotated[SecretStr, Field(min_length=1, max_length=200)]


class SessionTokens(Read):
    """What a sign-in or its renewal hands out; `expires_in` in seconds."""

    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105 - the scheme of RFC 6750, no secret
    expires_in: int
    refresh_token: str
    refresh_expires_at: datetime
    session_id: UUID
    municipal_area_id: str
    user_id: UUID
    must_change_password: bool


class SessionRead(Read):
    """A living session of one's account, in whatever area."""

    id: UUID
    municipal_area_id: str
    area_name: str
    started_at: datetime
    expires_at: datetime
    is_current: bool


class AreaName(Read):
    """A municipal area."""

    id: str
    name: str


class MembershipRead(Read):
    """A role at a unit or an institution."""

    id: UUID
    role: Role
    unit_id: UUID | None
    institution_id: UUID | None
    place_name: str | None
    site_ids: list[UUID]
    """At an institution: the sites it is limited to; none, it is of the whole."""
    started_at: datetime
    ended_at: datetime | None
    version: int


class SitesSet(Input):
    """All sites of the institution that a membership is limited to; none: it is of the whole institution."""

    site_ids: Annotated[list[UUID], Field(max_length=50)]


class MeRead(Read):
    """Who is signed in, where, and what they may do."""

    id: UUID
    display_name: str
    email: str
    language: Language
    area: AreaName
    memberships: list[MembershipRead]
    permissions: list[Permission]
    must_change_password: bool
    version: int


class MeChange(Input):
    """What one changes of oneself."""

    language: Language


class PasswordChange(Input):
    """The password until now and the next one."""

    current_password: SentPassword
    new_password: SentPassword


class MembershipGrant(Input):
    """A role at one place: authority officers, partner users and partner systems at an institution."""

    role: Role
    unit_id: UUID | None = None
    institution_id: UUID | None = None

    @model_validator(mode="after")
    def _at_the_right_place(self) -> Self:
        one = (self.unit_id is None) != (self.institution_id is None)
        if not one or misplaced(self.role, at_institution=self.institution_id is not None):
            raise PydanticCustomError("wrong_place", "The role is held at one place, of its kind")
        return self


class UserCreate(Input):
    """Somebody new in the area. An account that exists already keeps its password."""

    email: NewEmail
    display_name: Name
    initial_password: SentPassword
    language: Language = "de"
    memberships: Annotated[list[MembershipGrant], Field(min_length=1, max_length=20)]


class UserChange(Input):
    """What changes of a user; what is left out stays. Disabling ends their sessions in the area."""

    display_name: Name | None = None
    is_disabled: bool | None = None


class InitialPassword(Input):
    """A new initial password, good for three days and for nothing but setting an own one."""

    initial_password: SentPassword


class UserRead(Read):
    """A user of the area with the roles they hold now."""

    id: UUID
    display_name: str
    email: str
    language: Language
    is_disabled: bool
    memberships: list[MembershipRead]
    version: int


class ColleagueRead(Read):
    """A case manager of one's unit."""

    id: UUID
    display_name: str
    unit_id: UUID


class PublicKey(Read):
    """A public key on the curve P-256 as a JWK (RFC 7518)."""

    kid: str
    kty: Literal["EC"]
    crv: Literal["P-256"]
    x: str
    y: str
    alg: Literal["ES256"]
    use: Literal["sig"]


class KeySet(Read):
    """The public keys that verify access tokens, as a JWK set (RFC 7517)."""

    keys: list[PublicKey]
