"""The program while pictures arrive: how long its window's thread let a timer and posted events wait.

Arguments: library, the API's address, jobs, pictures a job, delivery. Prints JSON: for each round, the waits of
an idle window and of the one at work, in milliseconds.
"""

import asyncio
import json
import sys
import threading
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer

from imagine_desktop import app, paths
from imagine_desktop.domain.record import PictureId
from imagine_desktop.secrets import Secret
from imagine_desktop.settings import Settings, profile_at
from imagine_desktop.ui.gallery.model import GalleryModel
from imagine_desktop.ui.gallery.thumbnails import Thumbnails
from imagine_desktop.ui.studio import Studio

ROUNDS = 3
BEAT_MS = 5
SETTLE_S = 1.0
LEAST_S = 1.5
MOST_S = 120.0
LOOK_S = 0.02
_POSTED = QEvent.Type(QEvent.registerEventType())


@dataclass(slots=True)
class Waits:
    """Between two beats of a timer, and between the posting of an event and its delivery; milliseconds."""

    beats: list[float] = field(default_factory=list)
    events: list[float] = field(default_factory=list)


class Posted(QEvent):
    """An event that knows when it was posted."""

    def __init__(self) -> None:
        super().__init__(_POSTED)
        self.posted_s = time.perf_counter()


class Watch(QObject):
    """Beats in the window's thread, and takes events that another thread posts, as the window system does."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.waits = Waits()
        self._last_s = time.perf_counter()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._post, name="events")
        beat = QTimer(self, interval=BEAT_MS, timerType=Qt.TimerType.PreciseTimer)
        beat.timeout.connect(self._on_beat)
        beat.start()
        self._thread.start()

    def restart(self) -> Waits:
        """What was seen so far; begin anew."""
        seen, self.waits = self.waits, Waits()
        return seen

    def stop(self) -> None:
        """End the posting thread."""
        self._ended.set()
        self._thread.join()

    def customEvent(self, event: QEvent) -> None:
        if isinstance(event, Posted):
            self.waits.events.append((time.perf_counter() - event.posted_s) * 1000)

    def _on_beat(self) -> None:
        now_s = time.perf_counter()
        self.waits.beats.append((now_s - self._last_s) * 1000)
        self._last_s = now_s

    def _post(self) -> None:
        while not self._ended.wait(BEAT_MS / 1000):
            QCoreApplication.postEvent(self, Posted())


async def drive(studio: Studio) -> int:
    """Let the pictures of all jobs arrive, round after round, each after as long a time of doing nothing."""
    jobs, count = int(sys.argv[3]), int(sys.argv[4])
    draft = studio.draft
    draft.prompt, draft.resolution, draft.count = "boats in a harbour at dawn", "2k", count
    await arrive(studio, 1)  # imports and first connections are no arrival
    watch = Watch(studio)
    rounds = []
    took_s = LEAST_S
    for _ in range(ROUNDS):
        await asyncio.sleep(SETTLE_S)
        watch.restart()
        await asyncio.sleep(took_s)
        idle = watch.restart()
        began_s = time.perf_counter()
        ids = await arrive(studio, jobs)
        took_s = max(LEAST_S, time.perf_counter() - began_s)
        rounds.append({"idle": asdict(idle), "work": asdict(watch.restart())})
        if not ids <= {picture.id for picture in studio.saved_pictures()} or len(ids) != jobs * count:
            raise RuntimeError("not every picture was saved")
    watch.stop()
    print(json.dumps(rounds), flush=True)
    return 0


async def arrive(studio: Studio, jobs: int) -> set[PictureId]:
    """Send the jobs, and wait until all have ended and the pictures in sight are painted; returns theirs."""
    grid = studio.window.gallery.grid
    [model], [thumbnails, *_] = studio.findChildren(GalleryModel), studio.findChildren(Thumbnails)
    for _ in range(jobs):
        studio.window.panel.send_requested.emit()
    ids: set[PictureId] = set()
    async with asyncio.timeout(MOST_S):
        while not ids or studio.live_jobs():
            ids.update(picture_id for job in studio.live_jobs() for picture_id in job.picture_ids)
            await asyncio.sleep(LOOK_S)
        while not all(thumbnails.pixmap(model.id_at(row)) is not None for row in grid.rows_in_sight()):
            await asyncio.sleep(LOOK_S)
    return ids


launch = app.Launch(
    library=Path(sys.argv[1]),
    settings_path=paths.settings(),
    settings=Settings(delivery=sys.argv[5], jobs_at_once=10),
    profile=profile_at(sys.argv[2]),
    key=Secret("benchmark"),
)
sys.exit(app.start(launch, drive))
