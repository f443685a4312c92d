"""The import under way: in a thread of its own, so that arrivals keep theirs; events tell how far it is."""

import asyncio
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from imagine_desktop.domain.imports import Import, ImportChanged
from imagine_desktop.engine import importing
from imagine_desktop.engine.workshop import Workshop
from imagine_desktop.errors import BadInput, ImagineError


class Importer:
    """Runs one import at a time."""

    def __init__(self, workshop: Workshop) -> None:
        self._workshop = workshop
        self._stop = threading.Event()
        self._task: asyncio.Task[None] | None = None
        self._state = Import()

    def start(self, paths: Sequence[Path], session_name: str = "") -> None:
        """Begin, as `importing.run` does it. Raises BadInput while another one is under way."""
        if self._task is not None:
            raise BadInput("Import", "another import is still under way")
        self._stop.clear()
        self._state = Import()
        self._task = asyncio.get_running_loop().create_task(self._run(paths, session_name), name="import")
        self._task.add_done_callback(self._on_ended)

    def cancel(self) -> None:
        """End it after the files that are being copied; what was added stays."""
        self._stop.set()

    async def aclose(self) -> None:
        """Cancel, and wait for the end."""
        self._stop.set()
        if self._task is not None:
            await asyncio.wait([self._task])

    async def _run(self, paths: Sequence[Path], session_name: str) -> None:
        loop = asyncio.get_running_loop()
        error: ImagineError | None = None

        def work() -> None:
            def tell(state: Import) -> None:
                loop.call_soon_threadsafe(self._on_told, state)

            importing.run(self._workshop.library, paths, session_name, tell, self._stop.is_set)

        try:
            with ThreadPoolExecutor(1, thread_name_prefix="import") as pool:
                await loop.run_in_executor(pool, work)
        except ImagineError as ended:
            error = ended
        finally:
            self._task = None
            self._workshop.publish(ImportChanged(self._state, is_end=True, error=error))

    def _on_ended(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()) is not None:
            asyncio.get_running_loop().call_exception_handler(
                {"message": "an import failed unexpectedly", "exception": error, "task": task}
            )

    def _on_told(self, state: Import) -> None:
        self._state = state
        self._workshop.publish(ImportChanged(state))
