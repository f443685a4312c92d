"""Names from templates: what the template says, and never a name that some system would not take."""

import random
import unicodedata
from dataclasses import replace
from pathlib import PurePosixPath, PureWindowsPath

import pytest

from imagine_desktop.errors import BadInput
from imagine_desktop.export import naming
from imagine_desktop.export.naming import Names, Subject

SUBJECT = Subject(
    created=0.0,
    session="Harbour",
    turn=7,
    n=2,
    prompt="a harbour\nat night: boats, fog / rain",
    model="grok-imagine-image",
    ratio="16:9",
    resolution="2k",
    quality="",
    id=42,
    number=3,
)
RESERVED = {"CON", "PRN", "AUX", "NUL", *(f"{port}{n}" for port in ("COM", "LPT") for n in range(10))}


@pytest.mark.parametrize(
    ("template", "name"),
    [
        ("{session} {turn}-{n}", "Harbour 007-2"),
        ("{turn:1}.{n:2}", "7.02"),
        ("{prompt:10}", "a harbour"),
        ("{prompt:12}", "a harbour at"),
        ("{prompt}", "a harbour at night_ boats, fog _ rain"),
        ("{ratio} {resolution} {model}", "16x9 2k grok-imagine-image"),
        ("{{{id}}} {number}", "{42} 0003"),
        ("{quality}", "picture"),
        ("..{quality}-{n}", "2"),
    ],
)
def test_a_template_makes_the_name(template: str, name: str) -> None:
    assert naming.parse(template).stem(SUBJECT) == name


@pytest.mark.parametrize(
    ("template", "told"),
    [
        ("{prompt} {seed}", "{seed}"),
        ("{prompt.__class__}", "{prompt.__class__}"),
        ("{}", "{}"),
        ("{0}", "{0}"),
        ("{prompt:forty}", "{prompt:forty}"),
        ("{prompt:0}", "{prompt:0}"),
        ("{n:10}", "{n:10}"),
        ("{prompt:{n}}", "{prompt:{n}}"),
        ("{n:²}", "{n:²}"),
        ("{prompt!r}", "{prompt!r}"),
        ("{prompt", "brace"),
        ("prompt}", "brace"),
        ("picture", "no field"),
        ("", "no field"),
        ("../{n}", "/"),
        ("a:{n}", ":"),
        ("{n}*", "*"),
    ],
)
def test_what_is_no_template_is_named(template: str, told: str) -> None:
    with pytest.raises(BadInput) as refused:
        naming.parse(template)
    assert told in refused.value.sentences
    assert refused.value.field == "Template"


def test_every_field_has_its_example() -> None:
    for field, shown in naming.FIELDS.items():
        assert naming.example(naming.parse(f"{{{field}}}")) == f"{shown}.jpg"
    assert naming.example(naming.DEFAULT) == "2026-03-14_007_1.jpg"


def hostile_prompts() -> list[str]:
    """20,000 prompts, of pieces that have broken file systems and programs."""
    pieces = (
        *("../", "..\\", "/etc/passwd", "C:", "CON", "con.txt", "NUL ", "aux.", "COM1", "LPT²", "conin$"),
        *(":", "*", "?", '"', "<", ">", "|", "\\", "\0", "\x1b[31m", "\n", "\r\n", "\t", "\x7f"),
        *(".", "..", "-", "--rf", "~", " ", "  ", "\u202e", "\u200b", "\ufeff", "\u2028", "\ud800"),
        *("é", "e\u0301", "Å", "\u212b", "ß", "SS", "İ", "日本語", "👩‍👩‍👧‍👦", "𝒳", "\U0010ffff", "\ue000"),
        *("a", "A", "fox", "FOX", "x" * 300, "日" * 120, "👩" * 90, "%20", "$HOME", "`id`", ";"),
    )
    chance = random.Random(4)
    made = ["".join(chance.choices(pieces, k=chance.randrange(5))) for _ in range(19_000)]
    return made + [chance.choice(pieces) for _ in range(1_000)]


def test_20000_hostile_prompts_give_safe_names_no_two_alike() -> None:
    template, names = naming.parse("{prompt}"), Names()
    given = []
    for prompt in hostile_prompts():
        stem = template.stem(replace(SUBJECT, prompt=prompt))
        given.append(names.fresh(stem, ".jpeg"))
    for name in given:
        assert len(name.encode()) <= 255
        assert len(name.encode("utf-16-le")) <= 510
        assert PurePosixPath(name).name == name == PureWindowsPath(name).name
        assert not set(name) & set('<>:"/\\|?*')
        assert not any(unicodedata.category(c).startswith("C") for c in name)
        assert name[0] not in ".-~ "
        assert name.removesuffix(".jpeg")[-1] not in ". "
        assert name.split(".")[0].rstrip().upper() not in RESERVED
    folded = {unicodedata.normalize("NFKC", name).casefold() for name in given}
    assert len(folded) == len(given)


def test_a_long_name_is_cut_between_characters() -> None:
    stem = naming.safe("日" * 200)
    assert set(stem) == {"日"}
    assert 230 < len(stem.encode()) < 255
