"""A computer that is put to sleep in the middle of a job: when it goes on, so does the job."""

import time
from pathlib import Path

import pytest

from tests.conftest import SandboxServer
from tests.faults import driver
from tests.faults.kills import BOTH, start
from tests.faults.truth import truth

_SLEEP_S = 5.0


@pytest.mark.slow
@pytest.mark.parametrize("path", ["/v1/images/generations", "/v1/images/", "/xai-imgen/"])
def test_a_job_goes_on_after_a_sleep_in_the_middle_of_a_request(
    server: SandboxServer, tmp_path: Path, path: str
) -> None:
    library = tmp_path / f"slept{path.replace('/', '-')}"
    server.forget()
    server.fault(path=path + "*", method="POST" if path.endswith("s") else "GET", delay=1)
    with start("once", server, BOTH, library) as child:
        assert child.until(driver.READY)
        while not [entry for entry in server.requests(path) if entry["method"] == "GET" or path.endswith("s")]:
            time.sleep(0.01)
        child.stop()
        time.sleep(_SLEEP_S)  # what a sleeping computer does
        child.resume()
        assert child.finish() == 0
    found = truth(server, library)
    assert found.broken == []
    assert (found.charged, found.paid, found.unknown) == (1, 2, [])
