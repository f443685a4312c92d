import threading
from collections.abc import Callable, Sequence

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from pytestqt.qtbot import QtBot

from imagine_desktop.domain.job import Job, JobState
from imagine_desktop.domain.record import Picture, PictureId, PictureState, SessionId, TurnId
from imagine_desktop.domain.request import Request
from imagine_desktop.domain.sight import Section
from imagine_desktop.ui.background import Background
from imagine_desktop.ui.gallery.model import PAGE, GalleryModel

MakePicture = Callable[..., Picture]


class Library:
    """A library to read from: counts the reads, and says in which thread they happened."""

    def __init__(self, make_picture: MakePicture) -> None:
        self.make_picture = make_picture
        self.prompt = "old"
        self.reads: list[list[PictureId]] = []
        self.threads: set[int] = set()

    def read(self, ids: Sequence[PictureId]) -> list[Picture]:
        self.reads.append(list(ids))
        self.threads.add(threading.get_ident())
        return [self.make_picture(one, prompt=self.prompt) for one in ids if one != 13]


@pytest.fixture
def library(make_picture: MakePicture) -> Library:
    return Library(make_picture)


@pytest.fixture
def model(library: Library, background: Background) -> GalleryModel:
    return GalleryModel(library.read, background, background)


def _ids(first: int, stop: int) -> list[PictureId]:
    return [PictureId(one) for one in range(first, stop)]


def _job(state: JobState, *ids: int) -> Job:
    made = tuple(PictureId(one) for one in ids)
    return Job(TurnId("T"), SessionId(1), Request("p", "m"), state, 0.0, picture_ids=made)


def test_a_page_is_read_once_when_first_looked_at_and_in_another_thread(
    qtbot: QtBot, model: GalleryModel, library: Library
) -> None:
    model.set_ids(_ids(0, 1000))
    assert library.reads == []
    with qtbot.waitSignal(model.dataChanged) as changed:
        assert [model.picture(row) for row in range(300, 310)] == [None] * 10
    assert library.reads == [_ids(PAGE, 2 * PAGE)]
    assert threading.get_ident() not in library.threads
    assert [index.row() for index in changed.args[:2]] == [PAGE, 2 * PAGE - 1]
    shown = model.picture(300)
    assert shown is not None
    assert shown.id == 300


def test_a_row_the_library_has_not_stays_a_placeholder_and_is_not_asked_for_again(
    qtbot: QtBot, model: GalleryModel, library: Library
) -> None:
    model.set_ids(_ids(0, 20))
    with qtbot.waitSignal(model.dataChanged):
        model.picture(13)
    assert model.picture(13) is None
    assert model.picture(12) is not None
    assert len(library.reads) == 1


def test_ids_in_front_are_one_insertion_each_and_keep_what_was_read(
    qtbot: QtBot, model: GalleryModel, library: Library
) -> None:
    model.set_ids(_ids(100, 110))
    with qtbot.waitSignal(model.dataChanged):
        model.picture(0)
    inserted: list[tuple[int, int]] = []
    model.rowsInserted.connect(lambda _parent, first, last: inserted.append((first, last)))
    model.prepend(_ids(0, 3))
    model.prepend(_ids(50, 52))
    assert inserted == [(0, 2), (0, 1)]
    assert model.ids_between(0, 14) == [*_ids(50, 52), *_ids(0, 3), *_ids(100, 110)]
    kept = model.picture(5)
    assert kept is not None
    assert kept.id == 100
    assert len(library.reads) == 1
    assert [model.row_of(PictureId(one)) for one in (50, 2, 100, 200)] == [0, 4, 5, None]


def test_what_was_put_in_front_is_read_without_reading_the_rest_again(
    qtbot: QtBot, model: GalleryModel, library: Library
) -> None:
    model.set_ids(_ids(100, 110))
    with qtbot.waitSignal(model.dataChanged):
        model.picture(0)
    model.prepend(_ids(0, 2))
    with qtbot.waitSignal(model.dataChanged):
        model.picture(0)
    assert library.reads[1:] == [_ids(0, 2)]
    first = model.picture(0)
    assert first is not None
    assert first.id == 0


def test_refresh_reads_only_rows_that_are_kept(qtbot: QtBot, model: GalleryModel, library: Library) -> None:
    model.set_ids(_ids(0, 1000))
    with qtbot.waitSignal(model.dataChanged):
        model.picture(0)
    library.prompt = "new"
    with qtbot.waitSignal(model.dataChanged) as changed:
        model.refresh([PictureId(5), PictureId(900)])
    assert library.reads[1:] == [[PictureId(5)]]
    assert [index.row() for index in changed.args[:2]] == [5, 5]
    fresh, old = model.picture(5), model.picture(6)
    assert fresh is not None
    assert old is not None
    assert (fresh.prompt, old.prompt) == ("new", "old")


def test_an_older_answer_never_replaces_a_newer_one(
    qtbot: QtBot, background: Background, make_picture: MakePicture
) -> None:
    first_may_go = threading.Event()
    prompts = iter(["old", "new"])

    def read(ids: Sequence[PictureId]) -> list[Picture]:
        prompt = next(prompts)
        if prompt == "old":
            assert first_may_go.wait(10)
        return [make_picture(one, prompt=prompt) for one in ids]

    model = GalleryModel(read, background, background)
    model.set_ids(_ids(0, 3))
    model.picture(0)
    with qtbot.waitSignal(model.dataChanged):
        model.refresh([PictureId(1)])
    with qtbot.waitSignal(model.dataChanged):
        first_may_go.set()
    shown = [model.picture(row) for row in range(3)]
    assert [one.prompt for one in shown if one] == ["old", "new", "old"]


def test_an_answer_for_other_ids_is_dropped(qtbot: QtBot, model: GalleryModel, library: Library) -> None:
    model.set_ids(_ids(0, 5))
    model.picture(0)
    model.set_ids(_ids(50, 55))
    with qtbot.waitSignal(model.dataChanged):
        model.picture(0)
    shown = model.picture(0)
    assert shown is not None
    assert shown.id == 50


def test_rows_kept_are_bounded_however_far_one_scrolls(
    qtbot: QtBot, model: GalleryModel, library: Library
) -> None:
    model.set_ids(_ids(0, 100 * PAGE))
    for page in range(100):
        with qtbot.waitSignal(model.dataChanged):
            model.picture(page * PAGE)
    assert model.picture(99 * PAGE) is not None
    with qtbot.waitSignal(model.dataChanged):
        model.refresh(_ids(0, 100 * PAGE))
    assert len(library.reads) == 101
    assert len(library.reads[-1]) <= 64 * PAGE


def test_a_job_marks_the_tiles_of_its_pictures_until_it_is_done(qtbot: QtBot, model: GalleryModel) -> None:
    model.set_ids(_ids(0, 5))
    with qtbot.waitSignal(model.dataChanged):
        model.picture(0)
    with qtbot.waitSignal(model.dataChanged) as changed:
        model.set_job(_job(JobState.SENDING, 3))
    assert changed.args[0].row() == 3
    job = model.job_of(PictureId(3))
    assert job is not None
    assert job.state is JobState.SENDING
    assert model.job_of(PictureId(2)) is None
    model.set_job(_job(JobState.DONE, 3))
    assert model.job_of(PictureId(3)) is None


def test_a_screen_reader_hears_place_state_shape_and_edits(
    qtbot: QtBot, background: Background, make_picture: MakePicture
) -> None:
    shown = [
        make_picture(0, aspect_ratio="16:9", child_count=2, prompt="A quiet bay"),
        make_picture(1, state=PictureState.WITHHELD, prompt=""),
        make_picture(2, is_starred=True, trashed=1.0, prompt=""),
    ]
    model = GalleryModel(lambda ids: shown, background, background)
    model.set_ids(_ids(0, 3))
    role = Qt.ItemDataRole.AccessibleTextRole
    with qtbot.waitSignal(model.dataChanged):
        assert model.index(0).data(role) == "Picture 1 of 3"
    assert model.index(0).data(role) == "Picture 1 of 3, saved, 16:9, edited 2 times, A quiet bay"
    assert model.index(1).data(role) == "Picture 2 of 3, withheld, 1:1"
    assert model.index(2).data(role) == "Picture 3 of 3, saved, 1:1, starred, in the trash"
    assert model.index(0).data() is None


def test_selected_rows_stay_selected_when_pictures_come(model: GalleryModel) -> None:
    model.set_ids(_ids(10, 20))
    selection = QItemSelectionModel(model)
    selection.select(model.index(3), QItemSelectionModel.SelectionFlag.Select)
    model.prepend(_ids(0, 2))
    assert [model.id_at(index.row()) for index in selection.selectedIndexes()] == [13]


def test_the_rest_joins_the_beginning_without_reading_it_again(
    qtbot: QtBot, model: GalleryModel, library: Library
) -> None:
    model.set_ids(_ids(20, 24))
    model.picture(0)
    qtbot.waitUntil(lambda: model.picture(3) is not None)
    inserted: list[tuple[int, int]] = []
    model.rowsInserted.connect(lambda _parent, first, last: inserted.append((first, last)))
    model.complete(_ids(20, 30))
    assert inserted == [(4, 9)]
    assert model.ids_between(0, 9) == _ids(20, 30)
    qtbot.waitUntil(lambda: model.picture(9) is not None)
    assert library.reads == [_ids(20, 24), _ids(24, 30)]
    model.complete(_ids(20, 30))
    assert inserted == [(4, 9)]


def test_a_rest_that_does_not_fit_the_beginning_takes_its_place(qtbot: QtBot, model: GalleryModel) -> None:
    model.set_ids(_ids(20, 24))
    with qtbot.waitSignal(model.modelReset, timeout=0, raising=True):
        model.complete(_ids(19, 30))
    assert model.ids_between(0, 10) == _ids(19, 30)


def _day(number: int, count: int) -> Section:
    return Section(f"Day {number}", f"2026-11-{number:02}", count)


def test_what_comes_joins_the_first_section_or_begins_one_of_its_own(model: GalleryModel) -> None:
    model.set_ids(_ids(10, 20), sections=[_day(3, 4), _day(2, 6)])
    assert list(model.section_counts) == [4, 6]
    model.prepend(_ids(0, 2), _day(3, 2))
    model.prepend(_ids(2, 3))
    assert list(model.section_counts) == [7, 6]
    model.prepend(_ids(3, 5), _day(4, 2))
    assert [model.section(number).title for number in range(3)] == ["Day 4", "Day 3", "Day 2"]
    assert list(model.section_counts) == [2, 7, 6]
    model.set_ids([])
    model.prepend(_ids(0, 2), _day(5, 2))
    assert list(model.section_counts) == [2]
    model.set_ids(_ids(0, 3))
    model.prepend(_ids(3, 4), _day(5, 1))
    assert list(model.section_counts) == []


def test_a_screen_reader_hears_the_section(model: GalleryModel) -> None:
    model.set_ids(_ids(10, 20), sections=[_day(3, 4), _day(2, 6)])
    role = Qt.ItemDataRole.AccessibleTextRole
    assert [model.index(row).data(role) for row in (3, 4)] == [
        "Picture 4 of 10, Day 3",
        "Picture 5 of 10, Day 2",
    ]


def test_what_is_removed_is_gone_and_what_was_read_of_the_rest_is_kept(
    qtbot: QtBot, model: GalleryModel, library: Library
) -> None:
    model.set_ids(_ids(100, 100 + 2 * PAGE), sections=[_day(3, 4), _day(2, 1), _day(1, 2 * PAGE - 5)])
    model.prepend(_ids(0, 3))
    for row in (0, 3, 3 + PAGE):
        with qtbot.waitSignal(model.dataChanged):
            model.picture(row)
    going: list[list[int]] = []
    model.rows_about_to_go.connect(going.append)
    gone = {1, 104, 100 + PAGE, 99 + 2 * PAGE}
    model.remove([PictureId(one) for one in (*gone, 5000)])
    assert going == [[1, 7, 3 + PAGE, 2 + 2 * PAGE]]
    left = [one for one in (*range(3), *range(100, 100 + 2 * PAGE)) if one not in gone]
    assert model.ids_between(0, model.rowCount()) == left
    assert list(model.section_counts) == [6, 2 * PAGE - 7]
    assert [model.row_of(PictureId(one)) for one in left] == list(range(len(left)))
    reads = len(library.reads)
    shown = [model.picture(row) for row in range(len(left))]
    assert [one and one.id for one in shown] == [one if one != 13 else None for one in left]
    assert len(library.reads) == reads
    model.remove(_ids(0, 10_000))
    assert (model.rowCount(), list(model.section_counts)) == (0, [])


def test_an_answer_that_comes_after_a_removal_goes_to_its_own_pictures(
    qtbot: QtBot, background: Background, make_picture: MakePicture
) -> None:
    may_go = threading.Event()

    def read(ids: Sequence[PictureId]) -> list[Picture]:
        assert may_go.wait(10)
        return [make_picture(one) for one in ids]

    model = GalleryModel(read, background, background)
    model.set_ids(_ids(0, 6))
    model.picture(0)
    model.remove([PictureId(2)])
    with qtbot.waitSignal(model.dataChanged):
        may_go.set()
    assert [one and one.id for one in map(model.picture, range(5))] == [0, 1, 3, 4, 5]


def test_a_picture_is_found_wherever_it_stands(model: GalleryModel) -> None:
    ids = [PictureId(one) for one in (1, 256, 65_536, 0, 1 << 40, 511, 255)]
    model.set_ids(ids)
    assert [model.row_of(one) for one in ids] == list(range(len(ids)))
    assert model.row_of(PictureId(257)) is None
