"""`sandbox`: the stand-in for the API, in this process."""

from collections.abc import Sequence

from imagine_desktop.sandbox.__main__ import main


def run(arguments: Sequence[str]) -> int:
    """Serve until the process is told to end; returns its exit code."""
    return main(arguments)
