"""A profile's connections, made when the first request needs them: nothing is opened before the person acts."""

import asyncio
from dataclasses import dataclass

from imagine_desktop.api import local
from imagine_desktop.api.client import Client
from imagine_desktop.api.fetch import Fetcher
from imagine_desktop.errors import ConfigurationError
from imagine_desktop.secrets import Secret
from imagine_desktop.settings import Profile


@dataclass(frozen=True, slots=True)
class Clients:
    """The client with the key, for paid calls, and the one without it, for downloads."""

    paid: Client
    downloads: Fetcher


class Connection:
    """Opens a profile's clients on first use; for the sandbox, starts it."""

    def __init__(self, profile: Profile, key: Secret | None, timeout_s: float) -> None:
        self.profile = profile
        self._key = key
        self._timeout_s = timeout_s
        self._sandbox: local.LocalSandbox | None = None
        self._clients: Clients | None = None
        self._opening = asyncio.Lock()

    async def clients(self) -> Clients:
        """The clients, ready to use. Raises ConfigurationError."""
        async with self._opening:
            if self._sandbox is not None and not self._sandbox.is_running:
                await self._close()
            if self._clients is None:
                self._clients = await self._open()
            return self._clients

    async def aclose(self) -> None:
        """Close the clients and end the sandbox."""
        async with self._opening:
            await self._close()

    async def _open(self) -> Clients:
        loop = asyncio.get_running_loop()
        base_url, key = self.profile.base_url, self._key
        if base_url is None:
            self._sandbox = await loop.run_in_executor(None, local.LocalSandbox.start)
            base_url, key = self._sandbox.base_url, Secret(local.KEY)
        if key is None:
            raise ConfigurationError(
                "There is no key for this profile.", "Enter one in Settings, or set XAI_API_KEY."
            )
        paid = Client(base_url, key, self._timeout_s)
        return Clients(paid, Fetcher(allow_loopback=self.profile.is_loopback))

    async def _close(self) -> None:
        if self._clients is not None:
            await self._clients.paid.aclose()
            await self._clients.downloads.aclose()
            self._clients = None
        if self._sandbox is not None:
            await asyncio.get_running_loop().run_in_executor(None, self._sandbox.stop)
            self._sandbox = None
