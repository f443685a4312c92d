"""What a person does to the library: the gallery, the history and the views follow at once."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from imagine_desktop.domain.act import (
    Act,
    Done,
    MakeCollection,
    MoveToSession,
    RemoveCollection,
    RenameCollection,
    RenameSession,
    SetNote,
    Star,
    Trash,
)
from imagine_desktop.domain.record import Collection, CollectionId, PictureId, SessionId, TurnId
from imagine_desktop.domain.sight import NO_FILTER, SavedSearch, Scope, ScopeKind
from imagine_desktop.errors import ImagineError
from imagine_desktop.ui.curating.naming import NameDialog
from imagine_desktop.ui.gallery.contents import EVERYTHING
from imagine_desktop.ui.parts import Parts

_MOST_JUDGED = 500  # of a larger selection these decide whether a star is given or taken


class CuratingWiring(QObject):
    """Lets keys, menus and buttons act on the library."""

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        self._parts = parts
        self._collections: tuple[Collection, ...] = ()
        curator, window = parts.curator, parts.window
        curator.done.connect(self._on_done)
        parts.emptying.emptied.connect(self._on_emptied)
        window.actions_by_id["undo"].triggered.connect(curator.undo)
        self._connect_pictures()
        self._connect_bar()
        self._connect_search()
        self._read_offers()

    def _connect_pictures(self) -> None:
        window = self._parts.window
        grid, viewer, history = window.gallery.grid, window.viewer, window.history
        acts, curator = self._parts.acts, self._parts.curator
        for view in (grid, history):
            view.star_requested.connect(self._toggle_star)
            view.trash_requested.connect(lambda ids: curator.do(Trash(tuple(ids))))
        viewer.star_requested.connect(lambda picture_id: self._toggle_star([picture_id]))
        viewer.trash_requested.connect(lambda picture_id: curator.do(Trash((picture_id,))))
        viewer.note_changed.connect(lambda picture_id, text: curator.do(SetNote(picture_id, text)))
        acts.act_wanted.connect(curator.do)
        acts.collection_wanted.connect(self._ask_for_collection)
        acts.session_wanted.connect(self._move_to_new_session)
        history.rename_requested.connect(self._rename_session)

    def _connect_bar(self) -> None:
        bar = self._parts.window.gallery.bar
        bar.collection_named.connect(self._begin_collection)
        bar.renaming_wanted.connect(self._ask_to_rename)
        bar.removal_wanted.connect(
            lambda collection_id: self._parts.curator.do(RemoveCollection(collection_id))
        )
        bar.emptying_wanted.connect(self._parts.emptying.ask)

    def _connect_search(self) -> None:
        searching, contents = self._parts.searching, self._parts.contents
        searching.typed.connect(contents.set_words)
        searching.left.connect(self._parts.window.gallery.setFocus)
        searching.saving_wanted.connect(self._keep_search)
        searching.chosen.connect(self._show_search)
        searching.removal_wanted.connect(self._drop_search)
        contents.changed.connect(self._allow_saving)

    # what was done

    def _on_done(self, act: Act, done: Done) -> None:
        parts = self._parts
        shown = parts.window.viewer.picture_id
        row = None if shown is None else parts.model.row_of(shown)
        parts.shelf.follow(act, done)
        if isinstance(act, RemoveCollection) and parts.contents.sight.scope == _scope(act.id):
            parts.contents.set_scope(EVERYTHING)
        if shown is not None and shown in done.picture_ids:
            if isinstance(act, Trash) and parts.window.view == "picture":
                self._go_on(row)
            else:
                parts.display.renew(shown)
        if not isinstance(act, Star | SetNote):
            self._read_offers()

    def _go_on(self, row: int | None) -> None:
        """The picture that is looked at is in the trash: show the one that has its place."""
        model = self._parts.model
        if row is None or not model.rowCount():
            self._parts.window.show_view("gallery")
        else:
            self._parts.display.open(model.id_at(min(row, model.rowCount() - 1)))

    def _on_emptied(self) -> None:
        self._parts.curator.forget_trash()
        self._parts.shelf.read_anew()
        self._read_offers()

    def _read_offers(self) -> None:
        """Read what the bar and the search field offer."""
        parts, records = self._parts, self._parts.library.records

        def read() -> tuple[list[Collection], int, list[SavedSearch]]:
            return records.collections(), records.trash_size()[0], records.saved_searches()

        def show(found: tuple[list[Collection], int, list[SavedSearch]]) -> None:
            self._collections = tuple(found[0])
            parts.window.gallery.bar.offer(found[0], found[1])
            parts.searching.offer(found[2])

        parts.background.run(read, show)

    # what is wanted

    def _toggle_star(self, picture_ids: list[PictureId]) -> None:
        ids, records = tuple(picture_ids), self._parts.library.records

        def make() -> Act:
            return Star(ids, not all(picture.is_starred for picture in records.pictures(ids[:_MOST_JUDGED])))

        self._parts.curator.make(make)

    def _move_to_new_session(self, turn_ids: list[TurnId]) -> None:
        ids, ledger = tuple(turn_ids), self._parts.library.ledger
        self._parts.curator.make(lambda: MoveToSession(ids, ledger.add_session()))

    def _rename_session(self, session_id: SessionId, name: str) -> None:
        self._parts.curator.do(RenameSession(session_id, name))

    def _ask_for_collection(self, picture_ids: list[PictureId]) -> None:
        def make(name: str) -> None:
            self._parts.curator.do(MakeCollection(name, tuple(picture_ids)))

        NameDialog("New collection", "", "Create", make, self._parts.window).open()

    def _begin_collection(self, name: str) -> None:
        def show(done: Done) -> None:
            if done.collection_id is not None:
                self._parts.contents.set_scope(_scope(done.collection_id))

        self._parts.curator.do(MakeCollection(name), show)

    def _ask_to_rename(self, collection_id: CollectionId) -> None:
        name = next((one.name for one in self._collections if one.id == collection_id), "")

        def rename(new: str) -> None:
            self._parts.curator.do(RenameCollection(collection_id, new))

        NameDialog("Rename collection", name, "Rename", rename, self._parts.window).open()

    # searches

    def _allow_saving(self) -> None:
        sight = self._parts.contents.sight
        self._parts.searching.allow_saving(bool(sight.words) or sight.filter != NO_FILTER)

    def _keep_search(self, name: str) -> None:
        sight = self._parts.contents.sight
        self._change_searches(lambda: self._parts.library.curation.keep_search(name, sight))

    def _drop_search(self, name: str) -> None:
        self._change_searches(lambda: self._parts.library.curation.drop_search(name))

    def _change_searches(self, change: Callable[[], None]) -> None:
        def refused(error: Exception) -> None:
            if not isinstance(error, ImagineError):
                raise error
            self._parts.window.notices.show_error(error)

        self._parts.background.run(change, lambda _: self._read_offers(), refused)

    def _show_search(self, search: SavedSearch) -> None:
        self._parts.searching.show_words(search.sight.words)
        self._parts.contents.set_sight(search.sight)
        self._parts.window.show_view("gallery")


def _scope(collection_id: int) -> Scope:
    return Scope(ScopeKind.COLLECTION, collection_id)
