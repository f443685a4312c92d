"""The draft keeps itself complete whatever is chosen."""

from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from imagine_desktop.domain import money
from imagine_desktop.domain.record import PictureId
from imagine_desktop.domain.request import FileSource, PictureSource, Request
from imagine_desktop.domain.story import Story
from imagine_desktop.ui.compose.draft import Draft

V1, V2 = "grok-imagine-image", "grok-imagine-image-2.0"
A, B, C = FileSource(Path("a.png")), FileSource(Path("b.png")), PictureSource(PictureId(7))


def test_a_new_draft_asks_for_one_picture_of_the_default_model(draft: Draft) -> None:
    assert draft.request() == Request("", V1, "auto", "1k", None, 1, ())


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("prompt", "a fox"),
        ("model", V2),
        ("aspect_ratio", "16:9"),
        ("resolution", "2k"),
        ("count", 4),
    ],
)
def test_a_change_is_told_once_and_no_change_is_not_told(
    draft: Draft, qtbot: QtBot, field: str, value: object
) -> None:
    with qtbot.waitSignal(draft.changed):
        setattr(draft, field, value)
    assert getattr(draft.request(), field) == value
    with qtbot.assertNotEmitted(draft.changed):
        setattr(draft, field, value)


def test_a_resolution_that_the_new_model_lacks_becomes_its_nearest(draft: Draft) -> None:
    draft.model = V2
    draft.resolution = "1.5k"
    draft.model = V1
    assert draft.resolution == "1k"


def test_a_resolution_that_the_new_model_has_is_kept(draft: Draft) -> None:
    draft.resolution = "2k"
    draft.model = V2
    assert draft.resolution == "2k"


def test_quality_follows_the_model_and_is_always_said_where_there_is_one(draft: Draft) -> None:
    draft.model = V2
    assert draft.request().quality == "medium"
    draft.quality = "low"
    draft.quality = None
    assert draft.request().quality == "medium"
    draft.model = V1
    assert draft.request().quality is None


def test_an_unknown_model_leaves_every_choice_open(draft: Draft) -> None:
    draft.resolution = "2k"
    draft.model = "grok-imagine-image-9"
    assert (draft.resolution, draft.quality, draft.estimate_ticks()) == ("2k", None, None)


def test_sources_are_added_moved_and_removed(draft: Draft) -> None:
    for source in (A, B, C):
        draft.add_source(source)
    draft.move_source(0, 2)
    assert draft.request().sources == (B, C, A)
    draft.remove_source(1)
    assert draft.request().sources == (B, A)
    draft.set_sources([C])
    assert draft.request().sources == (C,)
    draft.clear_sources()
    assert draft.request().sources == ()


def test_the_estimate_counts_pictures_and_each_source_once(draft: Draft) -> None:
    draft.count = 4
    draft.set_sources([A, B])
    assert draft.estimate_ticks() == money.ticks("0.084")


def test_what_is_sent_is_the_normalised_prompt(draft: Draft) -> None:
    draft.prompt = "  a fox\r\n\x00in snow "
    assert draft.prompt == "  a fox\r\n\x00in snow "
    assert draft.request().prompt == "a fox\nin snow"


def test_an_earlier_request_is_taken_over_in_one_change(draft: Draft, qtbot: QtBot) -> None:
    earlier = Request("a fox", V2, "9:16", "2k", None, 3, (A,))
    told: list[None] = []
    draft.changed.connect(lambda: told.append(None))
    draft.load(earlier)
    assert draft.request() == replace(earlier, quality="medium")
    assert len(told) == 1


def test_problems_name_what_is_in_the_way(draft: Draft) -> None:
    assert [problem.field for problem in draft.problems()] == ["Prompt"]
    draft.prompt = "a fox"
    assert draft.problems() == ()
    draft.set_sources([A] * 4)
    assert [(problem.field, problem.blocks) for problem in draft.problems()] == [("Sources", True)]


def test_a_story_is_recalled_as_far_as_there_is_such_a_thing(draft: Draft) -> None:
    draft.set_sources([A])
    draft.recall(Story("a boat", "grok-imagine-image", "16:9", "2k", None, 4))
    told = draft.request()
    assert (told.prompt, told.aspect_ratio, told.resolution, told.count) == ("a boat", "16:9", "2k", 4)
    draft.recall(Story("another", "a-model-of-theirs", "7:1", "16k", "best", 4))
    assert draft.request() == replace(told, prompt="another")
    assert len(draft.sources) == 1
