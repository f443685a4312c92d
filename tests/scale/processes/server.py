"""A server that answers like the API, with ready-made pictures: drawing would slow what is measured.

Its arguments are JPEG files, given out in turn. Prints its address; it ends when its input does.
"""

import base64
import itertools
import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

PICTURES = [Path(name).read_bytes() for name in sys.argv[1:]]
TEXTS = [base64.b64encode(picture).decode() for picture in PICTURES]
TURNS = itertools.count()


class Handler(BaseHTTPRequestHandler):
    """POST answers as many pictures as were asked for, GET gives one of them, and nothing else."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # or an answer's body waits until its head is acknowledged

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        entries = [self._entry(asked["response_format"]) for _ in range(asked["n"])]
        answer = {"data": entries, "model": asked["model"], "usage": {"cost_in_usd_ticks": 1}}
        self._answer("application/json", json.dumps(answer).encode())

    def do_GET(self) -> None:
        number = self.path.rpartition("/")[2]
        if number.isdigit():
            self._answer("image/jpeg", PICTURES[int(number)])
        else:  # the list of models: there is none
            self.send_error(404)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""

    def _entry(self, delivery: str) -> dict[str, str]:
        number = next(TURNS) % len(PICTURES)
        if delivery == "b64_json":
            return {"b64_json": TEXTS[number]}
        return {"url": f"http://{self.headers['host']}/pictures/{number}"}

    def _answer(self, kind: str, body: bytes) -> None:
        self.send_response(200)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


class Server(ThreadingHTTPServer):
    """Takes as many connections at once as are opened: one that is turned away comes a second later."""

    request_queue_size = 128


server = Server(("127.0.0.1", 0), Handler)
print(f"http://127.0.0.1:{server.server_port}/v1", flush=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
sys.stdin.read()
