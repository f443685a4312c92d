"""What an import says of itself."""

import pytest

from imagine_desktop.domain.imports import Import
from imagine_desktop.ui.importing import summary


@pytest.mark.parametrize(
    ("state", "text"),
    [
        (Import(added_count=1), "1 picture imported."),
        (Import(added_count=2000, known_count=3), "2,000 pictures imported. 3 were in the library already."),
        (Import(fault_count=2, foreign_count=9), "0 pictures imported. 2 could not be imported."),
        (
            Import(added_count=5, is_cancelled=True),
            "5 pictures imported. Stopped; the same folder again goes on from here.",
        ),
    ],
)
def test_the_end_is_told_in_numbers(state: Import, text: str) -> None:
    assert summary(state) == text
