"""What window and command line alike can be told for one run: where requests go, how long to wait."""

import argparse


def shared() -> argparse.ArgumentParser:
    """A parent parser: where requests go, which library, how long to wait."""
    parser = argparse.ArgumentParser(add_help=False)
    group = parser.add_argument_group("where and how long")
    group.add_argument("--profile", default="", metavar="NAME", help="xai, sandbox, or one of your own")
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


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0
    if not 0 < value <= 86_400:  # NaN is neither
        raise argparse.ArgumentTypeError("must be a number of seconds, more than 0 and at most 86400")
    return value
