"""Animals in a few flat shapes each; y runs down, the feet stand at (x, y), the height is `size`."""

from dataclasses import dataclass
from math import pi

from imagine_desktop.sandbox.canvas import Canvas, Colour, Spot, darker, lighter, outline, oval, rgb, smooth
from imagine_desktop.sandbox.things import Tint


@dataclass(frozen=True, slots=True)
class Coat:
    """How an animal that sits and looks at you differs from the others."""

    fur: str
    belly: str
    ears: str  # pointed, tall, round, hanging
    tail: str  # curved, bushy, stub
    muzzle: float  # how far the nose stands out
    mask: str = ""  # patches around the eyes


_SITTERS = {
    "cat": (
        Coat("d98b45", "f7e6cf", "pointed", "curved", 0.1),
        Coat("5a5f6e", "e9e6e3", "pointed", "curved", 0.1),
        Coat("2e2f3a", "f1ede8", "pointed", "curved", 0.1),
    ),
    "dog": (
        Coat("c99255", "f4e3c8", "hanging", "curved", 0.16),
        Coat("7a4e35", "ecd9c0", "hanging", "curved", 0.16),
        Coat("e3d3b8", "fbf4e8", "hanging", "curved", 0.16),
    ),
    "fox": (
        Coat("d9682e", "fbf0e2", "pointed", "bushy", 0.13),
        Coat("c9562a", "fdf3e6", "pointed", "bushy", 0.13),
    ),
    "rabbit": (Coat("b79a80", "f6ece0", "tall", "stub", 0.1), Coat("e6e0da", "ffffff", "tall", "stub", 0.1)),
    "bear": (
        Coat("6e4a33", "a67c58", "round", "stub", 0.15),
        Coat("f1efec", "ffffff", "round", "stub", 0.13, "26262e"),
    ),
}


def draw(canvas: Canvas, kind: str, at: Spot, tint: Tint, choice: int) -> None:
    """Draw the animal `kind`; `choice` picks its coat and the side to which it turns."""
    at = Spot(at.x, at.y, at.size, choice % 2 == 1)
    canvas.fill(at(oval(0, 0, 0.42, 0.045)), paint=(8, 10, 20), opacity=0.3, blur=at.size * 0.025)
    if kind in _SITTERS:
        coats = _SITTERS[kind]
        _sitter(canvas, coats[choice % len(coats)], at, tint)
    elif kind == "owl":
        _owl(canvas, at, tint)
    elif kind == "bird":
        _bird(canvas, at, tint, choice)
    else:
        _standing(canvas, kind, at, tint)


def _sitter(canvas: Canvas, coat: Coat, at: Spot, tint: Tint) -> None:
    fur, belly = tint(rgb(coat.fur)), tint(rgb(coat.belly))
    limbs = tint(rgb(coat.mask)) if coat.mask else fur

    _tail(canvas, coat, at, fur, belly)
    body = smooth(outline("0,-62 16,-52 25,-25 28,-6 20,0 -20,0 -28,-6 -25,-25 -16,-52"))
    canvas.fill(at(body), paint=(lighter(fur, 0.12), darker(fur, 0.12)))
    for side in (-1, 1):
        canvas.fill(at(oval(side * 0.2, -0.13, 0.12, 0.15)), paint=(fur, darker(fur, 0.16)))
    canvas.fill(
        at(smooth(outline("0,-58 11,-42 10,-16 0,-6 -10,-16 -11,-42"))),
        paint=(belly, darker(belly, 0.08)),
    )
    for side in (-1, 1):
        leg = smooth(outline("3,-36 13,-32 12.5,-2 2,-2", side))
        canvas.fill(at(leg), paint=(lighter(limbs, 0.1), limbs))
        canvas.fill(at(oval(side * 0.08, -0.025, 0.075, 0.04)), paint=belly if not coat.mask else limbs)
    _ears(canvas, coat, at, limbs, tint)
    canvas.fill(
        at(smooth(outline("0,-95 16,-91 23.5,-76 20,-63 10,-54.5 0,-52 -10,-54.5 -20,-63 -23.5,-76 -16,-91"))),
        paint=(lighter(fur, 0.18), fur),
    )
    _face(canvas, coat, at, tint)


def _tail(canvas: Canvas, coat: Coat, at: Spot, fur: Colour, belly: Colour) -> None:
    if coat.tail == "curved":
        path = smooth(outline("18,-5 36,-3 44,-16 39,-30 43,-40"), closed=False)
        canvas.lines(at(path), width=at.size * 0.07, paint=darker(fur, 0.12))
        canvas.fill(at(oval(0.43, -0.4, 0.035, 0.035)), paint=darker(fur, 0.12))
    elif coat.tail == "bushy":
        brush = smooth(outline("15,-2 36,0 52,-12 53,-34 44,-54 40,-36 33,-20 20,-14"))
        canvas.fill(at(brush), paint=(fur, darker(fur, 0.2)))
        tip = smooth(outline("44,-55 53,-36 52,-27 46,-33 41,-36"))
        canvas.fill(at(tip), paint=belly)


def _ears(canvas: Canvas, coat: Coat, at: Spot, fur: Colour, tint: Tint) -> None:
    inner = tint(rgb("e8a79b"))
    for side in (-1, 1):
        if coat.ears == "pointed":
            canvas.fill(
                at([(side * 0.06, -0.9), (side * 0.2, -1.08), (side * 0.235, -0.76)]),
                paint=(fur, darker(fur, 0.1)),
            )
            canvas.fill(
                at([(side * 0.115, -0.91), (side * 0.188, -1.01), (side * 0.205, -0.84)]),
                paint=inner,
                opacity=0.8,
            )
        elif coat.ears == "tall":
            canvas.fill(at(oval(side * 0.1, -1.08, 0.065, 0.22, side * 0.12)), paint=fur)
            canvas.fill(at(oval(side * 0.1, -1.08, 0.034, 0.16, side * 0.12)), paint=inner, opacity=0.85)
        elif coat.ears == "round":
            canvas.fill(at(oval(side * 0.175, -0.92, 0.08, 0.08)), paint=fur)
            canvas.fill(
                at(oval(side * 0.175, -0.91, 0.045, 0.045)), paint=inner, opacity=0.5 if not coat.mask else 0.0
            )
        else:
            hang = smooth(outline("12,-94 23,-90 30,-70 27,-56 20,-62 17,-78", side))
            canvas.fill(at(hang), paint=darker(fur, 0.3))


def _face(canvas: Canvas, coat: Coat, at: Spot, tint: Tint) -> None:
    belly, dark = tint(rgb(coat.belly)), tint(rgb("2a2026"))
    wide = 0.145 if coat.tail == "bushy" else 0.1
    canvas.fill(
        at(smooth([(0, -0.73), (wide, -0.66), (0.085, -0.56), (0, -0.525), (-0.085, -0.56), (-wide, -0.66)])),
        paint=belly,
    )
    for side in (-1, 1):
        if coat.mask:
            canvas.fill(at(oval(side * 0.095, -0.755, 0.055, 0.065, -side * 0.5)), paint=tint(rgb(coat.mask)))
        canvas.fill(at(oval(side * 0.095, -0.755, 0.032, 0.037)), paint=dark)
        canvas.fill(at(oval(side * 0.095 - 0.01, -0.768, 0.011, 0.012)), paint=(255, 255, 255))
    nose = smooth([(-0.036, -0.672), (0.036, -0.672), (0, -0.632)], steps=5)
    canvas.fill(at(nose), paint=dark)
    for side in (-1, 1):
        mouth = smooth([(0, -0.635), (side * 0.02, -0.6), (side * 0.055, -0.602)], closed=False)
        canvas.lines(at(mouth), width=canvas.unit * 0.25, paint=dark, opacity=0.75)
        if coat.ears == "pointed" and coat.tail == "curved":
            for lift in (-0.03, 0.0, 0.03):
                whisker = [(side * 0.08, -0.63 + lift * 0.4), (side * 0.29, -0.64 + lift * 1.6)]
                canvas.lines(at(whisker), width=canvas.unit * 0.16, paint=(255, 255, 255), opacity=0.6)


def _owl(canvas: Canvas, at: Spot, tint: Tint) -> None:
    coat, belly = tint(rgb("7a5a42")), tint(rgb("ead7b7"))
    body = smooth(outline("0,-98 24,-95 34,-68 32,-28 16,0 -16,0 -32,-28 -34,-68 -24,-95"))
    canvas.fill(at(body), paint=(lighter(coat, 0.15), darker(coat, 0.15)))
    for side in (-1, 1):
        canvas.fill(at([(side * 0.12, -0.95), (side * 0.29, -1.08), (side * 0.3, -0.84)]), paint=coat)
        canvas.fill(
            at(smooth(outline("20,-60 35,-62 36,-25 20,-2", side))),
            paint=darker(coat, 0.28),
        )
    canvas.fill(at(oval(0, -0.32, 0.2, 0.28)), paint=belly)
    marks = [
        oval(across * 0.1 + (row % 2) * 0.05, -0.5 + row * 0.09, 0.026, 0.018)
        for row in range(5)
        for across in (-1, 0, 1)
        if abs(across * 0.1 + (row % 2) * 0.05) < 0.15
    ]
    canvas.fill(*(at(mark) for mark in marks), paint=coat, opacity=0.7)
    for side in (-1, 1):
        canvas.fill(at(oval(side * 0.13, -0.76, 0.14, 0.14)), paint=belly)
        canvas.fill(at(oval(side * 0.125, -0.76, 0.085, 0.085)), paint=tint(rgb("f2b035")))
        canvas.fill(at(oval(side * 0.12, -0.76, 0.05, 0.05)), paint=tint(rgb("1d1a20")))
        canvas.fill(at(oval(side * 0.12 - 0.02, -0.78, 0.015, 0.015)), paint=(255, 255, 255))
    canvas.fill(at(smooth([(-0.04, -0.69), (0.04, -0.69), (0, -0.6)], steps=4)), paint=tint(rgb("e08a2e")))


def _bird(canvas: Canvas, at: Spot, tint: Tint, choice: int) -> None:
    coat, breast, wing = (
        ("4a78a8", "f0a15a", "2f5580"),
        ("d8573f", "f6d9a8", "8f3a34"),
        ("3f9a7d", "f4d35e", "2b6b63"),
    )[choice % 3]
    at = Spot(at.x, at.y - at.size * 0.06, at.size, at.is_flipped)
    dark = tint(rgb("2a2328"))
    branch = smooth(outline("-120,10 -40,3 30,5 110,-6 30,10 -40,9"))
    canvas.fill(at(branch), paint=tint(rgb("5a4033")))
    for across, tilt in ((-0.75, -0.5), (-0.5, 0.6), (0.62, -0.6), (0.85, 0.4), (-1.0, 0.5)):
        canvas.fill(at(oval(across, 0.0, 0.13, 0.05, tilt)), paint=tint(rgb("6a9a5b")))
    canvas.fill(at(outline("-38,-30 -78,-6 -70,3 -30,-14")), paint=tint(rgb(wing)))
    body = smooth(outline("32,-83 46,-66 40,-34 16,-8 -16,-6 -42,-24 -20,-44 4,-62 14,-80"))
    canvas.fill(at(body), paint=(lighter(tint(rgb(coat)), 0.15), tint(rgb(coat))))
    canvas.fill(
        at(smooth(outline("45,-62 40,-34 16,-8 -4,-7 12,-30 26,-54"))),
        paint=tint(rgb(breast)),
    )
    canvas.fill(
        at(smooth(outline("10,-50 14,-30 -12,-16 -50,-14 -24,-36"))),
        paint=tint(rgb(wing)),
    )
    canvas.fill(at([(0.44, -0.73), (0.62, -0.66), (0.45, -0.63)]), paint=tint(rgb("eab04a")))
    canvas.fill(at(oval(0.34, -0.71, 0.034, 0.034)), paint=dark)
    canvas.fill(at(oval(0.35, -0.72, 0.011, 0.011)), paint=(255, 255, 255))
    for leg in (0.02, 0.12):
        canvas.lines(at([(leg, -0.08), (leg + 0.02, 0.05)]), width=at.size * 0.022, paint=dark)


_HORSE = outline("40,-98 46,-105 50,-97 62,-86 71,-74 67,-66 58,-69 48,-75 42,-62 36,-46")
_HORSE_BACK = outline("-34,-40 -42,-52 -36,-63 -20,-66 5,-62 20,-70 30,-88")
_STANDING = {"horse": "7a4a2e", "deer": "a9713f"}


def _standing(canvas: Canvas, kind: str, at: Spot, tint: Tint) -> None:
    """A horse or a deer from the side; anything else stands as a horse."""
    coat = tint(rgb(_STANDING.get(kind, _STANDING["horse"])))
    dark = darker(coat, 0.45)
    slim = 0.8 if kind == "deer" else 1.0
    for hip, knee, foot, shade in (
        (-0.27, -0.24, -0.26, 0.3),
        (0.24, 0.2, 0.2, 0.3),
        (-0.34, -0.37, -0.35, 0.0),
        (0.31, 0.33, 0.33, 0.0),
    ):
        wide = 0.075 * slim
        leg = smooth(
            [
                (hip - wide, -0.45),
                (knee - 0.035, -0.22),
                (foot - 0.028, 0),
                (foot + 0.036, 0),
                (knee + 0.03, -0.22),
                (hip + wide, -0.42),
            ],
            steps=5,
        )
        canvas.fill(at(leg), paint=(darker(coat, shade), darker(coat, shade + 0.2)))
    if kind == "deer":
        canvas.fill(at(oval(-0.43, -0.57, 0.035, 0.08, 0.5)), paint=tint(rgb("f2e6d4")))
    else:
        canvas.fill(
            at(smooth(outline("-38,-60 -50,-56 -55,-30 -50,-12 -46,-30 -41,-46"))),
            paint=dark,
        )
    canvas.fill(
        at(smooth([*_HORSE_BACK, *_HORSE, (0.22, -0.36), (0.0, -0.34), (-0.2, -0.35)], steps=6)),
        paint=(lighter(coat, 0.16), darker(coat, 0.14)),
    )
    if kind == "deer":
        for lean in (-0.02, 0.07):
            beam = smooth(
                [
                    (0.41 + lean * 0.3, -0.99),
                    (0.34 + lean, -1.16),
                    (0.4 + lean * 2, -1.34),
                    (0.5 + lean * 2, -1.45),
                ],
                closed=False,
            )
            tines = [
                [(0.345 + lean, -1.15), (0.48 + lean, -1.22)],
                [(0.37 + lean * 1.6, -1.27), (0.27 + lean, -1.38)],
                [(0.4 + lean * 2, -1.34), (0.36 + lean * 2, -1.47)],
            ]
            canvas.lines(
                at(beam), *(at(tine) for tine in tines), width=at.size * 0.024, paint=tint(rgb("6b5138"))
            )
    else:
        mane = smooth(outline("44,-102 36,-95 24,-80 12,-64 22,-62 33,-80 43,-92"))
        canvas.fill(at(mane), paint=dark)
    canvas.fill(at([(0.4, -0.95), (0.42, -1.09), (0.48, -0.98)]), paint=coat)
    canvas.fill(at(oval(0.53, -0.87, 0.014, 0.016)), paint=tint(rgb("1a1418")))
    canvas.fill(at(oval(0.665, -0.72, 0.035, 0.045, pi / 4)), paint=dark, opacity=0.6)
