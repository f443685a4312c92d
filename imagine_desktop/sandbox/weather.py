"""Snow, rain and mist over a whole picture."""

from random import Random

from PIL import Image, ImageChops, ImageFilter

from imagine_desktop.sandbox.canvas import Canvas, Colour, fog, levels, oval


def snowfall(canvas: Canvas, random: Random, strength: float = 1.0) -> None:
    """Flakes in three depths."""
    unit = canvas.unit
    area = canvas.width * canvas.height / unit**2
    for size, share, opacity, blur in (
        (0.16, 0.05, 0.75, 0.0),
        (0.32, 0.016, 0.85, 0.08),
        (0.75, 0.0035, 0.6, 0.35),
    ):
        flakes = []
        for _ in range(round(area * share * strength)):
            reach = unit * size * random.uniform(0.6, 1.3)
            x, y = random.uniform(0, canvas.width), random.uniform(0, canvas.height)
            flakes.append(oval(x, y, reach, reach, steps=10))
        canvas.fill(*flakes, paint=(252, 253, 255), opacity=opacity, blur=unit * blur)


def rainfall(canvas: Canvas, random: Random, colour: Colour = (214, 226, 236)) -> None:
    """Slanting streaks, near and far."""
    unit = canvas.unit
    area = canvas.width * canvas.height / unit**2
    for length, wide, share, opacity in ((4, 0.1, 0.05, 0.26), (9, 0.16, 0.018, 0.32), (15, 0.24, 0.004, 0.24)):
        streaks = []
        for _ in range(round(area * share)):
            x, y = random.uniform(0, canvas.width * 1.1), random.uniform(-unit * 10, canvas.height)
            reach = unit * length * random.uniform(0.6, 1.2)
            streaks.append(
                [
                    (x, y),
                    (x + unit * wide, y),
                    (x - reach * 0.22, y + reach),
                    (x - reach * 0.22 - unit * wide, y + reach),
                ]
            )
        canvas.fill(*streaks, paint=colour, opacity=opacity)


def mistfall(canvas: Canvas, random: Random, colour: Colour, strength: float = 0.8) -> None:
    """Mist that thickens towards the middle height."""
    small = (max(8, canvas.width // 6), max(8, canvas.height // 6))
    noise = levels(fog(small, random, 2, 4, 2.4), 40, 200, 255 * strength)
    band = Image.new("L", (1, 7))
    band.putdata([20, 60, 150, 255, 235, 140, 70])
    mask = ImageChops.multiply(noise, band.resize(small, Image.Resampling.BICUBIC))
    mask = mask.filter(ImageFilter.GaussianBlur(2)).resize(canvas.image.size, Image.Resampling.BICUBIC)
    canvas.veil(colour, mask)
