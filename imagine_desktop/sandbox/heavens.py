"""The sky by day and night, northern lights, and space."""

from math import pi, sin
from random import Random

from PIL import Image, ImageChops, ImageFilter

from imagine_desktop.sandbox import terrain, things, water
from imagine_desktop.sandbox.canvas import (
    Canvas,
    Colour,
    Point,
    Spot,
    fog,
    levels,
    lighter,
    mix,
    oval,
    ramp,
    rgb,
)
from imagine_desktop.sandbox.light import PINE, Light
from imagine_desktop.sandbox.words import Brief


def space(canvas: Canvas, brief: Brief, light: Light) -> float:
    random = brief.random("space")
    width, height, unit = canvas.width, canvas.height, canvas.unit
    deep = random.choice(("05060f", "070418", "03101a"))
    canvas.image.paste(ramp((rgb(deep), mix(rgb(deep), light.sky[1], 0.5), rgb(deep)), canvas.image.size))
    small = (width // 4, height // 4)
    for colour in random.sample(("5a3fa8", "b8478f", "2f7fb8", "e0785a", "2fa89a"), 3):
        cloud = ImageChops.multiply(fog(small, random, 2, 5), fog(small, random, 2, 4))
        veil = levels(cloud, 55, 165, 175).resize(canvas.image.size, Image.Resampling.BICUBIC)
        lit = ImageChops.screen(canvas.image, Image.new("RGB", canvas.image.size, rgb(colour)))
        canvas.image.paste(lit, (0, 0), veil)
    things.stars(canvas, random, round(width * height / unit**2 / 14), 1.0)
    x, y, radius = (
        width * random.uniform(0.35, 0.65),
        height * random.uniform(0.4, 0.58),
        unit * random.uniform(21, 29),
    )
    _planet(canvas, random, x, y, radius, ringed=random.random() < 0.6)
    side = -1 if x > width / 2 else 1
    _planet(canvas, random, x + side * unit * 40, y - unit * 26, unit * 5, ringed=False)
    return height * 0.9


_WORLDS = (
    ("e0a070", "b8623f", "f3d6a8"),
    ("4f8fb8", "2f5f8f", "cfe6e0"),
    ("c97fa0", "8a4a78", "f2c6c0"),
    ("7fb89a", "3f7a78", "e6f0d0"),
)


def _planet(canvas: Canvas, random: Random, x: float, y: float, radius: float, *, ringed: bool) -> None:
    base, band, pale = (rgb(colour) for colour in random.choice(_WORLDS))
    side = round(radius * 2)
    canvas.light(x, y, radius * 1.9, mix(base, (120, 160, 255), 0.4), 0.5)
    tilt = random.uniform(-0.35, -0.15)
    if ringed:
        _ring(canvas, x, y, radius, tilt=tilt, colour=pale, front=False)
    stripes = ramp(tuple(random.choice((base, band, pale, base)) for _ in range(9)), (side, side))
    swirl = levels(fog((side, side), random, 3, 5, 4.0), 90, 190, 150)
    stripes.paste(Image.new("RGB", (side, side), band), (0, 0), swirl)
    globe = Image.composite(
        stripes.rotate(17, Image.Resampling.BICUBIC), stripes, Image.new("L", (side, side), 255)
    )
    shade = Image.radial_gradient("L").resize((side * 2, side * 2), Image.Resampling.BICUBIC)
    shade = levels(
        shade.crop((round(side * 0.72), round(side * 0.72), round(side * 1.72), round(side * 1.72))),
        40,
        170,
        235,
    )
    globe.paste((6, 6, 18), (0, 0), shade)
    disc = Canvas(Image.new("L", (side, side)).convert("RGB"))
    disc.fill(oval(radius, radius, radius - 1, radius - 1, steps=160), paint=(255, 255, 255))
    canvas.image.paste(globe, (round(x - radius), round(y - radius)), disc.image.convert("L"))
    if ringed:
        _ring(canvas, x, y, radius, tilt=tilt, colour=pale, front=True)


def _ring(
    canvas: Canvas, x: float, y: float, radius: float, *, tilt: float, colour: Colour, front: bool
) -> None:
    for reach, wide, opacity in ((1.5, 0.1, 0.75), (1.68, 0.16, 0.5), (1.92, 0.07, 0.6)):
        circle = oval(x, y, radius * reach, radius * reach * 0.24, tilt, steps=180)
        half = circle[: len(circle) // 2 + 1] if front else circle[len(circle) // 2 :] + circle[:1]
        canvas.lines(half, width=radius * wide, paint=colour, opacity=opacity * (1.0 if front else 0.7))


def sky(canvas: Canvas, brief: Brief, light: Light, horizon: float) -> Point:
    """The sky down to the horizon, with what belongs into it; returns where sun or moon stands."""
    random = brief.random("sky")
    width, unit = canvas.width, canvas.unit
    down = max(2, round(horizon))
    canvas.image.paste(light.haze, (0, 0, width, canvas.height))
    canvas.image.paste(ramp(light.sky, (width, down)))
    if light.is_night and brief.weather != "rain":
        milky = levels(
            fog((width // 4, down // 4), random, 2, 5), 118, 215, 70 if brief.light == "night" else 40
        )
        canvas.veil(lighter(light.sky[-1], 0.2), milky.resize((width, down), Image.Resampling.BICUBIC))
        things.stars(canvas, random, round(width * horizon / unit**2 / 40), horizon / canvas.height)
    x = width * random.choice((random.uniform(0.2, 0.4), random.uniform(0.6, 0.8)))
    y = horizon * (1 - light.sun_height)
    is_wet = brief.weather in ("rain", "mist")
    if brief.light == "night" and not is_wet:
        things.moon(canvas, x, max(y, unit * 12), unit * random.uniform(4.5, 7), light.sun)
    elif brief.light == "storm":
        canvas.light(x, y, unit * 60, light.sun, 0.3)
    else:
        big = brief.light in ("sunset", "neon", "dusk", "dawn")
        radius = unit * (random.uniform(7, 10) if big else random.uniform(4, 5.5))
        if not is_wet:
            things.sun(canvas, x, y, radius, light.sun, rays=0.75 if big else 0.9)
    if brief.light not in ("night", "neon") and brief.setting != "desert":
        _clouds(canvas, brief, light, horizon)
    return x, y


def _clouds(canvas: Canvas, brief: Brief, light: Light, horizon: float) -> None:
    random = brief.random("clouds")
    width, down = canvas.width, max(2, round(horizon))
    heavy = brief.light == "storm" or brief.weather in ("rain", "snow")
    low, high, top = (80, 175, 200) if heavy else (132, 215, 150)
    bands = levels(fog((width // 4, down // 4), random, 3, 5, 3.2), low, high, top)
    bands = bands.resize((width, down), Image.Resampling.BICUBIC)
    under = mix(light.sky[0], light.shade, 0.3) if heavy else lighter(light.sky[-1], 0.25)
    canvas.veil((mix(under, light.sky[0], 0.35), under), bands)
    if not heavy and brief.light in ("day", "golden"):
        for _ in range(random.randrange(2, 5)):
            size = canvas.unit * random.uniform(16, 36)
            paint = (lighter(light.sky[-1], 0.75), mix(light.sky[-1], light.sky[1], 0.25))
            place = random.uniform(0, width), horizon * random.uniform(0.18, 0.62)
            things.cloud(canvas, random, Spot(*place, size), paint, random.uniform(0.6, 0.9))


def aurora(canvas: Canvas, brief: Brief, light: Light) -> float:
    random = brief.random("aurora")
    width, height, unit = canvas.width, canvas.height, canvas.unit
    shore = height * 0.68
    sun = sky(canvas, brief, light, shore)
    for colour, place in (("3dffb0", 0.3), ("5ad0ff", 0.42), ("b07aff", 0.22), ("3dffb0", 0.5)):
        _curtain(canvas, random, rgb(colour), shore * place)
    terrain.peaks(
        canvas, random, light, terrain.ridge(random, width, shore, unit * 24, rough=0.5), 0.55, snow=0.4
    )
    line = terrain.hill(random, width, shore, unit * 3)
    terrain.pines(canvas, random, light, line, unit * 8, depth=0.92, gap=0.2)
    terrain.ground(
        canvas, [(x, min(y, shore)) for x, y in line], light.land(PINE, 0.95), light.land(PINE, 0.95)
    )
    water.reflect(canvas, random, light, shore, (sun[0], shore), calm=0.95)
    return height * 0.86


def _curtain(canvas: Canvas, random: Random, colour: Colour, foot: float) -> None:
    width, height = canvas.width // 4, round(canvas.height * 0.7) // 4
    rays = Image.frombytes("L", (width // 5, 1), random.randbytes(width // 5)).resize(
        (width, 1), Image.Resampling.BICUBIC
    )
    body = Image.new("L", (1, 9))
    body.putdata([0, 6, 22, 52, 100, 165, 235, 120, 0])
    column = body.resize((1, height), Image.Resampling.BICUBIC)
    glow = ImageChops.multiply(
        rays.resize((width, height)).point([90 + v * 165 // 255 for v in range(256)]),
        column.resize((width, height)),
    )
    swayed = Image.new("L", (width, height))
    phase, swing = random.uniform(0, 6), height * random.uniform(0.1, 0.2)
    for x in range(width):
        shift = round(
            swing * sin(phase + x / width * 2.2 * pi) + swing * 0.35 * sin(phase * 2 + x / width * 7 * pi)
        )
        swayed.paste(glow.crop((x, 0, x + 1, height)), (x, shift))
    mask = swayed.filter(ImageFilter.GaussianBlur(2)).resize(
        (canvas.width, height * 4), Image.Resampling.BICUBIC
    )
    top = round(foot - height * 4 * 0.55)
    area = (0, max(0, top), canvas.width, min(canvas.height, top + height * 4))
    mask = mask.crop((0, area[1] - top, canvas.width, area[3] - top)).point(
        [round(v * 0.8) for v in range(256)]
    )
    under = canvas.image.crop(area)
    canvas.image.paste(ImageChops.screen(under, Image.new("RGB", under.size, colour)), area, mask)
