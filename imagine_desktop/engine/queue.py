"""The order in which jobs get one of the few places at the API."""

import asyncio
from collections import deque


class JobQueue:
    """Lets at most `places` jobs through at once, in the order in which they came, or before all others."""

    def __init__(self, places: int) -> None:
        self._places = places
        self._taken = 0
        self._waiting: deque[asyncio.Future[None]] = deque()

    async def enter(self, *, in_front: bool = False) -> None:
        """Wait for a place; `leave` must follow. Cancelled while waiting, nothing was taken."""
        if self._taken < self._places and not self._waiting:
            self._taken += 1
            return
        turnstile: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if in_front:
            self._waiting.appendleft(turnstile)
        else:
            self._waiting.append(turnstile)
        try:
            await turnstile
        except asyncio.CancelledError:
            if turnstile in self._waiting:
                self._waiting.remove(turnstile)
            elif not turnstile.cancelled():
                self.leave()  # the place was given in the very moment of the cancellation
            raise

    def leave(self) -> None:
        """Give a place back."""
        self._taken -= 1
        self._admit()

    def set_places(self, places: int) -> None:
        """Change how many go at once; those under way are not disturbed."""
        self._places = places
        self._admit()

    def _admit(self) -> None:
        while self._waiting and self._taken < self._places:
            turnstile = self._waiting.popleft()
            if not turnstile.done():
                self._taken += 1
                turnstile.set_result(None)
