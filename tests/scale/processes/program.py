"""The program with its window, worked in the person's place: what the processes that do so have in common."""

import asyncio
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, NoReturn

from imagine_desktop import app, paths
from imagine_desktop.domain.sight import Scope, ScopeKind
from imagine_desktop.settings import SANDBOX, Settings
from imagine_desktop.ui.gallery.model import GalleryModel
from imagine_desktop.ui.gallery.thumbnails import Thumbnails
from imagine_desktop.ui.gallery.view import TileView
from imagine_desktop.ui.studio import Studio

EVERYTHING = Scope(ScopeKind.ALL)
LOOK_S = 0.005
_MOST_S = 600.0


class Gallery(NamedTuple):
    """What shows pictures in the window."""

    grid: TileView
    model: GalleryModel
    thumbnails: Thumbnails


def start(library: Path, drive: app.Drive, *, checks: bool = False) -> NoReturn:
    """Open the window on a library, as a person without a key does; `drive` works it, and then it closes.

    `checks` lets the start's checks and backup run, which would disturb a measurement that begins at once.
    """
    launch = app.Launch(
        library=library,
        settings_path=paths.settings(),
        settings=Settings(),
        profile=SANDBOX,
        is_tour=not checks,
    )
    sys.exit(app.start(launch, drive))


def gallery_of(studio: Studio) -> Gallery:
    """The parts of the window's gallery."""
    [model], [thumbnails, *_] = studio.findChildren(GalleryModel), studio.findChildren(Thumbnails)
    return Gallery(studio.window.gallery.grid, model, thumbnails)


async def until(is_so: Callable[[], bool]) -> None:
    """Wait for something to become so; the window lives on."""
    async with asyncio.timeout(_MOST_S):
        while not is_so():
            await asyncio.sleep(LOOK_S)


async def show_all(studio: Studio, count: int) -> None:
    """Choose all of the library's pictures, and wait until those in sight are painted."""
    studio.window.gallery.bar.scope_picked.emit(EVERYTHING)
    await until(lambda: gallery_of(studio).model.rowCount() == count)
    await until(lambda: not studio.window.gallery.grid.lacks_pictures())
