"""A profile's connections, made when the first request needs them: nothing is opened before the person acts."""

import asyncio
from typing import TYPE_CHECKING

from imagine_desktop import diagnostics
from imagine_desktop.api import copies, local
from imagine_desktop.api.wire import Traces
from imagine_desktop.domain.delivery import Delivery
from imagine_desktop.domain.record import TurnId
from imagine_desktop.errors import ConfigurationError
from imagine_desktop.secrets import Secret
from imagine_desktop.settings import Profile

if TYPE_CHECKING:
    from imagine_desktop.api.client import Client
    from imagine_desktop.api.fetch import Fetcher


class Connection:
    """A profile's client with the key, for paid calls, and its fetcher without one, for downloads."""

    def __init__(self, profile: Profile, key: Secret | None) -> None:
        self.profile = profile
        self._defers = profile.defers
        self._stores = profile.stores
        self._key = key
        self._sandbox: local.LocalSandbox | None = None
        self._client: Client | None = None
        self._fetcher: Fetcher | None = None
        self._opening: asyncio.Task[Client] | None = None

    @property
    def is_open(self) -> bool:
        """Whether something was sent over it already."""
        return self._client is not None

    def traces(self, delivery: Delivery, turn_id: TurnId) -> Traces:
        """What the next request is to leave at the API; a deferred answer has addresses only."""
        return Traces(
            is_deferred=self._defers and delivery is Delivery.URL,
            copy_name=copies.name(turn_id) if self._stores else "",
        )

    def give_up(self, refused: Traces) -> None:
        """Ask no more for what the server refuses, for as long as this connection is used."""
        self._defers = self._defers and not refused.is_deferred
        self._stores = self._stores and not refused.copy_name

    async def client(self) -> "Client":
        """The client for paid calls; for the sandbox profile, its process is started first.

        Raises ConfigurationError where there is no key, or the sandbox does not start. Whoever is cancelled
        meanwhile, what was begun goes on: a process that nobody knows of would stay.
        """
        if self._client is not None and (self._sandbox is None or self._sandbox.is_running):
            return self._client
        if self._opening is None:
            self._opening = asyncio.get_running_loop().create_task(self._open(), name="open a connection")
        return await asyncio.shield(self._opening)

    def fetcher(self) -> "Fetcher":
        """The client for downloads; it needs no key and opens nothing before it fetches."""
        if self._fetcher is None:
            from imagine_desktop.api.fetch import Fetcher

            self._fetcher = Fetcher(allow_loopback=self.profile.is_loopback)
        return self._fetcher

    async def aclose(self) -> None:
        """Close the clients and end the sandbox."""
        if self._opening is not None:
            await asyncio.wait([self._opening])
        await self._close_client()
        if self._fetcher is not None:
            await self._fetcher.aclose()
            self._fetcher = None

    async def _open(self) -> "Client":
        try:
            await self._close_client()  # where its sandbox has ended
            self._client = await self._open_client()
            return self._client
        finally:
            self._opening = None

    async def _open_client(self) -> "Client":
        in_thread = asyncio.get_running_loop().run_in_executor
        base_url, key = self.profile.base_url, self._key
        if base_url is None:
            self._sandbox = await in_thread(None, local.LocalSandbox.start)
            base_url, key = self._sandbox.base_url, Secret(local.KEY)
        if key is None:
            raise ConfigurationError(
                "There is no key for this profile.", "Enter one in Settings, or set XAI_API_KEY."
            )
        diagnostics.conceal(key.reveal())
        # httpx takes a tenth of a second to import, and the window goes on meanwhile.
        await in_thread(None, self.fetcher)
        return await in_thread(None, _client, base_url, key)

    async def _close_client(self) -> None:
        if self._client is not None:
            await self._client.aclose()
            self._client = None
        if self._sandbox is not None:
            await asyncio.get_running_loop().run_in_executor(None, self._sandbox.stop)
            self._sandbox = None


def _client(base_url: str, key: Secret) -> "Client":
    from imagine_desktop.api.client import Client

    return Client(base_url, key)
