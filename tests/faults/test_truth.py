"""The comparison itself: that it would notice."""

import shutil
from pathlib import Path

from tests.conftest import SandboxServer
from tests.faults.kills import BOTH, run
from tests.faults.truth import forgotten, truth


def test_what_a_library_lost_is_noticed(server: SandboxServer, tmp_path: Path) -> None:
    library = tmp_path / "noticed"
    assert run("once", server, BOTH, library) == 0
    found = truth(server, library)
    assert (found.charged, found.paid, found.broken) == (1, 2, [])
    one, other = sorted((library / "images").rglob("*.jpg"))
    shutil.copy(one, one.with_name("stranger.jpg"))
    shutil.copy(one, other)
    assert {text.partition(":")[0] for text in truth(server, library).broken} == {
        "a file of nothing",
        "damaged",
    }
    other.unlink()
    (library / "library.db").write_bytes(b"not a database" * 1000)
    found = truth(server, library)
    assert len(found.unrecorded) == 1
    assert len(found.lost) == 2
    assert forgotten(library, {found.unrecorded[0]: 2}) == found.unrecorded
