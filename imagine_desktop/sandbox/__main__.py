"""`python -m imagine_desktop.sandbox`: the stand-in as a process of its own.

Its first line on stdout says where it listens, once it does. It ends at SIGTERM and SIGINT, and with
`--parent` when that process has ended.

Faults can be asked for by a tag in the prompt (see `magic`) and, with `--control`, scripted over HTTP
(see `control`).
"""

import argparse
import asyncio
import ctypes
import logging
import os
import signal
import socket
import sys
from collections.abc import Sequence
from types import FrameType

import uvicorn

from imagine_desktop.sandbox.faults import Connection
from imagine_desktop.sandbox.server import application

LATENCY_S = 2.0
_PARENT_POLL_S = 0.5
_KEEP_ALIVE_S = 75


def main(argv: Sequence[str] | None = None) -> int:
    """Serve until told to end."""
    options = _parser().parse_args(argv)
    try:
        listener = socket.create_server(("127.0.0.1", options.port), backlog=128)
    except OSError as problem:
        sys.stderr.write(f"Cannot listen on port {options.port}: {problem.strerror}.\n")
        return 2
    with listener:
        config = uvicorn.Config(
            application(options.key, options.latency, with_control=options.control),
            http=Connection,
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="error",
            access_log=False,
            timeout_keep_alive=_KEEP_ALIVE_S,
        )
        server = _Server(config)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, server.end)
        asyncio.run(_serve(server, listener, options.parent))
    return 0


class _Server(uvicorn.Server):
    """Says where it listens, and ends without waiting for answers that are still being made."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for listener in sockets or []:
            sys.stdout.write(f"listening on http://127.0.0.1:{listener.getsockname()[1]}/v1\n")
        sys.stdout.flush()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self.end(sig, frame)

    def end(self, _sig: int, _frame: FrameType | None) -> None:
        """End at once; the answers that this breaks off are no errors to tell of."""
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        self.should_exit = self.force_exit = True


async def _serve(server: _Server, listener: socket.socket, parent: int | None) -> None:
    watch = asyncio.create_task(_end_with(parent, server)) if parent is not None else None
    await server.serve(sockets=[listener])
    if watch is not None:
        watch.cancel()


async def _end_with(parent: int, server: _Server) -> None:
    """End the server when the process `parent` has ended; nothing tells of that but looking."""
    is_child = sys.platform != "win32" and os.getppid() == parent
    while not server.should_exit:
        # A child gets another parent at once, while an ended parent may stay in the table as a zombie.
        if os.getppid() != parent if is_child else not _is_alive(parent):
            server.end(0, None)
        await asyncio.sleep(_PARENT_POLL_S)


def _is_alive(pid: int) -> bool:
    if sys.platform == "win32":
        synchronize, timed_out = 0x00100000, 0x102  # OpenProcess, WaitForSingleObject
        kernel = ctypes.windll.kernel32
        process = kernel.OpenProcess(synchronize, False, pid)
        if not process:
            return False
        try:
            return bool(kernel.WaitForSingleObject(process, 0) == timed_out)
        finally:
            kernel.CloseHandle(process)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True  # it is there, and somebody else's
    return True


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="imagine-desktop sandbox", description="A stand-in for the image API that draws on this computer."
    )
    parser.add_argument("--port", type=_port, default=0, help="port on 127.0.0.1 (a free one)")
    parser.add_argument("--key", help="the only right key (any key serves)")
    parser.add_argument(
        "--control", action="store_true", help="let /control script faults and read what arrived"
    )
    parser.add_argument("--parent", type=_pid, help="end when the process of this id ends")
    parser.add_argument("--latency", type=_seconds, default=LATENCY_S, help="seconds a picture takes")
    return parser


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= 65535:
        raise argparse.ArgumentTypeError(f"{port} is no port: 0 to 65535")
    return port


def _pid(text: str) -> int:
    pid = int(text)
    if pid <= 0:
        raise argparse.ArgumentTypeError(f"{pid} is no process id")
    return pid


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 <= seconds <= 3600:
        raise argparse.ArgumentTypeError(f"{text} is not between 0 and 3600")
    return seconds


if __name__ == "__main__":
    raise SystemExit(main())
