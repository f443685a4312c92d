"""What a person does to the library, each act in one durable transaction that says how it is undone."""

from collections.abc import Callable
from dataclasses import dataclass

from imagine_desktop.domain.act import Act, Done
from imagine_desktop.domain.sight import Sight
from imagine_desktop.library.database import Database


@dataclass(frozen=True, slots=True)
class Emptied:
    """What was removed for good."""

    count: int
    byte_count: int


class Curation:
    """Stars, notes, the trash, collections, saved searches."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def do(self, act: Act) -> Done:
        """Do an act. Raises BadInput where it cannot be done, LibraryError where nothing can be written."""
        raise NotImplementedError

    def empty_trash(self, on_progress: Callable[[int, int], None], is_stopped: Callable[[], bool]) -> Emptied:
        """Remove what is in the trash for good."""
        raise NotImplementedError

    def keep_search(self, name: str, sight: Sight) -> None:
        """Keep a search under a name; one that has the name is replaced."""
        raise NotImplementedError

    def drop_search(self, name: str) -> None:
        """Forget a saved search."""
        raise NotImplementedError
