"""The program while pictures arrive: how long its window's thread let a timer and posted events wait.

Arguments: library, the API's address, jobs, pictures a job, delivery, rounds, least seconds of a round. Prints
JSON: for each round, the waits of an idle window and of the one at work, in milliseconds.
"""

import asyncio
import json
import sys
import time
from dataclasses import asdict
from pathlib import Path

from imagine_desktop import app, paths
from imagine_desktop.domain.record import PictureId
from imagine_desktop.secrets import Secret
from imagine_desktop.settings import Settings, profile_at
from imagine_desktop.ui.gallery.model import GalleryModel
from imagine_desktop.ui.gallery.thumbnails import Thumbnails
from imagine_desktop.ui.studio import Studio
from tests.scale.processes.watching import Watch

ROUNDS, LEAST_S = int(sys.argv[6]), float(sys.argv[7])
SETTLE_S = 1.0
MOST_S = 120.0
LOOK_S = 0.02


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
