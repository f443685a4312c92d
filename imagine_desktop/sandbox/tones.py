"""Other light, season or weather for a picture, and what a darkroom can do."""

from random import Random

from PIL import Image, ImageChops, ImageEnhance, ImageFilter, ImageOps

from imagine_desktop.sandbox import things, weather
from imagine_desktop.sandbox.canvas import Canvas, Colour, fog, levels

Picture = Image.Image


def night(image: Picture, random: Random) -> Picture:
    """Deep blue, with the bright spots still burning."""
    grey = image.convert("L")
    blue = ImageOps.colorize(grey, (3, 5, 18), (96, 128, 196), (24, 40, 92), 0, 255, 130)
    dark = Image.blend(
        blue, ImageEnhance.Brightness(ImageEnhance.Color(image).enhance(0.6)).enhance(0.34), 0.42
    )
    calm = grey.resize((image.width // 8, image.height // 8), Image.Resampling.BOX).filter(
        ImageFilter.GaussianBlur(2)
    )
    busy = levels(calm.filter(ImageFilter.FIND_EDGES), 3, 14).filter(ImageFilter.MaxFilter(5))
    fade = (
        Image.linear_gradient("L").point([round(max(0, 255 - v * 2.4)) for v in range(256)]).resize(calm.size)
    )
    open_sky = ImageChops.multiply(ImageOps.invert(busy), fade).resize(image.size, Image.Resampling.BICUBIC)
    starry = Canvas(dark.copy())
    things.stars(starry, random, 420, 0.5)
    return Image.composite(starry.image, dark, open_sky)


def winter(image: Picture, random: Random) -> Picture:
    """Cold light, snow where it would lie, and flakes in the air."""
    hue, saturation, value = image.convert("HSV").split()
    plants = ImageChops.multiply(
        hue.point([255 if 40 < v < 118 else 0 for v in range(256)]), levels(saturation, 25, 90)
    )
    cool = Image.blend(
        image, ImageOps.colorize(image.convert("L"), (30, 44, 74), (246, 250, 255), (140, 160, 190)), 0.55
    )
    snow = ImageOps.colorize(value, (96, 116, 150), (255, 255, 255), (214, 226, 240))
    cool.paste(
        snow, (0, 0), plants.filter(ImageFilter.GaussianBlur(2)).point([round(v * 0.8) for v in range(256)])
    )
    tops = (
        image.convert("L")
        .filter(ImageFilter.GaussianBlur(1.5))
        .filter(ImageFilter.Kernel((3, 3), (1, 2, 1, 0, 0, 0, -1, -2, -1), 1, 0))
    )
    ledges = levels(tops, 20, 110, 235).filter(ImageFilter.GaussianBlur(1))
    cool.paste((248, 251, 255), (0, round(min(image.size) / 240)), ledges)
    ground = (
        Image.linear_gradient("L").point([round(max(0, v - 150) * 1.7) for v in range(256)]).resize(image.size)
    )
    drifts = levels(fog((image.width // 4, image.height // 4), random, 4, 4, 2.0), 70, 180).resize(
        image.size, Image.Resampling.BICUBIC
    )
    cool.paste((240, 246, 252), (0, 0), ImageChops.multiply(ground, drifts))
    canvas = Canvas(cool)
    weather.snowfall(canvas, random, 1.25)
    return canvas.image


def sunset(image: Picture, random: Random) -> Picture:
    """A low sun: red and gold above, violet in the shade."""
    warm = ImageOps.colorize(
        Image.linear_gradient("L"), (118, 40, 110), (255, 190, 90), (246, 104, 66), 0, 255, 130
    )
    lit = ImageChops.soft_light(image, warm.resize(image.size))
    lit = Image.blend(lit, ImageChops.multiply(lit, Image.new("RGB", image.size, (255, 176, 120))), 0.6)
    canvas = Canvas(Image.blend(lit, ImageChops.screen(lit, warm.resize(image.size)), 0.22))
    x = canvas.width * random.choice((random.uniform(0.12, 0.3), random.uniform(0.7, 0.88)))
    things.sun(canvas, x, canvas.height * random.uniform(0.3, 0.42), canvas.unit * 6, (255, 214, 140))
    return canvas.image


def golden(image: Picture, random: Random) -> Picture:
    """Late warm light from one side."""
    warm = ImageChops.multiply(image, Image.new("RGB", image.size, (255, 214, 150)))
    canvas = Canvas(ImageEnhance.Contrast(Image.blend(image, warm, 0.8)).enhance(1.08))
    side = random.choice((0.02, 0.98))
    canvas.light(canvas.width * side, canvas.height * 0.15, canvas.unit * 110, (255, 190, 90), 0.75)
    return canvas.image


def dawn(image: Picture, random: Random) -> Picture:
    """Pink and pale blue, with mist."""
    pale = ImageOps.colorize(Image.linear_gradient("L"), (150, 160, 220), (255, 214, 190), (250, 186, 196))
    soft = Image.blend(image, ImageChops.soft_light(image, pale.resize(image.size)), 0.9)
    canvas = Canvas(ImageChops.screen(soft, Image.new("RGB", image.size, (40, 28, 36))))
    weather.mistfall(canvas, random, (252, 226, 220), 0.3)
    return canvas.image


def day(image: Picture, _random: Random) -> Picture:
    """Brighter, with a blue sky's light."""
    bright = image.point([round(255 * (v / 255) ** 0.62) for v in range(256)] * 3)
    return ImageEnhance.Color(ImageChops.screen(bright, Image.new("RGB", image.size, (4, 14, 26)))).enhance(1.2)


def autumn(image: Picture, random: Random) -> Picture:
    """Leaves and grass turn; the light too."""
    hue, saturation, value = image.convert("HSV").split()
    turn = random.randint(0, 8)
    table = [round(12 + turn + (v - 42) * 0.2) if 42 < v < 128 else v for v in range(256)]
    fresh = saturation.point([min(255, round(v * 1.35)) for v in range(256)])
    turned = Image.merge("HSV", (hue.point(table), fresh, value)).convert("RGB")
    warm = Image.blend(turned, ImageChops.multiply(turned, Image.new("RGB", image.size, (255, 206, 150))), 0.6)
    canvas = Canvas(warm)
    colours = [(200, 96, 40), (222, 160, 50), (170, 62, 46)]
    things.flowers(
        canvas, random, (0, 0, canvas.width, canvas.height), colours, size=canvas.unit * 0.75, count=110
    )
    return canvas.image


def spring(image: Picture, random: Random) -> Picture:
    """Fresh greens and blossom."""
    fresh = ImageEnhance.Color(ImageEnhance.Brightness(image).enhance(1.1)).enhance(1.35)
    canvas = Canvas(
        Image.blend(fresh, ImageChops.screen(fresh, Image.new("RGB", image.size, (30, 60, 24))), 0.6)
    )
    petals = [(255, 198, 214), (255, 232, 240), (246, 168, 192)]
    things.flowers(
        canvas, random, (0, 0, canvas.width, canvas.height), petals, size=canvas.unit * 0.7, count=260
    )
    return canvas.image


def rain(image: Picture, random: Random) -> Picture:
    """Grey and wet, with streaks."""
    dull = ImageEnhance.Brightness(ImageEnhance.Color(image).enhance(0.55)).enhance(0.74)
    canvas = Canvas(
        Image.blend(dull, ImageChops.multiply(dull, Image.new("RGB", image.size, (170, 190, 215))), 0.7)
    )
    weather.rainfall(canvas, random)
    return canvas.image


def mist(image: Picture, random: Random) -> Picture:
    """Fog that takes the distance away."""
    canvas = Canvas(
        Image.blend(ImageEnhance.Color(image).enhance(0.6), Image.new("RGB", image.size, (206, 212, 216)), 0.25)
    )
    weather.mistfall(canvas, random, (226, 230, 232), 0.62)
    return canvas.image


def storm(image: Picture, random: Random) -> Picture:
    """Heavy clouds and hard light."""
    dark = ImageEnhance.Contrast(ImageEnhance.Color(image).enhance(0.5)).enhance(1.25)
    canvas = Canvas(ImageChops.multiply(dark, Image.new("RGB", image.size, (150, 165, 190))))
    heavy = levels(fog((image.width // 4, image.height // 4), random, 3, 5, 2.4), 70, 190)
    fade = Image.linear_gradient("L").point([max(0, 225 - v) for v in range(256)]).resize(heavy.size)
    canvas.veil((30, 34, 46), ImageChops.multiply(heavy, fade).resize(image.size, Image.Resampling.BICUBIC))
    return canvas.image


def black_and_white(image: Picture, random: Random) -> Picture:
    """Silver print with full blacks."""
    red, green, blue = image.split()
    grey = Image.blend(Image.blend(red, green, random.uniform(0.35, 0.65)), blue, 0.12)
    grey = ImageOps.autocontrast(grey, cutoff=1).point([round(255 * (v / 255) ** 1.12) for v in range(256)])
    return ImageOps.colorize(grey, (12, 12, 13), (248, 247, 244))


def sepia(image: Picture, random: Random) -> Picture:
    """An old print: brown, faded, darker towards the corners."""
    brown = ImageOps.colorize(image.convert("L"), (44, 28, 18), (248, 228, 190), (166, 122, 82))
    faded = Image.blend(brown, image, 0.12)
    specks = levels(fog(image.size, random, 40, 2), 214, 232, 120)
    faded.paste((252, 240, 214), (0, 0), specks)
    return vignette(faded, random)


def vignette(image: Picture, _random: Random) -> Picture:
    """Darker corners."""
    shade = Image.radial_gradient("L").resize(image.size, Image.Resampling.BICUBIC)
    return ImageChops.multiply(
        image,
        levels(ImageOps.invert(shade), -40, 150)
        .point([70 + v * 185 // 255 for v in range(256)])
        .convert("RGB"),
    )


def blurred_background(image: Picture, _random: Random) -> Picture:
    """Only the middle in focus."""
    soft = image.filter(ImageFilter.GaussianBlur(min(image.size) / 55))
    focus = Image.radial_gradient("L").resize(
        (image.width, round(image.height * 1.15)), Image.Resampling.BICUBIC
    )
    focus = levels(ImageOps.invert(focus.crop((0, 0, *image.size))), 95, 165)
    return Image.composite(image, soft, focus)


def vivid(image: Picture, _random: Random) -> Picture:
    """Stronger colours."""
    return ImageEnhance.Contrast(ImageEnhance.Color(image).enhance(1.75)).enhance(1.1)


def warmer(image: Picture, _random: Random) -> Picture:
    """Towards yellow and red."""
    return _tinted(image, (255, 222, 176))


def cooler(image: Picture, _random: Random) -> Picture:
    """Towards blue."""
    return _tinted(image, (178, 212, 255))


def _tinted(image: Picture, colour: Colour) -> Picture:
    tinted = ImageChops.multiply(image, Image.new("RGB", image.size, colour))
    return ImageEnhance.Brightness(tinted).enhance(1.1)


def darker(image: Picture, _random: Random) -> Picture:
    """Less light."""
    return ImageEnhance.Contrast(ImageEnhance.Brightness(image).enhance(0.58)).enhance(1.08)


def negative(image: Picture, _random: Random) -> Picture:
    """Every colour's opposite."""
    return ImageOps.invert(image)


def mirrored(image: Picture, _random: Random) -> Picture:
    """Left and right change places."""
    return ImageOps.mirror(image)


def closer(image: Picture, random: Random) -> Picture:
    """A nearer view of the middle."""
    share = random.uniform(0.52, 0.64)
    width, height = image.width * share, image.height * share
    left, top = (image.width - width) / 2, (image.height - height) * 0.42
    near = image.resize(image.size, Image.Resampling.LANCZOS, box=(left, top, left + width, top + height))
    return near.filter(ImageFilter.UnsharpMask(2, 70, 2))


def graded(image: Picture, random: Random) -> Picture:
    """Some other colours: what an instruction that nobody here understands comes to."""
    dark = (random.randint(8, 60), random.randint(4, 46), random.randint(30, 92))
    bright = (random.randint(236, 255), random.randint(196, 250), random.randint(150, 235))
    middle = (random.randint(96, 196), random.randint(76, 170), random.randint(90, 186))
    mapped = ImageOps.colorize(image.convert("L"), dark, bright, middle)
    return ImageEnhance.Contrast(Image.blend(image, mapped, 0.58)).enhance(1.12)
