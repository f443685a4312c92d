"""A library whose pictures are carried about."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from imagine_desktop.library.library import Library
from tests.export.conftest import branching


@pytest.fixture
def shown(home: Path) -> Iterator[Library]:
    """Pictures that come from one another."""
    opened = branching(home / "library")
    yield opened
    opened.close()
