"""What the verbs share: a session's name as an option, and how times are printed."""

import argparse
import time

from imagine_desktop.domain import prompts
from imagine_desktop.domain.record import Turn


def session_name(text: str) -> str:
    """A session's name as the library keeps it, on one line."""
    name = " ".join(prompts.normalised(text).split())
    if not name:
        raise argparse.ArgumentTypeError("a session needs a name")
    return name


def when(turn: Turn) -> str:
    """When a turn was asked for, as every verb prints it: by Greenwich."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(turn.created))
