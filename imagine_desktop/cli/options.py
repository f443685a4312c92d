"""What the verbs share: options, and how times are printed."""

import argparse
import time

from imagine_desktop.domain import prompts
from imagine_desktop.domain.record import Turn


def shared() -> argparse.ArgumentParser:
    """A parent parser: where requests go, which library, how long to wait."""
    parser = argparse.ArgumentParser(add_help=False)
    group = parser.add_argument_group("where and how long")
    group.add_argument("--profile", default="", metavar="NAME", help="xai or sandbox")
    group.add_argument(
        "--base-url",
        default="",
        metavar="URL",
        help="another address for this run; its key comes from XAI_API_KEY",
    )
    group.add_argument("--library", default="", metavar="DIR", help="the library's folder")
    group.add_argument(
        "--timeout",
        type=_seconds,
        default=300.0,
        metavar="SECONDS",
        help="for one answer, all in (default: 300)",
    )
    return parser


def session_name(text: str) -> str:
    """A session's name as the library keeps it, on one line."""
    name = " ".join(prompts.normalised(text).split())
    if not name:
        raise argparse.ArgumentTypeError("a session needs a name")
    return name


def when(turn: Turn) -> str:
    """When a turn was asked for, as every verb prints it: by Greenwich."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(turn.created))


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0
    if not 0 < value <= 86_400:
        raise argparse.ArgumentTypeError("must be a number of seconds, more than 0 and at most 86400")
    return value
