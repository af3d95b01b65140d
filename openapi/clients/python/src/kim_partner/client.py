"""The client: one object with what a partner does, in the order in which one meets it."""

from types import TracebackType
from typing import Self, Unpack, cast

from kim_partner.connection import Connection, Options
from kim_partner.credentials import Credential
from kim_partner.directory import Directory
from kim_partner.incoming import Incoming
from kim_partner.messages import Messages
from kim_partner.receipts import Key
from kim_partner.referrals import Referrals
from kim_partner.webhooks import Webhooks


class Kim:
    """A KIM server, as one institution sees it. Takes the options of `Connection`."""

    def __init__(self, base_url: str, credential: Credential, **options: Unpack[Options]) -> None:
        self.connection = Connection(base_url, credential, **options)
        self.referrals = Referrals(self.connection)
        self.messages = Messages(self.connection)
        self.incoming = Incoming(self.connection)
        self.directory = Directory(self.connection)
        self.webhooks = Webhooks(self.connection)

    @property
    def issuer(self) -> str:
        """Return how the server calls itself, in tokens and receipts."""
        return self.connection.issuer

    def keys(self) -> list[Key]:
        """Return the public keys with which this server signs, to be kept with the receipts."""
        return cast("list[Key]", self.connection.public("/v1/keys")["keys"])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections that were kept open."""
        self.connection.close()
