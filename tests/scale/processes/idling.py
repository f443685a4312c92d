"""The program that nobody touches, its newest pictures on the screen; ends when its input does.

Arguments: a library, seconds until it is at rest. Prints a line then.
"""

import asyncio
import sys
from pathlib import Path

from imagine_desktop.ui.studio import Studio
from tests.scale.processes import program


async def drive(studio: Studio) -> int:
    """Let the start's checks end; then a thread waits for the input's end, which wakes nobody."""
    grid, model, _ = program.gallery_of(studio)
    await program.until(lambda: model.rowCount() > 0 and not grid.lacks_pictures())
    studio.window.panel.setFocus()  # the prompt's cursor blinks
    await asyncio.sleep(float(sys.argv[2]))
    print("at rest", flush=True)
    await asyncio.to_thread(sys.stdin.read)
    return 0


program.start(Path(sys.argv[1]), drive, checks=True)
