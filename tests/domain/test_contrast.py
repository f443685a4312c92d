"""How one prompt became another, and which parameters differ."""

import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagine_desktop.domain.contrast import Kind, Parameter, Span, parameters, words
from imagine_desktop.domain.record import (
    Picture,
    PictureId,
    PictureState,
    SessionId,
    SourceKind,
    Turn,
    TurnId,
    TurnSource,
    TurnState,
)

K, R, A = Kind.KEPT, Kind.REMOVED, Kind.ADDED

PICTURE = Picture(
    PictureId(1), TurnId("T"), SessionId(1), 0, PictureState.SAVED, 0.0, "1:1", width=100, height=100,
    mime="image/jpeg", cost_ticks=2 * 10**8,
)  # fmt: skip
TURN = Turn(
    TurnId("T"), SessionId(1), 0.0, TurnState.CHARGED, "a fox", "model-a", "1:1", "1k", None, 2, (),
    (PictureId(1),), 0, 4 * 10**8, "usage", "xAI", "url",
)  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after", "spans"),
    [
        ("", "", []),
        ("a fox", "a fox", [(K, "a fox")]),
        ("", "a fox", [(A, "a fox")]),
        ("a fox", "", [(R, "a fox")]),
        ("a red fox", "a blue fox", [(K, "a "), (R, "red"), (A, "blue"), (K, " fox")]),
        ("a fox", "a fox at night", [(K, "a fox"), (A, " at night")]),
        ("x y z", "a b c", [(R, "x y z"), (A, "a b c")]),
        ("a fox", "in the snow of the far north a fox", [(A, "in the snow of the far north "), (K, "a fox")]),
        (
            "the portrait of a man in a coat",
            "add a boat",
            [(R, "the portrait of a man in a coat"), (A, "add a boat")],
        ),
        ("fox, snow", "fox; snow", [(K, "fox"), (R, ","), (A, ";"), (K, " snow")]),
        ("line\none", "line\ntwo", [(K, "line\n"), (R, "one"), (A, "two")]),
    ],
)
def test_words_are_kept_removed_or_added(before: str, after: str, spans: list[tuple[Kind, str]]) -> None:
    assert words(before, after) == [Span(*span) for span in spans]


@given(st.text(alphabet="ab ,\n", max_size=40), st.text(alphabet="ab ,\n", max_size=40))
def test_both_prompts_can_be_read_off_the_changes(before: str, after: str) -> None:
    spans = words(before, after)
    assert "".join(span.text for span in spans if span.kind is not A) == before
    assert "".join(span.text for span in spans if span.kind is not R) == after
    assert all(span.text for span in spans)


def test_very_long_prompts_are_not_compared_word_by_word() -> None:
    before, after = "a b " * 20_000, "b a " * 20_000
    began_s = time.process_time()
    assert words(before, after) == [Span(R, before), Span(A, after)]
    assert words(before, before) == [Span(K, before)]
    assert time.process_time() - began_s < 5


def test_only_what_differs_is_told() -> None:
    edited = replace(
        TURN,
        model="model-b",
        quality="high",
        count=1,
        sources=(TurnSource(SourceKind.PICTURE, "picture 1", PictureId(1)),),
    )
    larger = replace(PICTURE, width=200, height=100, cost_ticks=7 * 10**8)
    assert parameters((PICTURE, TURN), (larger, edited)) == [
        Parameter("Origin", "generated", "edited"),
        Parameter("Model", "model-a", "model-b"),
        Parameter("Quality", "", "high"),
        Parameter("Images", "2", "1"),
        Parameter("Sources", "", "1"),
        Parameter("Size", "100 × 100", "200 × 100"),
        Parameter("Cost", "$0.02", "$0.07"),
    ]
    assert parameters((PICTURE, TURN), (PICTURE, TURN)) == []
    assert parameters((PICTURE, None), (PICTURE, None)) == []


def test_the_model_that_answered_is_the_one_compared() -> None:
    served = replace(TURN, model="latest", model_served="model-a")
    assert parameters((PICTURE, TURN), (PICTURE, served)) == []


def test_an_imported_picture_was_asked_of_nobody() -> None:
    imported = replace(TURN, imported_from="Holiday/a.jpg", model="", aspect_ratio="1:1")
    found = {one.name: (one.before, one.after) for one in parameters((PICTURE, imported), (PICTURE, TURN))}
    assert found["Origin"] == ("imported", "generated")
    assert found["Model"] == ("", "model-a")
