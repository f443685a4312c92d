"""What is told of a picture, and that each of it can be copied."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QWidget

from imagine_desktop.domain.record import (
    PictureId,
    PictureState,
    SessionId,
    SourceKind,
    Turn,
    TurnId,
    TurnSource,
    TurnState,
)
from imagine_desktop.ui.picture.about import About, as_text, fields_of
from imagine_desktop.ui.picture.details import Details, breakable
from tests.ui.picture.test_viewer import MakePicture

_LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def about(make_picture: MakePicture) -> About:
    turn = Turn(
        id=TurnId("01TURN"),
        session_id=SessionId(1),
        created=1_700_000_000.0,
        state=TurnState.CHARGED,
        prompt="a fox",
        model="grok-imagine-latest",
        aspect_ratio="4:3",
        resolution="2k",
        quality="high",
        count=4,
        sources=(
            TurnSource(SourceKind.PICTURE, "picture 3", PictureId(3)),
            TurnSource(SourceKind.FILE, "cat.png"),
        ),
        picture_ids=(PictureId(7),),
        estimate_ticks=0,
        cost_ticks=8 * 10**8,
        cost_source="estimate",
        profile="xAI",
        delivery="url",
        model_served="grok-imagine-0.9",
        request_id="req-42",
    )
    picture = make_picture(
        7,
        prompt="a fox",
        revised_prompt="a red fox, detailed",
        byte_count=831_488,
        mime="image/jpeg",
        sha256="ab" * 32,
        index=1,
        turn_id=turn.id,
    )
    return About(picture, turn, (make_picture(3),), "Foxes", Path("/library/images/2026/11/01TURN-1.jpg"))


@pytest.fixture
def details(desk: QWidget) -> Details:
    made = Details(desk)
    made.resize(made.width(), 700)
    made.show()
    return made


def _buttons(details: Details) -> dict[str, QAbstractButton]:
    return {
        one.accessibleName() or one.text(): one
        for one in details.findChildren(QAbstractButton)
        if one.isVisible()
    }


def test_everything_that_is_known_is_told_under_its_subject(about: About) -> None:
    told = {(field.subject, field.name): field.text for field in fields_of(about)}
    assert told["Prompt", "Prompt"] == "a fox"
    assert told["Prompt", "Revised by the API"] == "a red fox, detailed"
    assert told["Request", "Model asked for"] == "grok-imagine-latest"
    assert told["Request", "Model that answered"] == "grok-imagine-0.9"
    assert (told["Request", "Resolution"], told["Request", "Quality"]) == ("2k", "high")
    assert told["Request", "Picture"] == "2 of 4"
    assert told["Request", "Sources"] == "0: picture 3\n1: file cat.png"
    assert told["Cost", "This picture"] == "$0.02"
    assert told["Cost", "Whole turn"] == "≈$0.08, by the price list"
    assert told["File", "Size"] == "1600 × 1200 pixels"
    assert told["File", "Bytes"] == "831 KB (831,488 bytes)"
    assert told["File", "File"].endswith("01TURN-1.jpg")
    assert told["Ids", "Request id"] == "req-42"
    assert told["Ids", "Picture id"] == "7"
    assert told["Ids", "Turn id"] == "01TURN"


def test_what_is_not_known_is_left_out(about: About, make_picture: MakePicture) -> None:
    bare = About(make_picture(7, prompt="", cost_ticks=None), None)
    assert {field.name for field in fields_of(bare)} == {"Size", "Saved", "Picture id", "Turn id"}
    same = replace(about, picture=replace(about.picture, revised_prompt="a fox"))
    assert "Revised by the API" not in {field.name for field in fields_of(same)}


def test_a_state_comes_with_its_reason(make_picture: MakePicture) -> None:
    withheld = About(make_picture(7, state=PictureState.WITHHELD, reason="Held back."), None)
    assert ("File", "State", "withheld. Held back.") in fields_of(withheld)


def test_an_imported_picture_tells_its_file_and_no_request(about: About) -> None:
    assert about.turn is not None
    imported = replace(
        about, turn=replace(about.turn, imported_from="Holiday/a.jpg", model="", cost_ticks=None)
    )
    told = {field.name: field.text for field in fields_of(imported)}
    assert told["Imported from"] == "Holiday/a.jpg"
    assert not {"Model asked for", "Whole turn", "Profile"} & told.keys()


def test_each_field_is_copied_as_it_is_and_all_of_them_together(details: Details, about: About) -> None:
    details.show_about(about, about.picture.id)
    buttons = _buttons(details)
    fields = details.fields()
    assert set(buttons) == {f"Copy {field.name}" for field in fields} | {"Copy all"}
    for field in fields:
        QTest.mouseClick(buttons[f"Copy {field.name}"], _LEFT)
        assert QGuiApplication.clipboard().text() == field.text
    QTest.mouseClick(buttons["Copy all"], _LEFT)
    assert QGuiApplication.clipboard().text() == as_text(fields)


def test_another_picture_leaves_nothing_of_the_one_before(
    details: Details, about: About, make_picture: MakePicture
) -> None:
    details.show_about(about, about.picture.id)
    details.show_about(None, PictureId(8))
    assert set(_buttons(details)) == {"Copy all"}
    details.hide()
    details.show_about(About(make_picture(9), None), PictureId(9))
    details.show()
    assert "Copy Size" in _buttons(details)


def test_a_long_word_can_be_broken_and_nothing_is_lost() -> None:
    path = "/var/library/images/2026/11/01JABCDEFGHJKMNPQRSTVWXYZ-0.jpg"
    assert breakable(path).replace("\u200b", "") == path
    assert max(len(part) for part in breakable(path).split("\u200b")) <= 17
    assert breakable("a red fox in the snow") == "a red fox in the snow"


def test_nothing_is_wider_than_the_panel(details: Details, about: About) -> None:
    details.show_about(about, about.picture.id)
    assert all(
        one.mapTo(details, one.rect().topRight()).x() < details.width() for one in _buttons(details).values()
    )
