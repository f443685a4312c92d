"""A prompt is cleaned once, so that it is the same text everywhere."""

import json
import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imagine_desktop.domain import prompts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  a\r\nb\rc\u2028d\u2029e\n ", "a\nb\nc\nd\ne"),
        ("tab\tstays", "tab\tstays"),
        ("\x00a\x1b[2Jb\x7fc\x85d", "a[2Jbcd"),
        ("half \ud83e surrogate \udd9c", "half  surrogate"),
        ("🦜 漢字 e\u0301 \u202e", "🦜 漢字 e\u0301 \u202e"),
        ("", ""),
    ],
)
def test_prompt_is_normalised(text: str, expected: str) -> None:
    assert prompts.normalised(text) == expected


@given(st.text(st.characters()))
def test_normalised_prompt_survives_json_sqlite_and_itself(text: str) -> None:
    clean = prompts.normalised(text)
    assert prompts.normalised(clean) == clean
    assert json.loads(json.dumps(clean).encode()) == clean
    connection = sqlite3.connect(":memory:")
    assert connection.execute("SELECT ?", (clean,)).fetchone()[0] == clean
    connection.close()


def test_tags_name_the_sources() -> None:
    assert prompts.tag(0) == "<IMAGE_0>"
    text = "put <IMAGE_2> on <IMAGE_0>, <IMAGE_0>, <image_1> <IMAGE_x> <IMAGE_" + "9" * 5000 + ">"
    assert prompts.tags(text) == {0, 2}


def test_first_line_is_short_and_on_one_line() -> None:
    assert prompts.first_line("a\n b\t c") == "a b c"
    assert prompts.first_line("word " * 50, 12) == "word word w…"
    assert len(prompts.first_line("x" * 1000)) == 80
