"""Which pictures the gallery shows: where it looks, for which words, through which filter, in which groups."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import cast

from PySide6.QtCore import QObject, QTimer, Signal

from imagine_desktop.domain.act import (
    Act,
    Collect,
    MoveToSession,
    RenameSession,
    Restore,
    SetNote,
    Several,
    Star,
    Trash,
    Uncollect,
)
from imagine_desktop.domain.record import PictureId, SessionId
from imagine_desktop.domain.sight import (
    NO_FILTER,
    Filter,
    Found,
    Headers,
    Scope,
    ScopeKind,
    Section,
    Sight,
)
from imagine_desktop.library import searches
from imagine_desktop.library.records import Records
from imagine_desktop.settings import Settings
from imagine_desktop.ui.background import Background
from imagine_desktop.ui.gallery.model import GalleryModel

THIS_SESSION = Scope(ScopeKind.SESSION)  # whichever is the current one
EVERYTHING = Scope(ScopeKind.ALL)
_FIRST = 1000  # found pictures that are shown at once
_REST_MS = 120  # longer than a quick hand takes from key to key


def kept(settings: Settings) -> tuple[Sight, Headers]:
    """What the gallery showed last, and by what it was divided; the current session where that is not known."""
    found = searches.read("", settings.sight) if settings.sight else None
    sight = found.sight if found is not None else Sight(THIS_SESSION)
    scope = THIS_SESSION if sight.scope.kind is ScopeKind.SESSION else sight.scope
    known = {headers.value: headers for headers in Headers}
    return replace(sight, scope=scope, words=""), known.get(settings.headers, Headers.NONE)


def find(
    records: Records, sight: Sight, headers: Headers, session_id: SessionId | None, most: int | None = None
) -> Found:
    """The pictures of a sight, whose session is the current one; none where there is none yet."""
    if sight.scope != THIS_SESSION:
        return records.found(sight, headers, most)
    if session_id is None:
        return Found()
    return records.found(replace(sight, scope=Scope(ScopeKind.SESSION, session_id)), headers, most)


class Contents(QObject):
    """Reads which pictures there are off the window's thread, one sight at a time, and gives them to the model.

    A search begins in the whole library, and may then be narrowed to a scope; where it was not, its end goes
    back to the scope before it. Its first pictures are shown at once, the rest when no more is typed.

    Signals:
        changed: another scope, other words, another filter or other headers were asked for.
        filled: the pictures were read.
        failed: an ImagineError: they could not be.
    """

    changed = Signal()
    filled = Signal()
    failed = Signal(object)

    def __init__(self, records: Records, background: Background, model: GalleryModel, parent: QObject) -> None:
        super().__init__(parent)
        self._records = records
        self._background = background
        self._model = model
        self._session_id: SessionId | None = None
        self._sight = Sight(THIS_SESSION)
        self._before_search: Scope | None = None
        self._headers = Headers.NONE
        self._is_reading = self._is_due = False
        self._reads = 0  # how often the pictures were read; tells what is out of date
        self._is_whole = True
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self._read_rest)

    @property
    def sight(self) -> Sight:
        """What is asked for; the current session has no id in it."""
        return self._sight

    @property
    def shown(self) -> Sight:
        """The same, of the session that is the current one now."""
        if self._sight.scope != THIS_SESSION:
            return self._sight
        return replace(self._sight, scope=Scope(ScopeKind.SESSION, self._session_id))

    @property
    def headers(self) -> Headers:
        """What the gallery is divided by."""
        return self._headers

    @property
    def kept_scope(self) -> Scope:
        """Where the gallery looks once no words are searched for."""
        return self._before_search or self._sight.scope

    def recall(self, settings: Settings) -> None:
        """Look as an earlier run did; `start` reads what that shows."""
        self._sight, self._headers = kept(settings)
        self.changed.emit()

    def start(self, session_id: SessionId | None, *, is_filled: bool) -> None:
        """Begin with a session; where it `is_filled` the model has the pictures already."""
        self._session_id = session_id
        if is_filled:
            self.filled.emit()
        else:
            self.read()

    def set_session(self, session_id: SessionId) -> None:
        """Another session is the current one."""
        self._session_id = session_id
        if self._sight.scope == THIS_SESSION:
            self.read()

    def set_scope(self, scope: Scope) -> None:
        """Look somewhere else, for the same words."""
        self._before_search = None
        self._ask(replace(self._sight, scope=scope))

    def set_words(self, words: str) -> None:
        """Show only pictures that hold these words."""
        words = " ".join(words.split())
        if words == self._sight.words:
            return
        scope = self._sight.scope
        if words and not self._sight.words:
            self._before_search, scope = scope, EVERYTHING
        elif not words and self._before_search is not None:
            scope, self._before_search = self._before_search, None
        self._ask(replace(self._sight, scope=scope, words=words))

    def set_filter(self, chosen: Filter) -> None:
        """Leave other pictures out."""
        self._ask(replace(self._sight, filter=chosen))

    def set_sight(self, sight: Sight) -> None:
        """Show what a saved search shows."""
        self._before_search = self.kept_scope if sight.words else None
        self._ask(sight)

    def set_headers(self, headers: Headers) -> None:
        """Divide the gallery otherwise."""
        self._headers = headers
        self._ask(self._sight)

    def add(self, session_id: SessionId, picture_ids: Sequence[PictureId]) -> None:
        """New pictures came: they join at once where it is certain that they belong here."""
        sight = self._sight
        if sight.words or sight.filter != NO_FILTER:
            self.read()
        elif sight.scope == EVERYTHING or (sight.scope == THIS_SESSION and session_id == self._session_id):
            section = self._section_of(session_id, len(picture_ids))
            if section is None and self._headers is not Headers.NONE:
                self.read()
            else:
                self._model.prepend(picture_ids, section)

    def follow(self, act: Act, picture_ids: Sequence[PictureId]) -> None:
        """Something was done to pictures: show them as they are, and only those that still belong here."""
        self._model.refresh(picture_ids)
        if self._sends_away(act):
            self._model.remove(picture_ids)
            self.filled.emit()
            if not self._is_whole:
                self.read()  # what is being read may hold them still
        elif self._may_bring(act):
            self.read()

    def read(self) -> None:
        """Read anew which pictures there are; asked for while it is being read, once more after that."""
        self._is_due = True
        if not self._is_reading:
            self._read()

    def _ask(self, sight: Sight) -> None:
        self._sight = sight
        self.changed.emit()
        self.read()

    def _read(self) -> None:
        self._is_due = False
        self._reads += 1
        self._rest.stop()
        most = _FIRST if self._sight.words and self._headers is Headers.NONE else None
        self._is_reading = True
        self._background.run(self._finding(most), partial(self._on_read, most), self._on_failed)

    def _finding(self, most: int | None) -> Callable[[], Found]:
        sight, headers, session_id = self._sight, self._headers, self._session_id
        return lambda: find(self._records, sight, headers, session_id, most)

    def _on_read(self, most: int | None, found: Found) -> None:
        self._is_reading = False
        if self._is_due:
            self._read()
            return
        self._model.set_ids(cast(Iterable[PictureId], found.ids), sections=found.sections)
        self._is_whole = len(found.ids) != most
        if not self._is_whole:
            self._rest.start()
        self.filled.emit()

    def _read_rest(self) -> None:
        read = self._reads
        self._background.run(self._finding(None), partial(self._on_rest_read, read), self.failed.emit)

    def _on_rest_read(self, read: int, found: Found) -> None:
        if read == self._reads:  # else something else was asked for since
            self._is_whole = True
            self._model.complete(cast(Iterable[PictureId], found.ids))

    def _on_failed(self, error: Exception) -> None:
        self._is_reading = False
        self.failed.emit(error)
        if self._is_due:
            self._read()

    def _section_of(self, session_id: SessionId, count: int) -> Section | None:
        """The section that new pictures of a session begin or join; None where it is not known here."""
        if self._headers is Headers.DAY:
            return Section.of_day(time.time(), count)
        if self._headers is Headers.SESSION and self._model.section_counts:
            first = self._model.section(0)
            return first if first.key == str(session_id) else None
        return None

    def _sends_away(self, act: Act) -> bool:
        """Whether no picture of the act belongs here any more."""
        scope = self._sight.scope
        match act:
            case Trash():
                return scope.kind is not ScopeKind.TRASH
            case Restore():
                return scope.kind is ScopeKind.TRASH
            case Star(is_on=False):
                return scope.kind is ScopeKind.STARRED or self._sight.filter.is_starred
            case Uncollect(collection_id):
                return scope == Scope(ScopeKind.COLLECTION, collection_id)
        return False

    def _may_bring(self, act: Act) -> bool:
        """Whether pictures may belong here that did not, or stand elsewhere."""
        scope = self._sight.scope
        match act:
            case Star(is_on=True):
                return scope.kind is ScopeKind.STARRED or self._sight.filter.is_starred
            case Collect(collection_id):
                return scope == Scope(ScopeKind.COLLECTION, collection_id)
            case MoveToSession():
                return scope == THIS_SESSION or self._headers is Headers.SESSION
            case RenameSession():
                return self._headers is Headers.SESSION
            case SetNote():
                return bool(self._sight.words)
            case Trash() | Restore() | Several():
                return True
        return False
