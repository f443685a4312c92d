"""The memory of the program once pictures were looked at, page by page.

Arguments: a library, either its rows or a folder to import, pages to look at or `all`. Prints JSON: the
proportional share of memory in megabytes at each stage, and the most that the pixmaps held.
"""

import asyncio
import gc
import json
import sys
from pathlib import Path

from imagine_desktop.domain.imports import ImportChanged
from imagine_desktop.ui.feed import EngineFeed
from imagine_desktop.ui.importing import Importing
from imagine_desktop.ui.studio import Studio
from tests.scale.measuring import MB, pss_mb
from tests.scale.processes import program, sharing

_REST_S = 1.0


async def memory_mb() -> float:
    """What is held when all has come to rest, and the garbage was collected as the program's timer does it."""
    await asyncio.sleep(_REST_S)
    gc.collect()
    return pss_mb()


async def import_all(studio: Studio, folder: Path) -> int:
    """As by the dialog; returns how many pictures were added, once they are in the gallery."""
    [feed], [importing] = studio.findChildren(EngineFeed), studio.window.findChildren(Importing)
    ended: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def hear(event: object) -> None:
        if isinstance(event, ImportChanged) and event.is_end:
            ended.set_result(event.state.added_count)

    feed.received.connect(hear)
    importing.take([folder])
    count = await ended
    await program.until(lambda: program.gallery_of(studio).model.rowCount() == count)
    return count


async def drive(studio: Studio) -> int:
    """Show everything, look through it, and say what it took."""
    subject, pages = sys.argv[2:]
    stages = {"opened": await memory_mb()}
    if subject.isdigit():
        await program.show_all(studio, int(subject))
    else:
        await import_all(studio, Path(subject))
    stages["filled"] = await memory_mb()
    grid, _, thumbnails = program.gallery_of(studio)
    bar, most = grid.verticalScrollBar(), 0
    last = -(-bar.maximum() // bar.pageStep())
    for page in range(1 + (last if pages == "all" else min(last, int(pages)))):
        bar.setValue(page * bar.pageStep())
        await program.until(lambda: not grid.lacks_pictures())
        most = max(most, thumbnails.kept_bytes)
    stages["scrolled"] = await memory_mb()
    print(json.dumps({"stages": stages, "pixmaps": most / MB}), flush=True)
    return 0


if sys.argv[2].isdigit():
    sharing.share(int(sys.argv[2]))
program.start(Path(sys.argv[1]), drive)
