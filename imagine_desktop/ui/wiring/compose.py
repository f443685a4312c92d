"""From the prompt panel to the engine."""

from functools import partial

from PySide6.QtCore import QObject

from imagine_desktop.domain.record import PictureId, SessionId, Turn, TurnState
from imagine_desktop.domain.request import FileSource, Request
from imagine_desktop.domain.story import Story
from imagine_desktop.errors import BadInput
from imagine_desktop.ui.parts import Parts


class ComposeWiring(QObject):
    """Takes pictures into the draft, and sends it."""

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        self._parts = parts
        panel, intake = parts.window.panel, parts.intake
        panel.send_requested.connect(self._send)
        panel.files_requested.connect(intake.ask_for_files)
        panel.address_entered.connect(lambda url: intake.take_addresses([url]))
        panel.paste_requested.connect(parts.receiving.paste)
        panel.pictures_given.connect(parts.receiving.take_as_source)
        intake.refused.connect(parts.window.notices.show_error)
        intake.taken.connect(panel.setFocus)
        intake.story_found.connect(self._offer_story)
        parts.window.gallery.welcome.example_chosen.connect(self._use_prompt)
        parts.acts.edit.connect(self._edit)
        parts.acts.add_source.connect(intake.add_pictures)
        parts.acts.run_again.connect(self._run_again)
        parts.acts.price_of = lambda request: request.estimate_ticks(parts.draft.catalog)
        parts.draft.changed.connect(self._count_more)
        self._count_more()
        parts.acts.use_prompt.connect(self._use_prompt)

    def _send(self) -> None:
        refusal = self._parts.refusal("Generate")
        if refusal is not None:
            self._parts.window.notices.show_error(refusal)
            return
        self._parts.shelf.with_session(lambda session_id: self._submit(self._parts.draft.request(), session_id))

    def _submit(self, request: Request, session_id: SessionId) -> None:
        parts = self._parts
        try:
            parts.engine.submit(request, session_id, delivery=parts.configuration.profile.delivery)
        except BadInput as error:
            parts.window.notices.show_error(error)

    def _edit(self, picture_ids: list[PictureId]) -> None:
        self._parts.intake.take_picture(picture_ids[0])
        self._parts.intake.add_pictures(picture_ids[1:])

    def _run_again(self, turn: Turn, request: Request) -> None:
        """Send a turn's request once more; what may have been charged is asked about first."""
        parts = self._parts
        refusal = parts.refusal("Run again")
        if refusal is not None:
            parts.window.notices.show_error(refusal)
        elif turn.state is TurnState.UNKNOWN:
            parts.repeat.run_again(turn.id)
        else:
            self._submit(request, turn.session_id)

    def _count_more(self) -> None:
        self._parts.acts.more_count = self._parts.draft.count

    def _use_prompt(self, prompt: str) -> None:
        self._parts.draft.prompt = prompt
        self._parts.window.panel.setFocus()

    def _offer_story(self, source: FileSource, story: Story) -> None:
        text = f"{source.name} tells the prompt that it was made with."
        load = partial(self._parts.intake.load_story, source, story)
        self._parts.window.notices.show(text, action_text="Load prompt", action=load)
