"""Landscapes: what lies behind, told by the setting, the time of day and chance."""

from collections.abc import Callable
from random import Random

from imagine_desktop.sandbox import city, heavens, shores, terrain, things
from imagine_desktop.sandbox.canvas import Canvas, Point, Spot, darker, lighter, mix, oval, rgb, smooth
from imagine_desktop.sandbox.light import AUTUMN, BLOOM, GRASS, LEAF, PINE, SAND, SNOW, Light, glow_of
from imagine_desktop.sandbox.words import Brief


def landscape(canvas: Canvas, brief: Brief, light: Light) -> float:
    """Paint the setting; returns the height (pixels from the top) on which a thing in front stands."""
    return _SETTINGS.get(brief.setting, _meadow)(canvas, brief, light)


def _mountains(canvas: Canvas, brief: Brief, light: Light) -> float:
    random = brief.random("mountains")
    width, height, unit = canvas.width, canvas.height, canvas.unit
    horizon = height * random.uniform(0.6, 0.68)
    heavens.sky(canvas, brief, light, horizon)
    snow = 0.42 if brief.weather == "snow" else 0.26
    rise = min(height * 0.34, unit * 42)
    terrain.peaks(
        canvas, random, light, terrain.ridge(random, width, horizon, rise * 0.75), 0.22, snow=snow * 0.8
    )
    terrain.peaks(
        canvas,
        random,
        light,
        terrain.ridge(random, width, horizon + unit * 3, rise, rough=0.5),
        0.44,
        snow=snow,
    )
    things.mist(canvas, random, (horizon - unit * 12, horizon + unit * 7), light.haze, 0.85)
    is_snowy = brief.weather == "snow"
    own = SNOW if is_snowy else (GRASS if brief.light in ("day", "golden", "dawn") else LEAF)
    for step, depth in enumerate((0.42, 0.62, 0.85)):
        base = horizon + height * (0.05 + 0.1 * step)
        line = terrain.hill(random, width, base, unit * 8)
        terrain.pines(
            canvas, random, light, line, unit * (4.5 + 4 * step), depth=depth * 0.95, gap=0.3, snow=is_snowy
        )
        colour = light.land(own, depth)
        terrain.ground(canvas, line, lighter(colour, 0.1), mix(colour, light.shade, 0.25))
    if is_snowy:
        return height * 0.92
    terrain.grass(canvas, random, light, height * 0.86, flowers=brief.light in ("day", "dawn", "golden"))
    return height * 0.92


def _forest(canvas: Canvas, brief: Brief, light: Light) -> float:
    random = brief.random("forest")
    width, height, unit = canvas.width, canvas.height, canvas.unit
    horizon = height * 0.74
    sun = heavens.sky(canvas, brief, light, horizon)
    is_autumn = bool(brief.words & {"autumn", "fall", "october"})
    is_snowy = brief.weather == "snow"
    for step in range(5):
        depth = 0.2 + 0.17 * step
        line = terrain.hill(random, width, height * (0.62 + 0.055 * step), unit * 6)
        tall = unit * (20 + 9 * step)
        if is_autumn and step > 1:
            for _ in range(9):
                x = random.uniform(0, width)
                leaf = light.land(random.choice(AUTUMN), depth + 0.15)
                things.tree(
                    canvas,
                    random,
                    Spot(x, line[0][1] + unit * 4, tall * random.uniform(0.7, 1)),
                    leaf,
                    light.land(rgb("5a4033"), depth + 0.1),
                )
        else:
            terrain.pines(canvas, random, light, line, tall, depth=depth, gap=0.26, snow=is_snowy)
        floor = light.land(SNOW if is_snowy else mix(PINE, GRASS, 0.3 + 0.08 * step), depth)
        terrain.ground(canvas, line, floor, mix(floor, light.haze, 0.35))
        if step < 4:
            things.mist(
                canvas,
                random,
                (height * (0.5 + 0.055 * step), height * (0.66 + 0.055 * step)),
                light.haze,
                0.75 - 0.1 * step,
            )
    _beams(canvas, random, light, sun)
    floor = light.land(SNOW if is_snowy else mix(GRASS, PINE, 0.5), 0.92)
    front = terrain.hill(random, width, height * 0.9, unit * 5)
    terrain.ground(canvas, front, lighter(floor, 0.1), darker(floor, 0.25))
    path = smooth(
        [
            (width * 0.5, height * 0.86),
            (width * 0.55, height * 0.91),
            (width * 0.44, height * 1.02),
            (width * 0.66, height * 1.02),
            (width * 0.6, height * 0.91),
            (width * 0.52, height * 0.86),
        ]
    )
    canvas.fill(path, paint=lighter(light.land(SAND, 0.7), 0.1), opacity=0.6, blur=unit * 0.5)
    for x, tall in ((0.02, 92), (0.15, 58), (0.99, 84), (0.87, 50)):
        trunk = light.land(mix(PINE, SNOW, 0.3) if is_snowy else PINE, 0.98)
        shape = things.pine(width * x, height * 1.02, unit * tall * random.uniform(0.9, 1.1), random, tiers=11)
        canvas.fill(shape, paint=(lighter(trunk, 0.06), darker(trunk, 0.15)))
    if not is_snowy:
        terrain.grass(canvas, random, light, height * 0.92, flowers=False)
    return height * 0.94


def _beams(canvas: Canvas, random: Random, light: Light, sun: Point) -> None:
    for _ in range(5):
        foot = canvas.width * random.uniform(0.1, 0.9)
        wide = canvas.unit * random.uniform(3, 8)
        beam = [
            (sun[0] - wide * 0.2, sun[1]),
            (sun[0] + wide * 0.2, sun[1]),
            (foot + wide, canvas.height),
            (foot - wide, canvas.height),
        ]
        canvas.fill(beam, paint=lighter(glow_of(light), 0.2), opacity=0.1, blur=canvas.unit * 1.6)


def _desert(canvas: Canvas, brief: Brief, light: Light) -> float:
    random = brief.random("desert")
    width, height, unit = canvas.width, canvas.height, canvas.unit
    horizon = height * random.uniform(0.52, 0.6)
    heavens.sky(canvas, brief, light, horizon)
    mesa = light.land(rgb("b8623f"), 0.3)
    for _ in range(3):
        x, wide, tall = random.uniform(0, width), unit * random.uniform(8, 22), unit * random.uniform(6, 15)
        shape = [
            (x - wide, horizon + 5),
            (x - wide * 0.72, horizon - tall * 0.6),
            (x - wide * 0.66, horizon - tall),
            (x + wide * 0.66, horizon - tall),
            (x + wide * 0.74, horizon - tall * 0.55),
            (x + wide, horizon + 5),
        ]
        canvas.fill(shape, paint=(mesa, mix(mesa, light.haze, 0.6)))
    for step in range(5):
        depth = 0.4 + 0.13 * step
        base = horizon + (height - horizon) * (0.02 + 0.2 * step)
        line = terrain.hill(random, width, base, unit * (7 + 2.5 * step), 2)
        sand = light.land(SAND, depth)
        terrain.ground(canvas, line, lighter(sand, 0.18), sand)
        top = min(range(len(line)), key=lambda n: line[n][1])
        x, y = line[top]
        crest = smooth(
            [
                (x, y),
                (x - unit * 5, y + unit * 7),
                (x + unit * 3, y + unit * 15),
                (x - unit * 7, y + unit * 30),
            ],
            closed=False,
        )
        canvas.fill(
            [
                *crest,
                (x + unit * 60, y + unit * 34),
                *reversed([p for p in line[top:] if p[0] < x + unit * 75]),
            ],
            paint=(darker(sand, 0.3), mix(sand, light.shade, 0.2)),
            opacity=0.7,
            blur=unit * 0.12,
        )
    if "cactus" in brief.words or random.random() < 0.5:
        for _ in range(3):
            _cactus(
                canvas,
                light,
                random,
                Spot(
                    width * random.choice((random.uniform(0.05, 0.25), random.uniform(0.75, 0.95))),
                    height * random.uniform(0.84, 0.94),
                    unit * random.uniform(14, 26),
                ),
            )
    return height * 0.88


def _cactus(canvas: Canvas, light: Light, random: Random, at: Spot) -> None:
    size = at.size
    green = light.land(rgb("4f7a55"), 0.93)
    side = random.choice((-1, 1))
    arms = (
        [(0, 0), (0, -1)],
        [(0, -0.4), (0.26 * side, -0.42), (0.27 * side, -0.78)],
        [(0, -0.28), (-0.24 * side, -0.3), (-0.25 * side, -0.56)],
    )
    for arm in arms:
        points = at(arm)
        canvas.lines(points, width=size * 0.13, paint=green)
        canvas.fill(oval(*points[-1], size * 0.065, size * 0.065), paint=green)
        canvas.lines(
            [(a - size * 0.03, b) for a, b in points],
            width=size * 0.025,
            paint=lighter(green, 0.25),
            opacity=0.6,
        )


def _meadow(canvas: Canvas, brief: Brief, light: Light) -> float:
    random = brief.random("meadow")
    width, height, unit = canvas.width, canvas.height, canvas.unit
    horizon = height * random.uniform(0.54, 0.62)
    heavens.sky(canvas, brief, light, horizon)
    terrain.peaks(
        canvas,
        random,
        light,
        terrain.ridge(random, width, horizon + unit * 2, unit * 14, rough=0.42),
        0.2,
        snow=0.0,
    )
    own = SNOW if brief.weather == "snow" else mix(GRASS, AUTUMN[1], 0.45 if brief.light == "golden" else 0.0)
    for step in range(5):
        depth = 0.32 + 0.14 * step
        line = terrain.hill(
            random, width, horizon + (height - horizon) * (0.03 + 0.19 * step), unit * (5 + step), 2
        )
        colour = light.land(mix(own, LEAF, 0.14 * (step % 2)), depth)
        if step in (1, 2):
            for _ in range(random.randrange(3, 7)):
                place = line[random.randrange(8, len(line) - 8)]
                leaf = light.land(random.choice(AUTUMN) if brief.light == "golden" else LEAF, depth + 0.15)
                things.tree(
                    canvas,
                    random,
                    Spot(place[0], place[1] + unit, unit * random.uniform(6, 11)),
                    leaf,
                    light.land(rgb("5a4033"), depth + 0.2),
                )
        terrain.ground(canvas, line, lighter(colour, 0.16), darker(colour, 0.1))
    if brief.weather != "snow":
        lavender = "lavender" in brief.words
        palette = [rgb("8a6cc2"), rgb("a88bd6"), rgb("6f55a8")] if lavender else random.sample(BLOOM, 4)
        colours = [light.thing(colour) for colour in palette]
        terrain.grass(canvas, random, light, height * 0.8, flowers=False)
        count = round(width / unit * (9 if lavender or "flowers" in brief.words else 4))
        things.flowers(
            canvas, random, (0, height * 0.72, width, height + unit * 2), colours, size=unit * 1.0, count=count
        )
    return height * 0.9


_SETTINGS: dict[str, Callable[[Canvas, Brief, Light], float]] = {
    "mountains": _mountains,
    "sea": shores.sea,
    "lake": shores.lake,
    "forest": _forest,
    "desert": _desert,
    "meadow": _meadow,
    "city": city.city,
    "space": heavens.space,
    "aurora": heavens.aurora,
}
