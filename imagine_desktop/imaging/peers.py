"""The prompt that a picture's file tells, by this program's story or as other programs write it.

Read are the text chunks of PNG and EXIF's user comment, as of Stable Diffusion web UI ("parameters"), ComfyUI
("prompt", a graph of nodes) and InvokeAI ("invokeai_metadata", "sd-metadata"). It is anybody's text: cut to a
length, never run, and whatever is not as expected tells no prompt.
"""

import json
import re
import struct
from collections.abc import Iterator, Mapping

from imagine_desktop.domain import prompts
from imagine_desktop.imaging import decode, metadata

MOST_CHARACTERS = 20_000
_MOST_TEXT_BYTES = 4_194_304  # a graph of some hundred nodes has 100 KB
_MOST_STEPS = 16  # from a sampler to its text
_KEYS = ("parameters", "invokeai_metadata", "sd-metadata", "prompt")
_EXIF_INNER, _USER_COMMENT = 0x8769, 0x9286
# What web UIs put below the prompt, each on a line of its own.
_SETTINGS = re.compile(r"^(Negative prompt:|Steps: \d)", re.MULTILINE)


def prompt(data: bytes) -> str:
    """The prompt that made a picture, as far as its file tells; empty where it tells none."""
    story = metadata.story(data)
    found = story.prompt if story is not None else _foreign(data)
    return prompts.normalised(found)[:MOST_CHARACTERS].rstrip()


def _foreign(data: bytes) -> str:
    if decode.sniff(data) != "image/png":
        return _positive(_user_comment(data))
    texts = dict(_png_texts(data))
    for key, read in zip(_KEYS, (_positive, _invoke, _invoke_before, _graph), strict=True):
        if key in texts and (found := read(texts[key])):
            return found
    return ""


def _png_texts(data: bytes) -> Iterator[tuple[str, str]]:
    """The keywords that are known and their texts; compressed ones, which none of these programs write, not."""
    try:
        for name, start, end in metadata.png_chunks(data):
            if name not in (b"tEXt", b"iTXt") or end - start > _MOST_TEXT_BYTES:
                continue
            keyword, _, inside = data[start + 8 : end - 4].partition(b"\0")
            key = keyword.decode("latin-1")
            if key in _KEYS and name == b"tEXt":
                yield key, _text(inside)
            elif key in _KEYS and inside[:1] == b"\0":
                yield key, inside[2:].split(b"\0", 2)[-1].decode("utf-8", "replace")
    except (struct.error, IndexError, metadata.CannotCarry):
        return


def _text(data: bytes) -> str:
    """PNG says Latin-1, and some write UTF-8 all the same."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _user_comment(data: bytes) -> str:
    """EXIF's comment, whose first eight bytes name its code."""
    try:
        comment = decode.exif(data).get_ifd(_EXIF_INNER).get(_USER_COMMENT, b"")
    except (decode.Undecodable, ValueError, struct.error, OSError):
        return ""
    if not isinstance(comment, bytes) or len(comment) > _MOST_TEXT_BYTES:
        return ""
    code, text = comment[:8], comment[8:]
    if code == b"UNICODE\0":
        return text.decode("utf-16-le" if text[1:2] == b"\0" else "utf-16-be", "replace")
    return text.decode("utf-8", "replace") if code == b"ASCII\0\0\0" else ""


def _positive(text: str) -> str:
    """What stands above the settings; without settings it is another program's comment."""
    found = _SETTINGS.search(text)
    return text[: found.start()] if found is not None and "Steps: " in text else ""


def _invoke(text: str) -> str:
    return _string(_object(text).get("positive_prompt"))


def _invoke_before(text: str) -> str:
    """InvokeAI before its third version: a prompt, or a list of weighted ones."""
    image = _object(text).get("image")
    asked = image.get("prompt") if isinstance(image, dict) else None
    first = asked[0] if isinstance(asked, list) and asked else asked
    return _string(first.get("prompt") if isinstance(first, dict) else first)


def _graph(text: str) -> str:
    """The text that leads to the first sampler's positive side."""
    nodes = _object(text)
    for node in nodes.values():
        at = _inputs(node).get("positive")
        for _ in range(_MOST_STEPS):
            if not isinstance(at, list) or not at:
                break
            inputs = _inputs(nodes.get(str(at[0])))
            if found := _string(inputs.get("text")):
                return found
            at = next((inputs[name] for name in ("text", "conditioning", "positive") if name in inputs), None)
    return ""


def _inputs(node: object) -> Mapping[str, object]:
    inputs = node.get("inputs") if isinstance(node, dict) else None
    return inputs if isinstance(inputs, dict) else {}


def _object(text: str) -> Mapping[str, object]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""
