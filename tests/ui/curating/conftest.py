"""The window on a library that holds something."""

from collections.abc import Awaitable, Callable

import pytest

from imagine_desktop.ui.start import Launch
from imagine_desktop.ui.studio import Studio
from tests.ui.curating.desk import Desk, fill
from tests.whole_window import drive, until

Run = Callable[[Callable[[Desk], Awaitable[None]]], None]


@pytest.fixture
def run(launch: Launch) -> Run:
    """Does something in the window on a filled library, whose newest session is shown."""
    fill(launch)

    def work(act: Callable[[Desk], Awaitable[None]]) -> None:
        async def begun(studio: Studio) -> None:
            desk = Desk(studio)
            await desk.shows(5, 6)
            await until(lambda: desk.sessions() == ["two foxes", "three boats"])
            await act(desk)

        drive(launch, begun)

    return work
