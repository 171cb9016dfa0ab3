"""Photos for stories and demo, drawn by code: what a phone would have seen, with no face and nobody's home in them."""

import random
from collections.abc import Callable
from functools import lru_cache
from io import BytesIO

from PIL import Image, ImageDraw, ImageFilter

from weizhi.record.photos import Photo, take

WIDTH, HEIGHT = 960, 720
TWICE = 2  # drawn twice as large and made smaller: smooth edges
Colour = tuple[int, int, int]
WALLS: tuple[Colour, ...] = ((233, 226, 209), (221, 229, 220), (236, 221, 208), (216, 224, 231))
SKIES: tuple[Colour, ...] = ((205, 226, 238), (232, 225, 208), (214, 222, 226), (190, 214, 232))
INK, BAMBOO, BRICK, GREY = (52, 58, 60), (74, 128, 98), (176, 106, 84), (150, 152, 150)


class Canvas:
    """Pillow's pen in units of a 960 × 720 picture, with a hand that is not quite steady."""

    def __init__(self, background: Colour, dice: random.Random) -> None:
        self.image = Image.new("RGB", (WIDTH * TWICE, HEIGHT * TWICE), background)
        self.pen = ImageDraw.Draw(self.image)
        self.dice = dice

    def box(
        self, x: float, y: float, w: float, h: float, fill: Colour, radius: float = 0, edge: Colour | None = None
    ) -> None:
        self.pen.rounded_rectangle(_scaled(x, y, x + w, y + h), radius * TWICE, fill, edge, 3 * TWICE if edge else 0)

    def oval(
        self, x: float, y: float, w: float, h: float, fill: Colour | None, edge: Colour | None = None, line: int = 4
    ) -> None:
        self.pen.ellipse(_scaled(x, y, x + w, y + h), fill, edge, line * TWICE if edge else 0)

    def line(self, *points: float, fill: Colour, width: float = 4) -> None:
        self.pen.line(_scaled(*points), fill, int(width * TWICE), "curve")

    def shape(self, *points: float, fill: Colour) -> None:
        self.pen.polygon(_scaled(*points), fill)

    def floor(self, y: float, fill: Colour) -> None:
        self.box(0, y, WIDTH, HEIGHT - y, fill)
        self.line(0, y, WIDTH, y, fill=shade(fill, -30), width=3)

    def glow(self, x: float, y: float, radius: float, colour: Colour, strength: int) -> None:
        """Light that falls from a lamp."""
        mask = Image.new("L", (WIDTH // 4, HEIGHT // 4), 0)
        box = [(x - radius) / 4, (y - radius) / 4, (x + radius) / 4, (y + radius) / 4]
        ImageDraw.Draw(mask).ellipse(box, strength)
        mask = mask.filter(ImageFilter.GaussianBlur(radius / 12)).resize(self.image.size)
        self.image.paste(Image.new("RGB", self.image.size, colour), mask=mask)

    def darken(self, amount: int) -> None:
        self.image.paste(Image.new("RGB", self.image.size, (18, 22, 34)), mask=Image.new("L", self.image.size, amount))

    def finished(self) -> bytes:
        written = BytesIO()
        small = self.image.resize((WIDTH, HEIGHT), Image.Resampling.BILINEAR)
        small.save(written, "JPEG", quality=88)
        return written.getvalue()


def _scaled(*points: float) -> list[float]:
    return [point * TWICE for point in points]


def shade(colour: Colour, by: int) -> Colour:
    red, green, blue = (max(0, min(255, part + by)) for part in colour)
    return red, green, blue


# --- scenes --------------------------------------------------------------------------------------------


def _stairwell(canvas: Canvas) -> None:
    wall = canvas.dice.choice(WALLS)
    canvas.box(0, 0, WIDTH, HEIGHT, wall)
    canvas.box(0, 400, WIDTH, 320, shade(wall, -38))
    canvas.floor(610, (178, 174, 164))
    for n in range(6):
        canvas.box(560 + 62 * n, 560 - 50 * n, 420, 52, shade((190, 186, 176), -6 * n))
        canvas.line(592 + 62 * n, 560 - 50 * n, 592 + 62 * n, 400 - 50 * n, fill=(96, 84, 70), width=7)
    canvas.line(570, 420, 940, 118, fill=(122, 82, 52), width=16)
    canvas.box(84, 250, 190, 362, (132, 88, 60), 6, (100, 66, 44))
    canvas.oval(240, 430, 16, 16, (224, 196, 120))
    floor_mark(canvas)


def floor_mark(canvas: Canvas) -> None:
    """The sign of the floor: a green plate with as many white strokes."""
    canvas.box(350, 250, 92, 92, BAMBOO, 10)
    floor = canvas.dice.randint(2, 5)
    for n in range(floor):
        canvas.box(362 + 14 * n, 272, 8, 48, (250, 248, 240), 4)


def lamp(canvas: Canvas) -> None:
    _stairwell(canvas)
    canvas.darken(150)
    canvas.line(480, 0, 480, 70, fill=(40, 40, 44), width=6)
    canvas.oval(440, 66, 80, 80, (70, 74, 80), (36, 38, 42))
    canvas.line(462, 92, 486, 116, 470, 130, fill=(28, 30, 34), width=4)


def lamp_lit(canvas: Canvas) -> None:
    _stairwell(canvas)
    canvas.darken(40)
    canvas.glow(480, 110, 420, (255, 236, 178), 120)
    canvas.line(480, 0, 480, 70, fill=(70, 66, 60), width=6)
    canvas.oval(440, 66, 80, 80, (255, 247, 214), (214, 190, 130))


def _courtyard(canvas: Canvas) -> None:
    canvas.box(0, 0, WIDTH, 400, canvas.dice.choice(SKIES))
    for n in range(4):
        left, top = 250 * n - 40 + canvas.dice.randint(-20, 20), 60 + canvas.dice.randint(0, 70)
        wall = shade(canvas.dice.choice(WALLS), -10)
        canvas.box(left, top, 210, 400 - top, wall)
        for row in range(4):
            for column in range(3):
                canvas.box(left + 22 + 62 * column, top + 26 + 72 * row, 38, 44, (148, 170, 184), 3)
    canvas.floor(400, (198, 192, 178))
    canvas.box(0, 388, WIDTH, 26, BAMBOO)
    for _ in range(26):
        x, size = canvas.dice.randint(-20, WIDTH), canvas.dice.randint(24, 54)
        canvas.oval(x, 396 - size * 0.6, size, size * 0.7, shade(BAMBOO, canvas.dice.randint(-14, 26)))


def _bin(canvas: Canvas, x: float, colour: Colour, lid: bool) -> None:
    canvas.shape(x, 360, x + 150, 360, x + 134, 600, x + 16, 600, fill=colour)
    canvas.box(x - 8, 342, 166, 26, shade(colour, -24), 8)
    if lid:
        canvas.box(x - 12, 318, 174, 32, shade(colour, -10), 14)
    canvas.oval(x + 20, 584, 32, 32, INK)
    canvas.oval(x + 98, 584, 32, 32, INK)
    canvas.oval(x + 48, 440, 54, 54, None, (240, 240, 234), 6)


BINS: tuple[Colour, ...] = ((62, 122, 92), (64, 96, 148), (150, 150, 148))


def bins(canvas: Canvas) -> None:
    _courtyard(canvas)
    for n, colour in enumerate(BINS):
        x = 170 + 215 * n
        for _ in range(5):
            size = canvas.dice.randint(52, 92)
            bag = canvas.dice.choice([(60, 62, 66), (226, 222, 212), (190, 74, 60), (120, 150, 110)])
            canvas.oval(x + canvas.dice.randint(-16, 80), 300 - canvas.dice.randint(0, 60), size, size * 0.9, bag)
        _bin(canvas, x, colour, lid=False)
    for _ in range(12):
        x, size = canvas.dice.randint(90, 800), canvas.dice.randint(34, 84)
        canvas.oval(
            x,
            600 + canvas.dice.randint(-6, 50),
            size,
            size * 0.7,
            canvas.dice.choice([(70, 72, 74), (228, 224, 214), (176, 128, 84)]),
        )


def bins_clean(canvas: Canvas) -> None:
    _courtyard(canvas)
    for n, colour in enumerate(BINS):
        _bin(canvas, 170 + 215 * n, colour, lid=True)
    canvas.box(140, 616, 660, 10, (232, 230, 222), 4)


def _bike(canvas: Canvas, x: float, y: float, colour: Colour, lean: float = 0) -> None:
    for wheel in (0, 170):
        canvas.oval(x + wheel, y, 112, 112, None, INK, 7)
        canvas.oval(x + wheel + 46, y + 46, 20, 20, GREY)
    canvas.line(
        x + 56,
        y + 56,
        x + 104 + lean,
        y - 40,
        x + 206 + lean,
        y - 40,
        x + 140,
        y + 56,
        x + 56,
        y + 56,
        fill=colour,
        width=10,
    )
    canvas.line(x + 226, y + 56, x + 200 + lean, y - 76, x + 168 + lean, y - 88, fill=colour, width=9)
    canvas.box(x + 76 + lean, y - 62, 62, 18, INK, 8)


COLOURS: tuple[Colour, ...] = ((176, 74, 62), (54, 98, 144), (74, 128, 98), (196, 150, 60), (92, 92, 104))


def bikes(canvas: Canvas) -> None:
    _stairwell(canvas)
    for n in range(5):
        _bike(
            canvas,
            20 + 140 * n + canvas.dice.randint(-14, 14),
            520 + 16 * (n % 3),
            COLOURS[n],
            canvas.dice.randint(-26, 26),
        )


def bikes_tidy(canvas: Canvas) -> None:
    _courtyard(canvas)
    canvas.shape(60, 300, 900, 300, 930, 340, 30, 340, fill=(88, 120, 142))
    for x in (80, 470, 860):
        canvas.box(x, 336, 14, 284, (120, 124, 126))
    for n in range(4):
        _bike(canvas, 70 + 205 * n, 500, COLOURS[n])
        canvas.line(60 + 205 * n, 640, 60 + 205 * n, 560, fill=(248, 246, 238), width=5)


def _pipe(canvas: Canvas) -> None:
    canvas.box(0, 0, WIDTH, HEIGHT, canvas.dice.choice(WALLS))
    for row in range(9):
        for column in range(9):
            canvas.box(
                column * 112 - (row % 2) * 50, row * 82, 106, 76, shade((222, 224, 220), canvas.dice.randint(-5, 5)), 3
            )
    canvas.box(420, 0, 66, HEIGHT, (172, 178, 182))
    canvas.box(430, 0, 14, HEIGHT, (206, 210, 212))
    for y in (150, 520):
        canvas.box(404, y, 98, 54, (134, 140, 146), 8)
    canvas.box(486, 330, 474, 52, (172, 178, 182))
    canvas.box(404, 310, 98, 92, (134, 140, 146), 10)


def pipe(canvas: Canvas) -> None:
    _pipe(canvas)
    canvas.shape(440, 400, 560, 400, 700, 720, 320, 720, fill=(176, 196, 206))
    for _ in range(44):
        x, y = canvas.dice.gauss(500, 70), canvas.dice.randint(396, 700)
        canvas.oval(x, y, 9, 20, (112, 160, 190))
    canvas.oval(220, 650, 560, 110, (138, 176, 200))


def pipe_dry(canvas: Canvas) -> None:
    _pipe(canvas)
    canvas.box(398, 304, 110, 104, (196, 160, 84), 12, (150, 118, 56))
    for x in (416, 476):
        for y in (322, 376):
            canvas.oval(x, y, 16, 16, (110, 88, 44))


def _tree(canvas: Canvas, reach: int) -> None:
    _courtyard(canvas)
    canvas.shape(430, 620, 520, 620, 498, 300, 452, 300, fill=(116, 84, 60))
    for _ in range(60):
        angle, size = canvas.dice.uniform(-1, 1), canvas.dice.randint(70, 130)
        x, y = 470 + angle * reach, 230 - (1 - abs(angle)) * 130 + canvas.dice.randint(-50, 50)
        canvas.oval(x - size / 2, y - size / 2, size, size, shade(BAMBOO, canvas.dice.randint(-22, 34)))


def tree(canvas: Canvas) -> None:
    _tree(canvas, 330)
    canvas.line(620, 590, 840, 500, fill=(116, 84, 60), width=20)
    for _ in range(26):
        x, y = canvas.dice.randint(640, 900), canvas.dice.randint(450, 610)
        canvas.oval(x, y, 60, 44, shade(BAMBOO, canvas.dice.randint(-24, 22)))


def tree_trimmed(canvas: Canvas) -> None:
    _tree(canvas, 170)


def paper(canvas: Canvas) -> None:
    """An agreement on a table: lines, two signatures, a red seal."""
    canvas.box(0, 0, WIDTH, HEIGHT, (160, 122, 86))
    for n in range(12):
        canvas.line(0, 62 * n + canvas.dice.randint(-6, 6), WIDTH, 62 * n, fill=(150, 112, 78), width=3)
    canvas.shape(262, 64, 716, 40, 740, 664, 250, 680, fill=(120, 90, 62))
    canvas.shape(250, 52, 706, 30, 728, 652, 238, 668, fill=(252, 250, 243))
    canvas.box(386, 92, 190, 22, INK, 6)
    for n in range(9):
        canvas.box(290, 160 + 38 * n, 390 - (120 if n % 4 == 3 else 0), 8, (178, 178, 172), 3)
    for x in (300, 500):
        points = [p for k in range(9) for p in (x + 17 * k, 556 + canvas.dice.randint(-20, 20))]
        canvas.line(*points, fill=(40, 56, 110), width=5)
    canvas.oval(556, 500, 128, 128, None, (192, 57, 43), 9)
    canvas.shape(
        620,
        530,
        631,
        556,
        658,
        558,
        637,
        575,
        645,
        602,
        620,
        586,
        595,
        602,
        603,
        575,
        582,
        558,
        609,
        556,
        fill=(192, 57, 43),
    )


SCENES: dict[str, Callable[[Canvas], None]] = {
    "lamp": lamp,
    "lamp-lit": lamp_lit,
    "bins": bins,
    "bins-clean": bins_clean,
    "bikes": bikes,
    "bikes-tidy": bikes_tidy,
    "pipe": pipe,
    "pipe-dry": pipe_dry,
    "tree": tree,
    "tree-trimmed": tree_trimmed,
    "paper": paper,
}


def draw(name: str, variant: int = 0) -> bytes:
    """The picture as JPEG; the same name and variant always give the same bytes."""
    canvas = Canvas(WALLS[0], random.Random(f"{name.partition('-')[0]}:{variant}"))  # noqa: S311 - a drawing, no secret
    SCENES[name](canvas)
    return canvas.finished()


@lru_cache(maxsize=64)
def photo(name: str, variant: int = 0) -> Photo:
    """The picture as a photo that the record takes, made safe as every photo is."""
    return take(draw(name, variant))
