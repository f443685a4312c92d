"""Acts on the library, done one after the other off the window's thread, and undone again."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from PySide6.QtCore import QObject, Signal

from imagine_desktop.domain.act import Act, Done, Restore, SetNote, Star
from imagine_desktop.errors import BadInput, ImagineError, LibraryError
from imagine_desktop.library.library import Library
from imagine_desktop.ui.background import Background
from imagine_desktop.ui.shell.notices import Notice, NoticeKind, Notices

_MOST_STEPS = 100
_SEEN = (Star, SetNote)  # what can be seen where it was done needs no words


@dataclass(eq=False, slots=True)
class Step:
    """An act that was done, and how it is undone."""

    done: Done
    notice: Notice | None = field(default=None)


class Curator(QObject):
    """Does acts in the order in which they were asked for; the last ones can be undone, step by step.

    Signals:
        done: an Act and what came of it, a Done.
    """

    done = Signal(object, object)

    def __init__(self, library: Library, background: Background, notices: Notices, parent: QObject) -> None:
        super().__init__(parent)
        self._library = library
        self._background = background
        self._notices = notices
        self._steps: deque[Step] = deque(maxlen=_MOST_STEPS)
        self._waiting: deque[Callable[[], None]] = deque()
        self._is_busy = False

    def do(self, act: Act, then: Callable[[Done], None] | None = None) -> None:
        """Do an act, and then call `then`; where it is refused a notice says why."""
        self.make(lambda: act, then)

    def make(self, make: Callable[[], Act], then: Callable[[Done], None] | None = None) -> None:
        """Do an act that is made when its turn comes, off the window's thread."""
        self._enqueue(lambda: self._run(make, partial(self._on_done, then), self._on_failed))

    def undo(self) -> None:
        """Undo the last act that was not undone yet."""
        self._enqueue(self._undo_last)

    def forget_trash(self) -> None:
        """What was in the trash is gone: nothing can bring it back."""
        for step in [step for step in self._steps if isinstance(step.done.inverse, Restore)]:
            self._drop(step)

    def _enqueue(self, work: Callable[[], None]) -> None:
        self._waiting.append(work)
        self._next()

    def _next(self) -> None:
        if self._waiting and not self._is_busy:
            self._is_busy = True
            self._waiting.popleft()()

    def _run(
        self,
        make: Callable[[], Act],
        finished: Callable[[tuple[Act, Done]], None],
        failed: Callable[[Exception], None],
    ) -> None:
        def work() -> tuple[Act, Done]:
            act = make()
            return act, self._library.curation.do(act)

        self._background.run(work, finished, failed)

    def _on_done(self, then: Callable[[Done], None] | None, came: tuple[Act, Done]) -> None:
        act, done = came
        if not (done.picture_ids or done.session_ids or done.collection_id):
            self._go_on()  # nothing was changed, as when a star is given twice
            return
        step = Step(done)
        if not isinstance(act, _SEEN):
            self._close_notices()
            undo = partial(self._enqueue, partial(self._undo, step))
            step.notice = self._notices.show(
                done.text, NoticeKind.SUCCESS, action_text="Undo", action=undo, timeout_s=8.0
            )
        self._steps.append(step)
        self.done.emit(act, done)
        if then is not None:
            then(done)
        self._go_on()

    def _undo_last(self) -> None:
        if self._steps:
            self._undo(self._steps[-1])
        else:
            self._notices.show("There is nothing to undo.")
            self._go_on()

    def _undo(self, step: Step) -> None:
        if step in self._steps:
            undone, failed = partial(self._on_undone, step), partial(self._on_undo_failed, step)
            self._run(lambda: step.done.inverse, undone, failed)
        else:
            self._go_on()

    def _on_undone(self, step: Step, came: tuple[Act, Done]) -> None:
        self._drop(step)
        self._notices.show(f"Undone: {step.done.text}")
        self.done.emit(*came)
        self._go_on()

    def _on_undo_failed(self, step: Step, error: Exception) -> None:
        if isinstance(error, BadInput):
            self._drop(step)  # it never will be possible, and the steps before it may be
        self._on_failed(error)

    def _close_notices(self) -> None:
        """Many acts in a row leave one notice; Ctrl+Z goes back further."""
        for step in self._steps:
            if step.notice is not None:
                step.notice.close()

    def _drop(self, step: Step) -> None:
        if step in self._steps:
            self._steps.remove(step)
        if step.notice is not None:
            step.notice.close()

    def _on_failed(self, error: Exception) -> None:
        self._go_on()
        if not isinstance(error, ImagineError):
            raise error
        if self._library.read_only:
            error = LibraryError(error.message, self._library.read_only)
        self._notices.show_error(error)

    def _go_on(self) -> None:
        self._is_busy = False
        self._next()
