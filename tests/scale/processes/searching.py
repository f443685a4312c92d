"""Words typed into the window's search field, letter by letter: how long until what is found is painted.

Arguments: a library, its rows, how many words a round, rounds. Prints JSON: for each round, the milliseconds of
every key stroke, the waits in the window's thread while typing and while idle for as long before, and what each
of the round's queries takes alone.
"""

import asyncio
import json
import sys
import time
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

from PySide6.QtCore import QEvent, QObject
from PySide6.QtTest import QTest

from imagine_desktop.domain.sight import Sight
from imagine_desktop.library.library import Library
from imagine_desktop.ui.studio import Studio
from tests.scale.processes import program, sharing
from tests.scale.processes.watching import Watch

# Found thousands of times, hundreds of times and never; the last letters of one and the first of the next.
_TYPED = ("lighthouse", "golden misty", "watercolour fox rain", "at dawn snow", "forest zebra")
_PAUSE_S = 0.4  # between two words, and longer than any wait the program adds
_IDLE_S = 2.0


class Answer(QObject):
    """Waits until the grid shows other pictures, and has painted."""

    def __init__(self, shown: program.Gallery) -> None:
        super().__init__(shown.grid)
        self._is_new = False
        self._painted = asyncio.Event()
        self._model = shown.model
        self._model.modelReset.connect(self._on_reset)
        shown.grid.viewport().installEventFilter(self)

    def ask(self) -> None:
        """What is painted from now on may be old, until other pictures came."""
        self._is_new = False
        self._painted.clear()

    async def come(self) -> None:
        """Wait for it."""
        async with asyncio.timeout(30):
            await self._painted.wait()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if self._is_new and event.type() is QEvent.Type.Paint:
            self._tell()
        return False

    def _on_reset(self) -> None:
        self._is_new = True
        if not self._model.rowCount():  # the grid is not shown then
            self._tell()

    def _tell(self) -> None:
        asyncio.get_running_loop().call_soon(self._painted.set)


async def type_words(studio: Studio, answer: Answer, typed: str) -> list[float]:
    """Every letter once its predecessor was answered; then the field is emptied."""
    field, ms = studio.window.search, []
    field.setFocus()
    for letter in typed:
        answer.ask()
        began_s = time.perf_counter()
        QTest.keyClicks(field, letter)
        if letter == " ":  # asks for nothing new
            await asyncio.sleep(_PAUSE_S)
            continue
        await answer.come()
        ms.append((time.perf_counter() - began_s) * 1000)
    await program.until(lambda: not studio.window.gallery.grid.lacks_pictures())
    field.clear()
    await asyncio.sleep(_PAUSE_S)
    return ms


async def drive(studio: Studio) -> int:
    """Round after round."""
    rows, count, rounds = (int(value) for value in sys.argv[2:])
    await program.show_all(studio, rows)
    answer, watch = Answer(program.gallery_of(studio)), Watch(studio)
    await type_words(studio, answer, "a")  # the first search of all reads the index from the disk
    found = []
    with closing(Library.open_reading(Path(sys.argv[1]))) as library:
        for _ in range(rounds):
            watch.restart()
            await asyncio.sleep(_IDLE_S)
            idle = watch.restart()
            strokes = [ms for typed in _TYPED[:count] for ms in await type_words(studio, answer, typed)]
            work = watch.restart()
            found.append(
                {
                    "strokes": strokes,
                    "waits": {"idle": asdict(idle), "work": asdict(work)},
                    "queries": await asyncio.to_thread(queries, library, count),
                }
            )
    watch.stop()
    print(json.dumps(found), flush=True)
    return 0


def queries(library: Library, count: int) -> list[float]:
    """What each stroke asks the database, and nothing else."""
    found = []
    for typed in _TYPED[:count]:
        for end in range(1, len(typed) + 1):
            began_s = time.perf_counter()
            library.records.found(Sight(program.EVERYTHING, typed[:end]))
            found.append((time.perf_counter() - began_s) * 1000)
    return found


sharing.share(int(sys.argv[2]))
program.start(Path(sys.argv[1]), drive)
