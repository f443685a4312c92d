"""The API's format: exactly what is sent, and what every kind of answer is taken for."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from imagine_desktop.api import wire
from imagine_desktop.api.wire import Answer, Image, Reply
from imagine_desktop.domain.catalog import Catalog
from imagine_desktop.domain.delivery import Delivery
from imagine_desktop.domain.request import Request
from imagine_desktop.errors import (
    ApiError,
    BadKey,
    Charged,
    NotAllowed,
    OutcomeUnknown,
    Rejected,
    TooManyRequests,
    Withheld,
)

V1 = Request("a harbour", "grok-imagine-image", "16:9", "2k", count=2)
V2 = Request("a harbour", "grok-imagine-image-2.0", "16:9", "1.5k", count=1)


def sent(request: Request, sources: list[str], catalog: Catalog, delivery: Delivery = Delivery.URL) -> object:
    """The path and the body, as JSON."""
    path, body = wire.encode(request, sources, delivery, catalog)
    return path, json.loads(body)


def answer(status: int, body: object, headers: dict[str, str] | None = None) -> Answer:
    """An answer with a JSON body."""
    return Answer(status, headers or {}, json.dumps(body).encode())


def test_generation_sends_exactly_the_documented_fields(catalog: Catalog) -> None:
    assert sent(V1, [], catalog) == (
        "/images/generations",
        {
            "prompt": "a harbour",
            "model": "grok-imagine-image",
            "n": 2,
            "aspect_ratio": "16:9",
            "resolution": "2k",
            "response_format": "url",
        },
    )


def test_edit_of_one_source_sends_it_as_object_and_leaves_the_ratio_to_the_api(catalog: Catalog) -> None:
    assert sent(V1, ["https://pictures.example/a.jpg"], catalog, Delivery.BASE64) == (
        "/images/edits",
        {
            "prompt": "a harbour",
            "model": "grok-imagine-image",
            "n": 2,
            "resolution": "2k",
            "response_format": "b64_json",
            "image": {"url": "https://pictures.example/a.jpg"},
        },
    )


def test_edit_of_several_sources_sends_them_in_order_with_the_ratio(catalog: Catalog) -> None:
    path, body = wire.encode(V2, ["data:image/png;base64,AA==", "https://b.example"], Delivery.URL, catalog)
    fields = json.loads(body)
    assert path == "/images/edits"
    assert fields["images"] == [{"url": "data:image/png;base64,AA=="}, {"url": "https://b.example"}]
    assert fields["aspect_ratio"] == "16:9"
    assert "image" not in fields


@pytest.mark.parametrize(
    ("model", "chosen", "expected"),
    [
        ("grok-imagine-image-2.0", None, "medium"),  # its default is documented in two ways: always said
        ("grok-imagine-image-2.0", "low", "low"),
        ("grok-imagine-image", None, None),
        ("grok-imagine-image", "low", None),  # accepted and ignored by the API
        ("grok-imagine-image-3.0", None, None),
        ("grok-imagine-image-3.0", "high", "high"),
    ],
)
def test_quality_is_sent_to_models_that_have_it(
    catalog: Catalog, model: str, chosen: str | None, expected: str | None
) -> None:
    _, body = wire.encode(Request("x", model, quality=chosen), [], Delivery.URL, catalog)
    assert json.loads(body).get("quality") == expected


def test_prompt_crosses_the_wire_unchanged(catalog: Catalog) -> None:
    prompt = 'say "hi"\n\té 漢字 🦜 \u2028 <IMAGE_0> \\ {"a": 1}'
    _, body = wire.encode(Request(prompt, "m"), [], Delivery.URL, catalog)
    assert json.loads(body)["prompt"] == prompt


def test_base64_is_read_with_and_without_a_data_uri() -> None:
    uri = wire.data_uri("image/png", b"\x89PNG bytes")
    assert wire.decode_base64(uri) == wire.decode_base64(uri.partition(",")[2]) == b"\x89PNG bytes"
    for damaged in ("%%%", "QUJD\nREVG!", "QUI", "é"):
        with pytest.raises(ValueError, match=r"."):
            wire.decode_base64(damaged)


def test_reply_takes_pictures_cost_model_and_request_id() -> None:
    body = {
        "data": [{"url": "https://a.example/1.jpg", "mime_type": "image/jpeg"}, {"b64_json": "QUJD"}],
        "usage": {"cost_in_usd_ticks": 400_000_000},
        "model": "grok-imagine-image",
    }
    assert wire.parse(answer(200, body, {"x-request-id": "r-1"})) == Reply(
        (Image(url="https://a.example/1.jpg"), Image(base64="QUJD")), 400_000_000, "grok-imagine-image", "r-1"
    )


@pytest.mark.parametrize(
    "entry",
    [
        {},
        {"url": None},
        {"url": "", "b64_json": ""},
        {"url": 7},
        {"url": ["https://a.example"]},
        {"url": "https://a.example", "respect_moderation": False},
        None,
        "https://a.example",
        [],
    ],
)
def test_entry_without_a_picture_is_withheld_and_the_others_are_kept(entry: object) -> None:
    reply = wire.parse(answer(200, {"data": [entry, {"url": "https://b.example"}]}))
    assert [image.is_withheld for image in reply.images] == [True, False]


@pytest.mark.parametrize(
    "usage",
    [None, 3, [], {}, {"cost_in_usd_ticks": None}, {"cost_in_usd_ticks": "5"}, {"cost_in_usd_ticks": True}]
    + [{"cost_in_usd_ticks": cost} for cost in (-1, 1.5, 10**16, 2**70)],
)
def test_odd_cost_is_no_cost(usage: object) -> None:
    reply = wire.parse(answer(200, {"data": [{"url": "https://a.example"}], "usage": usage}))
    assert reply.cost_ticks is None


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"null",
        b"[]",
        b'"text"',
        b"<html><body>Log in to the hotel</body></html>",
        b'{"data": []}',
        b'{"data": {}}',
        b'{"data": "x"}',
        b'{"data": [NaN]}',
        b'{"data": [{"url": "\\ud800"}]}',
        b'{"data": [{"url": "\xff"}]}',
        b'{"data": ' + b"9" * 100_000 + b"}",
        b'{"data": [1e999]}',
        b"[" * 200_000,
        b'{"a":' * 100_000,
        b'{"data": [{"url": "https://a.example"}',
        b"\xff\xfe\x00",
        bytes(1000),
    ],
    ids=range(19),
)
def test_answer_that_is_not_understood_is_unknown_and_told_in_part(body: bytes) -> None:
    with pytest.raises(OutcomeUnknown) as caught:
        wire.parse(Answer(200, {}, body))
    assert len(caught.value.detail) <= 500
    assert caught.value.charged is Charged.UNKNOWN


def test_byte_order_mark_does_not_hide_paid_pictures() -> None:
    assert wire.parse(Answer(200, {}, b'\xef\xbb\xbf{"data": [{"url": "https://a.example"}]}')).images


MODERATED = "Generated image rejected by content moderation."
WRONG_KEY = "Incorrect API key provided: xai-****. You can obtain an API key from https://console.x.ai."
CREDIT = "Your team 1-2 has either used all available credits or reached its monthly spending limit."
RATE = "Too many requests for team 1-2 and model grok-imagine-image. Your team's rate limit is 2/2."
SERDE = "Failed to deserialize the JSON body into the target type: quality: unknown variant `bogus`"

ROWS: list[tuple[int, object, type[ApiError]]] = [
    (
        400,
        {"code": "imagine:content-moderated", "error": MODERATED, "usage": {"cost_in_usd_ticks": 5}},
        Withheld,
    ),
    (400, {"code": "Client specified an invalid argument", "error": MODERATED}, Withheld),
    (400, {"error": {"message": MODERATED, "type": "invalid", "param": None, "code": None}}, Withheld),
    (403, {"error": MODERATED}, Withheld),
    (400, {"code": "invalid-argument", "error": "Argument not supported: size"}, Rejected),
    (400, {"error": "1.5K resolution is not supported for this model."}, Rejected),
    (400, {"code": "invalid-argument", "error": WRONG_KEY}, BadKey),
    (400, {"error": {"message": WRONG_KEY}}, BadKey),
    (400, WRONG_KEY, BadKey),
    (401, {"code": "unauthenticated", "error": "Missing or invalid Authorization header."}, BadKey),
    (401, None, BadKey),
    (403, {"code": "permission-denied", "error": CREDIT}, NotAllowed),
    (403, {"code": "unauthorized:blocked-user", "error": "blocked"}, NotAllowed),
    (404, {"code": "not-found", "error": "The model X does not exist"}, Rejected),
    (405, None, Rejected),
    (413, None, Rejected),
    (415, None, Rejected),
    (422, SERDE, Rejected),
    (422, {"error": SERDE}, Rejected),
    (429, {"code": "resource-exhausted", "error": RATE}, TooManyRequests),
    (429, {"error": CREDIT}, TooManyRequests),
    (429, None, TooManyRequests),
    (408, None, OutcomeUnknown),
    (409, {"error": "conflict"}, OutcomeUnknown),
    (500, "<html>oops</html>", OutcomeUnknown),
    (500, {"error": MODERATED}, OutcomeUnknown),
    (502, None, OutcomeUnknown),
    (503, {"code": "unavailable", "error": "at capacity"}, OutcomeUnknown),
    (504, None, OutcomeUnknown),
    (529, {"error": "overloaded"}, OutcomeUnknown),
    (201, {"data": [{"url": "https://a.example"}]}, OutcomeUnknown),
    (202, {"status": "pending"}, OutcomeUnknown),
    (204, None, OutcomeUnknown),
    (307, None, OutcomeUnknown),
]


@pytest.mark.parametrize(("status", "body", "kind"), ROWS)
def test_every_refusal_is_taken_for_what_it_means(status: int, body: object, kind: type[ApiError]) -> None:
    text = b"" if body is None else body.encode() if isinstance(body, str) else json.dumps(body).encode()
    error = wire.error(Answer(status, {"x-request-id": "r-9"}, text))
    assert type(error) is kind
    assert (error.status, error.request_id) == (status, "r-9")
    assert error.sentences.endswith(".")
    assert "<html>" not in error.sentences


def test_moderated_refusal_tells_its_cost() -> None:
    error = wire.error(answer(*ROWS[0][:2]))
    assert (error.cost_ticks, error.charged) == (5, Charged.YES)
    assert wire.error(answer(*ROWS[1][:2])).charged is Charged.NO


@pytest.mark.parametrize(
    "body", [{"error": {"message": {"a": 1}}}, {"error": 7, "code": []}, {"detail": "x"}, [1], {"error": {}}]
)
def test_refusal_of_an_odd_shape_is_still_a_refusal(body: object) -> None:
    assert type(wire.error(answer(400, body))) is Rejected


def test_what_a_server_says_cannot_speak_to_the_terminal_nor_fill_it() -> None:
    error = wire.error(answer(400, {"error": "\x1b[2J\x07bad\r\nthing \u202e" + "y" * 100_000}))
    assert all(character.isprintable() for character in error.sentences)
    assert len(error.sentences) < 300
    assert len(error.detail) == 500


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("4", 4.0),
        ("0.5", 0.5),
        ("121", None),
        ("-1", None),
        ("nan", None),
        ("inf", None),
        ("", None),
        ("Wed, 21 Oct 2026 07:28:00 GMT", None),
        ("9" * 400, None),
    ],
)
def test_only_a_sensible_pause_is_taken_from_the_rate_limit(header: str, expected: float | None) -> None:
    assert wire.error(Answer(429, {"retry-after": header}, b"")).retry_after_s == expected


@pytest.mark.parametrize(
    ("date", "retry_after", "expected"),
    [
        ("Wed, 21 Oct 2026 07:28:00 GMT", "Wed, 21 Oct 2026 07:28:07 GMT", 7.0),
        ("Fri, 01 Jan 1999 00:00:00 GMT", "Fri, 01 Jan 1999 00:02:00 GMT", 120.0),  # a clock of its own
        ("Wed, 21 Oct 2026 07:28:00 GMT", "Wednesday, 21-Oct-26 07:28:07 GMT", 7.0),
        ("Wed Oct 21 07:28:00 2026", "Wed, 21 Oct 2026 07:28:07 GMT", 7.0),
        ("Wed, 21 Oct 2026 07:28:00 GMT", "Wed, 21 Oct 2026 09:28:07 +0200", 7.0),
        ("Wed, 21 Oct 2026 07:28:00 GMT", "Wed, 21 Oct 2026 07:27:00 GMT", 0.0),
        ("Wed, 21 Oct 2026 07:28:00 GMT", "Wed, 21 Oct 2026 07:30:01 GMT", None),
        ("Wed, 21 Oct 2026 07:28:00 GMT", "Wed, 21 Oct 9999 07:28:07 GMT", None),
        ("Wed, 21 Oct 2026 07:28:00 GMT", "Wed, 21 Oct 2026 07:28:07 +9999", None),
        ("Wed, 21 Oct 2026 07:28:00 GMT", "soon", None),
        ("today", "Wed, 21 Oct 2026 07:28:07 GMT", None),
    ],
)
def test_pause_until_a_date_is_measured_by_the_answers_own_clock(
    date: str, retry_after: str, expected: float | None
) -> None:
    error = wire.error(Answer(429, {"retry-after": retry_after, "date": date}, b""))
    assert error.retry_after_s == expected


def test_advice_on_retrying_does_not_change_what_an_answer_means() -> None:
    for advice in ("true", "false"):
        headers = {"x-should-retry": advice}
        assert type(wire.error(Answer(500, headers, b""))) is OutcomeUnknown
        assert type(wire.error(Answer(429, headers, b""))) is TooManyRequests
        assert type(wire.error(Answer(400, headers, b""))) is Rejected


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["data", "url", "b64_json", "usage", "cost_in_usd_ticks", "error", "code", "message", "model"]
            )
            | st.text(max_size=3),
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)


@settings(deadline=None)
@given(
    status=st.sampled_from([200, 200, 200, 400, 401, 403, 404, 422, 429, 500]) | st.integers(100, 999),
    headers=st.dictionaries(st.sampled_from(["retry-after", "date", "x-request-id"]), st.text(max_size=20)),
    body=st.binary(max_size=300) | _JSON.map(lambda value: json.dumps(value).encode()),
)
def test_no_answer_makes_anything_but_a_reply_or_an_api_error(
    status: int, headers: dict[str, str], body: bytes
) -> None:
    found: Reply | ApiError
    try:
        found = wire.parse(Answer(status, headers, body))
    except ApiError as error:
        found = error
    if isinstance(found, Reply):
        assert status == 200
        assert found.images
    else:
        assert found.charged is not Charged.NO or 400 <= status < 500


def test_traces_are_sent_as_documented(catalog: Catalog) -> None:
    traces = wire.Traces(is_deferred=True, copy_name="01ID.jpg")
    fields = json.loads(wire.encode(V1, [], Delivery.URL, catalog, traces)[1])
    assert fields["deferred"] is True
    assert fields["storage_options"] == {"filename": "01ID.jpg", "expires_after": 86_400}
    assert not {"deferred", "storage_options"} & set(json.loads(wire.encode(V1, [], Delivery.URL, catalog)[1]))


@pytest.mark.parametrize(
    ("status", "body", "found"),
    [
        (200, {"request_id": "a1b2-c3"}, "a1b2-c3"),
        (200, {"request_id": "a1b2", "data": [{"url": "https://x"}]}, ""),
        (200, {"request_id": "a1b2", "status": "failed", "error": {"code": "internal_error"}}, ""),
        (200, {"request_id": "../api-key"}, ""),
        (200, {"request_id": ".."}, ""),
        (200, {"request_id": "a?b#c"}, ""),
        (200, {"request_id": "a" * 129}, ""),
        (200, {"request_id": 7}, ""),
        (400, {"request_id": "a1b2"}, ""),
    ],
)
def test_id_of_a_deferred_request_is_taken_where_it_is_one(status: int, body: object, found: str) -> None:
    assert wire.deferred_id(answer(status, body)) == found


def test_answer_too_long_for_an_id_is_not_read_for_one() -> None:
    assert wire.deferred_id(answer(200, {"request_id": "abc", "noise": "x" * 65_536})) == ""


@pytest.mark.parametrize(
    ("status", "body", "is_pending"),
    [(202, "", True), (202, {"status": "pending"}, True), (200, {"status": "pending"}, True), (200, {}, False)],
)
def test_deferred_request_is_pending_while_the_api_says_so(status: int, body: object, is_pending: bool) -> None:
    assert wire.is_pending(answer(status, body)) is is_pending


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("invalid_argument", Rejected),
        ("failed_precondition", Rejected),
        ("permission_denied", NotAllowed),
        ("service_unavailable", OutcomeUnknown),
        ("internal_error", OutcomeUnknown),
        ("something_new", OutcomeUnknown),
    ],
)
def test_failed_deferred_request_means_what_its_code_says(code: str, kind: type[ApiError]) -> None:
    body = {"request_id": "a", "status": "failed", "error": {"code": code, "message": "no"}}
    with pytest.raises(kind) as caught:
        wire.parse(answer(200, body))
    assert type(caught.value) is kind


def test_moderated_deferred_request_is_withheld_and_billed() -> None:
    message = "Generated image rejected by content moderation."
    body = {
        "request_id": "a",
        "status": "failed",
        "error": {"code": "invalid_argument", "message": message},
        "usage": {"cost_in_usd_ticks": 5},
    }
    with pytest.raises(Withheld) as caught:
        wire.parse(answer(200, body))
    assert caught.value.cost_ticks == 5


def test_list_of_files_is_read_leniently_and_oldest_first() -> None:
    entries = [
        {"id": "file_2", "filename": "a.jpg", "created_at": 9},
        {"id": "file_1", "filename": "a.jpg", "created_at": 9},
        {"id": "file_0", "filename": "b.jpg", "created_at": 3},
        {"id": "../x", "filename": "a.jpg"},
        {"filename": "a.jpg"},
        "text",
        None,
    ]
    assert [f.id for f in wire.stored_files(answer(200, {"data": entries}))] == ["file_0", "file_1", "file_2"]
    assert wire.stored_files(answer(200, "what")) == ()
