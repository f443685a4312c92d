"""Portraits in flat planes of light and shade."""

from dataclasses import dataclass

from imagine_desktop.sandbox.canvas import (
    Canvas,
    Colour,
    Spot,
    darker,
    lighter,
    mix,
    outline,
    oval,
    rgb,
    smooth,
)
from imagine_desktop.sandbox.light import Light
from imagine_desktop.sandbox.words import Brief

_MEN = {"man", "boy", "king", "wizard", "grandfather", "knight", "prince", "he"}
_SKINS = ("f0c9a8", "d9a57c", "b07a52", "7d5236", "e8b896")
_HAIRS = ("2b2024", "4a2f22", "7a4a2a", "b5763a", "a9a4a6", "8c3a2a")
_HAIR_WORDS = {
    "red": "a8442a",
    "blonde": "d9b06a",
    "blond": "d9b06a",
    "old": "c9c6c4",
    "grandmother": "d4d1cf",
    "grandfather": "d4d1cf",
    "grey": "a9a4a6",
    "white": "e4e1de",
    "black": "241c22",
    "brown": "5b3a28",
    "pink": "e08aa8",
    "blue": "4a6fb0",
}
_CLOTHES = ("2f5d73", "b8503f", "3d6b52", "d9a23f", "54427a", "26304a", "8a3f5c")


@dataclass(frozen=True, slots=True)
class _Sitter:
    """Who is portrayed."""

    is_man: bool
    skin: Colour
    hair: Colour
    cloth: Colour
    choice: int


def portrait(canvas: Canvas, brief: Brief, light: Light) -> None:
    """A person from the chest up before a disc of colour."""
    random = brief.random("portrait")
    size = min(canvas.height * 0.94, canvas.width * 1.12)
    hairs = [colour for word, colour in _HAIR_WORDS.items() if word in brief.words] or _HAIRS
    at = Spot(canvas.width * random.uniform(0.46, 0.54), canvas.height * 1.02, size, random.random() < 0.5)
    sitter = _Sitter(
        is_man=bool(brief.words & _MEN),
        skin=light.thing(rgb(random.choice(_SKINS))),
        hair=light.thing(rgb(random.choice(hairs))),
        cloth=light.thing(rgb(random.choice(_CLOTHES))),
        choice=random.randrange(3),
    )
    disc = mix(light.sky[-1], light.sun, 0.4)
    canvas.light(at.x, at.y - size * 0.6, size * 0.85, disc, 0.5)
    ground = (lighter(disc, 0.2), mix(disc, light.sky[-2], 0.5))
    canvas.fill(at(oval(0, -0.58, 0.4, 0.4, steps=120)), paint=ground)
    _shoulders(canvas, at, sitter)
    _head(canvas, at, sitter)
    _features(canvas, at, sitter.skin, sitter.hair, is_man=sitter.is_man)
    _fringe(canvas, at, sitter, light)
    collar = outline("-12,-38.5 0,-28.5 12,-38.5 16,-36 0,-23.5 -16,-36")
    canvas.fill(at(smooth(collar, steps=5)), paint=lighter(sitter.cloth, 0.3))
    if brief.words & {"astronaut", "helmet"}:
        canvas.fill(at(oval(0, -0.69, 0.25, 0.26)), paint=rgb("cfe6f2"), opacity=0.25)


def _shoulders(canvas: Canvas, at: Spot, sitter: _Sitter) -> None:
    if not sitter.is_man:
        back = (
            "0,-93 17,-88 22,-68 22,-48 28,-30 12,-25 -12,-25 -28,-30 -22,-48 -22,-68 -17,-88",
            "0,-93 18,-87 21,-68 20,-50 10,-46 -10,-46 -20,-50 -21,-68 -18,-87",
        )[sitter.choice % 2]
        canvas.fill(at(smooth(outline(back))), paint=(sitter.hair, darker(sitter.hair, 0.25)))
    broad = 1.0 if sitter.is_man else 0.84
    chest = outline("-7.5,-42 -20,-37 -38,-30 -44,-12 -46,10 46,10 44,-12 38,-30 20,-37 7.5,-42")
    shade = outline("6,-42 20,-37 38,-30 44,-12 46,10 16,10 20,-20")
    cloth = sitter.cloth
    canvas.fill(at((x * broad, y) for x, y in smooth(chest)), paint=(lighter(cloth, 0.12), darker(cloth, 0.2)))
    canvas.fill(at((x * broad, y) for x, y in smooth(shade)), paint=darker(cloth, 0.3), opacity=0.55)
    neck = outline("-7.5,-56 -7,-43 -11,-38.5 0,-30 11,-38.5 7,-43 7.5,-56")
    canvas.fill(at(smooth(neck)), paint=(darker(sitter.skin, 0.32), darker(sitter.skin, 0.12)))


def _head(canvas: Canvas, at: Spot, sitter: _Sitter) -> None:
    skin = sitter.skin
    for side in (-1, 1):
        canvas.fill(at(oval(side * 0.15, -0.675, 0.024, 0.042)), paint=darker(skin, 0.12))
    jaw = "8.5,-51" if sitter.is_man else "7.2,-51"
    face = outline(f"0,-90 11,-87 15,-74 13.5,-60 {jaw} 0,-48.2 -{jaw} -13.5,-60 -15,-74 -11,-87")
    canvas.fill(at(smooth(face)), paint=(lighter(skin, 0.16), skin))
    shade = outline(f"2,-88 11,-87 15,-74 13.5,-60 {jaw} 0,-48.2 5,-56 2.8,-70")
    canvas.fill(at(smooth(shade)), paint=darker(skin, 0.2), opacity=0.34, blur=canvas.unit * 0.5)


def _features(canvas: Canvas, at: Spot, skin: Colour, hair: Colour, *, is_man: bool) -> None:
    dark = darker(mix(hair, (40, 24, 26), 0.5), 0.2)
    unit = canvas.unit
    for side in (-1, 1):
        brow = smooth([(side * 0.028, -0.737), (side * 0.07, -0.757), (side * 0.112, -0.738)], closed=False)
        canvas.lines(at(brow), width=unit * (1.1 if is_man else 0.75), paint=dark)
        canvas.fill(
            at(smooth(outline("3.5,-69 6.8,-71 10.4,-69.2 6.8,-67.8", side))),
            paint=lighter(skin, 0.65),
        )
        canvas.fill(at(oval(side * 0.069, -0.694, 0.0165, 0.0175)), paint=dark)
        canvas.fill(at(oval(side * 0.069 - 0.006, -0.7, 0.005, 0.005)), paint=(255, 255, 255))
        lid = smooth([(side * 0.033, -0.69), (side * 0.068, -0.713), (side * 0.108, -0.694)], closed=False)
        canvas.lines(at(lid), width=unit * 0.45, paint=dark)
    nose = smooth(outline("1.2,-69 3,-61 2,-59.6 -1.2,-59.6"), closed=False)
    canvas.lines(at(nose), width=unit * 0.4, paint=darker(skin, 0.4), opacity=0.7)
    lips = mix(skin, (190, 50, 60), 0.25 if is_man else 0.6)
    canvas.fill(
        at(smooth(outline("-5,-55 -1.8,-56.1 0,-55.6 1.8,-56.1 5,-55 2,-53 -2,-53"))),
        paint=(darker(lips, 0.12), lips),
    )
    canvas.lines(
        at(smooth([(-0.047, -0.55), (0, -0.546), (0.047, -0.55)], closed=False)),
        width=unit * 0.3,
        paint=darker(lips, 0.45),
    )
    if not is_man:
        for side in (-1, 1):
            canvas.fill(
                at(oval(side * 0.095, -0.62, 0.032, 0.022)),
                paint=mix(skin, (230, 90, 90), 0.5),
                opacity=0.3,
                blur=unit * 0.6,
            )


def _fringe(canvas: Canvas, at: Spot, sitter: _Sitter, light: Light) -> None:
    hair = sitter.hair
    if sitter.is_man:
        shapes = (outline("-15.5,-68 -17,-85 -10,-97 6,-98.5 16,-91 16,-70 13.5,-78 9,-84.5 -5,-84 -12.5,-80"),)
        if sitter.choice != 1:
            beard = outline("-14,-62 -8,-57.5 0,-57.5 8,-57.5 14,-62 11.5,-52 0,-45 -11.5,-52")
            canvas.fill(at(smooth(beard)), paint=darker(hair, 0.1), opacity=0.92)
            canvas.fill(at(smooth(outline("-4.5,-54.8 0,-55.2 4.5,-54.8 0,-53"))), paint=rgb("9a5a52"))
    else:
        shapes = (
            outline("-17,-60 -20,-80 -12,-95 3,-98.5 15,-92 20,-78 17,-60 14.5,-74 7,-87 -6,-84 -13.5,-74"),
        )
    for shape in shapes:
        canvas.fill(at(smooth(shape)), paint=(lighter(hair, 0.16), hair))
        shine = smooth([(-0.12, -0.86), (-0.05, -0.92), (0.05, -0.935)], closed=False)
        canvas.lines(
            at(shine),
            width=canvas.unit * 0.9,
            paint=mix(lighter(hair, 0.35), light.sun, 0.3),
            opacity=0.5,
            blur=canvas.unit * 0.25,
        )
