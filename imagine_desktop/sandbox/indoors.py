"""Still lifes and abstract compositions: pictures that need no landscape."""

from math import cos, pi, sin

from PIL import Image

from imagine_desktop.sandbox.canvas import (
    Canvas,
    Colour,
    Spot,
    box,
    darker,
    fog,
    levels,
    lighter,
    mix,
    outline,
    oval,
    ramp,
    rgb,
    smooth,
)
from imagine_desktop.sandbox.light import BLOOM, Light
from imagine_desktop.sandbox.words import Brief

_TABLES = (
    ("e9dcc6", "cbb391", "a9764a"),
    ("24404d", "16303c", "7a5238"),
    ("d8c3c0", "b9908c", "6a4038"),
    ("c8d3c0", "98ab93", "8a6a48"),
    ("f0c987", "d99a4f", "6f4630"),
)


def still_life(canvas: Canvas, brief: Brief, light: Light) -> None:
    """Things on a table before a wall, with light from a window on the left."""
    random = brief.random("still")
    wall, shade, wood = (
        mix(rgb(colour), light.shade, 0.45 if light.is_night else 0.0) for colour in random.choice(_TABLES)
    )
    width, height, unit = canvas.width, canvas.height, canvas.unit
    canvas.image.paste(ramp((lighter(wall, 0.12), wall, shade), canvas.image.size))
    canvas.light(width * 0.12, height * 0.2, unit * 75, lighter(light.sun, 0.2), 0.5)
    for pane in range(2):
        left = width * (0.5 + 0.17 * pane)
        window = [
            (left, 0.08 * height),
            (left + width * 0.14, 0.13 * height),
            (left + width * 0.14, 0.55 * height),
            (left, 0.5 * height),
        ]
        canvas.fill(window, paint=lighter(wall, 0.6), opacity=0.4, blur=unit * 0.9)
    edge = height * 0.7
    canvas.fill(box(-5, edge, width + 5, height + 5), paint=(lighter(wood, 0.16), darker(wood, 0.25)))
    canvas.fill(box(-5, edge, width + 5, edge + unit * 0.7), paint=lighter(wood, 0.4))
    size = unit * 46
    x, y = width * 0.5, height * 0.83
    at = Spot(x, y, size)
    if brief.figure == "coffee":
        _cup(canvas, at, rgb(random.choice(("f4efe6", "3f7f8b", "d9694a", "e6c15a"))))
        _fruit(canvas, "croissant", Spot(x - size * 0.92, y + unit * 4, size * 0.4))
        return
    if brief.figure == "vase":
        _vase(canvas, brief, at)
        _fruit(canvas, "apple", Spot(x + size * 0.62, y + unit * 4, size * 0.34))
        return
    wanted = [name for name in ("apple", "orange", "lemon", "pear") if brief.words & {name, name + "s"}]
    kinds = wanted or ["pear", "apple", "orange", "lemon"]
    bowl = smooth(outline("-62,-34 62,-34 50,-12 24,0 -24,0 -50,-12"), steps=6)
    canvas.fill(oval(x, y, size * 0.6, size * 0.07), paint=(10, 8, 16), opacity=0.35, blur=unit * 1.2)
    for number, (across, down) in enumerate(
        ((-0.34, -0.34), (0.34, -0.34), (0.0, -0.3), (-0.18, -0.6), (0.2, -0.58))
    ):
        _fruit(canvas, kinds[number % len(kinds)], Spot(*at([(across, down + 0.06)])[0], size * 0.42))
    glaze = rgb(random.choice(("3a6b7e", "f1e9dc", "c9633f", "7d8f6a")))
    canvas.fill(at(bowl), paint=(lighter(glaze, 0.2), darker(glaze, 0.3)))
    canvas.lines(at([(-0.6, -0.335), (0.6, -0.335)]), width=unit * 0.8, paint=lighter(glaze, 0.4))
    _fruit(canvas, kinds[-1], Spot(x + size * 0.9, y + unit * 4, size * 0.4))
    _fruit(canvas, kinds[0], Spot(x - size * 0.9, y + unit * 2.4, size * 0.4))


def _fruit(canvas: Canvas, kind: str, at: Spot) -> None:
    """A fruit that lies there, lit from the upper left."""
    x, y, size = at.x, at.y, at.size
    colour = rgb(
        {"apple": "c8402f", "orange": "ef8f2f", "lemon": "f4cf45", "pear": "b9bf4e", "croissant": "c98a42"}[
            kind
        ]
    )
    shape = {
        "apple": outline("0,-86 30,-96 50,-66 42,-20 16,0 0,-4 -16,0 -42,-20 -50,-66 -30,-96"),
        "orange": oval(0, -0.48, 0.49, 0.48, steps=14),
        "lemon": outline("-62,-34 -46,-50 0,-72 46,-50 62,-34 46,-18 0,0 -46,-18"),
        "pear": outline("0,-120 14,-112 22,-80 44,-50 42,-14 18,0 -18,0 -42,-14 -44,-50 -22,-80 -14,-112"),
        "croissant": outline("-70,-5 -50,-36 0,-52 50,-36 70,-5 40,-12 0,-20 -40,-12"),
    }[kind]
    canvas.fill(
        oval(x + size * 0.12, y, size * 0.52, size * 0.08), paint=(10, 8, 16), opacity=0.35, blur=size * 0.05
    )
    canvas.fill(at(smooth(shape)), paint=(lighter(colour, 0.18), darker(colour, 0.28)))
    inner = [(a * 0.74 - 0.07, b * 0.78 - 0.14) for a, b in shape]
    canvas.fill(at(smooth(inner)), paint=(lighter(colour, 0.3), colour), opacity=0.6, blur=size * 0.05)
    canvas.fill(
        oval(x - size * 0.18, y - size * 0.66, size * 0.09, size * 0.055, -0.6),
        paint=(255, 255, 255),
        opacity=0.55,
        blur=size * 0.015,
    )
    if kind in ("apple", "pear"):
        top = -0.86 if kind == "apple" else -1.18
        stalk = smooth([(0, top), (0.03, top - 0.12), (0.1, top - 0.22)], closed=False)
        canvas.lines(at(stalk), width=size * 0.05, paint=rgb("5b3b26"))
        leaf = smooth([(0.08, top - 0.12), (0.26, top - 0.26), (0.42, top - 0.2), (0.26, top - 0.1)])
        canvas.fill(at(leaf), paint=rgb("5c8f48"))


def _cup(canvas: Canvas, at: Spot, glaze: Colour) -> None:
    x, y, size = at.x, at.y, at.size
    canvas.fill(
        oval(x + size * 0.05, y + size * 0.02, size * 0.66, size * 0.12),
        paint=(10, 8, 16),
        opacity=0.35,
        blur=size * 0.04,
    )
    canvas.fill(
        oval(x, y - size * 0.01, size * 0.6, size * 0.105), paint=(lighter(glaze, 0.3), darker(glaze, 0.2))
    )
    canvas.fill(oval(x, y - size * 0.03, size * 0.42, size * 0.06), paint=darker(glaze, 0.22))
    ring = oval(x + size * 0.41, y - size * 0.36, size * 0.15, size * 0.17)
    canvas.lines([*ring, ring[0]], width=size * 0.06, paint=darker(glaze, 0.15))
    body = smooth(outline("-40,-60 40,-60 38,-30 20,-4 -20,-4 -38,-30"), steps=6)
    canvas.fill(at(body), paint=(lighter(glaze, 0.22), darker(glaze, 0.24)))
    canvas.fill(
        at(smooth(outline("12,-60 40,-60 38,-30 20,-4 4,-4 20,-30"), steps=6)),
        paint=darker(glaze, 0.4),
        opacity=0.35,
    )
    canvas.fill(
        oval(x, y - size * 0.6, size * 0.4, size * 0.085), paint=(lighter(glaze, 0.5), lighter(glaze, 0.2))
    )
    canvas.fill(oval(x, y - size * 0.592, size * 0.355, size * 0.068), paint=(rgb("4a2a1a"), rgb("7a4a2a")))
    heart = outline("0,50 -42,5 -36,-32 -8,-36 0,-16 8,-36 36,-32 42,5")
    canvas.fill(
        [(x + a * size * 0.3, y - size * 0.592 + b * size * 0.075) for a, b in smooth(heart)],
        paint=rgb("f0dcc0"),
        opacity=0.9,
    )
    for drift in (-0.13, 0.02, 0.16):
        rise = [(drift + 0.06 * sin(step * 0.9 + drift * 9), -0.68 - step * 0.09) for step in range(9)]
        canvas.lines(
            at(smooth(rise, closed=False)),
            width=size * 0.04,
            paint=(255, 255, 255),
            opacity=0.28,
            blur=size * 0.03,
        )


def _vase(canvas: Canvas, brief: Brief, at: Spot) -> None:
    x, y, size = at.x, at.y, at.size
    random = brief.random("vase")
    canvas.fill(
        oval(x + size * 0.06, y, size * 0.34, size * 0.06), paint=(10, 8, 16), opacity=0.35, blur=size * 0.04
    )
    stems = []
    for number in range(9):
        turn = pi * (0.18 + 0.64 * number / 8)
        reach = random.uniform(0.62, 0.98)
        stems.append((0.62 * reach * cos(turn), -0.62 - 0.78 * reach * sin(turn)))
    for head in stems:
        stalk = smooth([(0, -0.55), (head[0] * 0.4, (head[1] - 0.55) / 2 - 0.1), head], closed=False)
        canvas.lines(at(stalk), width=size * 0.016, paint=rgb("4f7a45"))
        leaf = oval(
            x + head[0] * 0.55 * size,
            y + (head[1] * 0.6 - 0.25) * size,
            size * 0.12,
            size * 0.04,
            random.uniform(-1, 1),
        )
        canvas.fill(leaf, paint=rgb("5f8f52"))
    colours = random.sample(BLOOM, 3)
    for number, head in enumerate(stems):
        colour, reach = colours[number % 3], size * random.uniform(0.1, 0.15)
        cx, cy = x + head[0] * size, y + head[1] * size
        petals = [
            oval(
                cx + reach * 0.62 * cos(pi * p / 4),
                cy + reach * 0.62 * sin(pi * p / 4),
                reach * 0.52,
                reach * 0.4,
                pi * p / 4,
            )
            for p in range(8)
        ]
        canvas.fill(*petals, paint=(lighter(colour, 0.2), darker(colour, 0.12)))
        canvas.fill(oval(cx, cy, reach * 0.34, reach * 0.34), paint=rgb("f6cf5f"))
    glaze = rgb(random.choice(("3f6f8a", "e9e2d6", "b9573f", "47705c")))
    body = smooth(outline("-13,-66 13,-66 10,-54 27,-34 24,-10 13,0 -13,0 -24,-10 -27,-34 -10,-54"))
    canvas.fill(at(body), paint=(lighter(glaze, 0.22), darker(glaze, 0.25)))
    canvas.fill(
        at(smooth(outline("-15,-42 -10,-44 -13,-12 -18,-14"))),
        paint=(255, 255, 255),
        opacity=0.3,
        blur=size * 0.012,
    )


_PALETTES = (
    ("f3e9d8", "d9573f", "2a4b5f", "e9b44c", "5a8f7b"),
    ("1b2440", "e85d75", "f2b35d", "4fb3bf", "f4efe6"),
    ("efe6dd", "3d5a80", "98c1d9", "ee6c4d", "293241"),
    ("2b2d42", "ef8354", "bfc0c0", "4f5d75", "f7e1b5"),
    ("f6efe3", "6a4c93", "ff9f6b", "1982c4", "8ac926"),
)


def abstract(canvas: Canvas, brief: Brief, _light: Light) -> None:
    """Large simple forms in few colours."""
    random = brief.random("abstract")
    ground, *inks = (rgb(colour) for colour in random.choice(_PALETTES))
    width, height, unit = canvas.width, canvas.height, canvas.unit
    canvas.image.paste(ramp((lighter(ground, 0.08), ground, darker(ground, 0.07)), canvas.image.size))
    x, y = width * random.uniform(0.36, 0.64), height * random.uniform(0.36, 0.5)
    canvas.fill(
        oval(x, y, unit * 33, unit * 33, steps=120), paint=(lighter(inks[0], 0.12), darker(inks[0], 0.15))
    )
    for number in range(5):
        ink = inks[(number + 1) % 4]
        start = height * (0.46 + 0.1 * number)
        swing, phase = unit * random.uniform(5, 13), random.uniform(0, 2 * pi)
        wave = [(width * step / 24, start + swing * sin(phase + step * 0.42)) for step in range(-1, 26)]
        shape = [*smooth(wave, closed=False), (width + 9, height + 9), (-9, height + 9)]
        canvas.fill(shape, paint=(lighter(ink, 0.14), darker(ink, 0.18)), opacity=0.96)
    cx, cy = width * random.uniform(0.15, 0.85), height * random.uniform(0.14, 0.3)
    for ring in range(4):
        circle = oval(cx, cy, unit * (4 + 3 * ring), unit * (4 + 3 * ring), steps=80)
        canvas.lines([*circle, circle[0]], width=unit * 0.7, paint=inks[2], opacity=0.9)
    canvas.fill(oval(width - x, height * 0.3, unit * 9, unit * 9, steps=80), paint=inks[1], opacity=0.92)
    texture = levels(fog((width // 4, height // 4), random, 9, 3), 110, 200, 34).resize(
        canvas.image.size, Image.Resampling.BICUBIC
    )
    canvas.veil((255, 255, 255), texture)
