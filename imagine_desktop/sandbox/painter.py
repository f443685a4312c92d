"""Pictures drawn from words, and the ribbon that says where they come from."""

from collections.abc import Sequence
from io import BytesIO

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from imagine_desktop.sandbox import animals, effects, indoors, people, scenes, terrain, things, weather, words
from imagine_desktop.sandbox.canvas import Canvas, Colour, Spot, grained, mix, smooth
from imagine_desktop.sandbox.light import Light, of
from imagine_desktop.sandbox.words import Brief, fitting_ratio

Picture = Image.Image

__all__ = ["Picture", "fitting_ratio", "jpeg", "scene"]

_QUALITY = 90
_LABEL = "Sandbox · drawn on this computer"
_ANIMALS = ("cat", "dog", "fox", "rabbit", "bear", "owl", "bird", "horse", "deer")


def jpeg(prompt: str, size: tuple[int, int], index: int, inputs: Sequence[Picture], elsewhere: bool) -> bytes:
    """The picture number `index` of a request, as JPEG. With inputs it is an edit of them."""
    if inputs:
        image, note = effects.edit(inputs, prompt, size, index)
    else:
        image, note = scene(prompt, size, index), ""
    if elsewhere:
        note = "source stood in for, no internet"
    _ribbon(image, prompt, note)
    out = BytesIO()
    image.save(out, "JPEG", quality=_QUALITY)
    return out.getvalue()


def scene(prompt: str, size: tuple[int, int], index: int) -> Picture:
    """A picture of what the prompt's words name."""
    brief = words.read(prompt, index)
    light = of(brief)
    canvas = Canvas(Image.new("RGB", size, light.haze))
    if brief.figure == "portrait":
        _backdrop(canvas, brief, light)
        people.portrait(canvas, brief, light)
    elif brief.is_still:
        indoors.still_life(canvas, brief, light)
    elif brief.setting == "abstract":
        indoors.abstract(canvas, brief, light)
    else:
        foot = scenes.landscape(canvas, brief, light)
        _place(canvas, brief, light, foot)
        _weather(canvas, brief, light)
    return grained(canvas.image, brief.random("grain"))


def _backdrop(canvas: Canvas, brief: Brief, light: Light) -> None:
    scenes.landscape(canvas, brief, light)
    blurred = canvas.image.filter(ImageFilter.GaussianBlur(canvas.unit * 1.6))
    canvas.image.paste(blurred)


def _weather(canvas: Canvas, brief: Brief, light: Light) -> None:
    random = brief.random("weather")
    if brief.weather == "snow":
        weather.snowfall(canvas, random)
    elif brief.weather == "rain":
        weather.rainfall(canvas, random, mix(light.sky[-1], (255, 255, 255), 0.4))
    elif brief.weather == "mist":
        weather.mistfall(canvas, random, mix(light.haze, (240, 240, 240), 0.3), 0.75)


def _place(canvas: Canvas, brief: Brief, light: Light, foot: float) -> None:
    """Put what the prompt names into its landscape."""
    random = brief.random("figure")
    unit, width = canvas.unit, canvas.width
    x = width * random.uniform(0.44, 0.56)
    hue = words.hue(sorted(brief.words), brief.figure, random.randrange(12))
    lit = light.is_night or brief.light in ("dusk", "sunset", "storm")
    figure = brief.figure

    def tint(colour: Colour) -> Colour:
        return light.thing(colour)

    if figure in _ANIMALS:
        tall = unit * (46 if figure in ("horse", "deer", "bear") else 42)
        animals.draw(canvas, figure, Spot(x, min(foot, canvas.height * 0.93), tall), tint, hue)
    elif figure == "boat":
        things.boat(canvas, Spot(x, foot - unit * 6, unit * 26), tint, hue)
    elif figure == "balloon":
        for across, down, size in ((0.5, 0.3, 30), (0.22, 0.42, 13), (0.8, 0.2, 10)):
            things.balloon(
                canvas,
                Spot(width * (across + random.uniform(-0.06, 0.06)), canvas.height * down, unit * size),
                tint,
                hue + round(size),
            )
    elif figure == "house":
        things.house(canvas, Spot(x, foot - unit * 2, unit * 34), tint, lit=lit, snow=brief.weather == "snow")
    elif figure == "lighthouse":
        _lighthouse(canvas, brief, light, x, foot)
    elif figure == "car":
        things.car(canvas, Spot(x, foot, unit * 46), tint, hue)
    elif figure == "castle":
        things.castle(canvas, Spot(x, foot - unit * 8, unit * 46), tint, lit=lit)
    elif figure == "rocket":
        things.rocket(canvas, Spot(x, canvas.height * 0.42, unit * 38), tint)


def _lighthouse(canvas: Canvas, brief: Brief, light: Light, x: float, foot: float) -> None:
    """On a rock of its own."""
    random = brief.random("rock")
    unit = canvas.unit
    rock = light.land((92, 84, 88), 0.92)
    line = terrain.ridge(random, round(unit * 66), foot + unit * 6, unit * 16, rough=0.5, detail=5)
    left = x - unit * 33
    top = [
        (left + a, foot + unit * 8 - (foot + unit * 8 - b) * (1 - abs(a / (unit * 33) - 1) ** 2))
        for a, b in line
    ]
    shape = [*top, (x + unit * 42, canvas.height + 5), (x - unit * 42, canvas.height + 5)]
    canvas.fill(shape, paint=(mix(rock, light.sun, 0.2), mix(rock, light.shade, 0.5)))
    mound = [(x - unit * 26, foot + unit * 9), (x, foot - unit * 7), (x + unit * 26, foot + unit * 9)]
    canvas.fill(smooth(mound, steps=16), paint=(mix(rock, light.sun, 0.2), rock))
    is_lit = brief.light not in ("day", "dawn")
    things.lighthouse(canvas, Spot(x, foot - unit * 4, min(unit * 62, foot * 0.75)), light.thing, lit=is_lit)


def _ribbon(image: Picture, prompt: str, note: str) -> None:
    """A small plate at the bottom left, always of one size, so that it covers that of an earlier turn."""
    unit = min(image.size) / 100
    font = ImageFont.load_default(max(11, unit * 1.85))
    pad, tall, margin = unit * 1.3, unit * 4.4, unit * 2.2
    wide = min(image.width - 2 * margin, unit * 74)
    line = " · ".join(part for part in (_LABEL, note, _printable(prompt, font)) if part)
    if font.getlength(line) > wide - 2 * pad:
        while line and font.getlength(line + "...") > wide - 2 * pad:
            line = line[:-1]
        line = line.rstrip(" ·") + "..."
    top = image.height - margin - tall
    area = (round(margin), round(top), round(margin + wide), round(top + tall))
    plate = image.crop(area).filter(ImageFilter.GaussianBlur(unit * 2.5))
    plate = Image.blend(plate, Image.new("RGB", plate.size, (16, 18, 24)), 0.72)
    mask = Image.new("L", (plate.width * 3, plate.height * 3))
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, mask.width - 1, mask.height - 1), unit * 3.6, fill=255)
    image.paste(plate, area[:2], mask.reduce(3))
    ImageDraw.Draw(image).text((margin + pad, top + tall / 2), line, (244, 244, 246), font, anchor="lm")


def _printable(text: str, font: ImageFont.FreeTypeFont | ImageFont.ImageFont) -> str:
    """The text on one line, without the characters that the built-in font lacks."""
    text = " ".join(text.split())[:160]
    lacking = bytes(font.getmask("\uffff"))
    kept = (letter for letter in text if letter == " " or bytes(font.getmask(letter)) != lacking)
    return " ".join("".join(kept).split())
