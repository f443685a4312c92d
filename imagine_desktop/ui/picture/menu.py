"""The menu of pictures: the same in the gallery, the history and the picture view."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, QPoint, Signal, SignalInstance
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from imagine_desktop.domain import money
from imagine_desktop.domain.act import Act, Collect, MoveToSession, Restore, Star, Trash, Uncollect
from imagine_desktop.domain.record import Collection, Picture, PictureId, PictureState, Session, Turn
from imagine_desktop.domain.request import Request
from imagine_desktop.domain.sight import Scope, ScopeKind
from imagine_desktop.engine import sources
from imagine_desktop.library.library import Library
from imagine_desktop.ui.background import Background
from imagine_desktop.ui.history.captions import session_name
from imagine_desktop.ui.shell import actions

_MOST_SESSIONS = 12  # the others are in the history
_MOST_JUDGED = 500  # of a larger selection these say what can be done with it


@dataclass(frozen=True, slots=True)
class _Facts:
    """What a menu depends on: the pictures, the first one foremost, and where they may go."""

    ids: tuple[PictureId, ...]
    pictures: Sequence[Picture]
    turn: Turn
    request: Request
    collections: Sequence[Collection]
    collected: frozenset[int]  # the collections that hold the first picture
    sessions: Sequence[Session]

    @property
    def first(self) -> Picture:
        return self.pictures[0]

    @property
    def is_one(self) -> bool:
        return len(self.ids) == 1

    @property
    def are_trashed(self) -> bool:
        return self.first.trashed is not None


class PictureActs(QObject):
    """Offers what can be done with pictures; for several the words say with how many.

    Signals:
        open, compare, compare_with, show_in_folder: a PictureId.
        show_in_history: a Picture.
        compare_two: two of them, the earlier one first.
        edit, add_source, save, copy: a list of PictureId.
        use_prompt: the picture's prompt.
        copy_prompt: a PictureId.
        use_settings: the Request that the picture came from.
        run_again: the Turn, and the Request to send for it.
        act_wanted: an Act.
        collection_wanted: a list of PictureId for a new collection.
        session_wanted: a list of TurnId for a new session.
    """

    open = Signal(object)
    edit = Signal(object)
    add_source = Signal(object)
    compare = Signal(object)
    compare_with = Signal(object)
    compare_two = Signal(object, object)
    use_prompt = Signal(str)
    use_settings = Signal(object)
    run_again = Signal(object, object)
    copy = Signal(object)
    copy_prompt = Signal(object)
    save = Signal(object)
    show_in_folder = Signal(object)
    show_in_history = Signal(object)
    act_wanted = Signal(object)
    collection_wanted = Signal(object)
    session_wanted = Signal(object)

    def __init__(self, library: Library, background: Background, window: QWidget) -> None:
        super().__init__(window)
        self._library = library
        self._background = background
        self._window = window
        self.more_count = 1  # how many pictures "More like this" makes
        self.price_of: Callable[[Request], int | None] = lambda _request: None
        self.scope = Scope(ScopeKind.SESSION)  # what the gallery shows
        self.list_sessions: Callable[[], Sequence[Session]] = tuple  # all of them, the newest first

    def open_menu(self, where: QPoint, picture_ids: Sequence[PictureId]) -> None:
        """Open the menu of these pictures; what only one can do is done with the first."""
        ids, sessions = tuple(picture_ids), self.list_sessions()
        if ids:
            self._background.run(
                lambda: self._read(ids, sessions),
                lambda facts: None if facts is None else self._popup(where, facts),
            )

    def _read(self, ids: tuple[PictureId, ...], sessions: Sequence[Session]) -> _Facts | None:
        records = self._library.records
        pictures = records.pictures(ids[:_MOST_JUDGED])
        turn = records.turn(pictures[0].turn_id) if pictures else None
        if turn is None:
            return None
        others = (one for one in sessions if not (len(ids) == 1 and one.id == turn.session_id))
        return _Facts(
            ids,
            pictures,
            turn,
            sources.request_of(turn, self._library),
            records.collections(),
            frozenset(one.id for one in records.collections_of(ids[0])),
            [session for _, session in zip(range(_MOST_SESSIONS), others, strict=False)],
        )

    def _popup(self, where: QPoint, facts: _Facts) -> None:
        menu = QMenu(self._window)
        menu.aboutToHide.connect(menu.deleteLater)
        for add in (self._add_looking, self._add_asking, self._add_copying, self._add_saving, self._add_order):
            add(menu, facts)
            menu.addSeparator()
        self._add_leaving(menu, facts)
        menu.popup(where)

    def _add_looking(self, menu: QMenu, facts: _Facts) -> None:
        first, ids = facts.first, list(facts.ids)
        are_two = len(ids) == 2 and all(one.is_whole for one in facts.pictures)
        _add(menu, "Open", self.open, first.id, key="open", enabled=facts.is_one)
        edit, add = (
            _label("Edit this", "Edit {} pictures", ids),
            _label("Add as source", "Add {} as sources", ids),
        )
        _add(menu, edit, self.edit, ids, key="edit_this", enabled=facts.first.is_whole)
        _add(menu, add, self.add_source, ids, enabled=facts.first.is_whole)
        has_parent = facts.is_one and facts.first.is_whole and facts.turn.parent_id is not None
        _add(menu, "Compare with parent", self.compare, first.id, key="compare", enabled=has_parent)
        if are_two:
            _add(menu, "Compare these two", self.compare_two, *sorted(ids))
        else:
            is_possible = facts.is_one and first.is_whole
            _add(menu, "Compare with…", self.compare_with, first.id, enabled=is_possible)

    def _add_asking(self, menu: QMenu, facts: _Facts) -> None:
        may_ask = facts.is_one and not facts.turn.is_import
        has_prompt = facts.is_one and bool(facts.first.prompt)
        _add(menu, "Use prompt", self.use_prompt, facts.first.prompt, enabled=has_prompt)
        _add(menu, "Use all settings", self.use_settings, facts.request, enabled=may_ask)
        more = replace(facts.request, count=self.more_count)
        for text, request in (("Run again", facts.request), (f"More like this ({more.count})", more)):
            price = self.price_of(request)
            label = text if price is None or not may_ask else f"{text} · ≈{money.usd(price)}"
            _add(menu, label, self.run_again, facts.turn, request, enabled=may_ask)

    def _add_copying(self, menu: QMenu, facts: _Facts) -> None:
        ids = list(facts.ids)
        is_saved = facts.first.state is PictureState.SAVED
        copy = _label("Copy picture", "Copy {} pictures", ids)
        _add(menu, copy, self.copy, ids, key="copy", enabled=is_saved)
        has_prompt = facts.is_one and bool(facts.first.prompt)
        _add(menu, "Copy prompt", self.copy_prompt, facts.first.id, key="copy_prompt", enabled=has_prompt)

    def _add_saving(self, menu: QMenu, facts: _Facts) -> None:
        ids = list(facts.ids)
        is_saved = facts.first.state is PictureState.SAVED
        save = _label("Save as…", "Save {} pictures…", ids)
        _add(menu, save, self.save, ids, key="save_as" if facts.is_one else "", enabled=is_saved)
        folder = is_saved and facts.is_one
        _add(menu, "Show in folder", self.show_in_folder, facts.first.id, enabled=folder)

    def _add_order(self, menu: QMenu, facts: _Facts) -> None:
        ids = list(facts.ids)
        is_starred = all(picture.is_starred for picture in facts.pictures)
        star = _label("Star", "Star {} pictures", ids)
        if is_starred:
            star = _label("Take the star away", "Take {} stars away", ids)
        self._add_act(menu, star, Star(facts.ids, not is_starred), key="star", enabled=not facts.are_trashed)
        self._add_collections(menu, facts)
        self._add_sessions(menu, facts)

    def _add_collections(self, menu: QMenu, facts: _Facts) -> None:
        ids = list(facts.ids)
        into = menu.addMenu(_label("Add to collection", "Add {} to collection", ids))
        into.setEnabled(not facts.are_trashed)
        for collection in facts.collections:
            has_it = facts.is_one and collection.id in facts.collected
            act = (Uncollect if has_it else Collect)(collection.id, facts.ids)
            action = self._add_act(into, _escaped(collection.name), act)
            action.setCheckable(facts.is_one)
            action.setChecked(has_it)
        into.addSeparator()
        _add(into, "New collection…", self.collection_wanted, ids)
        shown = next((one for one in facts.collections if self.scope == _scope_of(one)), None)
        if shown is not None:
            text = _label("Remove from", "Remove {} from", ids)
            self._add_act(menu, f"{text} “{_escaped(shown.name)}”", Uncollect(shown.id, facts.ids))

    def _add_sessions(self, menu: QMenu, facts: _Facts) -> None:
        turn_ids = tuple(dict.fromkeys(picture.turn_id for picture in facts.pictures))
        into = menu.addMenu(_label("Move to session", "Move {} to session", list(facts.ids)))
        into.setEnabled(not facts.are_trashed and len(facts.ids) <= _MOST_JUDGED)
        for session in facts.sessions:
            self._add_act(into, _escaped(session_name(session)), MoveToSession(turn_ids, session.id))
        into.addSeparator()
        _add(into, "New session", self.session_wanted, list(turn_ids))

    def _add_leaving(self, menu: QMenu, facts: _Facts) -> None:
        ids = list(facts.ids)
        _add(menu, "Show in history", self.show_in_history, facts.first, enabled=facts.is_one)
        if facts.are_trashed:
            self._add_act(menu, _label("Restore", "Restore {} pictures", ids), Restore(facts.ids))
        else:
            text = _label("Move to trash", "Move {} to trash", ids)
            is_pending = facts.first.state is PictureState.PENDING
            self._add_act(menu, text, Trash(facts.ids), key="trash", enabled=not is_pending)

    def _add_act(self, menu: QMenu, text: str, act: Act, *, key: str = "", enabled: bool = True) -> QAction:
        return _add(menu, text, self.act_wanted, act, key=key, enabled=enabled)


def _add(
    menu: QMenu, text: str, signal: SignalInstance, *values: object, key: str = "", enabled: bool = True
) -> QAction:
    """One line; `key` is the id of the action in the table whose key it shows."""
    action = menu.addAction(f"{text}\t{actions.first_key(key)}" if key else text)
    action.setEnabled(enabled)
    action.triggered.connect(lambda: signal.emit(*values))
    return action


def _label(one: str, several: str, ids: Sequence[object]) -> str:
    return one if len(ids) == 1 else several.format(f"{len(ids):,}")


def _scope_of(collection: Collection) -> Scope:
    return Scope(ScopeKind.COLLECTION, collection.id)


def _escaped(name: str) -> str:
    """A name as a menu shows it letter by letter."""
    return name.replace("&", "&&").replace("\t", " ")
