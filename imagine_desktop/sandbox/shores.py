"""The sea with its beaches, and lakes before mountains."""

from random import Random

from imagine_desktop.sandbox import heavens, terrain, things, water
from imagine_desktop.sandbox.canvas import Canvas, Spot, darker, lighter, mix, outline, oval, rgb, smooth
from imagine_desktop.sandbox.light import GRASS, LEAF, PINE, ROCK, SAND, SNOW, Light
from imagine_desktop.sandbox.words import Brief


def sea(canvas: Canvas, brief: Brief, light: Light) -> float:
    random = brief.random("sea")
    width, height, unit = canvas.width, canvas.height, canvas.unit
    horizon = height * random.uniform(0.52, 0.6)
    sun = heavens.sky(canvas, brief, light, horizon)
    side = random.choice((-1, 1))
    for depth, reach, rise in ((0.22, 0.5, 8), (0.4, 0.34, 12)):
        line = terrain.ridge(random, round(width * reach), horizon, unit * rise, rough=0.45, detail=6)
        taper = [(x, horizon - (horizon - y) * (1 - n / len(line))) for n, (x, y) in enumerate(line)]
        if side > 0:
            taper = [(width - x, y) for x, y in taper]
        colour = light.land(mix(ROCK, LEAF, 0.35), depth)
        canvas.fill(
            [*taper, (taper[-1][0], horizon), (taper[0][0], horizon)],
            paint=(colour, mix(colour, light.haze, 0.4)),
        )
    water.reflect(canvas, random, light, horizon, sun, calm=0.35 if brief.light != "storm" else 0.1)
    things.birds(
        canvas,
        random,
        Spot(width * random.uniform(0.35, 0.65), horizon * 0.5, unit * 3),
        light.land(ROCK, 0.9),
        random.randrange(4, 9),
    )
    if brief.figure == "whale":
        _whale(canvas, light, width * 0.5, height * 0.8, unit * 60)
    elif (
        brief.words & {"beach", "tropical", "palm", "island", "coast", "shore", "seaside", "surf"}
        or not brief.figure
    ):
        _beach(canvas, brief, random, light, side)
    return height * 0.84


def _beach(canvas: Canvas, brief: Brief, random: Random, light: Light, side: int) -> None:
    width, height, unit = canvas.width, canvas.height, canvas.unit
    line = [
        (width * n / 10, height * (0.98 - 0.16 * (max(n, 0) / 10) ** 1.6) + unit * random.uniform(-1, 1))
        for n in range(-1, 12)
    ]
    if side < 0:
        line = [(width - x, y) for x, y in reversed(line)]
    shore = smooth(line, closed=False)
    sand = light.land(SAND, 0.85)
    foam = [(x, y - unit * 1.6) for x, y in shore]
    canvas.fill([*foam, *reversed(shore)], paint=lighter(light.sky[-1], 0.6), opacity=0.75, blur=unit * 0.25)
    wet = [(x, y + unit * 1.8) for x, y in shore]
    terrain.ground(canvas, shore, mix(sand, light.sky[1], 0.35), sand)
    terrain.ground(canvas, wet, lighter(sand, 0.16), darker(sand, 0.12))
    if brief.words & {"palm", "palms", "tropical", "island", "beach"} and brief.weather != "snow":
        x = width * (0.86 if side > 0 else 0.14)
        for lean in range(2):
            things.palm(
                canvas,
                random,
                Spot(x + unit * 9 * lean * -side, height * 0.95, unit * (62 - 16 * lean)),
                light.land(PINE, 0.97),
            )


def _whale(canvas: Canvas, light: Light, x: float, y: float, size: float) -> None:
    coat = light.thing(rgb("3d5f7e"))
    fluke = smooth(
        outline("0,5 -7,-25 -20,-40 -50,-50 -42,-62 -12,-58 0,-50 12,-58 42,-62 50,-50 20,-40 7,-25")
    )
    canvas.fill(
        [(x + a * size, y + b * size) for a, b in fluke], paint=(lighter(coat, 0.12), darker(coat, 0.3))
    )
    for reach in (0.16, 0.26, 0.38):
        canvas.fill(
            oval(x, y + 0.03 * size, size * reach, size * reach * 0.12),
            paint=lighter(light.sky[-1], 0.5),
            opacity=0.35,
            blur=size * 0.01,
        )


def lake(canvas: Canvas, brief: Brief, light: Light) -> float:
    random = brief.random("lake")
    width, height, unit = canvas.width, canvas.height, canvas.unit
    shore = height * random.uniform(0.56, 0.62)
    sun = heavens.sky(canvas, brief, light, shore)
    rise = min(shore * 0.6, unit * 40)
    is_snowy = brief.weather == "snow"
    terrain.peaks(canvas, random, light, terrain.ridge(random, width, shore, rise * 0.8), 0.24, snow=0.3)
    terrain.peaks(
        canvas, random, light, terrain.ridge(random, width, shore + unit, rise, rough=0.5), 0.45, snow=0.34
    )
    things.mist(canvas, random, (shore - unit * 9, shore + unit * 4), light.haze, 0.8)
    line = terrain.hill(random, width, shore, unit * 3)
    terrain.pines(canvas, random, light, line, unit * 8, depth=0.7, gap=0.2, snow=is_snowy)
    colour = light.land(mix(SNOW if is_snowy else GRASS, LEAF, 0.3), 0.72)
    terrain.ground(canvas, [(x, min(y, shore - unit * 0.4)) for x, y in line], colour, colour)
    water.reflect(canvas, random, light, shore + unit * 0.6, sun, calm=0.85)
    bank = terrain.hill(random, width, height * 1.02, unit * 9)
    colour = light.land(SNOW if is_snowy else mix(GRASS, PINE, 0.5), 0.95)
    terrain.ground(canvas, bank, lighter(colour, 0.08), darker(colour, 0.25))
    for x in (width * random.uniform(0.02, 0.09), width * random.uniform(0.9, 0.98)):
        trunk = light.land(mix(PINE, SNOW, 0.3) if is_snowy else PINE, 0.98)
        canvas.fill(
            things.pine(x, height * 1.02, unit * random.uniform(48, 70), random, tiers=10),
            paint=(lighter(trunk, 0.08), trunk),
        )
    return height * 0.8
