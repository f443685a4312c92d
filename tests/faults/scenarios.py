"""The table of network scenarios: what goes wrong, and what must then be true, said and paid.

The columns of a row: its name; what the server or the network does; how it ends, in the ledger, by the
server's truth and for the exit code; a word that the message holds. The numbers in the names are those of a
threat table: N1 to N9 never arrive, N10 to N18 lose the answer, N19 to N31 are answers of every kind, N32 to
N35 are downloads, N36 to N38 change in the middle.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from imagine_desktop.domain.record import TurnState
from tests.api.servers import Behaviour, hang
from tests.faults import hostile
from tests.faults.hostile import LARGE_PROMPT, PAID, PICTURE, TICKS, answer, endless, pictures, raw
from tests.imaging.samples import encoded, halves

STORED, DEFERRED = frozenset({"stored"}), frozenset({"deferred"})
SOON = 1.5  # where the time is to run out, in seconds
FREE = False  # a server that charges nothing


@dataclass(frozen=True)
class End:
    """What the ledger says, whether the server has charged it, and the exit code of `generate`."""

    state: TurnState
    is_charged: bool
    code: int


UNSENT = End(TurnState.NOT_SENT, False, 1)
REFUSED = End(TurnState.REJECTED, False, 1)
FREE_WITHHELD = End(TurnState.REJECTED, False, 3)
BILLED = End(TurnState.CHARGED_NO_IMAGE, True, 4)
BILLED_WITHHELD = End(TurnState.CHARGED_NO_IMAGE, True, 3)
UNKNOWN_PAID = End(TurnState.UNKNOWN, True, 4)
UNKNOWN_FREE = End(TurnState.UNKNOWN, False, 4)
SAVED = End(TurnState.CHARGED, True, 0)
SOME_SAVED = End(TurnState.CHARGED, True, 5)
WITHHELD = End(TurnState.CHARGED, True, 3)
LOST = End(TurnState.CHARGED, True, 4)


@dataclass(frozen=True)
class Sandbox:
    """The real sandbox process, with faults scripted for this row alone, or a tag in the prompt."""

    faults: tuple[Mapping[str, object], ...] = ()
    tag: str = ""


@dataclass(frozen=True)
class Hostile:
    """A server of the test's own, which charges every request that it has whole, or refuses them all."""

    behave: Behaviour
    charges: bool = True
    certificate: str = ""
    starts_after_s: float = 0


@dataclass(frozen=True)
class Nowhere:
    """A place without a server."""

    place: Callable[[], AbstractAsyncContextManager[str]]


@dataclass(frozen=True)
class Row:
    """A row. `posts` is how many whole requests there may be; several only after a 429 or a refused key."""

    name: str
    does: Sandbox | Hostile | Nowhere
    end: End
    word: str = ""
    posts: int = 1
    prompt: str = "a boat"
    count: int = 1
    deadline_s: float = 15.0
    ways: frozenset[str] = frozenset()  # "deferred", "stored"
    gets_another_key: bool = False  # once its own is refused


def fault(action: str, **fields: object) -> Sandbox:
    """The sandbox does this to the row's paid request."""
    return Sandbox(({"action": action, "path": "/v1/images/*", **fields},))


def status(code: int, body: object = "", headers: dict[str, str] | None = None, **fields: object) -> Sandbox:
    """The sandbox answers so."""
    return fault("answer", status=code, body=body, headers=headers or {}, **fields)


def asked(tag: str) -> Sandbox:
    """The sandbox does what the prompt asks for."""
    return Sandbox(tag=f"[sandbox:{tag}]")


def two(first: Sandbox, second: Sandbox) -> Sandbox:
    """One fault after the other."""
    return Sandbox(first.faults + second.faults)


def head(text: str, body: bytes = b"{}") -> Hostile:
    """A server that answers with these header lines and this body."""
    return Hostile(raw(text.replace("\n", "\r\n").encode() + b"\r\n\r\n" + body))


def said(body: bytes) -> Hostile:
    """A server that answers 200 with this body."""
    return Hostile(answer(body))


def entry(value: object) -> Hostile:
    """A server that answers with this in place of a picture."""
    return Hostile(answer({"data": [value], **PAID}))


MODERATED = {
    "code": "imagine:content-moderated",
    "error": "Generated image rejected by content moderation.",
    "usage": {"cost_in_usd_ticks": TICKS},
}
WRONG_KEY = "Incorrect API key provided: xai-****. You can obtain an API key from https://console.x.ai."
CREDIT = "Your team 1-2 has either used all available credits or reached its monthly spending limit."
NO_MODEL = (
    "The model X does not exist or your team has no access to it. If you believe this is a mistake, write."
)
SERDE = "Failed to deserialize the JSON body into the target type: quality: unknown variant `bogus` at line 1"
LIMIT = {"code": "resource-exhausted", "error": "Too many requests for team 1-2. Your rate limit is 2/2."}
DATED = "HTTP/1.1 429 X\r\ndate: {}\r\nretry-after: {}\r\ncontent-length: 0\r\n\r\n".format(
    "Fri, 01 Jan 1999 00:00:00 GMT", "Fri, 01 Jan 1999 00:00:01 GMT"
)
UNCLEAR = (408, 409, 500, 502, 503, 504, 529)
NOT_VISITED = (
    "file:///etc/passwd",
    "ftp://example.com/a.jpg",
    "data:image/png;base64,AAAA",
    "http://169.254.169.254/latest",
    "https://10.0.0.1/a.jpg",
)

NEVER_ARRIVES = [
    Row("N1 refused", Nowhere(hostile.nobody), UNSENT, "cannot be reached", deadline_s=SOON),
    Row(
        "N2 no such name", Nowhere(hostile.at("https://nowhere.invalid/v1")), UNSENT, "reached", deadline_s=SOON
    ),
    Row("N3 connecting takes too long", Nowhere(hostile.crowd), UNSENT, "reached", deadline_s=SOON),
    Row("N4 unknown CA", Hostile(hostile.close, FREE, "unknown"), UNSENT, "certificate", deadline_s=SOON),
    Row("N5 another host's", Hostile(hostile.close, FREE, "other"), UNSENT, "certificate", deadline_s=SOON),
    Row("N5 expired", Hostile(hostile.close, FREE, "expired"), UNSENT, "certificate", deadline_s=SOON),
    Row("N6 no TLS there", Hostile(answer(b"", 400), FREE, "none"), UNSENT, "reached", deadline_s=SOON),
    Row("N6 TLS goes silent", Hostile(hang, FREE, "none"), UNSENT, "reached", deadline_s=SOON),
    Row(
        "N7 reset in upload",
        Hostile(hostile.reset_in_mid_upload),
        UNSENT,
        "sent",
        prompt=LARGE_PROMPT,
        deadline_s=SOON,
    ),
    Row(
        "N8 closed in upload",
        Hostile(hostile.close_in_mid_upload),
        UNSENT,
        "sent",
        prompt=LARGE_PROMPT,
        deadline_s=SOON,
    ),
    Row(
        "N8 upload goes silent",
        Hostile(hostile.stop_reading),
        UNSENT,
        "sent",
        prompt=LARGE_PROMPT,
        deadline_s=SOON,
    ),
    Row("N9 early 413", Hostile(hostile.refuse_in_mid_upload), REFUSED, "too large", prompt=LARGE_PROMPT),
]

LOSES_THE_ANSWER = [
    Row("N10 reset unread", fault("drop-unread"), UNKNOWN_FREE, "connection broke"),
    Row("N10 reset at accept", Hostile(hostile.reset_unread), UNKNOWN_FREE, "connection broke"),
    Row("N10 closed at accept", Hostile(hostile.close_unread), UNKNOWN_FREE, "connection broke"),
    Row("N10 reset, charged", fault("drop", charge=True), UNKNOWN_PAID, "connection broke"),
    Row("N10 reset, free", fault("drop"), UNKNOWN_FREE, "may have been charged"),
    Row("N10 reset, copy kept", fault("drop", charge=True), SAVED, ways=STORED),
    Row("N10 reset, no copy", fault("drop"), UNKNOWN_FREE, "looked for", ways=STORED),
    Row("N11 closed", Hostile(hostile.close), UNKNOWN_PAID, "connection broke"),
    Row("N12 hangs, charged", fault("hang", charge=True), UNKNOWN_PAID, "No answer", deadline_s=SOON),
    Row("N12 hangs, free", fault("hang"), UNKNOWN_FREE, "No answer", deadline_s=SOON),
    Row(
        "N13 slow head",
        Hostile(endless(b"HTTP/1.1 200 OK\r\n", b"x: y\r\n")),
        UNKNOWN_PAID,
        "No answer",
        deadline_s=SOON,
    ),
    Row(
        "N13 slow body",
        Hostile(endless(b"HTTP/1.1 200 OK\r\n\r\n", b" ")),
        UNKNOWN_PAID,
        "No answer",
        deadline_s=SOON,
    ),
    Row("N13 slow answer", fault("trickle", seconds=30), UNKNOWN_PAID, "No answer", deadline_s=SOON),
    Row("N14 cut", fault("cut"), UNKNOWN_PAID, "connection broke"),
    Row("N14 cut before its body", fault("cut", keep=0), UNKNOWN_PAID, "connection broke"),
    Row("N15 length too short", fault("length", by=-5), UNKNOWN_PAID, "not understood"),
    Row("N15 length too long", fault("length", by=5), UNKNOWN_PAID, "connection broke"),
    Row(
        "N15 two lengths", head("HTTP/1.1 200 OK\ncontent-length: 2\ncontent-length: 3"), UNKNOWN_PAID, "broke"
    ),
    Row("N15 negative length", head("HTTP/1.1 200 OK\ncontent-length: -5"), UNKNOWN_PAID, "broke"),
    Row(
        "N16 bad chunk", head("HTTP/1.1 200 OK\ntransfer-encoding: chunked", b"zz\r\n{}"), UNKNOWN_PAID, "broke"
    ),
    Row(
        "N16 cut chunk", head("HTTP/1.1 200 OK\ntransfer-encoding: chunked", b"5\r\n{}"), UNKNOWN_PAID, "broke"
    ),
    Row("N17 garbage", fault("raw", body="\x00\x01 garbage\r\n\r\n", charge=True), UNKNOWN_PAID, "broke"),
    Row("N17 status 99999", head("HTTP/1.1 99999 OK"), UNKNOWN_PAID, "broke"),
    Row("N17 TLS alert", Hostile(raw(b"\x15\x03\x01\x00\x02\x02(")), UNKNOWN_PAID, "broke"),
    Row("N17 body without a head", Hostile(raw(b"<html>")), UNKNOWN_PAID, "broke"),
    Row("N17 nothing at all", fault("raw", body="", charge=True), UNKNOWN_PAID, "broke"),
    Row(
        "N18 1xx flood",
        Hostile(endless(b"", b"HTTP/1.1 102 X\r\n\r\n", 0.001)),
        UNKNOWN_PAID,
        "No answer",
        deadline_s=SOON,
    ),
    Row("N18 long header", head("HTTP/1.1 200 OK\nx: " + "y" * 300000), UNKNOWN_PAID, "broke"),
    Row("N18 many headers", head("HTTP/1.1 200 OK" + "\nx: y" * 50000), UNKNOWN_PAID, "broke"),
    Row("N18 other protocol", head("HTTP/1.1 101 X\nupgrade: x"), UNKNOWN_PAID, "may have been"),
]

REFUSES = [
    Row(
        "N19 bad field",
        status(400, {"code": "invalid-argument", "error": "Argument not supported: size"}),
        REFUSED,
        "size",
    ),
    Row(
        "N19 prose code",
        status(400, {"code": "Client specified an invalid argument", "error": "1.5K is not supported."}),
        REFUSED,
        "1.5K",
    ),
    Row(
        "N19 chat shape",
        status(400, {"error": {"message": "No such field", "code": None}}),
        REFUSED,
        "No such field",
    ),
    Row("N19 text alone", status(400, {"error": "That is wrong!"}), REFUSED, "That is wrong"),
    Row("N19 empty", status(400), REFUSED, "refuses the request"),
    Row("N19 page", status(400, "<html><img src=/dev/zero>"), REFUSED, "refuses the request"),
    Row("N19 commands to a terminal", status(400, {"error": "\x1b[2J\x07 bad\r\nthing"}), REFUSED, "bad thing"),
    Row("N19 wrong key", status(400, {"error": WRONG_KEY}), REFUSED, "key"),
    Row("N20 moderated, billed", asked("moderated"), BILLED_WITHHELD, "charged $0.02"),
    Row("N20 moderated, free", status(400, MODERATED | {"usage": None}), FREE_WITHHELD, "moderation"),
    Row("N21 no key", status(401, "Missing Authorization header."), REFUSED, "key"),
    Row("N21 credit", status(403, {"code": "permission-denied", "error": CREDIT}), REFUSED, "console.x.ai"),
    Row("N21 blocked", status(403, {"code": "unauthorized:blocked-user", "error": "blocked"}), REFUSED, "key"),
    Row("N22 no such model", status(404, {"code": "not-found", "error": NO_MODEL}), REFUSED, "model"),
    Row("N23 wrong method", status(405), REFUSED, "refuses"),
    Row("N23 too large", status(413), REFUSED, "too large"),
    Row("N24 wrong type", status(415), REFUSED, "refuses"),
    Row("N25 text", status(422, SERDE), REFUSED, "quality"),
    Row("N25 wrapped", status(422, {"error": SERDE}), REFUSED, "quality"),
    Row("N26 no pause named", status(429, LIMIT), SAVED, posts=2),
    Row("N26 short pause", status(429, LIMIT, {"retry-after": "0.3"}), SAVED, posts=2),
    Row("N26 absurd pause", status(429, LIMIT, {"retry-after": "99999"}), SAVED, posts=2),
    Row("N26 pause until a date", fault("raw", body=DATED), SAVED, posts=2),
    Row("N26 pause too long", status(429, LIMIT, {"retry-after": "60"}), REFUSED, "rate limit"),
    Row("N26 out of credit", status(429, {"error": CREDIT}, {"retry-after": "60"}), REFUSED, "console.x.ai"),
    Row("N26 for ever", status(429, LIMIT, {"retry-after": "0.1"}, times=0), REFUSED, "rate limit", posts=8),
    Row("N26 billed", status(429, LIMIT | PAID, charge=True), BILLED, "charged $0.02"),
    Row("N28 301", Hostile(hostile.redirect(301)), UNKNOWN_PAID, "301"),
    Row("N28 307", Hostile(hostile.redirect(307)), UNKNOWN_PAID, "307"),
    *(
        Row(f"N27 {code}, charged", Hostile(answer(b"<html>", code)), UNKNOWN_PAID, str(code))
        for code in UNCLEAR
    ),
    *(Row(f"N27 {code}, free", status(code), UNKNOWN_FREE, str(code)) for code in UNCLEAR),
]

ANSWERS = [
    Row("N29 log-in page", said(b"<html>Log in to the hotel</html>"), UNKNOWN_PAID, "kept"),
    Row("N29 empty", said(b""), UNKNOWN_PAID, "not understood"),
    Row("N29 deep", said(b"[" * 200000), UNKNOWN_PAID, "not understood"),
    Row("N29 no pictures", asked("empty"), UNKNOWN_PAID, "not understood"),
    Row("N29 null", said(b'{"data": null}'), UNKNOWN_PAID, "not understood"),
    Row("N29 long number", said(b'{"data": ' + b"9" * 100000 + b"}"), UNKNOWN_PAID, "not understood"),
    Row("N29 NaN", said(b'{"data": [NaN]}'), UNKNOWN_PAID, "not understood"),
    Row("N29 half a surrogate", said(b'{"data": [{"url": "\\ud800"}]}'), UNKNOWN_PAID, "not understood"),
    Row("N29 status 201", Hostile(answer({"data": []}, 201)), UNKNOWN_PAID, "201"),
    Row("N29 byte order mark", Hostile(hostile.marked), SAVED),
    Row("N29 more fields", Hostile(pictures(answer(PICTURE), revised_prompt="", new=[1])), SAVED),
    Row("N29 wrong type", entry({"url": 7}), WITHHELD, "charged $0.02"),
    Row("N29 damaged base64", entry({"b64_json": "%%%"}), LOST, "base64"),
    Row("N30 fewer", asked("fewer"), SOME_SAVED, count=2),
    Row("N30 more", asked("more"), SAVED, count=2),
    Row("N31 one withheld", asked("partial"), SOME_SAVED, "charged $0.04", count=2),
    Row("N31 all withheld", entry({"respect_moderation": False}), WITHHELD, "charged $0.02"),
]

LOSES_A_PICTURE = [
    Row("N32 404", asked("expired"), LOST, "address expired"),
    Row("N32 403", Hostile(pictures(answer(b"", 403))), LOST, "address expired"),
    Row("N32 5xx for long", Hostile(pictures(answer(b"", 503))), LOST, "503"),
    Row(
        "N32 5xx, then there",
        Hostile(pictures(hostile.one_after_the_other(answer(b"", 503), answer(PICTURE)))),
        SAVED,
    ),
    Row("N32 copy instead", asked("expired"), SAVED, ways=STORED),
    *(
        Row(f"N33 {url}", Hostile(pictures(hostile.close, url)), LOST, "picture's address")
        for url in NOT_VISITED
    ),
    Row("N33 redirects for ever", Hostile(pictures(hostile.redirect(302))), LOST, "from one to the next"),
    Row(
        "N34 PNG called JPEG",
        Hostile(pictures(answer(encoded(halves(), "PNG"), headers="content-type: image/jpeg\r\n"))),
        SAVED,
    ),
    Row(
        "N34 page called JPEG",
        Hostile(pictures(answer(b"<html>" * 99, headers="content-type: image/jpeg\r\n"))),
        LOST,
        "cannot be used",
    ),
    Row("N34 cut picture", asked("cut-picture"), LOST, "cannot be used"),
    Row("N34 cut picture, copy instead", asked("cut-picture"), SAVED, ways=STORED),
    Row(
        "N34 cut where no length is told, then whole",
        Hostile(
            pictures(
                hostile.one_after_the_other(raw(b"HTTP/1.1 200 OK\r\n\r\n" + PICTURE[:-99]), answer(PICTURE))
            )
        ),
        SAVED,
    ),
    Row(
        "N35 bomb",
        Hostile(pictures(answer(b"\x1f\x8b" * 999, headers="content-encoding: gzip\r\n"))),
        LOST,
        "compressed",
    ),
    Row(
        "N35 500 MB",
        Hostile(pictures(raw(b"HTTP/1.1 200 OK\r\ncontent-length: 500000000\r\n\r\n"))),
        LOST,
        "64 MB",
    ),
]

CHANGES = [
    Row(
        "N36 key refused after a pause",
        two(status(429, LIMIT, {"retry-after": "0.2"}), status(401)),
        REFUSED,
        "key",
        posts=2,
    ),
    Row("N36 another key", status(401, times=0), SAVED, posts=2, gets_another_key=True),
    Row(
        "N36 another key, 400",
        status(400, {"error": WRONG_KEY}, times=0),
        SAVED,
        posts=2,
        gets_another_key=True,
    ),
    Row(
        "N36 another key, billed",
        status(401, PAID, charge=True, times=0),
        BILLED,
        "charged $0.02",
        gets_another_key=True,
    ),
    Row(
        "N36 another key while pictures are made",
        fault("answer", method="GET", status=401, times=0),
        SAVED,
        ways=DEFERRED,
        gets_another_key=True,
    ),
    Row("N37 dead proxy", Nowhere(hostile.at("https://behind.invalid/v1")), UNSENT, "reached", deadline_s=SOON),
    Row("N38 away, then back", Hostile(pictures(answer(PICTURE)), starts_after_s=0.4), SAVED),
    Row(
        "N38 deferred, for ever",
        fault("answer", method="GET", status=202, times=0),
        UNKNOWN_PAID,
        "not done in time",
        ways=DEFERRED,
        deadline_s=SOON,
    ),
    Row(
        "N38 deferred, forgotten",
        fault("answer", method="GET", status=404, times=0),
        UNKNOWN_PAID,
        "404",
        ways=DEFERRED,
    ),
    Row("N38 deferred, failed", asked("failed"), UNKNOWN_PAID, "could not make", ways=DEFERRED),
    Row("N38 deferred, moderated", asked("moderated"), BILLED_WITHHELD, "charged $0.02", ways=DEFERRED),
]

TABLE = [*NEVER_ARRIVES, *LOSES_THE_ANSWER, *REFUSES, *ANSWERS, *LOSES_A_PICTURE, *CHANGES]
