"""Faults, asked for by the prompt or scripted through the control."""

import hashlib

import httpx
import pytest

from tests.sandbox.conftest import Running, data_uri, encoded, photo

CENT = 10**8


def generate(api: httpx.Client, prompt: str, **fields: object) -> httpx.Response:
    return api.post("/images/generations", json={"prompt": prompt} | fields)


def charged(control: httpx.Client) -> int:
    ticks: int = control.get("/charges").json()["ticks"]
    return ticks


@pytest.mark.parametrize("status", [401, 403, 404, 413, 415, 422, 429, 500, 502, 503, 529])
def test_prompt_asks_for_a_status_and_nothing_is_charged(
    api: httpx.Client, control: httpx.Client, status: int
) -> None:
    answer = generate(api, f"a lake [sandbox:{status}]")
    assert answer.status_code == status
    assert answer.headers["x-request-id"]
    assert charged(control) == 0


def test_rate_limit_names_when_to_try_again_and_passes(api: httpx.Client) -> None:
    prompt = "a rate limited lake [sandbox:429 retry-after=2 times=1]"
    first = generate(api, prompt)
    assert first.status_code == 429
    assert first.headers["retry-after"] == "2"
    assert first.json()["code"] == "resource-exhausted"
    assert generate(api, prompt).status_code == 200


def test_moderation_refuses_and_charges(api: httpx.Client, control: httpx.Client) -> None:
    answer = generate(api, "[sandbox:moderated] a lake", n=2)
    assert answer.status_code == 400
    assert answer.json()["code"] == "imagine:content-moderated"
    assert answer.json()["usage"]["cost_in_usd_ticks"] == 4 * CENT
    assert charged(control) == 4 * CENT


def test_batch_comes_back_otherwise_than_asked_for(api: httpx.Client) -> None:
    def entries(name: str) -> list[dict[str, object]]:
        found: list[dict[str, object]] = generate(api, f"[sandbox:{name}] hill", n=3).json()["data"]
        return found

    assert entries("empty") == []
    assert len(entries("fewer")) == 2
    assert len(entries("more")) == 4
    partial = entries("partial")
    assert [("url" in entry) for entry in partial] == [True, True, False]


def test_addresses_expire_or_break_off(api: httpx.Client) -> None:
    expired = generate(api, "[sandbox:expired] a lake").json()["data"][0]["url"]
    assert httpx.get(expired).status_code == 404
    cut = generate(api, "[sandbox:cut-picture] a lake").json()["data"][0]["url"]
    assert not httpx.get(cut).content.endswith(b"\xff\xd9")


@pytest.mark.parametrize("name", ["truncated", "drop"])
def test_answer_is_lost_after_it_was_charged(api: httpx.Client, control: httpx.Client, name: str) -> None:
    with pytest.raises(httpx.RemoteProtocolError):
        generate(api, f"[sandbox:{name}] a lake")
    assert charged(control) == 2 * CENT


def test_hanging_answer_is_charged(api: httpx.Client, control: httpx.Client) -> None:
    with pytest.raises(httpx.ReadTimeout):
        api.post("/images/generations", json={"prompt": "[sandbox:hang] hill"}, timeout=1)
    assert charged(control) == 2 * CENT


def test_slow_answer_arrives_whole(api: httpx.Client) -> None:
    answer = generate(api, "[sandbox:slow seconds=0.2] a lake")
    assert len(answer.json()["data"]) == 1


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"action": "drop"}, httpx.TransportError),
        ({"action": "drop-unread"}, httpx.TransportError),
        ({"action": "raw", "body": "garbage\r\n\r\n"}, httpx.RemoteProtocolError),
        ({"action": "cut", "keep": 10}, httpx.RemoteProtocolError),
        ({"action": "length", "by": 7}, httpx.RemoteProtocolError),
    ],
)
def test_scripted_fault_breaks_one_connection_and_no_more(
    api: httpx.Client, control: httpx.Client, fault: dict[str, object], error: type[Exception]
) -> None:
    control.post("/faults", json=fault | {"path": "/v1/images/*"})
    assert api.get("/models").status_code == 200
    with pytest.raises(error):
        generate(api, "a hill")
    assert generate(api, "a hill").status_code == 200


def test_scripted_answer_replaces_the_usual_one_with_or_without_charge(
    api: httpx.Client, control: httpx.Client
) -> None:
    answer = {"action": "answer", "status": 503, "body": {"error": "busy"}, "headers": {"retry-after": "1"}}
    control.post("/faults", json=[answer, answer | {"charge": True}])
    first = generate(api, "a hill")
    assert (first.status_code, first.json(), first.headers["retry-after"]) == (503, {"error": "busy"}, "1")
    assert charged(control) == 0
    assert generate(api, "a hill").status_code == 503
    assert charged(control) == 2 * CENT


def test_fault_waits_for_its_turn_and_its_times(api: httpx.Client, control: httpx.Client) -> None:
    fault = {"action": "answer", "status": 500, "method": "GET", "path": "/v1/models", "skip": 1, "times": 2}
    control.post("/faults", json=fault)
    assert [api.get("/models").status_code for _ in range(4)] == [200, 500, 500, 200]
    assert control.get("/faults").json() == {"faults": []}


def test_pictures_behind_addresses_fail_by_script(api: httpx.Client, control: httpx.Client) -> None:
    control.post("/faults", json={"action": "expire", "path": "/v1/images/generations"})
    assert httpx.get(generate(api, "a hill").json()["data"][0]["url"]).status_code == 404
    url = generate(api, "a hill").json()["data"][0]["url"]
    control.post("/faults", json={"action": "answer", "status": 502, "path": "/xai-imgen/*"})
    assert [httpx.get(url).status_code for _ in range(2)] == [502, 200]
    control.post("/expire")
    assert httpx.get(url).status_code == 404


def test_bad_script_is_refused(control: httpx.Client) -> None:
    assert control.post("/faults", json={"action": "nonsense"}).status_code == 400
    assert control.post("/faults", json={"statuss": 500}).status_code == 400


def test_log_tells_what_arrived(api: httpx.Client, control: httpx.Client, running: Running) -> None:
    data = encoded(photo((64, 48)))
    api.post(
        "/images/edits",
        json={"prompt": "night", "image": {"url": data_uri(data)}},
        headers={"x-client-request-id": "turn-7"},
    )
    (entry,) = control.get("/requests").json()["requests"]
    assert (entry["method"], entry["path"], entry["status"]) == ("POST", "/v1/images/edits", 200)
    assert entry["headers"]["content-length"] == str(entry["body_bytes"])
    assert "transfer-encoding" not in entry["headers"]
    assert entry["body"]["prompt"] == "night"
    assert entry["body"]["image"]["url"] == {
        "data_uri": "data:image/png;base64",
        "bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
    }
    (charge,) = control.get("/charges").json()["charges"]
    assert charge["x_client_request_id"] == "turn-7"
    assert charge["number"] == entry["number"]
    assert control.delete("/requests").json() == {"requests": []}
