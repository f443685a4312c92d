"""What the sandbox takes and refuses, spoken to over HTTP."""

import time
from io import BytesIO

import httpx
import pytest
from PIL import Image

from tests.sandbox.conftest import data_uri, encoded, photo, pictures

V2 = "grok-imagine-image-2.0"
SOURCE = {"url": data_uri(encoded(photo((160, 120))))}
CENT = 10**8


def generate(api: httpx.Client, **fields: object) -> httpx.Response:
    return api.post("/images/generations", json=fields)


def edit(api: httpx.Client, **fields: object) -> httpx.Response:
    return api.post("/images/edits", json=fields)


def test_url_is_the_default_and_is_served_without_a_key(api: httpx.Client) -> None:
    answer = generate(api, prompt="a cat", n=2)
    body = answer.json()
    assert set(body) == {"data", "usage", "model"}
    assert len(body["data"]) == 2
    assert answer.headers["x-request-id"]
    for entry in body["data"]:
        assert entry["mime_type"] == "image/jpeg"
        assert entry["url"].startswith(str(api.base_url).removesuffix("/v1/"))
        picture = httpx.get(entry["url"])
        assert picture.headers["content-type"] == "image/jpeg"
        assert int(picture.headers["content-length"]) == len(picture.content)
        assert Image.open(BytesIO(picture.content)).size == (1024, 1024)


@pytest.mark.parametrize(
    ("fields", "size"),
    [
        ({"aspect_ratio": "16:9"}, (1408, 768)),
        ({"aspect_ratio": "9:20"}, (576, 1280)),
        ({"aspect_ratio": "1:1", "resolution": "2k"}, (2048, 2048)),
        ({"aspect_ratio": "16:9", "model": V2, "resolution": "1k"}, (1280, 720)),
        ({"aspect_ratio": "1:1", "model": V2, "resolution": "1.5k"}, (1408, 1408)),
        ({"aspect_ratio": "auto", "prompt": "portrait of a woman"}, (896, 1280)),
        ({"prompt": "a sea panorama"}, (1408, 768)),
    ],
)
def test_picture_has_its_true_size(api: httpx.Client, fields: dict[str, object], size: tuple[int, int]) -> None:
    answer = generate(api, **{"prompt": "hills", "response_format": "b64_json"} | fields)
    (image,) = pictures(answer)
    assert image.format == "JPEG"
    assert image.size == size


@pytest.mark.parametrize(
    ("fields", "ticks"),
    [
        ({}, 2 * CENT),
        ({"n": 3, "resolution": "2k"}, 6 * CENT),
        ({"quality": "high"}, 2 * CENT),
        ({"model": "grok-imagine-image-2026-03-02", "n": None, "quality": None}, 2 * CENT),
        ({"model": V2}, 6 * CENT),
        ({"model": V2, "quality": "auto"}, 4 * CENT),
        ({"model": V2, "quality": "low", "resolution": "2k", "n": 2}, 12 * CENT),
        ({"model": V2, "quality": "medium", "resolution": "1.5k"}, 7 * CENT),
        ({"model": "grok-imagine-image-quality"}, 4 * CENT),
        ({"seed": 5, "image": SOURCE, "unknown": {"a": 1}}, 2 * CENT),
    ],
)
def test_generation_costs_what_the_table_says(
    api: httpx.Client, control: httpx.Client, fields: dict[str, object], ticks: int
) -> None:
    body = generate(api, prompt="[sandbox:empty]", **fields).json()
    assert body["usage"] == {"cost_in_usd_ticks": ticks}
    assert body["model"] in ("grok-imagine-image", V2)
    assert control.get("/charges").json()["ticks"] == ticks


@pytest.mark.parametrize(
    ("fields", "ticks"),
    [
        ({"image": SOURCE, "n": 2}, 4 * CENT + CENT // 5),
        ({"images": [SOURCE] * 3}, 2 * CENT + 3 * CENT // 5),
        ({"model": V2, "quality": "low", "image": SOURCE}, 5 * CENT),
        ({"model": V2, "quality": "auto", "images": [SOURCE] * 5, "n": 2}, 17 * CENT),
    ],
)
def test_edit_costs_each_picture_and_each_source_once(
    api: httpx.Client, fields: dict[str, object], ticks: int
) -> None:
    answer = edit(api, prompt="[sandbox:empty] night", **fields)
    assert answer.json()["usage"]["cost_in_usd_ticks"] == ticks


@pytest.mark.parametrize(
    ("fields", "status", "said"),
    [
        ({"n": 1}, 422, "missing field `prompt`"),
        ({"prompt": 5}, 422, "prompt: invalid type: integer `5`, expected a string"),
        ({"prompt": "x", "n": "4"}, 422, 'n: invalid type: string "4", expected u32'),
        ({"prompt": "x", "n": -1}, 422, "expected u32"),
        ({"prompt": "x", "n": 1.5}, 422, "floating point `1.5`"),
        ({"prompt": "x", "quality": "bogus"}, 422, "unknown variant `bogus`, expected one of `low`, `medium`"),
        ({"prompt": "x", "resolution": "1024"}, 422, "resolution: unknown variant `1024`"),
        ({"prompt": "x", "aspect_ratio": "7:5"}, 422, "aspect_ratio: unknown variant `7:5`"),
        ({"prompt": "x", "response_format": "png"}, 422, "response_format: unknown variant"),
        ({"prompt": "x", "deferred": "yes"}, 422, "expected a boolean"),
        ({"prompt": "x", "quality": "bogus", "model": "none"}, 422, "unknown variant"),
        ({"prompt": " "}, 400, "prompt"),
        ({"prompt": "x", "n": 0}, 400, "between 1 and 10"),
        ({"prompt": "x", "n": 11}, 400, "between 1 and 10"),
        ({"prompt": "x", "size": "1024x1024"}, 400, "Argument not supported: size"),
        ({"prompt": "x", "resolution": "1.5k"}, 400, "1.5K resolution is not supported for this model."),
        ({"prompt": "x", "model": V2, "quality": "high"}, 400, "quality value(s): low, medium, auto."),
        ({"prompt": "x", "model": "gpt"}, 404, "The model gpt does not exist or your team"),
        ({"prompt": "x", "deferred": True, "response_format": "b64_json"}, 400, "url"),
        ({"prompt": "x", "storage_options": {}}, 422, "missing field `filename`"),
        ({"prompt": "x", "storage_options": {"filename": "a", "expires_after": 5}}, 400, "expires_after"),
    ],
)
def test_bad_generation_is_refused_and_costs_nothing(
    api: httpx.Client, control: httpx.Client, fields: dict[str, object], status: int, said: str
) -> None:
    answer = generate(api, **fields)
    assert answer.status_code == status
    if status == 422:
        assert answer.headers["content-type"].startswith("text/plain")
        assert answer.text.startswith("Failed to deserialize the JSON body into the target type: ")
        assert said in answer.text
    else:
        assert said in answer.json()["error"]
        assert answer.json()["code"] == ("not-found" if status == 404 else "invalid-argument")
    assert control.get("/charges").json()["charges"] == []


@pytest.mark.parametrize(
    ("fields", "status", "said"),
    [
        ({"image": SOURCE["url"]}, 422, "expected struct ImageUrl"),
        ({"images": [SOURCE["url"]]}, 422, "expected struct ImageUrl"),
        ({"image": SOURCE, "images": [SOURCE]}, 400, "image and images"),
        ({}, 400, "An image is required"),
        ({"images": []}, 400, "An image is required"),
        ({"images": [SOURCE] * 4}, 400, "at most 3 input images"),
        ({"images": [SOURCE] * 6, "model": V2}, 400, "at most 5 input images"),
        ({"image": {}}, 400, "Exactly one of url and file_id"),
        ({"image": {"url": "x", "file_id": "y"}}, 400, "Exactly one of url and file_id"),
        ({"image": {"url": "data:image/png;base64,***"}}, 400, "base64-encoded image or a URL"),
        ({"image": {"url": "data:text/html,hi"}}, 400, "base64-encoded image or a URL"),
        ({"image": {"url": "ftp://example.com/a.png"}}, 400, "base64-encoded image or a URL"),
        ({"image": {"url": "just words"}}, 400, "base64-encoded image or a URL"),
        ({"image": {"url": data_uri(b"no picture")}}, 400, "could not be decoded"),
        ({"image": {"url": data_uri(encoded(photo())[:900])}}, 400, "could not be decoded"),
        ({"image": {"url": "http://127.0.0.1:9/none.png"}}, 400, "Failed to fetch"),
        ({"image": {"file_id": "file_none"}}, 404, "file_none"),
    ],
)
def test_bad_sources_are_refused_and_cost_nothing(
    api: httpx.Client, control: httpx.Client, fields: dict[str, object], status: int, said: str
) -> None:
    answer = edit(api, prompt="night", **fields)
    assert answer.status_code == status
    assert said in answer.text
    assert control.get("/charges").json()["charges"] == []


def test_source_may_come_in_every_documented_form(api: httpx.Client) -> None:
    own = generate(api, prompt="a lake").json()["data"][0]["url"]
    uploaded = api.post("/files", files={"file": ("a.png", encoded(photo((96, 64))), "image/png")}).json()
    for source in (
        {"url": SOURCE["url"], "type": "image_url"},
        {"image_url": SOURCE["url"]},
        {"url": own, "file_id": None},
        {"url": data_uri(encoded(photo((80, 60)), "WEBP"), "webp")},
        {"file_id": uploaded["id"]},
        {"url": "https://example.com/a-red-fox-in-the-snow.jpg"},
    ):
        assert len(pictures(edit(api, prompt="sunset", image=source, response_format="b64_json"))) == 1


def test_edit_takes_json_only(api: httpx.Client) -> None:
    assert api.post("/images/edits", files={"image": b"x"}, data={"prompt": "x"}).status_code == 415
    assert api.post("/images/edits", content=b"{}").status_code == 415
    assert api.post("/images/edits", headers={"content-type": "application/json"}).status_code == 415
    broken = api.post("/images/edits", content=b"{", headers={"content-type": "application/json"})
    assert broken.status_code == 400


def test_shape_of_an_edit_follows_its_source_and_of_several_the_ratio(api: httpx.Client) -> None:
    def size(**fields: object) -> tuple[int, int]:
        return pictures(edit(api, prompt="blend", response_format="b64_json", **fields))[0].size

    assert size(image=SOURCE, aspect_ratio="9:16") == (1184, 880)
    assert size(images=[SOURCE, SOURCE]) == (1184, 880)
    assert size(images=[SOURCE, SOURCE], aspect_ratio="16:9") == (1408, 768)


def test_deferred_request_is_polled(api: httpx.Client) -> None:
    request_id = generate(api, prompt="a hill", deferred=True).json()["request_id"]
    deadline = time.monotonic() + 10
    while (answer := api.get(f"/images/{request_id}")).status_code == 202:
        assert answer.json() == {"status": "pending"}
        assert time.monotonic() < deadline
    body = answer.json()
    assert (body["request_id"], body["status"]) == (request_id, "done")
    assert httpx.get(body["data"][0]["url"]).status_code == 200
    assert body["usage"]["cost_in_usd_ticks"] == 2 * CENT
    assert api.get("/images/unknown").status_code == 404


def test_models_and_key_are_listed(api: httpx.Client) -> None:
    listed = api.get("/image-generation-models").json()["models"]
    assert [model["id"] for model in listed] == ["grok-imagine-image", V2]
    assert [model["image_price"] for model in listed] == [2, 6]
    assert {"quality": "low", "resolution": "2k", "price_per_image": 6 * CENT} in listed[1]["pricing"]
    assert api.get(f"/image-generation-models/{V2}").json()["id"] == V2
    assert api.get("/image-generation-models/none").status_code == 404
    assert api.get("/models").json()["object"] == "list"
    assert api.get("/models/grok-imagine-image").json()["image_price"] == 2 * CENT
    assert api.get("/api-key").json()["redacted_api_key"].startswith("xai-...")
    assert api.get("/me").json()["zdr_status"] == "no_zdr"


def test_unknown_paths_and_methods_are_answered_in_the_api_s_shapes(api: httpx.Client) -> None:
    missing = api.get("/nothing")
    assert missing.status_code == 404
    assert missing.json() == {"code": "not-found", "error": "The requested resource was not found."}
    assert api.put("/images/generations", json={}).status_code == 405
    assert missing.headers["x-request-id"]


def test_files_are_kept_found_by_name_and_deleted(api: httpx.Client) -> None:
    stored = generate(
        api,
        prompt="a hill",
        n=2,
        response_format="b64_json",
        storage_options={"filename": "turn-1.jpg", "expires_after": 7200, "public_url": True},
    ).json()
    generate(api, prompt="a hill", storage_options={"filename": "other.jpg"})
    output = stored["data"][0]["file_output"]
    assert output["filename"] == "turn-1.jpg"
    assert output["expires_at"] > time.time() + 7000
    found = api.get("/files", params={"filter": 'name:"turn-1.jpg"'}).json()["data"]
    assert {entry["id"] for entry in found} == {entry["file_output"]["file_id"] for entry in stored["data"]}
    content = api.get(f"/files/{output['file_id']}/content").content
    assert Image.open(BytesIO(content)).format == "JPEG"
    assert httpx.get(output["public_url"]).content == content
    assert api.get("/files", params={"filter": "nonsense"}).status_code == 400
    assert api.delete(f"/files/{output['file_id']}").json()["deleted"] is True
    assert api.get(f"/files/{output['file_id']}").status_code == 404


def test_upload_is_byte_for_byte_what_was_sent(api: httpx.Client) -> None:
    data = bytes(range(256)) * 40 + b"\r\n--not-the-boundary\r\n"
    form = {"expires_after": "3600", "purpose": "x"}
    kept = api.post("/files", data=form, files={"file": ("ü.bin", data, "application/octet-stream")}).json()
    assert kept["bytes"] == len(data)
    assert "expires_at" in kept
    assert api.get(f"/files/{kept['id']}/content").content == data
