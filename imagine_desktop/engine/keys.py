"""Where jobs wait whose key the API refuses, until the person brings another for their profile."""

import asyncio
from collections.abc import Callable

from imagine_desktop.api.connection import Connection
from imagine_desktop.domain.job import Event, Told

_WAITING = "The API does not accept the key; not charged. Enter another in Settings and what waits goes on."


class Keys:
    """Hands a job the connection that comes after its own."""

    def __init__(self, publish: Callable[[Event], None]) -> None:
        self._publish = publish
        self._newest: dict[str, Connection] = {}
        self._waiting: dict[str, set[asyncio.Future[Connection]]] = {}

    def bring(self, connection: Connection) -> None:
        """There is another connection to its profile: whoever waits for one goes on with it."""
        name = connection.profile.name
        self._newest[name] = connection
        for waiter in self._waiting.pop(name, ()):
            if not waiter.done():
                waiter.set_result(connection)

    async def after(self, refused: Connection, within_s: float) -> Connection | None:
        """The next connection to a profile whose key was refused; None where none comes in time.

        The first who waits tells the person.
        """
        name = refused.profile.name
        newest = self._newest.get(name, refused)
        if newest is not refused:
            return newest
        waiters = self._waiting.setdefault(name, set())
        waiter: asyncio.Future[Connection] = asyncio.get_running_loop().create_future()
        waiters.add(waiter)
        if len(waiters) == 1:
            self._publish(Told(_WAITING))
        try:
            async with asyncio.timeout(within_s):
                return await waiter
        except TimeoutError:
            return None
        finally:
            waiters.discard(waiter)
