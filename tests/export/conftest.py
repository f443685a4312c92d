"""A library with real pictures that come from one another."""

import io
import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from imagine_desktop.domain.record import PictureId
from imagine_desktop.domain.request import AddressSource, FileSource, PictureSource
from imagine_desktop.library.library import Library
from tests.library.conftest import ASKED, add_turn, charge, save

HOSTILE = "</h2><script>alert(1)</script> & \"night\" <img src=x onerror='alert(2)'> =cmd|' /C calc'!A0"
SIZES = {1: (120, 90), 2: (120, 90), 3: (90, 120), 4: (2000, 1000), 5: (64, 64)}
ALL = [PictureId(number) for number in SIZES]


def jpeg(number: int) -> bytes:
    """A picture of a size of its own."""
    width, height = SIZES[number]
    small = Image.frombytes("RGB", (8, 6), random.Random(number).randbytes(144))
    buffer = io.BytesIO()
    small.resize((width, height), Image.Resampling.BICUBIC).save(buffer, "JPEG", quality=88)
    return buffer.getvalue()


def branching(folder: Path) -> Library:
    """Two pictures; one made from the second; one made from that, hostile in words; one from outside."""
    opened = Library.open(folder, "a test")
    session = opened.ledger.add_session("Harbour <b>&")
    turns = {
        "T1": replace(ASKED, count=2),
        "T2": replace(ASKED, prompt="by day", sources=(PictureSource(PictureId(2)),)),
        "T3": replace(ASKED, prompt=HOSTILE, quality="medium", sources=(PictureSource(PictureId(3)),)),
        "T4": replace(
            ASKED,
            prompt="from outside",
            sources=(FileSource(Path("CanaryFile.jpg")), AddressSource("https://canary.example/a.jpg")),
        ),
    }
    number = 0
    for turn, request in turns.items():
        add_turn(opened, session, turn, request)
        charge(opened, turn, *["https://a"] * request.count, cost=200_000_000)
        for _ in range(request.count):
            number += 1
            save(opened, turn, PictureId(number), jpeg(number))
    return opened


@pytest.fixture
def shown(home: Path) -> Iterator[Library]:
    """The library that the command line and the window use, with pictures that come from one another."""
    opened = branching(home / "library")
    yield opened
    opened.close()
