"""What an import says of itself."""

import pytest

from imagine_desktop.domain.imports import Import, Skipped
from imagine_desktop.ui.importing import summary

SKIPPED = (
    Skipped("/x/cut.jpg", "it is damaged", is_fault=True),
    Skipped("/x/notes.txt", "it is no picture", is_fault=False),
    Skipped("/x/huge.jpg", "it is too large", is_fault=True),
)


@pytest.mark.parametrize(
    ("state", "text"),
    [
        (Import(added_count=1), "1 picture imported."),
        (Import(added_count=2000, known_count=3), "2,000 pictures imported. 3 were in the library already."),
        (Import(added_count=1, foreign_count=1), "1 picture imported. 1 other file was left out."),
        (
            Import(fault_count=5, foreign_count=9, skipped=SKIPPED),
            "0 pictures imported. 5 could not be imported: cut.jpg (it is damaged); huge.jpg (it is too large) "
            "and 3 more. 9 other files were left out.",
        ),
        (
            Import(added_count=5, is_cancelled=True),
            "5 pictures imported. Stopped; the same folder again goes on from here.",
        ),
    ],
)
def test_the_end_is_told_in_numbers(state: Import, text: str) -> None:
    assert summary(state) == text
