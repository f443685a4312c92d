"""From the prompt panel to the engine."""

from functools import partial

from PySide6.QtCore import QObject

from imagine_desktop.domain.record import SessionId
from imagine_desktop.domain.request import FileSource
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
        parts.acts.edit.connect(intake.take_picture)
        parts.acts.add_source.connect(lambda picture_id: intake.add_pictures([picture_id]))
        parts.acts.use_prompt.connect(self._use_prompt)

    def _send(self) -> None:
        refusal = self._parts.refusal("Generate")
        if refusal is not None:
            self._parts.window.notices.show_error(refusal)
            return
        self._parts.shelf.with_session(self._submit)

    def _submit(self, session_id: SessionId) -> None:
        parts = self._parts
        try:
            delivery = parts.configuration.profile.delivery
            parts.engine.submit(parts.draft.request(), session_id, delivery=delivery)
        except BadInput as error:
            parts.window.notices.show_error(error)

    def _use_prompt(self, prompt: str) -> None:
        self._parts.draft.prompt = prompt
        self._parts.window.panel.setFocus()

    def _offer_story(self, source: FileSource, story: Story) -> None:
        text = f"{source.name} tells the prompt that it was made with."
        load = partial(self._parts.intake.load_story, source, story)
        self._parts.window.notices.show(text, action_text="Load prompt", action=load)
