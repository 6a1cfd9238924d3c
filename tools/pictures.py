#!/usr/bin/env python3
"""Draw the sample pictures of the portal as SVG files.

    python3 pictures.py OUT            all of PICTURES into the folder OUT
    python3 pictures.py OUT NAME ...   only those named

The sample entries of the portal need pictures, and photos of real people and
goods cannot be had for invented workshops.  So each picture is a drawn scene:
960 x 720, flat colours, one line width, no text and no faces.

The file has three layers, each using only the ones before it:

1. geometry    functions that return the `d` of an SVG path;
2. things      functions that draw one object (a cup, a crate, a leek, ...);
3. scenes      functions that compose a whole picture from things.

`PICTURES` at the end says which scene, with which parameters, makes which file.
Nothing is random between runs: irregularity comes from a generator seeded with
the picture's name, so the same name always gives the same bytes.  Only the
standard library is used.
"""

import argparse
import math
import random
from contextlib import contextmanager
from pathlib import Path

W, H = 960, 720

# ---------------------------------------------------------------------------
# The palette: the portal's warm steps, its two greens, a few natural colours
# ---------------------------------------------------------------------------

INK = "#4a3728"
PAPER = "#fffaf5"
GROUND = "#ffeee2"
PEACH = "#ffdfca"
APRICOT = "#ffc199"
ORANGE = "#ffa66d"
FLAME = "#fb5b01"
RUST = "#c74700"
BRICK = "#ac3e00"
COCOA = "#8b3200"

GREEN = "#197a4b"
LEAF = "#8fc7a8"
MINT = "#dcefe3"
MOSS = "#4f9a70"

WOOD = "#e3b98b"
OAK = "#c9935f"
BARK = "#8f6244"
STRAW = "#f3dd9d"
YOLK = "#ffc861"
LINEN = "#f3e8da"
SKY = "#dcecf2"
WATER = "#a9cfdd"
INDIGO = "#4f6f92"
PLUM = "#7b4a6d"
ROSE = "#e9a3a0"
STONE = "#b9ada3"
IRON = "#7d746d"

LINE, FINE, HAIR = 7, 5, 3.5


def mix(a, b, t):
    """The colour `t` of the way from `a` to `b`."""
    pairs = [(int(a[i:i + 2], 16), int(b[i:i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(p + (q - p) * t):02x}" for p, q in pairs)


def deep(colour, t=0.2):
    """A darker, warmer step of a colour."""
    return mix(colour, "#6b2f12", t)


def pale(colour, t=0.5):
    """A lighter step of a colour."""
    return mix(colour, PAPER, t)


# ---------------------------------------------------------------------------
# 1. Geometry: paths as strings
# ---------------------------------------------------------------------------

def n(value):
    """A number as short as it can be: whole when large, else one decimal."""
    if abs(value) >= 100:
        return str(round(value))
    text = f"{value:.1f}"
    text = text[:-2] if text.endswith(".0") else text
    return "0" if text == "-0" else text


def p(x, y):
    """A point as SVG writes it."""
    y = n(y)
    return n(x) + (y if y[0] == "-" else " " + y)


def lerp(a, b, t):
    """The number `t` of the way from `a` to `b`."""
    return a + (b - a) * t


def between(a, b, t):
    """The point `t` of the way from point `a` to point `b`."""
    return lerp(a[0], b[0], t), lerp(a[1], b[1], t)


def polar(cx, cy, rx, degrees, ry=None):
    """A point on an ellipse; 0 is to the right, angles go clockwise."""
    a = math.radians(degrees)
    return cx + rx * math.cos(a), cy + (rx if ry is None else ry) * math.sin(a)


class Shape(str):
    """A path that SVG also has a shorter element for."""

    def __new__(cls, d, element):
        self = super().__new__(cls, d)
        self.element = element
        return self


def oval(cx, cy, rx, ry=None):
    """A circle or an ellipse around a centre."""
    ry = rx if ry is None else ry
    r = f"{n(rx)} {n(ry)} 0 1 0 "
    size = f'r="{n(rx)}"' if rx == ry else f'rx="{n(rx)}" ry="{n(ry)}"'
    return Shape(f"M{p(cx - rx, cy)}a{r}{n(2 * rx)} 0a{r}{n(-2 * rx)} 0z",
                 f'{"circle" if rx == ry else "ellipse"} cx="{n(cx)}" cy="{n(cy)}" {size}')


def arc(cx, cy, rx, ry, start, end):
    """An open arc of an ellipse, clockwise from `start` to `end` degrees."""
    large = 1 if end - start > 180 else 0
    return (f"M{p(*polar(cx, cy, rx, start, ry))}"
            f"A{n(rx)} {n(ry)} 0 {large} 1 {p(*polar(cx, cy, rx, end, ry))}")


def crescent(cx, cy, rx, ry=None):
    """The shaded lower right edge of a ball or an ellipse."""
    ry = rx if ry is None else ry
    a, b = polar(cx, cy, rx, -42, ry), polar(cx, cy, rx, 132, ry)
    return (f"M{p(*a)}A{n(rx)} {n(ry)} 0 0 1 {p(*b)}"
            f"A{n(rx * 1.45)} {n(ry * 1.45)} 0 0 0 {p(*a)}z")


def path(points):
    """An open run of straight lines."""
    return "M" + "L".join(p(*q) for q in points)


def poly(points, r=0):
    """A closed polygon; `r` rounds its corners."""
    if not r:
        return path(points) + "z"
    parts = []
    for i, corner in enumerate(points):
        a, b = points[i - 1], points[(i + 1) % len(points)]
        start = between(corner, a, min(0.5, r / max(1, math.dist(corner, a))))
        end = between(corner, b, min(0.5, r / max(1, math.dist(corner, b))))
        parts.append(f"{'L' if parts else 'M'}{p(*start)}Q{p(*corner)} {p(*end)}")
    return "".join(parts) + "z"


def box(x, y, w, h, r=0):
    """A rectangle from its upper left corner; `r` rounds its corners."""
    r = min(r, w / 2, h / 2)
    return Shape(poly([(x, y), (x + w, y), (x + w, y + h), (x, y + h)], r),
                 f'rect x="{n(x)}" y="{n(y)}" width="{n(w)}" height="{n(h)}"' + (f' rx="{n(r)}"' if r else ""))


def curve(points, close=False):
    """A smooth line through points (Catmull-Rom as cubic Béziers)."""
    count = len(points)

    def at(i):
        return points[i % count] if close else points[max(0, min(count - 1, i))]

    parts = ["M" + p(*points[0])]
    for i in range(count if close else count - 1):
        a, b, c, d = at(i - 1), at(i), at(i + 1), at(i + 2)
        parts.append(f"C{p(b[0] + (c[0] - a[0]) / 6, b[1] + (c[1] - a[1]) / 6)} "
                     f"{p(c[0] - (d[0] - b[0]) / 6, c[1] - (d[1] - b[1]) / 6)} {p(*c)}")
    return "".join(parts) + ("z" if close else "")


def dome(cx, base, w, h):
    """A bun: flat below, round above."""
    l, r, t = cx - w / 2, cx + w / 2, base - h
    return (f"M{p(l, base - .24 * h)}C{p(l, base - .85 * h)} {p(cx - .28 * w, t)} {p(cx, t)}"
            f"C{p(cx + .28 * w, t)} {p(r, base - .85 * h)} {p(r, base - .24 * h)}"
            f"Q{p(r, base)} {p(r - .16 * w, base)}L{p(l + .16 * w, base)}"
            f"Q{p(l, base)} {p(l, base - .24 * h)}z")


def dome_shade(cx, base, w, h):
    """The shaded side of a `dome`."""
    r = cx + w / 2
    return (f"M{p(r, base - .24 * h)}Q{p(r, base)} {p(r - .16 * w, base)}L{p(cx - .2 * w, base)}"
            f"C{p(cx + .2 * w, base - .05 * h)} {p(cx + .36 * w, base - .3 * h)} "
            f"{p(cx + .34 * w, base - .8 * h)}"
            f"C{p(r - .03 * w, base - .62 * h)} {p(r, base - .42 * h)} {p(r, base - .24 * h)}z")


def band_of(quad, t0, t1):
    """The part of a quad (top left, top right, bottom right, bottom left) between
    two heights, 0 above and 1 below."""
    a, b, c, d = quad
    return poly([between(a, d, t0), between(b, c, t0), between(b, c, t1), between(a, d, t1)])


def column_of(quad, t0, t1):
    """The part of a quad between two widths, 0 on the left and 1 on the right."""
    a, b, c, d = quad
    return poly([between(a, b, t0), between(a, b, t1), between(d, c, t1), between(d, c, t0)])


class Turned:
    """The outline of a thing as made on a wheel: half widths at heights, seen a
    little from above (`tilt` is the height of its circles over their width)."""

    def __init__(self, cx, points, tilt=0.2):
        self.cx, self.points, self.tilt = cx, points, tilt
        self.top, self.bottom = points[0][0], points[-1][0]

    def _cubic(self, y):
        """Half width and its slope at a height: a cubic between the given points."""
        pts = self.points
        y = max(self.top, min(self.bottom, y))
        i = next(k for k in range(len(pts) - 1) if y <= pts[k + 1][0])
        (y0, w0), (y1, w1) = pts[i], pts[i + 1]

        def slope(k):
            a, b = pts[max(0, k - 1)], pts[min(len(pts) - 1, k + 1)]
            return (b[1] - a[1]) / (b[0] - a[0])

        span, t = y1 - y0, (y - y0) / (y1 - y0)
        m0, m1, rise = span * slope(i), span * slope(i + 1), w0 - w1
        a, b = 2 * rise + m0 + m1, -3 * rise - 2 * m0 - m1
        return ((a * t + b) * t + m0) * t + w0, ((3 * a * t + 2 * b) * t + m0) / span

    def half(self, y):
        return self._cubic(y)[0]

    def at(self, side, y):
        """The point at a height; `side` is -1 (left edge) to 1 (right edge), and
        what lies between them on the near side sinks a little."""
        w = self.half(y)
        return self.cx + side * w, y + math.sqrt(max(0, 1 - side * side)) * self.tilt * w

    def edge(self, side, y0, y1, start="M"):
        """The line along one side from one height to another."""
        knots = [y0] + sorted((y for y, _ in self.points if min(y0, y1) < y < max(y0, y1)), reverse=y1 < y0) + [y1]
        d = start + p(*self.at(side, y0))
        if len(self.points) == 2:
            return d + "L" + p(*self.at(side, y1))
        sink = math.sqrt(max(0, 1 - side * side)) * self.tilt
        for a, b in zip(knots, knots[1:]):
            third, (xa, ya), (xb, yb) = (b - a) / 3, self.at(side, a), self.at(side, b)
            ma, mb = self._cubic(a)[1], self._cubic(b)[1]
            d += (f"C{p(xa + side * ma * third, ya + (1 + sink * ma) * third)} "
                  f"{p(xb - side * mb * third, yb - (1 + sink * mb) * third)} {p(xb, yb)}")
        return d

    def _ring(self, y0, y1, back):
        """Down the left, round the front, up the right and back to the start."""
        below, above = self.half(y1), self.half(y0)
        return (self.edge(-1, y0, y1) + f"A{n(below)} {n(below * self.tilt)} 0 0 0 " + self.edge(1, y1, y0, "")
                + f"A{n(above)} {n(above * self.tilt)} 0 0 {back} {p(*self.at(-1, y0))}z")

    def body(self):
        """The whole silhouette with its opening."""
        return self._ring(self.top, self.bottom, 0)

    def band(self, y0, y1):
        """A ring around it."""
        return self._ring(y0, y1, 1)

    def ring(self, y, start=0, end=180):
        """The visible line of a circle around it."""
        w = self.half(y)
        return arc(self.cx, y, w, w * self.tilt, start, end)

    def shade(self, side=0.5):
        """The strip turned away from the light."""
        return self.edge(side, self.top, self.bottom) + self.edge(1, self.bottom, self.top, "L") + "z"

    def mouth(self, share=1.0):
        w = self.half(self.top) * share
        return oval(self.cx, self.top, w, w * self.tilt)


# ---------------------------------------------------------------------------
# The sheet
# ---------------------------------------------------------------------------

class Picture:
    """Collects the elements of one SVG.  Everything is drawn in the same hand:
    `draw` is a filled shape with the ink line, `fill` a flat area, `line` a line,
    `dim` and `light` lay a transparent tone over what is there."""

    def __init__(self, name):
        self.rng = random.Random(name)
        self._parts = []
        self._style = None      # of the open run of lines
        self._lines = []

    # -- output -------------------------------------------------------------

    def _flush(self):
        if self._lines:
            width, colour, dash = self._style
            extra = "" if width == LINE else f' stroke-width="{n(width)}"'
            extra += "" if colour == INK else f' stroke="{colour}"'
            extra += f' stroke-dasharray="{dash}"' if dash else ""
            self._parts.append(f'<path{extra} d="{"".join(self._lines)}"/>')
            self._lines = []

    def _add(self, element):
        self._flush()
        self._parts.append(element)

    def svg(self):
        self._flush()
        return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {W} {H}">\n'
                f'<g fill="none" stroke="{INK}" stroke-width="{LINE}" '
                'stroke-linecap="round" stroke-linejoin="round">\n'
                + "\n".join(self._parts) + "\n</g>\n</svg>\n")

    # -- the hand -----------------------------------------------------------

    def _shape(self, d, style):
        element = d.element if isinstance(d, Shape) else f'path d="{d}"'
        self._add(f"<{element} {style}/>")

    def fill(self, d, colour):
        self._shape(d, f'fill="{colour}" stroke="none"')

    def draw(self, d, colour, width=LINE, ink=INK):
        extra = "" if width == LINE else f' stroke-width="{n(width)}"'
        extra += "" if ink == INK else f' stroke="{ink}"'
        self._shape(d, f'fill="{colour}"{extra}')

    def line(self, d, width=FINE, colour=INK, dash=None):
        style = (width, colour, dash)
        if style != self._style:
            self._flush()
            self._style = style
        self._lines.append(d)

    def rod(self, d, width, colour, edge=LINE):
        """A thick line with the ink line along both its sides."""
        self.line(d, width + 2 * edge)
        self.line(d, width, colour)

    def dots(self, points, r, colour):
        """Many small dots at once."""
        self.line("".join(f"M{p(x, y)}h.1" for x, y in points), 2 * r, colour)

    def dim(self, d, strength=0.16):
        self._shape(d, f'fill="#6b2f12" fill-opacity="{strength}" stroke="none"')

    def light(self, d, strength=0.4):
        self._shape(d, f'fill="{PAPER}" fill-opacity="{strength}" stroke="none"')

    @contextmanager
    def turned(self, degrees, x=0, y=0):
        """Draw in a frame whose origin is (x, y), turned clockwise."""
        spin = f" rotate({n(degrees)})" if degrees else ""
        self._add(f'<g transform="translate({p(x, y)}){spin}">')
        yield
        self._add("</g>")

    # -- irregularity -------------------------------------------------------

    def between(self, low, high):
        return low + (high - low) * self.rng.random()

    def near(self, value, spread):
        return value + spread * (2 * self.rng.random() - 1)

    def pick(self, items):
        return items[int(self.rng.random() * len(items))]

    def blob(self, cx, cy, rx, ry=None, count=9, rough=0.05):
        """A round shape as drawn by hand."""
        ry = rx if ry is None else ry
        return curve([polar(cx, cy, rx * self.near(1, rough), 360 * i / count, ry * self.near(1, rough))
                      for i in range(count)], True)


# ---------------------------------------------------------------------------
# 2. Things
# ---------------------------------------------------------------------------

# -- rooms and land ---------------------------------------------------------

def room(pic, wall, top, horizon=430, tiles=0, boards=0, beam=True, grain=True):
    """A wall and a table top, with the light of a window lying on the wall."""
    pic.fill(box(0, 0, W, horizon), wall)
    tone = deep(wall, 0.1)
    if tiles:
        step = tiles
        for row, y in enumerate(range(horizon - step, -step, -step)):
            pic.line(path([(0, y), (W, y)]), HAIR, tone)
            for x in range(step if row % 2 else 0, W + step, step * 2):
                pic.line(path([(x, y), (x, y + step)]), HAIR, tone)
    if boards:
        for x in range(boards, W, boards):
            pic.line(path([(x, 0), (x, horizon)]), HAIR, tone)
    if beam:
        for x, w in ((90, 150), (290, 60)):
            pic.light(poly([(x, 0), (x + w, 0), (x + w - horizon * .45, horizon), (x - horizon * .45, horizon)]), .3)
    pic.fill(box(0, horizon, W, H - horizon), top)
    if grain:
        tone = deep(top, 0.13)
        span = H - horizon
        for k, (a, b) in enumerate(((.28, .42), (.06, .19), (.62, .93), (.3, .5), (.78, .9), (.03, .2))):
            y = horizon + span * (.16 + .155 * k)
            pic.line(path([(W * a, y), (W * b, y)]), HAIR, tone)
    pic.line(path([(0, horizon), (W, horizon)]), LINE)


def flat(pic, colour, cloth=None, stripes=(), planks=0):
    """Looking straight down: a table, and a cloth lying askew on it."""
    pic.fill(box(0, 0, W, H), colour)
    if planks:
        tone = deep(colour, .16)
        for k, y in enumerate(range(planks, H, planks)):
            pic.line(path([(0, y), (W, y)]), HAIR, tone)
            x = (k * 371 + 160) % W
            pic.line(path([(x, y - planks), (x, y)]), HAIR, tone)
            pic.line(path([((x + 300) % W, y - planks * .4), ((x + 300) % W + 90, y - planks * .4)]), HAIR, tone)
    if cloth:
        quad = [(96, 66), (884, 40), (868, 668), (70, 690)]
        pic.dim(poly([(x + 14, y + 16) for x, y in quad]), .18)
        pic.fill(poly(quad), cloth)
        for t0, t1, tone in stripes:
            pic.fill(column_of(quad, t0, t1), tone)
        pic.line(poly(quad))
        a, b, c, d = quad
        for start, end in ((a, d), (b, c)):
            out = -1 if start is a else 1
            for i in range(1, 30):
                x, y = between(start, end, i / 30)
                pic.line(path([(x + out * 6, y), (x + out * 24, y + 2)]), HAIR, deep(cloth, .3))


def window(pic, x, y, w, h, hills=LEAF, frame=WOOD, sky=SKY):
    """A window with the mountains behind it."""
    pic.draw(box(x - 14, y - 14, w + 28, h + 28, 8), frame)
    pic.fill(box(x, y, w, h), sky)
    ridge = [(x, y + h * .62), (x + w * .14, y + h * .5), (x + w * .3, y + h * .3), (x + w * .4, y + h * .4),
             (x + w * .52, y + h * .26), (x + w * .66, y + h * .44), (x + w * .82, y + h * .56), (x + w, y + h * .6)]
    pic.fill(curve(ridge) + f"V{n(y + h)}H{n(x)}z", hills)
    pic.fill(f"M{p(x, y + h)}V{n(y + h * .8)}Q{p(x + w * .4, y + h * .62)} {p(x + w, y + h * .78)}V{n(y + h)}z",
             deep(hills, .12) if hills != LEAF else MOSS)
    pic.line(box(x, y, w, h) + path([(x + w / 2, y), (x + w / 2, y + h)])
             + path([(x, y + h * .5), (x + w, y + h * .5)]))
    pic.draw(box(x - 30, y + h + 10, w + 60, 22, 8), frame)


def noren(pic, x, y, w, h, colour, panels=4, mark=None):
    """A split curtain on its rod."""
    pic.rod(path([(x - 30, y), (x + w + 30, y)]), 4, WOOD, 5.5)
    step = w / panels
    for i in range(panels):
        l = x + i * step + 3
        r = l + step - 6
        pic.draw(f"M{p(l, y)}H{n(r)}L{p(r + 3, y + h)}Q{p((l + r) / 2, y + h + 9)} {p(l - 3, y + h)}z", colour)
        if mark:
            pic.fill(oval((l + r) / 2, y + h * .5, step * .2), mark)


def shelf(pic, x, y, w, wood=OAK):
    """A board on two brackets; things stand on it at height `y`."""
    pic.draw(box(x, y, w, 24, 6), wood)
    for bx in (x + 50, x + w - 74):
        pic.draw(poly([(bx, y + 24), (bx + 24, y + 24), (bx + 24, y + 40), (bx + 4, y + 62), (bx, y + 62)], 5),
                 deep(wood))


def land(pic, horizon, field, sky=SKY, near=MOSS, far=LEAF, sun=None):
    """Outdoors: sky, a wide mountain with several peaks as Akagi has, and ground."""
    pic.fill(box(0, 0, W, horizon), sky)
    if sun:
        pic.fill(oval(*sun, 58), pale(YOLK, .35))
    for cx, cy, s in ((180, 96, 1), (640, 62, .8)):
        pic.light(f"M{p(cx - 90 * s, cy)}q{n(4 * s)} {n(-34 * s)} {n(46 * s)} {n(-30 * s)}q{n(30 * s)} {n(-42 * s)} "
                  f"{n(74 * s)} {n(-6 * s)}q{n(56 * s)} {n(-4 * s)} {n(58 * s)} {n(36 * s)}z", .85)
    top = horizon - 240
    ridge = [(0, top + 190), (120, top + 150), (235, top + 70), (300, top + 92), (372, top + 30), (440, top + 74),
             (520, top + 20), (596, top + 78), (690, top + 58), (800, top + 140), (W, top + 186)]
    pic.fill(curve(ridge) + f"V{horizon}H0z", far)
    pic.fill(curve([(0, top + 214), (160, top + 196), (340, top + 222), (560, top + 198), (760, top + 224),
                    (W, top + 204)]) + f"V{horizon}H0z", near)
    pic.fill(box(0, horizon, W, H - horizon), field)
    pic.line(path([(0, horizon), (W, horizon)]))


def shadow(pic, cx, cy, rx, ry=None):
    """What a thing standing at (cx, cy) casts on the table."""
    pic.dim(oval(cx, cy, rx, rx * .16 if ry is None else ry), .2)


def steam(pic, x, y, h=90, colour=PAPER):
    """Two wisps rising from (x, y)."""
    for dx, s in ((-26, 1), (14, -1)):
        pic.line(f"M{p(x + dx, y)}c{n(-18 * s)} {n(-h * .3)} {n(18 * s)} {n(-h * .45)} 0 {n(-h * .7)}"
                 f"q{n(-8 * s)} {n(-h * .14)} 0 {n(-h * .3)}", 8, colour)


def bunting(pic, a, b, sag, count, colours):
    """A string of little flags."""
    mid = ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2 + sag * 2)

    def at(t):
        return between(between(a, mid, t), between(mid, b, t), t)

    for i in range(count):
        (x0, y0), (x1, y1) = at((i + .14) / count), at((i + .86) / count)
        pic.draw(poly([(x0, y0), (x1, y1), ((x0 + x1) / 2, (y0 + y1) / 2 + (x1 - x0) * 1.05)]),
                 colours[i % len(colours)], FINE)
    pic.line(f"M{p(*a)}Q{p(*mid)} {p(*b)}", FINE)


# -- vessels ----------------------------------------------------------------

def vessel(pic, t, colour, mouth=None, content=None, bands=(), shine=True, share=.84):
    """Anything round: bands are (y0, y1, colour); `mouth` is the colour of the
    rim when it is open, `content` of what is seen inside."""
    pic.draw(t.body(), colour)
    for y0, y1, tone in bands:
        pic.fill(t.band(y0, y1), tone)
    pic.dim(t.shade())
    if shine:
        y0, y1 = lerp(t.top, t.bottom, .3), lerp(t.top, t.bottom, .62)
        pic.line(t.edge(-.68, y0, y1), 8, pale(colour, .7))
    if bands:
        pic.line(t.body(), LINE)
    if mouth:
        pic.draw(t.mouth(), mouth)
        if content:
            w = t.half(t.top) * share
            pic.fill(oval(t.cx, t.top + w * t.tilt * .1, w, w * t.tilt * .8), content)
            pic.dim(oval(t.cx, t.top - w * t.tilt * .42, w * .6, w * t.tilt * .2), .14)


def yunomi(pic, cx, base, w, h, clay, glaze, style=0, drink=None):
    """A tea cup without a handle, in one of four glazes."""
    t = Turned(cx, [(base - h, w / 2), (base - h * .5, w * .5), (base - h * .14, w * .42), (base - h * .08, w * .3),
                    (base, w * .3)], .17)
    y = base - h
    vessel(pic, t, clay, mouth=pale(clay, .3), content=drink or deep(clay, .3),
           bands=[(y, lerp(y, base, .55), glaze)] if style in (0, 1) else [(y + h * .3, y + h * .42, glaze),
                                                                            (y + h * .52, y + h * .58, glaze)])
    if style == 0:          # glaze that has run
        x, low, step = cx - w * .5, lerp(y, base, .55) + w * .06, w / 5
        for i in range(5):
            drop = h * (.05 + .1 * ((i * 7 + int(cx)) % 3))
            pic.fill(f"M{p(x + i * step + 3, low - 8)}v{n(drop)}q{n(step / 2 - 3)} {n(step * .7)} {n(step - 6)} 0"
                     f"v{n(-drop)}z",
                     glaze)
    elif style == 2:
        pic.dots([(cx - w * .34 + i * w * .17, lerp(y, base, .72) + (2 - abs(i - 2)) * 3) for i in range(5)],
                 w * .035, glaze)
    elif style == 3:
        for i in range(6):
            fx = -.8 + i * .32
            pic.line(t.edge(fx, y + h * .62, y + h * .84), FINE, glaze)
    pic.line(t.ring(base - h * .09, 12, 168), FINE)


def mug(pic, cx, base, w, h, colour, drink=None, mark=None, left=False):
    """A cup with a handle."""
    s = -1 if left else 1
    x = cx + s * w * .47
    d = f"M{p(x, base - h * .78)}c{n(s * w * .5)} {n(-h * .06)} {n(s * w * .5)} {n(h * .56)} 0 {n(h * .5)}"
    pic.rod(d, 11, colour)
    t = Turned(cx, [(base - h, w / 2), (base - h * .12, w / 2), (base - h * .03, w * .46), (base, w * .4)], .16)
    vessel(pic, t, colour, mouth=pale(colour, .6), content=drink)
    if mark:
        heart(pic, cx - w * .06, base - h * .42, w * .3, mark)


def jar(pic, cx, base, w, h, content, cloth=None, cap=None, label=PAPER, fruit=FLAME, level=.22, dots=True):
    """A glass jar under a cloth or a screw cap."""
    top = base - h
    t = Turned(cx, [(top, w * .36), (top + h * .08, w * .37), (top + h * .2, w * .49), (base - h * .1, w * .5),
                    (base, w * .45)], .14)
    vessel(pic, t, mix(PAPER, content, .12), bands=[(lerp(top, base, level), base, content)])
    if label:
        pic.draw(box(cx - w * .29, base - h * .58, w * .54, h * .38, 10), label, FINE)
        pic.fill(oval(cx - w * .03, base - h * .37, w * .1), fruit)
        pic.fill(f"M{p(cx - w * .02, base - h * .47)}q{n(w * .02)} {n(-h * .07)} {n(w * .13)} {n(-h * .06)}"
                 f"q{n(-w * .02)} {n(h * .07)} {n(-w * .13)} {n(h * .06)}z", GREEN)
    if cap:
        c = Turned(cx, [(top - h * .12, w * .41), (top + h * .04, w * .41)], .16)
        vessel(pic, c, cap, mouth=pale(cap, .25), shine=False)
    if cloth:
        l, r = cx - w * .47, cx + w * .47
        hem = "".join(f"q{n(-w * .94 / 16)} {n(s)} {n(-w * .94 / 8)} 0" for s in (12, -10) * 4)
        pic.draw(f"M{p(l, top + h * .13)}Q{p(l - 4, top - h * .02)} {p(cx - w * .34, top - h * .06)}"
                 f"Q{p(cx, top - h * .22)} {p(cx + w * .34, top - h * .06)}Q{p(r + 4, top - h * .02)} "
                 f"{p(r, top + h * .13)}"
                 + hem + "z", cloth)
        if dots:
            at = (-.28, -.02), (-.1, -.07), (.1, -.03), (.28, -.01), (-.2, .06), (.02, .04), (.2, .07)
            pic.dots([(cx + fx * w, top + fy * h) for fx, fy in at], w * .028, pale(cloth, .75))
        pic.line(f"M{p(cx - w * .38, top + h * .03)}q{n(w * .38)} {n(h * .09)} {n(w * .76)} 0", FINE,
                 pale(cloth, .85))


def bottle(pic, cx, base, w, h, content, cap=FLAME, label=PAPER, fruit=FLAME, glass=None):
    """A glass bottle with a cap; `fruit` is the colour of the mark on its label."""
    top = base - h
    t = Turned(cx, [(top, w * .2), (top + h * .16, w * .2), (top + h * .3, w * .3), (top + h * .42, w * .48),
                    (base - h * .08, w * .5), (base, w * .45)], .13)
    vessel(pic, t, glass or mix(PAPER, content, .2), bands=[(lerp(top, base, .24), base, content)])
    c = Turned(cx, [(top - h * .05, w * .24), (top + h * .05, w * .24)], .2)
    vessel(pic, c, cap, mouth=pale(cap, .2), shine=False)
    if label:
        pic.fill(t.band(lerp(top, base, .52), lerp(top, base, .8)), label)
        pic.line(t.ring(lerp(top, base, .52)) + t.ring(lerp(top, base, .8)), FINE)
        pic.fill(oval(cx - w * .02, lerp(top, base, .68), w * .15), fruit)
        pic.line(path([(cx - w * .02, lerp(top, base, .62)), (cx + w * .06, lerp(top, base, .57))]), FINE, GREEN)


def bowl(pic, cx, base, w, h, colour, content, tilt=.22, pattern=None):
    """A bowl on a foot."""
    t = Turned(cx, [(base - h, w / 2), (base - h * .55, w * .47), (base - h * .2, w * .3), (base - h * .1, w * .2),
                    (base, w * .2)], tilt)
    vessel(pic, t, colour, mouth=pale(colour, .5), content=content, share=.9,
           bands=[(base - h * .86, base - h * .74, pattern)] if pattern else ())


def plate(pic, cx, cy, rx, ry, colour=PAPER, rim=None):
    """A round plate lying on a table."""
    shadow(pic, cx + 10, cy + ry * .34, rx * 1.02, ry)
    pic.draw(oval(cx, cy + 12, rx, ry), deep(colour, .18))
    pic.draw(oval(cx, cy, rx, ry), colour)
    pic.line(oval(cx, cy + 2, rx * .78, ry * .76), FINE, rim or deep(colour, .14))


def tub(pic, cx, base, w, h, wood, content, tilt=.2, flare=.9):
    """A wooden tub of staves with two hoops."""
    t = Turned(cx, [(base - h, w / 2), (base, w / 2 * flare)], tilt)
    vessel(pic, t, wood, shine=False)
    for i in range(1, 10):
        s = -1 + i * .2
        pic.line(t.edge(s, base - h, base), FINE, deep(wood, .28))
    for y in (base - h * .76, base - h * .22):
        pic.draw(t.band(y - h * .045, y + h * .045), STRAW, FINE)
    pic.line(t.body())
    pic.draw(t.mouth(), pale(wood, .3))
    w2 = w / 2 * .9
    pic.draw(oval(cx, base - h + 3, w2, w2 * tilt * .88), content, FINE)
    return t


def basket(pic, cx, base, w, h, colour, tilt=.2, flare=.82, handle=None, fill=None):
    """A woven basket; `fill` draws what lies in it, before the front is drawn."""
    t = Turned(cx, [(base - h, w / 2), (base - h * .4, w / 2 * (flare + .1)), (base, w / 2 * flare)], tilt)
    shadow(pic, cx + 14, base + w * .05, w * .56, w * .13)
    if handle:
        rise = base - h - handle * 1.3
        d = (f"M{p(cx - w * .44, base - h)}C{p(cx - w * .4, rise)} {p(cx + w * .4, rise)} "
             f"{p(cx + w * .44, base - h)}")
        pic.rod(d, 17, colour)
        pic.line(d, 17, deep(colour, .25), "2 22")
    pic.draw(t.mouth(), deep(colour, .38))
    if fill:
        fill()
    front = t.band(t.top, t.bottom)
    pic.fill(front, colour)
    rows = 5
    for r in range(rows):
        y0, y1 = lerp(t.top, t.bottom, r / rows), lerp(t.top, t.bottom, (r + 1) / rows)
        if r:
            pic.line(t.ring(y0, 4, 176), HAIR, deep(colour, .4))
        for i in range(11):
            s = -.94 + .188 * i + (.094 if r % 2 else 0)
            if s < .95:
                pic.line(t.edge(s, y0 + 5, y1 - 3), HAIR, deep(colour, .4))
    pic.dim(t.shade(.45))
    pic.line(front)
    pic.rod(t.ring(t.top + 4, 2, 178), 11, pale(colour, .25), 6.5)
    return t


# -- wood and boxes ---------------------------------------------------------

def slab(pic, cx, y0, w0, y1, w1, colour, thick=20, r=22, skew=0):
    """A board or tray lying on a table; returns its upper face as a quad."""
    quad = [(cx - w0 / 2 + skew, y0), (cx + w0 / 2 + skew, y0), (cx + w1 / 2, y1), (cx - w1 / 2, y1)]
    pic.dim(poly([(x + 16, y + thick + 12) for x, y in quad], r), .2)
    low = [(x, y + thick) for x, y in quad]
    pic.draw(poly([between(quad[0], quad[3], .6), between(quad[1], quad[2], .6), low[2], low[3]], r),
             deep(colour, .3))
    pic.draw(poly(quad, r), colour)
    return quad


def inset(quad, dx, dy):
    """A quad drawn in by `dx` at the sides and `dy` above and below."""
    a, b, c, d = quad
    return [(a[0] + dx, a[1] + dy), (b[0] - dx, b[1] + dy), (c[0] - dx, c[1] - dy), (d[0] + dx, d[1] - dy)]


def cutting_board(pic, cx, y0, w0, y1, w1, wood=WOOD):
    """A wooden board with its grain; returns its upper face."""
    quad = slab(pic, cx, y0, w0, y1, w1, wood, 22, 30)
    tone = deep(wood, .2)
    for t, a, b in ((.2, .1, .42), (.45, .5, .93), (.72, .07, .5), (.86, .6, .8)):
        l, r = between(quad[0], quad[3], t), between(quad[1], quad[2], t)
        pic.line(path([between(l, r, a), between(l, r, b)]), HAIR, tone)
    return quad


def solid(pic, x, base, w, h, d, colour, r=4, side=None, top=None):
    """A box seen from the front and a little from the right and above; returns
    the corners of its lid (front left, front right, back right, back left)."""
    dx, dy = d * .62, -d * .42
    y = base - h
    pic.draw(poly([(x + w, y), (x + w + dx, y + dy), (x + w + dx, base + dy), (x + w, base)], r),
             side or deep(colour, .22))
    lid = [(x, y), (x + w, y), (x + w + dx, y + dy), (x + dx, y + dy)]
    pic.draw(poly(lid, r), top or pale(colour, .35))
    pic.draw(box(x, y, w, h, r), colour)
    return lid


def crate(pic, x, y, w, h, wood=WOOD, slats=3, fill=None):
    """A slatted crate; `fill` draws what stands in it, before the front is drawn."""
    shadow(pic, x + w / 2 + 16, y + h + 4, w * .56, 26)
    pic.draw(box(x + 16, y - 26, w - 32, 60, 5), deep(wood, .4))
    if fill:
        fill()
    step = h / slats
    pic.fill(box(x + 6, y, w - 12, h), deep(wood, .55))
    for i in range(slats):
        sy = y + i * step
        pic.draw(box(x, sy, w, step - 9, 6), wood if i % 2 else pale(wood, .2))
        pic.line(path([(x + w * (.2 + .14 * i), sy + step * .36), (x + w * (.42 + .14 * i), sy + step * .36)]), HAIR,
                 deep(wood, .3))
        pic.line(path([(x + w * (.62 - .2 * i), sy + step * .6), (x + w * (.8 - .2 * i), sy + step * .6)]), HAIR,
                 deep(wood, .3))
    for px in (x - 4, x + w - 38):
        pic.draw(box(px, y - 6, 42, h + 6, 6), OAK)
        pic.dots([(px + 21, y + (i + .42) * step) for i in range(slats)], 5, INK)


def carton(pic, x, base, w, h, d, colour=WOOD, open_lid=False, tape=ORANGE):
    """A cardboard box."""
    lid = solid(pic, x, base, w, h, d, colour)
    fl, fr, br, bl = lid
    if open_lid:
        pic.draw(poly(lid, 3), deep(colour, .55))
        flaps = [(bl, br, (br[0] + 14, br[1] - d * .34), (bl[0] + 14, bl[1] - d * .34)),
                 (fl, bl, (bl[0] - d * .5, bl[1] + 4), (fl[0] - d * .5, fl[1] - 6)),
                 (fr, br, (br[0] + d * .46, br[1] - 10), (fr[0] + d * .46, fr[1] - 14))]
        for quad in flaps:
            pic.draw(poly(quad, 4), pale(colour, .3))
    else:
        a, b = between(fl, bl, .38), between(fr, br, .38)
        c, e = between(fr, br, .62), between(fl, bl, .62)
        pic.draw(poly([a, b, c, e]), tape, FINE)
        pic.draw(poly([b, c, (c[0], c[1] + h * .3), (b[0], b[1] + h * .3)]), deep(tape, .2), FINE)
    pic.line(path([(x + w * .1, base - h * .16), (x + w * .3, base - h * .16)])
             + path([(x + w * .1, base - h * .26), (x + w * .22, base - h * .26)]), FINE, deep(colour, .5))
    return lid


# -- signs ------------------------------------------------------------------

def heart(pic, cx, cy, w, colour, outline=0):
    """A heart around (cx, cy)."""
    d = (f"M{p(cx, cy + w * .46)}C{p(cx - w * .72, cy + w * .02)} {p(cx - w * .52, cy - w * .46)} "
         f"{p(cx - w * .2, cy - w * .42)}"
         f"Q{p(cx - w * .06, cy - w * .4)} {p(cx, cy - w * .22)}Q{p(cx + w * .06, cy - w * .4)} "
         f"{p(cx + w * .2, cy - w * .42)}"
         f"C{p(cx + w * .52, cy - w * .46)} {p(cx + w * .72, cy + w * .02)} {p(cx, cy + w * .46)}z")
    if outline:
        pic.draw(d, colour, outline)
    else:
        pic.fill(d, colour)


def star(cx, cy, r, inner=.46):
    """A five-pointed star."""
    return poly([polar(cx, cy, r if i % 2 == 0 else r * inner, -90 + 36 * i) for i in range(10)], r * .12)


def leaf(pic, x, y, length, degrees, width, colour=LEAF, vein=True, ink=FINE):
    """A leaf growing from (x, y) in a direction (0 is right, -90 is up)."""
    tip = polar(x, y, length, degrees)
    mid = between((x, y), tip, .46)
    a = polar(*mid, width, degrees - 90)
    b = polar(*mid, width, degrees + 90)
    pic.draw(f"M{p(x, y)}Q{p(*a)} {p(*tip)}Q{p(*b)} {p(x, y)}z", colour, ink)
    if vein:
        pic.line(path([between((x, y), tip, .12), between((x, y), tip, .7)]), HAIR, deep(colour, .35))


# -- bread and sweets -------------------------------------------------------

def ball(pic, cx, cy, rx, colour, ry=None, shine=True):
    """A round thing with its shade."""
    ry = rx if ry is None else ry
    pic.draw(oval(cx, cy, rx, ry), colour, LINE if rx > 22 else FINE)
    pic.dim(crescent(cx, cy, rx, ry))
    if shine:
        pic.line(arc(cx, cy, rx * .66, ry * .66, 195, 245), max(4, rx * .12), pale(colour, .65))


def bun(pic, cx, base, w, h, colour=ORANGE, top="seeds"):
    """A round bun: seeds, a salted blossom, a grid of melon bread, or bare."""
    pic.draw(dome(cx, base, w, h), colour)
    pic.fill(f"M{p(cx - w * .46, base - h * .12)}Q{p(cx, base - h * .34)} {p(cx + w * .46, base - h * .12)}"
             f"L{p(cx + w * .34, base - 4)}H{n(cx - w * .34)}z", pale(colour, .45))
    pic.dim(dome_shade(cx, base, w, h))
    if top == "melon":
        for s in (-.26, 0, .26):
            pic.line(f"M{p(cx + w * (s - .12), base - h * (.92 - abs(s - .12) * .6))}Q{p(cx + w * s, base - h * .5)} "
                     f"{p(cx + w * (s + .16), base - h * .22)}"
                     f"M{p(cx + w * (s + .12), base - h * (.92 - abs(s + .12) * .6))}Q{p(cx + w * s, base - h * .5)} "
                     f"{p(cx + w * (s - .16), base - h * .22)}", FINE, deep(colour, .3))
    pic.line(f"M{p(cx - w * .34, base - h * .62)}Q{p(cx - w * .26, base - h * .82)} {p(cx - w * .1, base - h * .88)}",
             8, pale(colour, .6))
    if top == "seeds":
        for fx, fy in ((-.08, .86), (.04, .9), (.0, .76), (.12, .8), (-.14, .74), (.07, .66)):
            x, y = cx + w * fx, base - h * fy
            pic.line(path([(x, y), (x + 2, y + 5)]), 6, COCOA)
    elif top == "blossom":
        pic.dots([polar(cx, base - h * .8, w * .06, k * 72 - 90, h * .055) for k in range(5)], w * .042, ROSE)
        pic.fill(oval(cx, base - h * .8, w * .025), RUST)
    elif top == "mark":
        pic.line(oval(cx, base - h * .68, w * .14, h * .14), FINE, RUST)


def cookie(pic, cx, cy, r, kind, colour=ORANGE):
    """A cookie lying on a tray, seen from an angle."""
    k = .68
    if kind == "flower":
        face = [polar(cx, cy, r * (1.06 if i % 2 == 0 else .84), 30 * i,
                      r * k * (1.06 if i % 2 == 0 else .84)) for i in range(12)]
        d, low = curve(face, True), curve([(x, y + r * .16) for x, y in face], True)
    elif kind == "square":
        q = [(cx - r * .82, cy - r * k * .8), (cx + r * .82, cy - r * k * .8), (cx + r * .94, cy + r * k * .84),
             (cx - r * .94, cy + r * k * .84)]
        d, low = poly(q, r * .16), poly([(x, y + r * .16) for x, y in q], r * .16)
    else:
        d, low = oval(cx, cy, r, r * k), oval(cx, cy + r * .16, r, r * k)
    pic.dim(oval(cx + 8, cy + r * .3, r * 1.04, r * k), .2)
    pic.draw(low, deep(colour, .3))
    pic.draw(d, colour)
    if kind == "chips":
        at = (20, .5), (95, .55), (160, .55), (235, .5), (300, .6), (0, .02)
        pic.dots([polar(cx, cy, r * f, a + r, r * k * f) for a, f in at], r * .115, COCOA)
    elif kind == "flower":
        pic.fill(oval(cx, cy, r * .4, r * k * .4), FLAME)
        pic.light(oval(cx - r * .1, cy - r * .08, r * .12, r * .07), .6)
    elif kind == "square":
        a, b, c, e = q
        m = [between(a, b, .5), between(b, c, .5), between(e, c, .5), between(a, e, .5)]
        mid = between(m[3], m[1], .5)
        for cell in ((a, m[0], mid, m[3]), (mid, m[1], c, m[2])):
            pic.fill(poly([between(v, mid, .08) for v in cell], 6), COCOA)
    elif kind == "icing":
        pic.fill(oval(cx, cy, r * .74, r * k * .72), PAPER)
        for a in range(0, 360, 60):
            pic.line(path([polar(cx, cy, r * .2, a, r * k * .2), polar(cx, cy, r * .48, a, r * k * .48)]), FINE,
                     FLAME)
    else:
        pic.line(oval(cx, cy, r * .62, r * k * .62), FINE, deep(colour, .25))
        pic.fill(oval(cx, cy, r * .1, r * .07), deep(colour, .35))


def _loaf_face(x, base, w, h, kind):
    """The outline of a loaf from its end."""
    def q(u, v):
        return p(x + u * w, base - v * h)
    if kind == "hills":
        return (f"M{q(0, .06)}L{q(0, .56)}C{q(-.24, .66)} {q(-.16, .98)} {q(.18, .93)}"
                f"C{q(.3, 1.03)} {q(.7, 1.03)} {q(.82, .93)}"
                f"C{q(1.16, .98)} {q(1.24, .66)} {q(1, .56)}L{q(1, .06)}Q{q(1, 0)} {q(.93, 0)}L{q(.07, 0)}"
                f"Q{q(0, 0)} {q(0, .06)}z")
    if kind == "pound":
        return (f"M{q(.08, 0)}L{q(0, .6)}Q{q(-.02, .78)} {q(.16, .82)}Q{q(.36, .98)} {q(.5, .96)}"
                f"Q{q(.7, .98)} {q(.84, .82)}"
                f"Q{q(1.02, .78)} {q(1, .6)}L{q(.92, 0)}z")
    return box(x, base - h, w, h, w * .1)


def loaf(pic, x, base, w, h, depth, kind="hills", crust=ORANGE, crumb=PAPER, bits=None, topping=None):
    """A loaf cut on the left, its length going off to the right."""
    dy = -depth * .12
    bulge = {"hills": .13, "pound": -.03, "square": -.02}[kind]
    shade = deep(crust, .1)
    top_y = base - h * {"hills": .985, "pound": .955, "square": 1}[kind]
    r = x + w + depth
    body = (f"M{p(x + w * .5, top_y)}L{p(x + w * .5 + depth, top_y + dy)}"
            f"C{p(r + w * bulge, top_y + dy)} {p(r + w * bulge, base - h * .6 + dy)} {p(r, base - h * .5 + dy)}"
            f"L{p(r - (w * .08 if kind == 'pound' else 0), base + dy)}L{p(x + w * .6, base)}z")
    pic.draw(body, shade)
    if kind == "hills":
        for f in (.3, .62):
            bx = x + w * .62 + depth * f
            pic.line(f"M{p(bx, top_y + dy * f)}"
                     f"c{n(w * .34)} {n(h * .06)} {n(w * .4)} {n(h * .3)} {n(w * .2)} {n(h * .42)}", FINE)
    elif kind == "pound":
        pic.line(f"M{p(x + w * .66, top_y + h * .03)}L{p(x + w * .7 + depth * .9, top_y + dy + h * .05)}", 14,
                 pale(crust, .5))
    else:
        pic.light(f"M{p(x + w * .5, top_y + 8)}L{p(x + w * .5 + depth, top_y + dy + 8)}v{n(h * .1)}"
                  f"L{p(x + w * .5, top_y + h * .1 + 8)}z", .3)
    face(pic, x, base, w, h, kind, crust, crumb, bits)
    if topping:
        pic.draw(f"M{p(x + w * .1, base - h * .8)}Q{p(x + w * .2, base - h)} {p(x + w * .5, base - h * .98)}"
                 f"L{p(x + w * .5 + depth * .98, top_y + dy - 3)}"
                 f"Q{p(r - w * .04, top_y + dy + h * .02)} {p(r - w * .02, base - h * .74 + dy)}"
                 f"q{n(-depth * .05)} {n(h * .14)} {n(-depth * .1)} {n(h * .01)}"
                 f"t{n(-depth * .16)} {n(h * .05)}t{n(-depth * .2)} {n(-h * .02)}t{n(-depth * .2)} {n(h * .06)}"
                 f"T{p(x + w * .96, base - h * .66)}q{n(-w * .1)} {n(h * .1)} {n(-w * .2)} {n(-h * .06)}"
                 f"t{n(-w * .24)} {n(h * .02)}T{p(x + w * .1, base - h * .8)}z", topping)


def face(pic, x, base, w, h, kind, crust, crumb, bits=None):
    """The cut face of a loaf, or a slice of it."""
    pic.draw(_loaf_face(x, base, w, h, kind), crust)
    m = w * .075
    pic.fill(_loaf_face(x + m, base - m * .9, w - 2 * m, h - 1.9 * m, kind), crumb)
    tone = bits or deep(crumb, .12)
    specks = [(x + pic.between(.16, .84) * w, base - pic.between(.12, .74) * h) for _ in range(13 if bits else 11)]
    pic.dots(specks, w * .035 if bits else 3.5, tone)


def slice_of(pic, x, base, w, h, kind, crust, crumb, bits=None, lean=14):
    """A slice standing in front of the loaf."""
    pic.dim(poly([(x, base), (x + w, base), (x + w + 40, base + 14), (x + 30, base + 14)], 8), .2)
    pic.draw(_loaf_face(x + lean, base - lean * .3, w, h, kind), deep(crust, .25))
    face(pic, x, base, w, h, kind, crust, crumb, bits)


def onigiri(pic, cx, base, w, seasoning=None, nori=True):
    """A rice ball in its strip of laver."""
    h = w * .92
    pts = [(cx, base - h), (cx + w * .52, base), (cx - w * .52, base)]
    pic.fill(poly(pts, w * .3), PAPER)
    pic.dim(f"M{p(cx + w * .12, base - h * .83)}L{p(cx + w * .4, base - h * .3)}Q{p(cx + w * .5, base)} "
            f"{p(cx + w * .22, base)}H{n(cx - w * .1)}"
            f"Q{p(cx + w * .34, base - h * .3)} {p(cx + w * .12, base - h * .83)}z", .1)
    for fx, fy in ((-.08, .62), (.06, .7), (-.22, .36), (.18, .44), (-.3, .16), (.3, .2), (.02, .5)):
        x, y = cx + fx * w, base - fy * h
        pic.line(path([(x, y), (x + 7, y - 3)]), FINE, deep(PAPER, .14))
    if seasoning:
        at = (-.06, .7), (.1, .56), (-.2, .44), (.22, .3), (-.02, .38), (-.32, .2)
        pic.dots([(cx + fx * w, base - fy * h) for fx, fy in at], w * .03, seasoning)
    pic.line(poly(pts, w * .3))
    if nori:
        pic.draw(box(cx - w * .21, base - h * .4, w * .42, h * .4 + 3, 6), "#3f4a3a")
        pic.line(path([(cx - w * .1, base - h * .3), (cx - w * .1, base - h * .1)]), FINE, MOSS)


# -- from the field ---------------------------------------------------------

def negi(pic, x, y, length, degrees, w=30, bend=1):
    """A Shimonita leek: short, thick, white below, broad green above.  (x, y) is
    its root, `degrees` its lean from upright; one leaf is folded to a side."""
    with pic.turned(degrees, x, y):
        s, top = length * .52, -length
        for side, tone in ((-bend, mix(GREEN, LEAF, .4)), (bend, GREEN)):
            tip = top * (.8 if side == bend else .98)
            pic.draw(f"M{p(side * w * .02, -s + 8)}C{p(side * w * .2, -s - length * .16)} "
                     f"{p(side * w * .5, tip + length * .04)} "
                     f"{p(side * w * (1.9 if side == bend else 1.2), tip + (length * .1 if side == bend else 0))}"
                     f"C{p(side * w * 1.7, tip + length * .2)} {p(side * w * .9, -s - 6)} "
                     f"{p(side * w * .5, -s + 12)}z", tone)
        pic.draw(f"M{p(-w * .46, -s + 8)}C{p(-w * .6, -s - length * .2)} {p(-w * .5, top * .9)} "
                 f"{p(-w * .1 * bend, top * 1.06)}"
                 f"C{p(w * .5, top * .9)} {p(w * .6, -s - length * .2)} {p(w * .46, -s + 8)}z", mix(GREEN, LEAF, .75))
        pic.line(path([(0, -s - 6), (-w * .06 * bend, top * .86)]), HAIR, GREEN)
        stalk = (f"M{p(-w * .5, -s)}L{p(-w * .56, -w * .3)}Q{p(0, w * .4)} {p(w * .56, -w * .3)}L{p(w * .5, -s)}"
                 f"Q{p(0, -s + w * .4)} {p(-w * .5, -s)}z")
        pic.draw(stalk, PAPER)
        pic.fill(f"M{p(-w * .46, -s + 2)}Q{p(0, -s + w * .44)} {p(w * .46, -s + 2)}v{n(length * .12)}"
                 f"q{n(-w * .46)} {n(w * .4)} {n(-w * .92)} 0z", mix(PAPER, LEAF, .6))
        pic.dim(f"M{p(w * .2, -s + w * .16)}L{p(w * .24, -2)}L{p(w * .56, -w * .3)}L{p(w * .5, -s)}z", .12)
        pic.line(path([(-w * .2, -s * .7), (-w * .22, -s * .3)]) + path([(w * .04, -s * .5), (w * .04, -s * .2)]),
                 HAIR, STONE)


def lettuce(pic, cx, base, r, colour=LEAF):
    """A head of lettuce growing on the ground: ruffs of round frills, fewer when far off."""
    width = LINE if r > 40 else FINE

    def ruff(k, frills, tone, width):
        lift, rx, ry = r * .1, r * k, r * k * .84
        at = [polar(cx, base - lift, rx, 172 + 196 * i / frills, ry) for i in range(frills + 1)]
        d = "M" + p(*at[0])
        for i in range(frills):
            out = polar(cx, base - lift, rx * 1.3, 172 + 196 * (i + .5) / frills, ry * 1.3)
            d += f"Q{p(*out)} {p(*at[i + 1])}"
        pic.draw(f"{d}Q{p(cx, base + r * .3)} {p(*at[0])}z", tone, width)

    ruff(1, 9 if r > 60 else 6 if r > 30 else 4, mix(colour, GREEN, .4), width)
    if r > 60:
        ruff(.72, 7, colour, width)
    if r > 30:
        ruff(.44, 5, pale(colour, .4), FINE)
    if r > 40:
        pic.line("".join(f"M{p(cx + s * r * .1, base + r * .04)}Q{p(cx + s * r * .4, base - r * .2)} "
                         f"{p(cx + s * r * .54, base - r * .48)}" for s in (-1, 1)), FINE, mix(colour, GREEN, .6))


def cabbage(pic, cx, base, r, colour=LEAF):
    """A round cabbage."""
    ball(pic, cx, base - r, r, colour, shine=False)
    pic.line(f"M{p(cx, base - r * .2)}Q{p(cx - r * .08, base - r * 1.1)} {p(cx + r * .1, base - r * 1.7)}"
             f"M{p(cx - r * .03, base - r * .9)}q{n(-r * .4)} {n(-r * .1)} {n(-r * .56)} {n(-r * .5)}"
             f"M{p(cx, base - r * .8)}q{n(r * .4)} {n(-r * .06)} {n(r * .56)} {n(-r * .4)}", FINE,
             mix(colour, GREEN, .6))


def tomato(pic, cx, cy, r, colour=FLAME):
    """A tomato."""
    ball(pic, cx, cy, r, colour, r * .9)
    for a in (-160, -125, -90, -55, -20):
        pic.line(path([(cx, cy - r * .66), polar(cx, cy - r * .66, r * .42, a, r * .26)]), 8, GREEN)


def carrot(pic, x, y, length, degrees, w=34):
    """A carrot whose crown is at (x, y), pointing down at 0 degrees."""
    with pic.turned(degrees, x, y):
        for a in (-118, -90, -62):
            leaf(pic, 0, -4, length * .55, a, length * .13, MOSS)
        pic.draw(f"M{p(-w * .6, 0)}Q{p(-w * .6, -w * .4)} {p(0, -w * .3)}Q{p(w * .6, -w * .4)} {p(w * .6, 0)}"
                 f"Q{p(w * .4, length * .6)} {p(0, length)}Q{p(-w * .4, length * .6)} {p(-w * .6, 0)}z", FLAME)
        pic.line(path([(-w * .4, length * .16), (-w * .05, length * .16)])
                 + path([(w * .08, length * .36), (w * .3, length * .36)]), FINE, RUST)


def grapes(pic, cx, top, rows, r, colour, leafy=True):
    """A bunch of grapes: `rows` berries across at the top, one at the tip."""
    pic.line(f"M{p(cx, top)}q-6 {n(-r * 1.4)} 10 {n(-r * 2)}", 11, BARK)
    shines = []
    for row in range(rows):
        count = rows - row if row else rows - 1
        y = top + r * .7 + row * r * 1.42
        for i in range(count):
            x = cx + (i - (count - 1) / 2) * r * 1.78 + pic.near(0, r * .16)
            tone = colour if (i + row) % 3 else deep(colour, .2)
            pic.draw(oval(x, y + pic.near(0, 2), r), tone, FINE)
            shines.append((x - r * .38, y - r * .38))
    pic.dots(shines, 3.5, pale(colour, .6))
    if leafy:
        x, y = cx + r * 1.3, top - r * .9
        pts = [polar(x, y, r * k, a, r * k * .8) for a, k in ((-100, 1.7), (-60, 1.1), (-30, 1.8), (10, 1.2),
                                                              (40, 1.7), (90, .7),
                                                              (140, 1.5), (180, 1.1), (215, 1.7), (245, 1.1))]
        pic.draw(curve(pts, True), MOSS)
        pic.line(path([(x, y + r * .3), polar(x, y, r * 1.1, -100)])
                 + path([(x, y + r * .3), polar(x, y, r * 1.1, -30)])
                 + path([(x, y + r * .3), polar(x, y, r * 1.1, 215)]), HAIR, GREEN)


def egg(pic, cx, cy, r, degrees, colour):
    """An egg, its pointed end turned by `degrees`."""
    with pic.turned(degrees, cx, cy):
        pic.draw(f"M0 {n(-r * 1.28)}C{p(r * .62, -r * 1.28)} {p(r * .98, -r * .3)} {p(r * .98, r * .16)}"
                 f"A{n(r * .98)} {n(r * .9)} 0 0 1 {p(-r * .98, r * .16)}"
                 f"C{p(-r * .98, -r * .3)} {p(-r * .62, -r * 1.28)} 0 {n(-r * 1.28)}z", colour)
        pic.line(f"M{p(-r * .56, -r * .1)}Q{p(-r * .5, -r * .62)} {p(-r * .22, -r * .84)}", 7, pale(colour, .75))


def pansy(pic, cx, cy, r, colour, dark=PLUM):
    """A pansy seen from the front."""
    pic.draw(oval(cx - r * .36, cy - r * .43, r * .62) + oval(cx + r * .36, cy - r * .43, r * .62), colour, FINE)
    pic.draw(oval(cx, cy + r * .46, r * .78, r * .56), pale(colour, .3), FINE)
    pic.draw(oval(cx - r * .56, cy + r * .06, r * .5) + oval(cx + r * .56, cy + r * .06, r * .5), pale(colour, .2),
             FINE)
    pic.fill(oval(cx, cy + r * .22, r * .42, r * .3), dark)
    pic.fill(oval(cx, cy + r * .12, r * .16), YOLK)


def shiitake(pic, cx, cy, w, colour=BARK, degrees=0):
    """A mushroom with a speckled cap."""
    with pic.turned(degrees, cx, cy):
        h = w * .52
        pic.draw(f"M{p(-w * .12, 0)}L{p(-w * .16, h * .7)}Q{p(0, h * .95)} {p(w * .16, h * .7)}L{p(w * .12, 0)}z",
                 LINEN)
        pic.draw(dome(0, h * .2, w, h), colour)
        pic.dim(dome_shade(0, h * .2, w, h))
        at = (-.22, .42), (.04, .62), (.24, .36), (-.02, .3), (-.36, .14), (.14, .14)
        pic.dots([(fx * w, -fy * h + h * .1) for fx, fy in at], 4, pale(colour, .6))


# -- cloth and paper --------------------------------------------------------

def stripes(pic, quad, colours, low=.03, high=.11):
    """Uneven woven stripes across a quad, none the same."""
    t, last = 0, None
    while t < 1:
        step = pic.between(low, high)
        tone = pic.pick([c for c in colours if c != last])
        end = min(1, t + step)
        pic.fill(band_of(quad, t, end), tone)
        last, t = tone, end


def fringe(pic, a, b, length, colour, count=14):
    """The loose ends of a weave."""
    for i in range(count + 1):
        x, y = between(a, b, i / count)
        pic.line(path([(x, y), (x + pic.near(0, 4), y + length)]), FINE, colour)


def towel(pic, x, y, w, h, colour, stripe=None):
    """One folded towel of a stack, its fold to the right."""
    r = h / 2
    d = (f"M{p(x + r * .7, y)}Q{p(x + w / 2, y - 5)} {p(x + w - r, y)}a{n(r)} {n(r)} 0 0 1 0 {n(h)}"
         f"Q{p(x + w / 2, y + h + 3)} {p(x + r * .7, y + h)}q{n(-r * .9)} {n(-h * .1)} {n(-r * .7)} {n(-r)}"
         f"q{n(-r * .2)} {n(-h * .4)} {n(r * .7)} {n(-r)}z")
    pic.draw(d, colour)
    if stripe:
        for k, wide in ((.8, 11), (.74, 5)):
            pic.line(f"M{p(x + w * k, y + 3)}q{n(r * .5)} {n(r)} 0 {n(h - 7)}", wide, stripe)
    pic.dim(box(x + r * .6, y + h * .7, w - r * 1.6, h * .27, 6), .1)
    pic.line(f"M{p(x + 4, y + h * .52)}Q{p(x + w * .3, y + h * .46)} {p(x + w * .62, y + h * .54)}", FINE,
             deep(colour, .42))
    pic.line(f"M{p(x + r * .6, y + h * .78)}H{n(x + w * .3)}", HAIR, deep(colour, .3))


def tote(pic, cx, top, w, h, colour, pattern, accent, handle=90):
    """A bag hanging by its handles; its opening is at `top`."""
    l, r = cx - w * .24, cx + w * .24
    d = f"M{p(l, top + 20)}C{p(l, top - handle * 1.2)} {p(r, top - handle * 1.2)} {p(r, top + 20)}"
    pic.line(d, 27)
    pic.line(d, 13, accent if pattern != "plain" else deep(colour, .1))
    quad = [(cx - w * .46, top), (cx + w * .46, top), (cx + w * .52, top + h), (cx - w * .52, top + h)]
    pic.dim(poly([(x + 16, y + 14) for x, y in quad], 12), .16)
    pic.fill(poly(quad, 12), colour)
    if pattern == "stripes":
        for t0, t1 in ((.26, .36), (.42, .46), (.52, .62), (.68, .72)):
            pic.fill(band_of(quad, t0, t1), accent)
    elif pattern == "base":
        pic.fill(poly([between(quad[0], quad[3], .62), between(quad[1], quad[2], .62), quad[2], quad[3]], 10), accent)
        pic.line(path([between(quad[0], quad[3], .66), between(quad[1], quad[2], .66)]), FINE, pale(accent, .6),
                 "12 12")
    elif pattern == "heart":
        heart(pic, cx, top + h * .54, w * .42, accent)
    elif pattern == "sprig":
        pic.line(f"M{p(cx, top + h * .84)}Q{p(cx - 8, top + h * .5)} {p(cx + 6, top + h * .26)}", FINE, GREEN)
        for k, (fy, s) in enumerate(((.74, 1), (.66, -1), (.56, 1), (.48, -1), (.38, 1), (.32, -1))):
            leaf(pic, cx + 2 - abs(k - 3) * 1.5, top + h * fy, w * .23, -90 + s * 52, w * .07, accent, False)
    elif pattern == "dots":
        pic.dots([(cx - w * .33 + c * w * .22 + (w * .05 if r % 2 else -w * .03), top + h * (.24 + .19 * r))
                  for r in range(4) for c in range(4)], w * .045, accent)
    elif pattern == "checks":
        for c in range(5):
            for r in range(5):
                if (r + c) % 2 == 0:
                    q = [between(quad[0], quad[1], c / 5), between(quad[0], quad[1], (c + 1) / 5)]
                    b = [between(quad[3], quad[2], c / 5), between(quad[3], quad[2], (c + 1) / 5)]
                    t0, t1 = .22 + r * .156, .22 + (r + 1) * .156
                    pic.fill(poly([between(q[0], b[0], t0), between(q[1], b[1], t0), between(q[1], b[1], t1),
                                   between(q[0], b[0], t1)]), accent)
    pic.dim(poly([between(quad[0], quad[1], .82), quad[1], quad[2], between(quad[3], quad[2], .86)], 10), .12)
    pic.line(poly(quad, 12))
    pic.line(path([between(quad[0], quad[3], .09), between(quad[1], quad[2], .09)]), FINE, deep(colour, .3), "12 11")


def envelope(pic, x, y, w, h, colour, degrees=0, seal=None, pane=False, closed=True):
    """An envelope from above: with a flap and a seal, or with a pane."""
    with pic.turned(degrees, x + w / 2, y + h / 2):
        l, t = -w / 2, -h / 2
        pic.dim(box(l + 9, t + 11, w, h, 8), .18)
        pic.draw(box(l, t, w, h, 8), colour)
        if pane:
            pic.draw(box(l + w * .1, t + h * .3, w * .48, h * .34, 8), SKY, FINE)
            pic.line(path([(l + w * .16, t + h * .42), (l + w * .5, t + h * .42)])
                     + path([(l + w * .16, t + h * .53), (l + w * .4, t + h * .53)]), FINE, STONE)
            pic.draw(box(l + w * .82, t + h * .1, w * .11, h * .22, 3), ORANGE, FINE)
        else:
            pic.line(path([(l + 4, t + h - 4), (l + w * .38, t + h * .48)])
                     + path([(l + w - 4, t + h - 4), (l + w * .62, t + h * .48)]), FINE, deep(colour, .3))
            pic.draw(f"M{p(l + 3, t + 3)}L{p(-w * .06, t + h * .56)}Q{p(0, t + h * .62)} {p(w * .06, t + h * .56)}"
                     f"L{p(l + w - 3, t + 3)}z", pale(colour, .4))
            if seal:
                pic.draw(oval(0, t + h * .56, h * .1), seal, FINE)


def sheet(pic, x, y, w, h, degrees=0, rows=5, colour=PAPER, picture=None, fold=True):
    """A printed sheet, its words only hinted at as lines."""
    with pic.turned(degrees, x + w / 2, y + h / 2):
        l, t = -w / 2, -h / 2
        pic.dim(box(l + 8, t + 10, w, h, 5), .16)
        pic.draw(box(l, t, w, h, 5), colour)
        y0 = t + h * .14
        if picture:
            pic.fill(box(l + w * .12, t + h * .1, w * .76, h * .36, 6), picture)
            pic.light(oval(l + w * .68, t + h * .2, w * .07), .9)
            pic.fill(f"M{p(l + w * .12, t + h * .44)}L{p(l + w * .36, t + h * .22)}L{p(l + w * .54, t + h * .38)}"
                     f"L{p(l + w * .66, t + h * .3)}L{p(l + w * .88, t + h * .44)}v{n(h * .02)}H{n(l + w * .12)}z",
                     deep(picture, .3))
            y0 = t + h * .58
        gap = (t + h * .9 - y0) / max(1, rows - 1)
        for i in range(rows):
            pic.line(path([(l + w * .14, y0 + i * gap), (l + w * (.86 if i % 3 != 2 else .56), y0 + i * gap)]), FINE,
                     STONE)


def pencil(pic, x, y, length, degrees, colour=FLAME, w=20):
    """A pencil lying with its tip at (x, y)."""
    with pic.turned(degrees, x, y):
        pic.draw(poly([(0, 0), (w * 1.5, -w / 2), (w * 1.5, w / 2)]), APRICOT, FINE)
        pic.fill(poly([(0, 0), (w * .6, -w * .2), (w * .6, w * .2)]), INK)
        pic.draw(box(w * 1.5, -w / 2, length - w * 1.5, w, 4), colour, FINE)
        pic.line(path([(w * 1.5 + 6, 0), (length - 8, 0)]), HAIR, deep(colour, .3))


def pen(pic, x, y, length, degrees, colour, w=20):
    """A ball pen, its tip at (x, y)."""
    with pic.turned(degrees, x, y):
        pic.dim(box(10, 4, length, w * .8, 8), .18)
        pic.draw(poly([(0, 0), (w * 1.5, -w / 2), (w * 1.5, w / 2)], 4), STONE, FINE)
        pic.draw(box(w * 1.4, -w / 2, length - w * 1.4, w, 8), colour, FINE)
        pic.draw(box(length - w * .1, -w * .26, w * .6, w * .52, 4), STONE, FINE)
        pic.line(path([(length - w * .4, -w * .62), (length - w * 3, -w * .62)]), FINE)
        pic.fill(oval(length * .45, 0, w * .22), PAPER)


def spool(pic, cx, base, w, h, thread, wood=WOOD):
    """A spool of thread."""
    pic.draw(box(cx - w * .38, base - h + 8, w * .76, h - 16), thread)
    for i in range(1, 5):
        y = base - h + 8 + (h - 16) * i / 5
        pic.line(path([(cx - w * .38, y + 4), (cx + w * .38, y - 6)]), HAIR, deep(thread, .35))
    for y in (base - h, base - 16):
        pic.draw(box(cx - w / 2, y, w, 18, 8), wood)


def yarn(pic, cx, cy, r, colour):
    """A ball of yarn."""
    ball(pic, cx, cy, r, colour, shine=False)
    for k in (-.5, -.15, .2):
        pic.line(f"M{p(cx - r * .86, cy + r * k)}Q{p(cx, cy + r * (k - .55))} {p(cx + r * .82, cy + r * (k + .1))}",
                 HAIR, deep(colour, .35))
    pic.line(f"M{p(cx - r * .3, cy + r * .9)}Q{p(cx - r * .1, cy)} {p(cx + r * .5, cy - r * .8)}"
             f"M{p(cx + r * .14, cy + r * .94)}Q{p(cx + r * .36, cy + r * .2)} {p(cx + r * .82, cy - r * .4)}", HAIR,
             pale(colour, .5))


def plant(pic, cx, base, w, h, pot=RUST, kind="round"):
    """A plant in a pot."""
    top = base - h * .42
    if kind == "round":
        for a in (-160, -20, -135, -45, -112, -68, -90):
            leaf(pic, cx, top, h * .56 * (1 if a in (-90, -112, -68) else .86), a, w * .17,
                 LEAF if int(a) % 2 else MOSS)
    else:
        pic.line(path([(cx, top), (cx, top - h * .4)]), 9, GREEN)
        for k in range(3):
            for a in (-150, -30):
                leaf(pic, cx, top - h * (.04 + .15 * k), w * .5, a, w * .14, LEAF)
        leaf(pic, cx, top - h * .36, h * .24, -90, w * .12, LEAF)
    t = Turned(cx, [(top, w * .36), (base, w * .26)], .16)
    vessel(pic, t, pot, shine=False)
    rim = Turned(cx, [(top - h * .05, w * .41), (top + h * .06, w * .4)], .15)
    vessel(pic, rim, pale(pot, .15), shine=False)


def cherry_tree(pic, x, base, h, colour=LEAF):
    """A round tree."""
    pic.draw(poly([(x - 13, base), (x - 9, base - h * .5), (x + 9, base - h * .5), (x + 13, base)]), BARK)
    pic.draw(pic.blob(x, base - h * .66, h * .3, h * .34, 9, .08), colour)
    pic.line(path([(x, base - h * .42), (x, base - h * .6)]) + path([(x, base - h * .5),
                                                                     (x + h * .09, base - h * .6)])
             + path([(x, base - h * .46), (x - h * .08, base - h * .55)]), FINE, BARK)
    pic.light(oval(x - h * .11, base - h * .8, h * .08, h * .06), .35)


def awning(pic, x, y, w, h, flare, colours, count=9):
    """A striped awning with a scalloped edge."""
    quad = [(x, y), (x + w, y), (x + w + flare, y + h), (x - flare, y + h)]
    low = []
    for i in range(count):
        a, b = between(quad[3], quad[2], i / count), between(quad[3], quad[2], (i + 1) / count)
        t, u = between(quad[0], quad[1], i / count), between(quad[0], quad[1], (i + 1) / count)
        r = (b[0] - a[0]) / 2
        low.append((poly([t, u, b, a])[:-1] + f"M{p(*b)}", a, b, t, u, r))
    for i, (_, a, b, t, u, r) in enumerate(low):
        pic.draw(f"M{p(*t)}L{p(*u)}L{p(*b)}a{n(r)} {n(r * .86)} 0 0 1 {n(-2 * r)} 0z", colours[i % len(colours)])
    pic.dim(poly([between(quad[0], quad[3], .84), between(quad[1], quad[2], .84), quad[2], quad[3]]), .12)
    pic.line(path([quad[3], quad[2]]), FINE)


# ---------------------------------------------------------------------------
# 3. Scenes
# ---------------------------------------------------------------------------

# -- food -------------------------------------------------------------------

def oven_tray(pic, wall, top, rows):
    """Cookies on baking paper; `rows` lists (kind, colour) from the back."""
    room(pic, wall, top, 236, tiles=59, beam=False)
    quad = slab(pic, 450, 290, 560, 610, 720, STONE, 26, 46)
    pic.draw(poly(inset(quad, 26, 22), 30), IRON, FINE)
    paper = inset(quad, 44, 30)
    pic.draw(poly(paper, 8), PAPER, FINE)
    for r, kinds in enumerate(rows):
        t = (r + .5) / len(rows)
        left, right = between(paper[0], paper[3], t), between(paper[1], paper[2], t)
        size = lerp(50, 66, t)
        for c, (kind, colour) in enumerate(kinds):
            x, y = between(left, right, (c + .5) / len(kinds))
            cookie(pic, pic.near(x, 4), pic.near(y, 3), size, kind, colour)
    with pic.turned(24, 826, 526):
        pic.dim("M-60 150C-80 40-60-110 4-112C70-112 74-40 70 10Q110-30 132 4Q140 40 72 96V150z", .2)
        pic.draw("M-72 130C-92 20-76-130-8-132C58-132 62-60 58-10Q98-50 122-16Q130 20 62 76V130z", FLAME)
        pic.line("M-54 60q56-20 110 0M-62 10q56-20 112 0M-62-40q50-18 108 0", HAIR, ORANGE)
        pic.draw(box(-84, 118, 160, 46, 14), PAPER)


def loaf_board(pic, wall, top, kind, crust, crumb, bits=None, topping=None, side="butter", curtain=None):
    """A loaf on a board, with slices cut from it."""
    room(pic, wall, top, 400)
    if curtain:
        noren(pic, 560, 40, 320, 150, curtain, 3, PAPER)
    else:
        window(pic, 600, 60, 260, 230)
    board = cutting_board(pic, 470, 430, 690, 596, 800)
    pic.draw(oval(board[1][0] - 26, board[1][1] + 36, 18, 11), top, FINE)
    if kind == "pound":
        loaf(pic, 300, 546, 176, 208, 330, kind, crust, crumb, bits, topping)
        slice_of(pic, 196, 572, 170, 200, kind, crust, crumb, bits, 30)
        slice_of(pic, 108, 596, 170, 200, kind, crust, crumb, bits, 30)
    else:
        loaf(pic, 300, 546, 216, 300, 300, kind, crust, crumb)
        slice_of(pic, 132, 590, 204, 286, kind, crust, crumb, None, 26)
    if side == "butter":
        plate(pic, 760, 632, 120, 34, PAPER)
        solid(pic, 700, 634, 90, 44, 50, YOLK, 6)
        with pic.turned(-16, 560, 676):           # a butter knife
            pic.dim(box(8, 2, 190, 18, 8), .2)
            pic.draw(box(96, -9, 110, 18, 8), BARK, FINE)
            pic.draw("M100-8H30Q-6-10-10 4Q0 14 100 8z", STONE, FINE)
    else:
        plate(pic, 752, 622, 138, 40, PAPER)
        for x, y in ((700, 604), (760, 618), (802, 598)):
            ball(pic, x, y, 30, side)
            leaf(pic, x + 2, y - 27, 36, -40, 9, MOSS, False)


def pudding_jars(pic, wall, top, flavours):
    """Little puddings in glass, each under a paper cap or open with its caramel."""
    room(pic, wall, top, 330, tiles=66, beam=False)
    quad = slab(pic, 440, 420, 690, 628, 820, OAK, 22, 26)
    pic.line(poly(inset(quad, 26, 18), 18), HAIR, deep(OAK))
    spots = [(210, 480, 1.2), (440, 466, 1.16), (670, 480, 1.2), (324, 600, 1.36), (560, 600, 1.36)]
    for (x, base, k), (custard, sauce, cap) in zip(spots, flavours):
        w, h = 150 * k, 168 * k
        t = Turned(x, [(base - h, w * .44), (base - h * .86, w * .44), (base - h * .74, w * .5),
                       (base - h * .1, w * .5), (base, w * .44)], .17)
        shadow(pic, x + 12, base + 8, w * .56, 18)
        vessel(pic, t, mix(PAPER, WATER, .2), mouth=PAPER, content=None if cap else sauce,
               bands=[(base - h * .72, base, custard), (base - h * .17, base, sauce)])
        if cap:
            lid = Turned(x, [(base - h * 1.08, w * .45), (base - h * .86, w * .47)], .17)
            vessel(pic, lid, cap, mouth=pale(cap, .3), shine=False)
            pic.line(lid.ring(base - h * .92, 6, 174), FINE, RUST)
    with pic.turned(-24, 780, 640):
        pic.dim(oval(-40, 10, 44, 26), .2)
        pic.draw(box(-8, -10, 150, 20, 9), WOOD)
        pic.draw(oval(-44, 0, 46, 28), WOOD)
        pic.line(arc(-44, 0, 26, 14, 120, 240), FINE, deep(WOOD, .3))


def steamer(pic, wall, top, cakes, curtain):
    """Steamed cakes in a bamboo steamer."""
    room(pic, wall, top, 420)
    noren(pic, 120, 56, 500, 130, curtain, 5, pale(curtain, .8))
    shadow(pic, 706, 566, 190, 40)
    with pic.turned(-58, 760, 430):            # the lid leans on the wall
        lid = Turned(0, [(-26, 180), (30, 180)], .46)
        vessel(pic, lid, WOOD, mouth=pale(WOOD, .3), shine=False)
        for k in range(-4, 5):
            half = 180 * math.sqrt(1 - (k / 5) ** 2)
            pic.line(path([(-half, -26 + k * 16), (half, -26 + k * 16)]), HAIR, deep(WOOD, .28))
        pic.line(lid.ring(6), HAIR, deep(WOOD, .3))
    t = Turned(400, [(490, 292), (612, 292)], .28)
    shadow(pic, 424, 632, 310, 84)
    vessel(pic, t, WOOD, shine=False)
    for y in (518, 584):
        pic.line(t.ring(y), HAIR, deep(WOOD, .3))
    for s in (-.7, .1, .72):
        pic.line(t.edge(s, 510, 592), FINE, deep(WOOD, .4), "10 12")
    pic.draw(t.mouth(), pale(WOOD, .2))
    pic.draw(oval(400, 490, 262, 69), deep(WOOD, .34))
    for k in range(-5, 6):
        half = 262 * math.sqrt(1 - (k / 6) ** 2)
        pic.line(path([(400 - half + 8, 490 + k * 11), (400 + half - 8, 490 + k * 11)]), HAIR, deep(WOOD, .5))
    spots = [(290, 470), (402, 456), (514, 470), (222, 506), (344, 514), (464, 516), (582, 504), (402, 564)]
    for i, ((x, y), colour) in enumerate(zip(spots, cakes * 4)):
        bun(pic, x, y, 118, 76, colour, "mark" if i % 2 else "bare")
    for x, y in ((300, 388), (430, 360), (556, 394)):
        steam(pic, x, y, 110)


def bread_basket(pic, wall, top, buns, cloth):
    """A basket of buns on a checked cloth."""
    room(pic, wall, top, 410, boards=120)
    shelf(pic, 560, 150, 330)
    for x, c in ((640, STRAW), (740, PEACH)):
        jar(pic, x, 150, 86, 104, c, cap=OAK, label=None)
    plant(pic, 836, 150, 80, 120)

    def inside():
        pts = [(150, 470), (196, 420), (270, 436), (340, 396), (430, 424), (520, 396), (610, 432), (672, 420),
               (714, 470), (640, 520), (240, 520)]
        pic.draw(poly(pts, 14), cloth)
        for i, (colour, kind) in enumerate(buns):
            row, col = divmod(i, 3)
            bun(pic, 262 + col * 168 + (84 if row else 0) - (84 if row == 2 else 0), 430 + row * 44, 190, 128, colour,
                kind)

    t = basket(pic, 432, 620, 600, 160, OAK, .16, .84, fill=inside)
    pic.draw(f"M{p(196, 482)}Q{p(420, 560)} {p(664, 484)}L{p(620, 566)}L{p(560, 540)}L{p(500, 580)}L{p(430, 552)}"
             f"L{p(360, 582)}L{p(300, 544)}L{p(240, 566)}z", cloth)
    for k in range(5):
        x = 250 + k * 88
        pic.line(path([(x, 512 + 12 * (2 - abs(k - 2))), (x + 8, 556)]), HAIR, RUST)
    pic.line("M226 520Q420 596 640 522", HAIR, RUST)
    pic.line(t.ring(t.top + 4, 2, 12) + t.ring(t.top + 4, 168, 178), 11, pale(OAK, .25))
    shadow(pic, 816, 642, 96, 16)
    bun(pic, 806, 640, 176, 120, *buns[-1])


def bento(pic, ground, cloth, lacquer, rice, tiers):
    """Boxed lunches from above, with chopsticks on their rest."""
    flat(pic, ground, cloth, [(.06, .1, pale(FLAME, .4)), (.12, .14, pale(FLAME, .4)), (.86, .9, pale(FLAME, .4)),
                              (.92, .94, pale(FLAME, .4))])

    def lunch(x, y, w, h):
        pic.dim(box(x + 16, y + 20, w, h, 40), .22)
        pic.draw(box(x, y, w, h, 40), lacquer)
        pic.line(box(x + 15, y + 15, w - 30, h - 30, 28), HAIR, pale(lacquer, .45))
        pic.draw(box(x + 26, y + 26, w - 52, h - 52, 22), deep(lacquer, .4))

    x, y, w, h = 120, 110, 330, 470             # the rice
    lunch(x, y, w, h)
    pic.draw(box(x + 32, y + 32, w - 64, h - 64, 20), rice)
    for _ in range(34):
        gx, gy = x + pic.between(56, w - 70), y + pic.between(56, h - 60)
        pic.line(path([(gx, gy), (gx + 9, gy + pic.near(0, 6))]), FINE, deep(rice, .12))
    if tiers == "ume":
        ball(pic, x + w / 2, y + h / 2, 42, RUST)
        for _ in range(26):
            gx, gy = x + pic.between(60, w - 64), y + pic.between(60, h - 64)
            if math.dist((gx, gy), (x + w / 2, y + h / 2)) > 62:
                pic.line(path([(gx, gy), (gx + 4, gy + 6)]), 6)
    x, y, w, h = 480, 110, 330, 470             # the dishes
    lunch(x, y, w, h)
    pic.draw(box(x + 32, y + 32, w - 64, 180, 18), GROUND, FINE)
    pic.draw(box(x + 32, y + 220, 142, 218, 18), GROUND, FINE)
    pic.draw(box(x + 182, y + 220, 116, 218, 18), GROUND, FINE)
    for k in range(3):                          # cutlets in sauce on cabbage
        leaf(pic, x + 60 + k * 26, y + 190, 130, -80 + k * 8, 40, LEAF)
    for k in range(3):
        d = box(x + 92 + k * 64, y + 62 - k * 4, 56, 134, 24)
        pic.draw(d, OAK)
        pic.line(path([(x + 106 + k * 64, y + 88), (x + 118 + k * 64, y + 96)])
                 + path([(x + 110 + k * 64, y + 124), (x + 128 + k * 64, y + 118)])
                 + path([(x + 104 + k * 64, y + 158), (x + 120 + k * 64, y + 164)]), FINE, COCOA)
    for k in range(3):                          # rolled omelette
        d = box(x + 48, y + 240 + k * 62, 110, 54, 14)
        pic.draw(d, YOLK)
        pic.line(f"M{p(x + 66, y + 272 + k * 62)}q26-30 58-8q14 22-12 24q-20 0-14-14", FINE, deep(YOLK, .3))
    for fx, fy in ((214, 262), (266, 256), (240, 306)):
        tomato(pic, x + fx, y + fy, 27, FLAME)
    for fx, fy in ((216, 390), (262, 376), (242, 412)):   # broccoli
        pic.draw(pic.blob(x + fx, y + fy, 28, count=8, rough=.12), MOSS)
        pic.line(path([(x + fx - 8, y + fy - 6), (x + fx - 6, y + fy - 5)])
                 + path([(x + fx + 8, y + fy + 2), (x + fx + 9, y + fy + 4)]), 6, LEAF)
    pic.draw(box(130, 606, 70, 34, 14), WATER)  # chopsticks
    for dy in (0, 22):
        pic.draw(poly([(128, 606 + dy), (770, 628 + dy * .8), (770, 636 + dy * .8), (128, 620 + dy)], 5),
                 RUST if lacquer != RUST else BARK, FINE)


def rice_balls(pic, wall, top, fillings):
    """Rice balls on a plate, with tea."""
    room(pic, wall, top, 390)
    window(pic, 90, 60, 250, 210)
    plate(pic, 420, 560, 350, 108, INDIGO, pale(INDIGO, .3))
    for (x, y, w), seasoning in zip(((300, 548, 210), (500, 548, 210), (214, 606, 214), (406, 622, 222),
                                     (596, 606, 214)), fillings):
        shadow(pic, x + 14, y, w * .5, 16)
        onigiri(pic, x, y, w, seasoning)
    for x, y in ((716, 560), (744, 582), (708, 588)):
        pic.draw(oval(x, y, 34, 20), YOLK)
        pic.line(arc(x, y, 18, 9, 150, 330), FINE, deep(YOLK, .25))
    shadow(pic, 836, 500, 92, 18)
    yunomi(pic, 824, 498, 130, 150, MOSS, LEAF, 1, drink=mix(YOLK, GREEN, .3))
    steam(pic, 830, 334, 80)


def tofu(pic, wall, top):
    """Tofu in a tub of water."""
    room(pic, wall, top, 400, tiles=80, beam=False)
    noren(pic, 300, 50, 380, 120, INDIGO, 4, PAPER)
    shadow(pic, 380, 634, 300, 54)
    t = tub(pic, 370, 620, 560, 150, WOOD, mix(WATER, PAPER, .3), .3, .88)
    pic.line(arc(370, 476, 180, 46, 150, 250) + arc(370, 476, 220, 58, 10, 60), FINE, PAPER)
    for x, base in ((220, 490), (372, 516)):
        solid(pic, x, base, 140, 62, 96, PAPER, 10, side=deep(PAPER, .1), top="#ffffff")
        pic.line(path([(x - 14, base + 4), (x + 158, base + 4)]), FINE, PAPER)
    pic.line(t.ring(470, 14, 166), 4, deep(WOOD, .3))
    shadow(pic, 802, 600, 84, 16)
    bottle(pic, 800, 596, 108, 230, COCOA, RUST, PAPER, FLAME, glass="#b98a6a")
    plate(pic, 690, 652, 104, 30, PAPER)
    for x, y in ((650, 640), (676, 652), (704, 640), (730, 654), (690, 632), (716, 662)):
        pic.draw(oval(x, y, 17, 10), MOSS, FINE)
        pic.fill(oval(x, y, 7, 4), mix(PAPER, LEAF, .4))


def zaru(pic, wall, top, fruit, pot):
    """Pickled plums drying on a bamboo tray, their pot behind."""
    room(pic, wall, top, 380)
    window(pic, 90, 54, 270, 210, sky="#fdeccb")
    shadow(pic, 726, 500, 170, 34)
    t = Turned(710, [(230, 104), (262, 112), (330, 158), (420, 156), (496, 110)], .18)
    vessel(pic, t, pot, mouth=pale(pot, .3), content=deep(pot, .5), bands=[(230, 346, deep(pot, .45))])
    for k in range(6):
        x = 596 + k * 46
        pic.fill(f"M{p(x - 16, 352)}v{n(16 + 16 * (k % 3))}q16 26 30 0v{n(-20 - 16 * (k % 3))}z", deep(pot, .45))
    pic.line(t.ring(420, 10, 170), FINE, deep(pot, .4))
    shadow(pic, 400, 604, 350, 96)
    pic.draw(oval(380, 566, 340, 118), deep(WOOD, .2))
    pic.draw(oval(380, 552, 340, 116), WOOD)
    pic.draw(oval(380, 554, 308, 98), STRAW, FINE)
    for k in range(-4, 5):
        half = 304 * math.sqrt(1 - (k / 5) ** 2)
        pic.line(path([(380 - half, 554 + k * 19), (380 + half, 554 + k * 19)]), HAIR, deep(STRAW, .22))
    for k in range(-5, 6):
        half = 96 * math.sqrt(1 - (k / 6) ** 2)
        pic.line(path([(380 + k * 52, 554 - half), (380 + k * 46, 554 + half)]), HAIR, deep(STRAW, .22))
    for row, (y, count, r) in enumerate(((494, 4, 29), (536, 6, 32), (582, 5, 35), (626, 3, 36))):
        for i in range(count):
            x = 380 + (i - (count - 1) / 2) * (r * 2.7) + pic.near(0, 7)
            shade = pic.pick([fruit, deep(fruit, .12), mix(fruit, ROSE, .3)])
            shadow(pic, x + 6, y + r * .7, r, r * .4)
            ball(pic, x, pic.near(y, 4), r, shade, r * .86)
            pic.line(f"M{p(x + r * .3, y - r * .4)}q{n(-r * .1)} {n(r * .5)} {n(-r * .4)} {n(r * .7)}", HAIR,
                     deep(fruit, .4))
    for x, y, a in ((760, 620, -30), (800, 650, 10), (760, 650, 150)):
        leaf(pic, x, y, 84, a, 28, PLUM)


def jam_jars(pic, wall, top, jars):
    """Jars in a row; each is (contents, cloth, fruit)."""
    room(pic, wall, top, 420, boards=96)
    shelf(pic, 110, 148, 380)
    for x, c in ((190, GREEN), (300, OAK)):
        bottle(pic, x, 148, 62, 112, pale(c, .3), OAK, None)
    plant(pic, 412, 148, 90, 116, APRICOT)
    pic.draw(poly([(60, 510), (900, 510), (940, 664), (20, 664)], 10), LINEN)
    for t in (.12, .2, .84):
        pic.line(path([(lerp(60, 20, t), lerp(510, 664, t)), (lerp(900, 940, t), lerp(510, 664, t))]), FINE, ORANGE)
    for i, (content, cloth, fruit) in enumerate(jars):
        x = 190 + i * 218
        base = 596 + (14 if i % 2 else 0)
        shadow(pic, x + 16, base + 8, 106, 22)
        jar(pic, x, base, 188, 268, content, cloth, fruit=fruit)
    for x, y in ((786, 570), (838, 596), (772, 620)):
        ball(pic, x, y, 32, jars[0][2])
        leaf(pic, x + 2, y - 28, 44, -34, 13, MOSS)
    with pic.turned(-12, 640, 660):
        pic.draw(box(20, -7, 150, 16, 7), STONE)
        pic.draw(oval(0, 0, 38, 20), STONE)
        pic.fill(oval(2, -3, 25, 11), jars[0][0])


def miso(pic, wall, top):
    """Miso ripening in its tub."""
    room(pic, wall, top, 400, boards=137)
    window(pic, 110, 60, 220, 200)
    shadow(pic, 420, 640, 290, 60)
    t = tub(pic, 400, 624, 500, 270, WOOD, OAK, .24, .86)
    pic.draw("M214 352C240 316 300 330 330 314C372 288 420 300 452 318C500 312 560 322 586 352"
             "C540 388 260 392 214 352z", OAK)
    pic.line("M272 344q40-18 84-8M400 330q50-10 90 8M330 366q60 10 120-2", FINE, deep(OAK, .35))
    for x, y in ((300, 360), (362, 330), (440, 356), (510, 344)):
        pic.dots([(x, y)], 7, pale(OAK, .5))
    with pic.turned(24, 520, 330):
        pic.draw(poly([(-15, 30), (-12, -220), (12, -220), (15, 30)], 8), APRICOT)
        pic.fill(oval(0, 22, 40, 16), OAK)
        pic.line("M-40 20q40-20 80 4", FINE, deep(OAK, .35))
    pic.line(t.ring(t.top + 6, 24, 156), 4, pale(WOOD, .2))
    heart(pic, 400, 530, 76, FLAME)
    shadow(pic, 790, 560, 108, 22)
    bowl(pic, 780, 556, 190, 100, RUST, OAK)
    for x, y in ((736, 456), (768, 448), (800, 450), (828, 458), (752, 464), (786, 464), (812, 468)):
        pic.draw(oval(x, y, 17, 13), STRAW, FINE)
    for x, y in ((706, 640), (742, 656), (776, 636), (834, 648), (690, 664)):
        pic.draw(oval(x, y, 17, 13), STRAW, FINE)


def noodles(pic, wall, top, bundles):
    """Dried noodles in paper bands; `bundles` lists (noodle, band)."""
    room(pic, wall, top, 400)
    noren(pic, 110, 50, 330, 150, RUST, 3, PAPER)
    shelf(pic, 560, 190, 320)
    for x, c in ((630, APRICOT), (720, RUST)):
        bowl(pic, x, 190, 116, 70, c, LINEN)
    yunomi(pic, 820, 190, 76, 86, INDIGO, pale(INDIGO), 2)
    quad = slab(pic, 440, 470, 660, 632, 780, BARK, 20, 20)
    pic.line(poly(inset(quad, 24, 16), 14), HAIR, deep(BARK, .3))
    spots = [(146, 590), (400, 590), (216, 534), (458, 534), (306, 478)]
    for (x, y), (noodle, paper) in zip(spots, bundles):
        w, h = 300, 66
        pic.dim(box(x + 10, y - h + 16, w, h, 14), .22)
        pic.fill(box(x, y - h, w, h, 12), noodle)
        for k in range(1, 8):
            yy = y - h + h * k / 8
            pic.line(path([(x + 5, yy), (x + w - 5, yy + pic.near(0, 2))]), HAIR, deep(noodle, .2))
        pic.dim(box(x + 4, y - h * .3, w - 8, h * .3, 8), .1)
        pic.line(box(x, y - h, w, h, 12))
        pic.draw(box(x + w * .38, y - h - 2, w * .26, h + 4, 4), paper)
        pic.fill(oval(x + w * .51, y - h * .5, 15), PAPER if paper != PAPER else FLAME)
    shadow(pic, 790, 664, 120, 22)
    bowl(pic, 782, 660, 230, 130, INDIGO, OAK, .24, pale(INDIGO, .6))
    for k in range(6):
        x = 704 + k * 24
        pic.rod(f"M{p(x, 528)}q24 {n(24 + (k % 3) * 4)} 52 {n(2 + k % 2 * 6)}", 6, LINEN, 2.5)
    for x, y in ((756, 526), (802, 538), (826, 524)):
        pic.draw(oval(x, y, 15, 9), LEAF, FINE)


def coffee(pic, wall, top):
    """Coffee dripping through a filter."""
    room(pic, wall, top, 420)
    window(pic, 590, 60, 270, 230)
    shelf(pic, 30, 180, 240)
    for x, c in ((84, RUST), (160, OAK), (234, LEAF)):
        t = Turned(x, [(92, 32), (180, 32)], .2)
        vessel(pic, t, c, mouth=pale(c), bands=[(124, 154, PAPER)], shine=False)
    shadow(pic, 370, 634, 160, 32)
    t = Turned(350, [(430, 66), (452, 72), (520, 132), (588, 134), (622, 110)], .16)    # server
    vessel(pic, t, mix(PAPER, WATER, .3), bands=[(530, 622, COCOA)])
    d = "M470 500c84-16 90 96-6 92"
    pic.rod(d, 11, OAK)
    plate_t = Turned(350, [(412, 112), (430, 112)], .16)
    vessel(pic, plate_t, PAPER, shine=False)
    cone = Turned(350, [(276, 138), (330, 112), (406, 60)], .2)
    vessel(pic, cone, PAPER, mouth=WOOD, content=COCOA, share=.86)
    for k in (-.5, -.2, .12, .42):
        pic.line(cone.edge(k, 320, 396), HAIR, STONE)
    pic.draw("M226 270Q240 228 262 240L350 250L440 238Q462 228 474 270Q350 316 226 270z", LINEN, FINE)
    pic.fill(oval(350, 270, 92, 19), COCOA)
    pic.fill(oval(342, 268, 40, 8), OAK)
    steam(pic, 350, 226, 110)
    shadow(pic, 700, 600, 120, 24)
    pic.draw(oval(690, 592, 126, 28), PAPER)
    mug(pic, 680, 586, 150, 122, ORANGE, COCOA, PAPER)
    steam(pic, 690, 438, 80)
    for x, y, a in ((130, 560, 20), (168, 600, -40), (110, 620, 60), (196, 640, 10), (150, 660, -20), (244, 668, 40),
                    (90, 580, 0)):
        with pic.turned(a, x, y):
            pic.draw(oval(0, 0, 25, 17), OAK, FINE)
            pic.line("M-18 0q10-8 18 0t18 0", FINE, COCOA)


# -- gifts ------------------------------------------------------------------

def noshi(pic, wall, top, cloth, accent):
    """A box in its ceremonial paper, and one wrapped in cloth."""
    room(pic, wall, top, 400)
    vase = Turned(156, [(250, 26), (290, 26), (350, 64), (410, 66), (452, 44)], .18)
    for a, l in ((-112, 190), (-84, 220), (-60, 170)):
        tip = polar(156, 250, l, a)
        pic.line(f"M156 250Q{p(*polar(156, 250, l * .6, a - 10))} {p(*tip)}", FINE, GREEN)
        for f in (.5, .75, 1):
            x, y = between((156, 250), tip, f)
            leaf(pic, x, y, 46, a - 50, 14, LEAF, False)
            ball(pic, x + 8, y - 8, 13, FLAME, shine=False)
    shadow(pic, 168, 456, 70, 16)
    vessel(pic, vase, INDIGO, mouth=pale(INDIGO, .3))
    shadow(pic, 590, 520, 260, 30)               # the wrapped box behind
    solid(pic, 420, 520, 310, 170, 150, cloth, 14)
    pic.line("M420 470Q560 440 574 350M730 470Q600 440 574 350", FINE, deep(cloth, .3))
    for s in (-1, 1):
        pic.draw(f"M{p(590, 336)}C{p(590 + s * 60, 250)} {p(590 + s * 150, 270)} {p(590 + s * 168, 306)}"
                 f"Q{p(590 + s * 110, 350)} {p(590, 336)}z", pale(cloth, .15))
        pic.line(f"M{p(590 + s * 20, 328)}Q{p(590 + s * 70, 296)} {p(590 + s * 120, 302)}", FINE, deep(cloth, .3))
    pic.draw(box(560, 310, 60, 52, 22), cloth)
    shadow(pic, 360, 656, 290, 34)               # the box in its paper
    x, base, w, h, d = 130, 650, 460, 150, 180
    lid = solid(pic, x, base, w, h, d, APRICOT, 5)
    a, b, c, e = lid
    l0, l1, m1, m0 = between(a, b, .32), between(a, b, .68), between(e, c, .68), between(e, c, .32)
    pic.draw(poly([l0, l1, m1, m0]), PAPER, FINE)
    pic.draw(box(l0[0], base - h, l1[0] - l0[0], h), PAPER, FINE)
    y = base - h * .44
    for k in range(3):
        tone = accent if k != 1 else PAPER
        pic.line(path([(x + 4, y + k * 9 - 9), (x + w - 4, y + k * 9 - 9)]), 8,
                 mix(tone, INK, .1) if k == 1 else tone)
    cx = x + w / 2
    for s in (-1, 1):
        pic.line(f"M{p(cx, y)}C{p(cx + s * 20, y - 44)} {p(cx + s * 76, y - 40)} {p(cx + s * 62, y - 10)}"
                 f"Q{p(cx + s * 44, y + 6)} {p(cx, y)}", 9, accent)
        pic.line(f"M{p(cx, y)}Q{p(cx + s * 34, y + 26)} {p(cx + s * 46, y + 62)}", 9, accent)
    pic.draw(oval(cx, y, 17, 15), accent, FINE)
    pic.draw(poly([(l1[0] - 38, base - h + 10), (l1[0] - 14, base - h + 10), (l1[0] - 20, base - h + 42),
                   (l1[0] - 32, base - h + 42)]), FLAME, FINE)
    for bx, by, tone in ((760, 640, FLAME), (836, 610, ORANGE)):
        bun(pic, bx, by, 116, 74, PAPER if tone is ORANGE else ROSE, "mark")


def keepsakes(pic, wall, top, mark):
    """Things with one's name on: a plaque, a tumbler, badges, pens."""
    room(pic, wall, top, 420)
    bunting(pic, (-20, 40), (980, 30), 70, 12, [ORANGE, PAPER, FLAME, LEAF])
    shadow(pic, 330, 566, 190, 30)
    pic.draw("M190 230Q190 196 224 196H424Q458 196 458 230V430Q458 520 324 560Q190 520 190 430z", OAK)
    pic.line("M212 240Q212 218 234 218H414Q436 218 436 240V424Q436 496 324 534Q212 496 212 424z", FINE, pale(OAK, .4))
    pic.fill(star(324, 322, 76), PAPER)
    pic.line(star(324, 322, 76))
    for s in (-1, 1):
        for k in range(5):
            x, y = polar(324, 340, 98, 90 - s * (18 + k * 22))
            leaf(pic, x, y, 46, (90 - s * (18 + k * 22)) - s * 60, 13, mark, False)
    pic.line(path([(270, 500), (378, 500)]), FINE, PAPER)
    pic.draw(poly([(230, 540), (418, 540), (450, 584), (198, 584)], 8), BARK)
    shadow(pic, 616, 604, 96, 20)
    t = Turned(604, [(350, 80), (596, 64)], .18)
    vessel(pic, t, mix(PAPER, WATER, .5), bands=[(350, 392, STONE)])
    cap = Turned(604, [(318, 84), (352, 84)], .18)
    vessel(pic, cap, FLAME, mouth=ORANGE, shine=False)
    pic.draw(star(604, 486, 46), FLAME, FINE)
    for x, y, tone in ((790, 520, FLAME), (858, 596, mark), (742, 622, ORANGE)):
        pic.dim(oval(x + 8, y + 12, 64), .18)
        pic.draw(oval(x, y, 62), tone)
        pic.fill(star(x, y, 36), PAPER)
        pic.line(arc(x, y, 48, 48, 190, 250), FINE, pale(tone, .6))
    for k, tone in enumerate((FLAME, mark, YOLK)):
        pen(pic, 90 + k * 20, 612 + k * 38, 380, -4 + k * 2, tone)


# -- from the field ---------------------------------------------------------

def leek_crate(pic, count):
    """A crate of leeks in front of their field."""
    land(pic, 420, mix(OAK, WOOD, .4), near=MOSS, far=mix(LEAF, SKY, .3), sun=(820, 110))
    for k in range(7):                           # rows of leeks in the field
        x0, x1 = 480 + (k - 3) * 70, 480 + (k - 3) * 330
        pic.line(path([(x0, 424), (x1, 720)]), FINE, deep(OAK, .25))
        for f in (.03, .12, .24):
            x, y = lerp(x0, x1, f) + 16, lerp(424, 720, f)
            s = 12 + f * 70
            pic.line(f"M{p(x, y)}v{n(-s)}M{p(x, y - s * .3)}q{n(-s * .3)} {n(-s * .4)} {n(-s * .5)} {n(-s * .9)}"
                     f"M{p(x, y - s * .3)}q{n(s * .3)} {n(-s * .4)} {n(s * .5)} {n(-s * .9)}", FINE, GREEN)

    def inside():
        for i in range(count):
            t = i / (count - 1)
            negi(pic, 246 + t * 440, 560, 400 + pic.near(0, 22), (t - .5) * 40 + pic.near(0, 4), 64,
                 1 if t > .5 else -1)

    crate(pic, 150, 470, 620, 160, fill=inside)
    for x, y, a in ((640, 640, 96), (700, 690, 84)):
        shadow(pic, x + 120, y + 26, 150, 14)
        negi(pic, x, y, 300, a, 52, -1)


def lettuce_field(pic, heads):
    """Rows of lettuce up to the hills."""
    land(pic, 330, deep(WOOD, .2), near=GREEN, far=LEAF, sun=(180, 100))
    for k in range(8):
        x0, x1 = 480 + (k - 3.5) * 66, 480 + (k - 3.5) * 420
        pic.fill(poly([(x0 - 18, 334), (x0 + 18, 334), (x1 + 130, 720), (x1 - 130, 720)]), mix(BARK, WOOD, .35))
    for f, r in ((.02, 17), (.1, 24), (.21, 34), (.37, 48), (.6, 70), (.94, 98)):
        y = lerp(334, 720, f)
        for k in range(8):
            x = lerp(480 + (k - 3.5) * 66, 480 + (k - 3.5) * 420, f)
            if -r < x < W + r and not (f > .5 and x > 640):
                lettuce(pic, x, y, r, heads[(k + int(f * 100)) % len(heads)])

    def inside():
        for x, y, r in ((722, 562, 68), (886, 562, 66), (804, 584, 74)):
            lettuce(pic, x, y, r, heads[int(x) % len(heads)])

    crate(pic, 650, 580, 310, 110, slats=2, fill=inside)


def fruit_box(pic, wall, top, bunches):
    """A gift box of grapes, its lid leaning behind."""
    room(pic, wall, top, 330)
    window(pic, 90, 40, 230, 180)
    pic.draw(poly([(470, 120), (880, 96), (910, 352), (486, 372)], 8), pale(WOOD, .3))
    heart(pic, 690, 236, 120, FLAME)
    pic.line(poly([(496, 144), (860, 122), (884, 332), (508, 350)], 8), HAIR, deep(WOOD, .2))
    quad = slab(pic, 460, 376, 660, 640, 780, WOOD, 44, 8)
    pic.draw(poly(inset(quad, 22, 14), 6), deep(WOOD, .4), FINE)
    pic.draw(poly(inset(quad, 28, 22), 6), LINEN, FINE)
    for i in range(12):
        x, y = pic.between(130, 780), pic.between(400, 620)
        pic.line(f"M{p(x, y)}q14-14 26 2t24-4", HAIR, STONE)
    for cx, y, rows, r, tone in bunches:
        grapes(pic, cx, y, rows, r, tone)
    with pic.turned(8, 850, 610):
        leaf(pic, 0, 0, 110, -60, 40, MOSS)


def egg_basket(pic, wall, top, shells):
    """Eggs in a straw basket, in a barn."""
    room(pic, wall, top, 400, boards=110, beam=True)
    pic.rod(path([(0, 130), (W, 130)]), 6, deep(wall, .2), 6)
    for x in range(640, 900, 60):                # straw hanging to dry
        pic.draw(f"M{p(x, 132)}q-24 60-30 150h60q-6-90-30-150z", STRAW, FINE)
        pic.line(path([(x - 8, 190), (x - 14, 276)]) + path([(x + 6, 190), (x + 10, 276)]), HAIR, deep(STRAW, .3))
        pic.line(path([(x - 12, 168), (x + 12, 168)]), 9, RUST)

    def inside():
        for i in range(34):
            x = 150 + i * 15.5
            pic.line(f"M{p(x, 520)}"
                     f"q{n(pic.near(0, 26))} {n(-pic.between(30, 56))} {n(pic.near(0, 46))} {n(-pic.between(50, 82))}",
                     FINE, pic.pick([deep(STRAW, .1), STRAW, deep(STRAW, .25)]))
        spots = [(248, 452, -20), (344, 430, 12), (446, 428, -8), (546, 436, 20), (628, 460, 34), (296, 496, 30),
                 (398, 486, -30), (500, 488, 10), (588, 502, -24)]
        for i, (x, y, a) in enumerate(spots):
            egg(pic, x, y, 54, a, shells[i % len(shells)])

    basket(pic, 420, 640, 580, 150, STRAW, .18, .8, fill=inside)
    egg(pic, 790, 606, 52, 74, shells[0])
    egg(pic, 868, 648, 52, 100, shells[1])
    for x in (700, 740, 900):
        pic.line(f"M{p(x, 676)}q20-12 46-4M{p(x + 8, 690)}q24 2 40-8", FINE, deep(STRAW, .2))


def rice_bags(pic, wall, top, bags):
    """Bags of rice; each is (x, base, width, height, paper, tie)."""
    room(pic, wall, top, 410, boards=160)
    window(pic, 100, 60, 250, 210, hills=YOLK)
    for x, base, w, h, paper, accent in bags:
        shadow(pic, x + 18, base + 2, w * .56, 26)
        l, r, t = x - w / 2, x + w / 2, base - h
        d = (f"M{p(l + 12, base)}C{p(l - 16, base - h * .3)} {p(l - 4, base - h * .7)} {p(l + w * .18, t + h * .14)}"
             f"L{p(l + w * .08, t)}H{n(r - w * .08)}L{p(r - w * .18, t + h * .14)}"
             f"C{p(r + 4, base - h * .7)} {p(r + 16, base - h * .3)} {p(r - 12, base)}z")
        pic.draw(d, paper)
        pic.dim(f"M{p(r - w * .18, t + h * .16)}C{p(r + 4, base - h * .7)} {p(r + 16, base - h * .3)} "
                f"{p(r - 12, base)}H{n(x + w * .12)}C{p(x + w * .34, base - h * .3)} {p(x + w * .3, base - h * .7)} "
                f"{p(r - w * .18, t + h * .16)}z")
        pic.rod(path([(l + w * .2, t + h * .14), (r - w * .2, t + h * .14)]), 7, accent, 5)
        pic.draw(oval(x, base - h * .42, w * .27), PAPER)
        pic.line(f"M{p(x - 6, base - h * .28)}Q{p(x - 14, base - h * .46)} {p(x + w * .12, base - h * .56)}", FINE,
                 GREEN)
        for k in range(5):
            gx, gy = between((x - 10, base - h * .4), (x + w * .12, base - h * .56), k / 4)
            for s in (-50, 20):
                leaf(pic, gx, gy, w * .09, s, w * .026, YOLK, False)
        pic.line(path([(x - 3, t + 6), (x - 5, t + h * .1)]) + path([(x - w * .16, t + 8),
                                                                     (x - w * .14, t + h * .1)])
                 + path([(x + w * .16, t + 8), (x + w * .14, t + h * .1)]), HAIR, deep(paper, .35))
    x, base = 640, 650                            # a measure of rice
    shadow(pic, 740, 656, 130, 22)
    lid = solid(pic, x, base, 170, 110, 100, WOOD, 4)
    pic.draw("M652 538Q700 462 760 486Q830 470 860 504Q800 556 652 538z", PAPER)
    for _ in range(16):
        gx, gy = pic.between(684, 826), pic.between(494, 530)
        pic.line(path([(gx, gy), (gx + 8, gy - 3)]), FINE, STONE)
    pic.line(path([lid[0], lid[1], lid[2]]))
    for _ in range(16):
        gx, gy = pic.between(560, 640), pic.between(640, 690)
        pic.line(path([(gx, gy), (gx + 9, gy + pic.near(0, 5))]), 9)
        pic.line(path([(gx, gy), (gx + 9, gy)]), 4, PAPER)


def mushroom_log(pic):
    """Mushrooms growing on logs in the woods."""
    pic.fill(box(0, 0, W, 470), mix(MINT, LEAF, .4))
    for x, w in ((60, 60), (230, 40), (390, 54), (610, 46), (760, 64), (900, 44)):
        pic.fill(box(x, 0, w, 470), mix(MOSS, MINT, .35))
        pic.dim(box(x + w * .6, 0, w * .4, 470), .1)
    for x, y, r in ((120, 30, 130), (420, 0, 150), (700, 20, 140), (930, 10, 120)):
        pic.fill(pic.blob(x, y, r, r * .7, 11, .1), MOSS)
    for x in (40, 210, 820):
        for a in (-150, -120, -90, -60, -30):
            leaf(pic, x, 470, 110, a, 16, LEAF, False)
    pic.fill(box(0, 460, W, 260), mix(BARK, MOSS, .45))
    pic.line(path([(0, 460), (W, 460)]))
    for _ in range(16):
        x, y = pic.between(20, 930), pic.between(490, 700)
        pic.fill(pic.blob(x, y, 18, 7, 6), pic.pick([OAK, RUST, mix(BARK, MOSS, .2)]))

    def log(x, y, length, r, degrees):
        with pic.turned(degrees, x, y):
            pic.dim(box(10, r * .6, length, r * .8, r * .5), .24)
            pic.draw(box(0, -r, length, r * 2, 14), BARK)
            for k in range(9):
                lx, ly = (k * 137) % (length - 130) + 20, -r * .7 + (k * 53) % (r * 1.5)
                pic.line(path([(lx, ly), (lx + 70, ly + 3)]), FINE, deep(BARK, .4))
            pic.draw(oval(length, 0, r * .46, r), WOOD)
            pic.line(oval(length, 0, r * .3, r * .64) + oval(length, 0, r * .14, r * .3), HAIR, deep(WOOD, .35))

    log(70, 470, 760, 58, -3)
    for x, y, w, a in ((150, 424, 92, -8), (470, 404, 104, 4), (640, 396, 84, -6)):
        shiitake(pic, x, y, w, mix(OAK, WOOD, .4), a)
    log(40, 612, 800, 78, -4)
    for x, y, w, a in ((150, 560, 150, -10), (290, 528, 120, 6), (420, 560, 176, -4), (590, 520, 130, 8),
                       (710, 546, 150, 2), (330, 630, 120, 10), (560, 636, 110, -8)):
        shiitake(pic, x, y, w, pic.pick([OAK, mix(OAK, WOOD, .5), deep(OAK, .12)]), a)


def flower_bed(pic, colours):
    """Planters of pansies in front of a public building."""
    pic.fill(box(0, 0, W, 470), LINEN)
    for k in range(2):
        window(pic, 100 + k * 440, 70, 320, 220, sky=WATER, frame=STONE)
    pic.fill(box(0, 400, W, 70), STONE)
    pic.line(path([(0, 400), (W, 400)]), FINE)
    pic.fill(box(0, 460, W, 260), mix(STONE, PAPER, .55))
    pic.line(path([(0, 460), (W, 460)]))
    for x in (150, 480, 810):
        pic.line(path([(x, 460), (480 + (x - 480) * 1.6, 720)]), HAIR, STONE)

    def planter(x, y, w, h, k):
        shadow(pic, x + w / 2 + 10, y + h + 2, w * .54, 20)
        spots = [(x + w * (.12 + .19 * i), y - (32 if i % 2 else 8)) for i in range(5)]
        for fx, fy in spots[::2]:
            for a in (-148, -32):
                leaf(pic, fx, fy + 30, h * .66, a, h * .17, MOSS if a == -32 else LEAF, False)
        for i, (fx, fy) in enumerate(spots):
            pansy(pic, fx, fy, h * .31, colours[(i + k) % len(colours)])
        pic.draw(poly([(x, y + 18), (x + w, y + 18), (x + w - 16, y + h), (x + 16, y + h)], 8), WOOD)
        for i in range(1, 4):
            pic.line(path([(x + w * i / 4, y + 24), (lerp(x + 16, x + w - 16, i / 4), y + h - 4)]), FINE,
                     deep(WOOD, .35))
        pic.draw(box(x - 10, y + 6, w + 20, 28, 8), OAK)

    planter(40, 440, 380, 120, 0)
    planter(530, 440, 380, 120, 2)
    planter(230, 566, 480, 130, 1)
    with pic.turned(-8, 830, 640):                # a watering can
        shadow(pic, 0, 50, 90, 16)
        pic.rod("M-52-10q-60-60-96-30", 11, GREEN)
        pic.draw(poly([(-164, -56), (-124, -64), (-136, -24), (-150, -22)], 5), GREEN)
        pic.rod("M-30-44q20-60 80-20q40 40 10 70", 4, LEAF, 5.5)
        pic.draw(box(-58, -50, 116, 104, 16), GREEN)
        pic.line(path([(-40, -20), (-40, 20)]), 8, LEAF)


# -- cloth and leather ------------------------------------------------------

def scarves(pic, wall, floor, weaves):
    """Hand-woven scarves on a rail; `weaves` are the yarns of each."""
    room(pic, wall, floor, 570)
    pic.rod(path([(90, 96), (870, 96)]), 15, OAK)
    for x in (150, 810):
        pic.line(path([(x, -10), (x, 84)]), FINE)
        pic.draw(oval(x, 92, 20), WOOD)
    count = len(weaves)
    for i, yarns in enumerate(weaves):
        cx = 480 + (i - (count - 1) / 2) * 210
        length = 360 + (i * 47) % 60
        back = [(cx + 8, 96), (cx + 88, 96), (cx + 98, 96 + length * .76), (cx + 18, 96 + length * .76)]
        pic.fill(poly(back), yarns[0])
        stripes(pic, back, yarns, .06, .16)
        fringe(pic, back[3], back[2], 40, yarns[0], 8)
        pic.dim(poly(back), .22)
        pic.line(poly(back))
        quad = [(cx - 78, 84), (cx + 50, 84), (cx + 60, 96 + length), (cx - 90, 96 + length)]
        pic.dim(poly([(x + 14, y + 10) for x, y in quad]), .14)
        stripes(pic, quad, yarns)
        fringe(pic, (quad[3][0] + 6, quad[3][1]), (quad[2][0] - 6, quad[2][1]), 54, yarns[0], 12)
        pic.dim(column_of(quad, .8, 1), .12)
        pic.line(poly(quad, 8))
    for k, (x, y, r) in enumerate(((130, 620, 66), (250, 650, 52), (838, 624, 70))):
        shadow(pic, x + 12, y + r - 4, r, 16)
        yarn(pic, x, y, r, weaves[k % count][0])
    pic.line("M296 676q60 20 120-6t130 4", FINE, weaves[1 % count][0])
    with pic.turned(-6, 600, 652):                # a shuttle
        pic.dim(oval(8, 16, 130, 24), .2)
        pic.draw("M-140 0Q-60-40 0-40T140 0Q60 40 0 40T-140 0z", OAK)
        pic.draw(box(-62, -18, 124, 36, 16), deep(OAK, .5), FINE)
        pic.draw(box(-50, -12, 100, 24, 10), weaves[0][0], FINE)


def bag_rail(pic, wall, floor, bags):
    """Bags on pegs; each is (colour, pattern, accent)."""
    room(pic, wall, floor, 600, boards=0)
    pic.fill(box(0, 470, W, 130), deep(wall, .08))
    pic.line(path([(0, 470), (W, 470)]), FINE)
    pic.draw(box(60, 110, 840, 44, 10), OAK)
    pic.line(path([(120, 132), (320, 132)]) + path([(420, 138), (700, 138)]), HAIR, deep(OAK, .3))
    for i, (colour, pattern, accent) in enumerate(bags):
        x = 480 + (i - (len(bags) - 1) / 2) * 270
        pic.draw(oval(x, 138, 17), BARK)
        tote(pic, x, 262, 216 if i != 1 else 230, 268 if i != 1 else 290, colour, pattern, accent, 140)
        pic.draw(oval(x, 140, 12), WOOD, FINE)
    quad = slab(pic, 480, 628, 800, 690, 860, WOOD, 24, 14)
    pic.line(path([between(quad[0], quad[3], .5), between(quad[1], quad[2], .5)]), HAIR, deep(WOOD))
    for x, tone in ((190, FLAME), (250, INDIGO), (318, YOLK)):
        spool(pic, x, 666, 52, 72, tone)
    towel(pic, 420, 606, 190, 30, bags[0][0], bags[0][2])
    towel(pic, 410, 636, 206, 34, bags[-1][0], bags[-1][2])
    with pic.turned(14, 740, 650):                # scissors
        pic.draw(poly([(-110, -12), (40, -2), (40, 8), (-104, 2)], 3), STONE, FINE)
        pic.draw(poly([(-110, 14), (40, 4), (40, -6), (-104, 0)], 3), pale(STONE), FINE)
        pic.rod(oval(72, -20, 32, 20) + oval(72, 24, 32, 20), 7, FLAME, 4)


def linen_room(pic, wall, top, stacks):
    """Clean towels in stacks, and a line of washing behind."""
    room(pic, wall, top, 440, tiles=0)
    window(pic, 640, 150, 230, 190)
    pic.line("M-10 60Q480 110 970 50", FINE)
    for x, w, h, tone in ((80, 150, 230, INDIGO), (270, 130, 190, PAPER), (440, 150, 240, ORANGE)):
        y = 74 + (14 if 200 < x < 700 else 2)
        pic.draw(f"M{p(x, y)}Q{p(x + w / 2, y + 8)} {p(x + w, y)}L{p(x + w + 8, y + h)}Q{p(x + w / 2, y + h + 14)} "
                 f"{p(x - 6, y + h)}z", tone)
        pic.fill(poly([(x - 3, y + h * .74), (x + w + 5, y + h * .74), (x + w + 6, y + h * .84),
                       (x - 3, y + h * .84)]), pale(tone, .6) if tone != PAPER else ORANGE)
        pic.dim(poly([(x + w * .7, y + 8), (x + w - 4, y + 6), (x + w + 3, y + h), (x + w * .74, y + h + 6)]), .1)
        for px in (x + 18, x + w - 18):
            pic.draw(box(px - 8, y - 16, 16, 40, 5), WOOD, FINE)
    for x, base, w, h, towels in stacks:
        shadow(pic, x + w / 2 + 16, base + 2, w * .56, 22)
        y = base
        for k, (tone, stripe) in enumerate(towels):
            y -= h
            towel(pic, x + pic.near(0, 5), y, w + pic.near(0, 6), h, tone, stripe)
    with pic.turned(0, 770, 640):
        basket(pic, 20, 20, 240, 120, WOOD, .2, .84, fill=lambda: [
            pic.draw(pic.blob(-40, -104, 70, 40), PAPER), pic.draw(pic.blob(60, -110, 74, 46), SKY),
                                                                   pic.draw(pic.blob(16, -128, 66, 38), ORANGE),
            pic.line("M-80-100q40-20 70 10M20-130q40-10 60 10", FINE, STONE)])


def leather_bench(pic, hide, accent):
    """Leather work from above: a card case, a purse, the tools."""
    flat(pic, mix(WOOD, LINEN, .3), planks=120)
    pic.dim(poly([(110, 84), (880, 64), (900, 640), (92, 656)], 20), .18)
    pic.draw(poly([(96, 66), (866, 48), (886, 624), (78, 640)], 20), GREEN)
    for k in range(1, 9):
        pic.line(path([(96 + k * 86, 70 - k * 2), (80 + k * 89, 634 - k * 2)]), HAIR, MOSS)
    for k in range(1, 6):
        pic.line(path([(92, 66 + k * 95), (876, 48 + k * 95)]), HAIR, MOSS)
    pic.draw(curve([(560, 110), (640, 86), (720, 120), (820, 96), (846, 190), (812, 250), (836, 330), (740, 318),
                    (660, 340), (600, 290), (620, 220)], True), pale(hide, .3))
    pic.line("M640 150q60 30 130 10M680 250q50 16 90-6", HAIR, hide)
    with pic.turned(-9, 330, 310):                # the card case
        pic.dim(box(-190, -130, 400, 300, 24), .22)
        for dy, tone in ((-70, PAPER), (-46, PEACH)):
            pic.draw(box(-150, -150 + dy * .5, 300, 200, 8), tone)
        pic.line(path([(-120, -156), (-20, -156)]), FINE, STONE)
        pic.draw(box(-196, -130, 392, 286, 26), hide)
        pic.draw("M-196-30Q-120 6 0 6T196-30V130Q196 156 170 156H-170Q-196 156-196 130z", deep(hide, .14))
        pic.line("M-176-2Q-110 28 0 28T176-2", FINE, pale(hide, .7), "13 13")
        pic.line("M-176-20V126Q-176 136-166 136H166Q176 136 176 126V-20", FINE, pale(hide, .7), "13 13")
        heart(pic, 120, 96, 46, deep(hide, .5))
        pic.draw(oval(0, -62, 19), YOLK)
        pic.line(oval(0, -62, 9), HAIR)
    with pic.turned(12, 690, 478):                # a coin purse
        pic.dim(box(-116, -70, 250, 200, 60), .22)
        pic.draw("M-120-60H120Q150 60 96 118Q0 140-96 118Q-150 60-120-60z", accent)
        pic.draw("M-120-60H120Q110 16 0 40Q-110 16-120-60z", pale(accent, .2))
        pic.line("M-100-42Q-88 4 0 22Q88 4 100-42", FINE, pale(accent, .75), "12 12")
        pic.draw(oval(0, 20, 15), YOLK)
    with pic.turned(70, 470, 560):                # a key strap
        pic.rod(oval(-110, 0, 30), 4, STONE, 3.5)
        pic.draw(box(-92, -22, 170, 44, 20), deep(hide, .2))
        pic.line(path([(-60, -10), (60, -10)]) + path([(-60, 10), (60, 10)]), HAIR, pale(hide, .6), "9 9")
        pic.draw(oval(-70, 0, 9), YOLK, FINE)
    with pic.turned(-28, 180, 590):               # an awl
        pic.line(path([(80, 0), (190, 0)]), 11)
        pic.line(path([(80, 0), (186, 0)]), 4, STONE)
        pic.draw("M-60-20Q0-40 70-14Q92 0 70 14Q0 40-60 20Q-80 0-60-20z", OAK)
        pic.line(path([(-30, -8), (30, -10)]), FINE, pale(OAK))
    for x, y, r in ((812, 372, 22), (852, 420, 17), (800, 436, 14)):      # snaps and horn buttons
        pic.dim(oval(x + 5, y + 7, r), .2)
        pic.draw(oval(x, y, r), YOLK if r < 20 else LINEN, FINE)
        pic.line(oval(x, y, r * .55), HAIR, BARK)
        pic.dots([(x - 4, y), (x + 4, y)], 2.5, INK)
    spool(pic, 830, 690, 76, 92, RUST)
    pic.line("M800 660q-60 30-110 0t-90 26", FINE, RUST)


def bead_tray(pic, ground, cloth, colours):
    """Necklaces and bracelets of glass beads on a cloth."""
    flat(pic, ground, cloth, [(.04, .07, pale(INDIGO)), (.93, .96, pale(INDIGO))])

    def strand(points, r, count, offset=0):
        pic.line(curve(points, True), HAIR)
        total, shines = len(points), []
        for i in range(count):
            t = i / count * total
            k = int(t)
            a, b, c, d = (points[(k + j) % total] for j in (-1, 0, 1, 2))
            f = t - k
            x, y = (0.5 * (2 * b[m] + (c[m] - a[m]) * f + (2 * a[m] - 5 * b[m] + 4 * c[m] - d[m]) * f * f
                           + (3 * b[m] - a[m] - 3 * c[m] + d[m]) * f ** 3) for m in (0, 1))
            rr = r * (1.34 if (i + offset) % 6 == 0 else .86 + .16 * (i % 2))
            tone = colours[(i + offset) % len(colours)]
            pic.draw(oval(x, y, rr), tone, FINE)
            shines.append((x - rr * .36, y - rr * .36))
        pic.dots(shines, 4, PAPER)

    strand([(200, 190), (280, 130), (370, 150), (424, 260), (410, 390), (350, 500), (276, 540), (206, 490),
            (166, 370), (164, 270)], 21, 25)
    strand([polar(540, 214, 78, a, 80) for a in range(0, 360, 45)], 18, 12, 2)
    strand([polar(752, 226, 74, a, 74) for a in range(0, 360, 45)], 17, 11, 5)
    pic.dim(oval(652, 520, 186, 120), .2)         # a dish of loose beads
    pic.draw(oval(640, 504, 184, 118), PAPER)
    pic.draw(oval(640, 506, 156, 92), LINEN, FINE)
    for i in range(13):
        x, y = polar(640, 506, 130 * math.sqrt((i + .5) / 16), i * 137.5, 72 * math.sqrt((i + .5) / 16))
        pic.draw(oval(x, y, 18), colours[(i * 2 + 1) % len(colours)], FINE)
        pic.dots([(x, y)], 5, INK)
    for x, y, r, k in ((220, 628, 32, 0), (302, 636, 28, 2), (376, 630, 30, 4)):      # lampwork
        tone = colours[k % len(colours)]
        pic.dim(oval(x + 8, y + 10, r), .2)
        ball(pic, x, y, r, tone)
        pic.dots([polar(x, y, r * .5, a) for a in range(0, 360, 72)], r * .14, PAPER)


# -- wood and clay ----------------------------------------------------------

def toy_train(pic, wall, floor, cars):
    """A wooden train on its track, facing right."""
    room(pic, wall, floor, 430)
    bunting(pic, (-20, 60), (980, 40), 60, 12, [FLAME, YOLK, PAPER, LEAF])
    pic.dim(box(20, 632, 930, 30, 14), .2)
    for x in range(10, 960, 74):                  # the track
        pic.draw(box(x, 616, 46, 26, 6), BARK, FINE)
    pic.draw(box(-20, 602, 1000, 18, 6), WOOD)

    def wheels(*xs, r=36):
        for x in xs:
            pic.draw(oval(x, 602 - r, r), FLAME)
            pic.draw(oval(x, 602 - r, r * .4), WOOD, FINE)
            pic.line(path([(x - 3, 602 - r), (x + 3, 602 - r)]), 6)

    def grain(x, y, w):
        pic.line(f"M{p(x, y)}q{n(w * .5)} -8 {n(w)} 0M{p(x + w * .2, y + 16)}q{n(w * .3)} 6 {n(w * .6)} 0", HAIR,
                 deep(WOOD, .3))

    pic.draw(box(650, 430, 170, 126, 16), WOOD)   # the engine, facing right
    grain(672, 470, 110)
    pic.draw(box(560, 330, 120, 226, 10), OAK)
    pic.draw(box(584, 366, 68, 74, 8), PAPER)
    pic.draw(box(540, 306, 164, 32, 14), FLAME)
    pic.draw(poly([(722, 430), (728, 366), (716, 348), (784, 348), (772, 366), (776, 430)], 6), RUST)
    pic.draw(dome(800, 430, 44, 34), YOLK)
    pic.draw(box(806, 462, 36, 62, 16), APRICOT)
    pic.draw(poly([(812, 560), (862, 596), (812, 596)], 8), RUST)
    pic.draw(box(552, 552, 278, 26, 8), RUST)
    wheels(612, r=44)
    wheels(712, 790)
    for k, (x, tone, load) in enumerate(((316, cars[0], "blocks"), (66, cars[1], "logs"))):
        pic.line(path([(x + 200, 556), (x + 246, 556)]), 11)
        if load == "blocks":
            for bx, bt, by in ((x + 16, YOLK, 424), (x + 78, LEAF, 424), (x + 140, ORANGE, 424),
                               (x + 48, FLAME, 366)):
                pic.draw(box(bx, by, 54, 54, 6), bt)
            pic.draw(poly([(x + 104, 420), (x + 162, 420), (x + 133, 362)], 6), INDIGO)
        else:
            for lx, ly in ((x + 40, 450), (x + 100, 450), (x + 160, 450), (x + 70, 398), (x + 130, 398)):
                pic.draw(oval(lx, ly, 30), WOOD)
                pic.line(oval(lx, ly, 16) + oval(lx, ly, 5), HAIR, deep(WOOD, .35))
        pic.draw(box(x, 474, 212, 84, 12), tone)
        pic.light(box(x + 16, 488, 180, 16, 8), .35)
        pic.draw(box(x - 8, 546, 228, 24, 8), OAK)
        wheels(x + 46, x + 166)
    for k in range(3):
        pic.draw(pic.blob(730 - k * 66, 262 - k * 54, 34 + k * 12, 28 + k * 8), PAPER)


def bench(pic, wall, floor, wood, pad):
    """A bench in a public lobby."""
    pic.fill(box(0, 0, W, 500), wall)
    window(pic, 90, 60, 330, 250)
    window(pic, 540, 60, 330, 250)
    pic.fill(box(0, 500, W, 220), floor)
    for k in range(-6, 7):
        pic.line(path([(480 + k * 90, 500), (480 + k * 190, 720)]), HAIR, deep(floor, .16))
    for y in (548, 618):
        pic.line(path([(0, y), (W, y)]), HAIR, deep(floor, .16))
    pic.draw(box(-20, 472, 1000, 30, 4), deep(wall, .2), FINE)
    pic.dim(oval(470, 660, 390, 34), .22)
    for x in (180, 700):
        pic.draw(poly([(x + 8, 470), (x + 44, 470), (x + 52, 640), (x + 22, 640)], 6), deep(wood, .3))
    for x in (130, 770):
        pic.draw(poly([(x, 484), (x + 46, 484), (x + 50, 664), (x + 8, 664)], 6), wood)
    pic.draw(box(160, 566, 630, 28, 8), deep(wood, .15))
    pic.draw(poly([(150, 420), (790, 420), (860, 476), (86, 476)], 8), pale(wood, .25))
    for t in (.34, .66):
        pic.line(path([(lerp(150, 86, t), lerp(420, 476, t)), (lerp(790, 860, t), lerp(420, 476, t))]), FINE)
    for a, b, y in ((220, 330, 430), (540, 700, 432), (180, 300, 466), (470, 620, 466)):
        pic.line(path([(a, y), (b, y)]), HAIR, deep(wood, .3))
    pic.draw(box(86, 474, 774, 34, 10), wood)
    pic.draw(poly([(180, 398), (360, 398), (372, 440), (156, 440)], 16), pad)
    pic.draw(poly([(156, 430), (372, 430), (370, 456), (160, 456)], 10), deep(pad, .15))
    pic.line(path([(212, 416), (316, 416)]), FINE, pale(pad, .6), "12 12")
    pic.draw(poly([(560, 446), (666, 440), (676, 454), (566, 462)], 4), PAPER, FINE)
    pic.draw(poly([(564, 436), (660, 430), (672, 446), (568, 452)], 4), ORANGE, FINE)
    plant(pic, 905, 660, 150, 330, FLAME)


def tea_cups(pic, wall, top, cups):
    """Tea cups side by side, no two glazed the same."""
    room(pic, wall, top, 400)
    shelf(pic, 90, 190, 470)
    bowl(pic, 180, 190, 150, 84, LINEN, PEACH, pattern=INDIGO)
    t = Turned(318, [(76, 14), (106, 14), (140, 40), (176, 36), (190, 26)], .2)
    pic.line("M318 80q-14-40 16-60", FINE, GREEN)
    leaf(pic, 322, 50, 40, -140, 12, LEAF)
    leaf(pic, 326, 36, 40, -20, 12, LEAF)
    vessel(pic, t, RUST, mouth=OAK)
    for k in range(3):
        pic.draw(oval(454, 178 - k * 15, 76 - k * 4, 13), (INDIGO, PAPER, ORANGE)[k])
    tp = Turned(730, [(236, 60), (262, 96), (320, 122), (380, 92), (398, 70)], .16)    # the pot
    shadow(pic, 744, 402, 130, 18)
    pic.rod("M840 290q80-20 92-60", 23, BARK)
    pic.rod("M640 250q90-150 190 0", 11, STRAW)
    vessel(pic, tp, BARK, mouth=OAK, bands=[(236, 290, deep(BARK, .4))])
    pic.draw(oval(730, 232, 62, 12), BARK)
    pic.draw(oval(730, 220, 14), OAK)
    pic.draw(poly([(60, 500), (900, 500), (940, 640), (20, 640)], 8), LINEN)
    pic.line(path([(46, 528), (914, 528)]) + path([(32, 606), (928, 606)]), FINE, ORANGE)
    for i, (clay, glaze, style) in enumerate(cups):
        x = 480 + (i - (len(cups) - 1) / 2) * (800 / len(cups))
        base = 596 + (16 if i % 2 else 0)
        shadow(pic, x + 16, base, 92, 18)
        yunomi(pic, x, base, 160, 170 + (i * 29) % 40, clay, glaze, style,
               drink=mix(YOLK, GREEN, .34) if i == 1 else None)
        if i == 1:
            steam(pic, x + 6, base - 220, 90)


# -- paper, print, office ---------------------------------------------------

def envelopes(pic, ground, papers):
    """Envelopes and printed sheets from above."""
    flat(pic, ground, planks=144)
    sheet(pic, 70, 70, 300, 400, -8, 6, picture=ORANGE)
    envelope(pic, 300, 90, 560, 250, papers[0], 4, pane=True)
    envelope(pic, 190, 216, 520, 240, papers[1], -7, FLAME)
    envelope(pic, 372, 410, 500, 230, papers[2], 5, GREEN)
    for k in range(5):                            # a bundle tied with string
        with pic.turned(-4, 190, 590):
            pic.draw(box(-130 + k * 3, 30 - k * 16, 270, 34, 4), papers[k % 3])
    with pic.turned(-4, 190, 590):
        pic.draw(poly([(-116, -34), (150, -34), (196, -96), (-60, -96)], 4), papers[1])
        pic.rod(path([(10, 64), (14, -34), (64, -96)]) + path([(-110, -66), (160, -66)]), 4, RUST, 3.5)
        pic.line("M30-66q-40-40-60-6q10 20 60 6q50-44 66-10q-6 26-66 10", FINE, RUST)
    pencil(pic, 470, 690, 330, -3)
    with pic.turned(6, 806, 116):                 # stamps on a strip
        pic.dim(box(-62, -70, 150, 176), .18)
        pic.draw(box(-70, -80, 150, 176, 3), PAPER, FINE)
        pic.line(path([(5, -72), (5, 88)]) + path([(-62, 8), (72, 8)]), HAIR, STONE, "2 9")
        leaf(pic, -50, -8, 52, -56, 18, LEAF)
        pic.draw(star(43, -38, 26), YOLK, FINE)
        heart(pic, -32, 54, 44, FLAME, FINE)
        pic.draw(oval(43, 52, 20), ORANGE, FINE)
    for x, y, a in ((886, 330, 24), (80, 506, -40)):      # paper clips
        with pic.turned(a, x, y):
            pic.line("M-8 26V-24q0-14 14-14t14 14V30q0 22-22 22t-22-22V-14", FINE, RUST)


def desk(pic, wall, top, screen):
    """Data entry: a computer by the window."""
    room(pic, wall, top, 450)
    window(pic, 600, 60, 270, 240)
    shelf(pic, 70, 150, 300)
    for i, (tone, h) in enumerate(((FLAME, 96), (PAPER, 82), (LEAF, 92), (INDIGO, 86), (ORANGE, 98))):
        pic.draw(box(104 + i * 36, 150 - h, 33, h, 4), tone, FINE)
        pic.line(path([(112 + i * 36, 166 - h), (128 + i * 36, 166 - h)]), HAIR)
    pic.draw(poly([(300, 150), (290, 80), (318, 74), (330, 150)], 4), YOLK, FINE)
    shadow(pic, 430, 604, 330, 40)
    pic.draw(box(210, 250, 420, 290, 20), IRON)
    pic.draw(box(232, 272, 376, 240, 8), PAPER)
    pic.fill(box(236, 276, 368, 36), screen)
    for k, tone in enumerate((FLAME, YOLK, PAPER)):
        pic.dots([(258 + k * 24, 294)], 7, tone)
    for r in range(5):                            # a table being filled in
        y = 330 + r * 36
        pic.line(path([(250, y + 24), (440, y + 24)]), HAIR, STONE)
        pic.line(path([(260, y + 8), (290, y + 8)]) + path([(312, y + 8), (376, y + 8)]), 6, INK if r else FLAME)
        if r < 4:
            pic.line(path([(398, y + 8), (428, y + 8)]), 6, STONE)
    for k, h in enumerate((50, 84, 66, 120)):
        pic.draw(box(470 + k * 31, 494 - h, 24, h, 3), (APRICOT, ORANGE, APRICOT, FLAME)[k], FINE)
    pic.draw(poly([(196, 536), (644, 536), (712, 600), (140, 600)], 12), STONE)
    for r in range(3):
        t = .2 + r * .24
        l, rr = lerp(230, 176, t), lerp(610, 676, t)
        pic.line(path([(l, lerp(536, 600, t)), (rr, lerp(536, 600, t))]), 9, PAPER, "20 15")
    pic.draw(box(140, 594, 572, 26, 12), pale(STONE))
    sheet(pic, 40, 530, 150, 130, -14, 4)
    sheet(pic, 720, 560, 180, 110, 10, 4)
    pen(pic, 740, 600, 170, 24, FLAME, 16)
    shadow(pic, 800, 552, 90, 16)
    mug(pic, 790, 548, 110, 104, ORANGE, COCOA, PAPER)
    plant(pic, 900, 450, 90, 190, RUST, "tall")


def press(pic, wall, floor, inks):
    """A printing machine, paper going in white and coming out printed."""
    room(pic, wall, floor, 520)
    pic.line(path([(36, 64), (372, 64)]), FINE)
    for k, tone in enumerate(inks):               # proofs on a line
        x = 56 + k * 104
        pic.draw(poly([(x, 72), (x + 84, 72), (x + 80, 184), (x + 2, 182)], 3), PAPER, FINE)
        pic.fill(oval(x + 42, 118, 24), tone)
        pic.line(path([(x + 22, 158), (x + 62, 158)]), FINE, STONE)
        pic.draw(box(x + 34, 54, 16, 30, 4), WOOD, FINE)
    pic.dim(oval(480, 640, 440, 34), .22)
    pic.draw(box(60, 536, 150, 90, 6), OAK)       # feed
    for k in range(7):
        pic.draw(box(70, 516 - k * 16, 134, 18, 3), PAPER, FINE)
    pic.draw(poly([(196, 420), (300, 376), (300, 400), (204, 448)], 4), PAPER, FINE)
    pic.draw(box(270, 250, 420, 376, 26), IRON)
    pic.fill(box(276, 536, 408, 84), deep(IRON, .3))
    pic.draw(box(300, 280, 360, 180, 14), LINEN)
    for k, tone in enumerate(inks):
        x = 384 + k * 90
        pic.draw(oval(x, 336, 36), tone)
        pic.fill(oval(x, 336, 10), INK)
        pic.draw(oval(x + 20, 402, 38), STONE)
        pic.fill(oval(x + 20, 402, 10), INK)
        pic.line(arc(x, 336, 24, 24, 190, 260), FINE, pale(tone, .6))
    pic.draw(box(290, 226, 380, 40, 12), FLAME)
    for k, tone in enumerate(inks):
        t = Turned(392 + k * 88, [(160, 27), (226, 27)], .24)
        vessel(pic, t, LINEN, mouth=PAPER, content=tone, bands=[(178, 208, tone)], shine=False)
    pic.draw(box(310, 490, 120, 70, 10), PAPER)   # the panel
    for k, tone in enumerate((FLAME, GREEN, YOLK)):
        pic.draw(oval(336 + k * 34, 514, 10), tone, FINE)
    pic.line(path([(330, 542), (410, 542)]), FINE, STONE)
    pic.draw(poly([(676, 404), (780, 446), (776, 470), (676, 430)], 4), PAPER, FINE)
    pic.draw(box(742, 560, 168, 66, 6), OAK)      # delivery
    for k in range(5):
        pic.draw(box(752, 544 - k * 15, 148, 17, 3), PAPER, FINE)
    pic.draw(poly([(752, 484), (900, 484), (930, 440), (790, 440)], 3), PAPER)
    for k, tone in enumerate(inks):
        pic.fill(oval(800 + k * 34, 462, 13, 8), tone)
    sheet(pic, 560, 560, 150, 120, 6, 3, picture=inks[0])


def packing(pic, wall, top):
    """Light work: cartons being filled and closed."""
    room(pic, wall, top, 420)
    shelf(pic, 60, 190, 840)
    for x, w, h in ((90, 120, 90), (222, 100, 70), (620, 130, 100), (762, 110, 76)):
        carton(pic, x, 190, w, h, 36, pic.pick([WOOD, pale(WOOD, .2)]), tape=APRICOT)
    for k in range(4):
        towel(pic, 380, 160 - k * 27, 170, 28, (ORANGE, PAPER, LEAF, PAPER)[k])
    shadow(pic, 400, 640, 270, 40)
    carton(pic, 180, 632, 340, 190, 190, WOOD, open_lid=True)
    for k, (x, y, tone) in enumerate(((268, 424, PAPER), (362, 412, APRICOT), (456, 424, PAPER), (316, 446, ORANGE),
                                      (414, 448, PAPER))):
        pic.draw(f"M{p(x - 44, y + 40)}C{p(x - 56, y - 20)} {p(x - 26, y - 44)} {p(x - 18, y - 50)}"
                 f"L{p(x - 34, y - 82)}Q{p(x, y - 70)} {p(x + 34, y - 82)}L{p(x + 18, y - 50)}C{p(x + 26, y - 44)} "
                 f"{p(x + 56, y - 20)} {p(x + 44, y + 40)}z", tone)
        pic.line(path([(x - 18, y - 50), (x + 18, y - 50)]), 9, FLAME)
        heart(pic, x, y - 6, 34, FLAME if tone != ORANGE else PAPER)
    pic.draw(box(180, 444, 340, 188, 4), WOOD)
    pic.line(path([(214, 600), (290, 600)]) + path([(214, 580), (256, 580)]), FINE, deep(WOOD, .5))
    pic.draw(poly([(180, 444), (520, 444), (540, 500), (160, 500)], 4), pale(WOOD, .3))
    for k in range(5):                            # flat cartons waiting
        pic.draw(poly([(660, 560 - k * 20), (860, 560 - k * 20), (930, 510 - k * 20), (740, 510 - k * 20)], 3),
                 (WOOD, pale(WOOD, .25))[k % 2], FINE)
    with pic.turned(0, 640, 640):                 # tape
        pic.dim(oval(10, 44, 90, 18), .2)
        pic.draw(box(-80, 10, 190, 40, 12), IRON)
        pic.draw(oval(0, -16, 58), ORANGE)
        pic.draw(oval(0, -16, 28), PAPER)
        pic.line(arc(0, -16, 44, 44, 190, 260), FINE, PAPER)
        pic.draw(poly([(46, -48), (120, -14), (116, 2), (50, -20)], 4), ORANGE, FINE)
        pic.draw(poly([(96, 10), (128, -22), (132, 18)], 4), STONE, FINE)
    sheet(pic, 790, 590, 130, 104, 8, 2)
    pic.dots([(818 + c * 38 - r * 4, 620 + r * 36 + c * 5) for r in range(2) for c in range(3)], 13, FLAME)


# -- house and soap ---------------------------------------------------------

def cocoon(pic, x, y, r, degrees, colour):
    """A piece of soap in the shape of a silk cocoon."""
    with pic.turned(degrees, x, y):
        pic.draw(f"M{p(-r * 1.5, 0)}C{p(-r * 1.5, -r * 1.2)} {p(-r * .5, -r * .96)} 0 {n(-r * .64)}"
                 f"C{p(r * .5, -r * .96)} {p(r * 1.5, -r * 1.2)} {p(r * 1.5, 0)}"
                 f"C{p(r * 1.5, r * 1.2)} {p(r * .5, r * .96)} 0 {n(r * .64)}"
                 f"C{p(-r * .5, r * .96)} {p(-r * 1.5, r * 1.2)} {p(-r * 1.5, 0)}z", colour)
        pic.dim(f"M{p(r * 1.5, -r * .1)}C{p(r * 1.5, r * 1.2)} {p(r * .5, r * .96)} 0 {n(r * .64)}"
                f"C{p(-r * .4, r * .94)} {p(-r * 1.1, r * 1.1)} {p(-r * 1.36, r * .5)}"
                f"Q{p(-r * .6, r * .66)} 0 {n(r * .36)}Q{p(r * 1.1, r * .8)} {p(r * 1.5, -r * .1)}z", .12)
        pic.line(f"M{p(-r * 1.2, -r * .3)}Q{p(-r * .98, -r * .68)} {p(-r * .6, -r * .66)}", 11, "#ffffff")
        pic.line(f"M{p(r * .6, -r * .62)}Q{p(r * .84, -r * .7)} {p(r, -r * .56)}", 8, "#ffffff")
        pic.line(f"M0 {n(-r * .5)}Q{p(r * .16, -r * .1)} {p(0, r * .22)}", FINE, deep(colour, .22))


def soap(pic, wall, top, pieces):
    """Soaps on a wooden dish."""
    room(pic, wall, top, 390, tiles=65, beam=False)
    shadow(pic, 836, 520, 90, 24)                 # a rolled towel
    for k, (y, tone) in enumerate(((480, ORANGE), (392, LINEN))):
        pic.draw(box(650, y - 46, 250, 92, 44), tone)
        pic.draw(oval(856, y, 44, 46), pale(tone, .3))
        pic.line(oval(856, y, 26, 27) + arc(856, y, 10, 10, 0, 300), FINE, deep(tone, .3))
    shadow(pic, 380, 640, 340, 50)
    quad = slab(pic, 370, 510, 480, 616, 600, WOOD, 30, 26)
    for k in range(1, 7):
        pic.line(path([between(quad[0], quad[1], k / 7), between(quad[3], quad[2], k / 7)]), FINE, deep(WOOD, .35))
    for (x, y, a), tone in zip(((234, 540, -6), (486, 546, 6), (360, 444, -9)), pieces):
        pic.dim(oval(x + 8, y + 54, 108, 20), .2)
        cocoon(pic, x, y, 76, a, tone)
    for x, y, r in ((300, 622, 30), (346, 634, 24), (256, 636, 22), (388, 644, 17), (220, 648, 14), (322, 652, 20)):
        pic.draw(oval(x, y, r), PAPER, FINE)      # suds
        pic.line(arc(x, y, r * .6, r * .6, 190, 260), FINE, WATER)
    with pic.turned(-5, 760, 614):                # a wrapped bar
        pic.dim(box(-98, -42, 230, 120, 10), .2)
        solid(pic, -110, 50, 190, 76, 70, PAPER, 8)
        pic.draw(box(-60, -26, 90, 76), ORANGE, FINE)
        pic.draw(poly([(-60, -26), (30, -26), (73, -55), (-17, -55)]), pale(ORANGE, .3), FINE)
        pic.draw(oval(-15, 12, 24), PAPER, FINE)
        heart(pic, -15, 13, 26, FLAME)
    for x, y, r in ((130, 330, 34), (196, 256, 22), (96, 234, 16), (570, 320, 30), (624, 256, 18), (548, 236, 13),
                    (380, 330, 18)):
        pic.light(oval(x, y, r), .7)
        pic.line(oval(x, y, r), FINE)
        pic.line(arc(x, y, r * .6, r * .6, 190, 260), FINE, ORANGE)
    for x, y, a in ((112, 600, -150), (120, 590, -96), (140, 640, 160)):
        leaf(pic, x, y, 110, a, 46, LEAF)


def cleaning(pic, wall, floor):
    """A corridor after the morning's cleaning."""
    pic.fill(box(0, 0, W, 480), wall)
    pic.fill(box(0, 330, W, 150), deep(wall, .1))
    pic.line(path([(0, 330), (W, 330)]), FINE)
    window(pic, 90, 60, 240, 200)
    pic.draw(box(700, 80, 200, 400, 6), OAK)      # a door
    pic.draw(box(730, 112, 140, 140, 6), SKY)
    pic.draw(oval(728, 300, 13), YOLK)
    pic.line(path([(740, 220), (790, 140)]) + path([(770, 236), (830, 140)]), FINE, PAPER)
    pic.fill(box(0, 480, W, 240), floor)
    for k in range(-6, 7):
        for r, (y0, y1) in enumerate(((480, 530), (530, 604), (604, 720))):
            if (k + r) % 2:
                a, b = (y0 - 280) / 200, (y1 - 280) / 200
                pic.light(poly([(480 + k * 110 * a, y0), (480 + (k + 1) * 110 * a, y0), (480 + (k + 1) * 110 * b, y1),
                                (480 + k * 110 * b, y1)]), .5)
    pic.draw(box(-20, 462, 1000, 22, 3), BARK, FINE)
    pic.line(path([(430, 120), (466, 470)]), 23)  # a mop on the wall
    pic.line(path([(430, 120), (466, 470)]), 9, WATER)
    pic.draw("M432 468q34-20 68 0q30 60 40 120q-16 20-30 0q-12 24-28 2q-14 22-30 0q-14 22-28-2q-14 20-26 0"
             "q10-70 34-120z", PAPER)
    pic.line("M448 500q-8 40-16 80M468 500q2 40 0 86M488 500q10 40 16 80", FINE, STONE)
    pic.draw(box(430, 452, 76, 30, 10), INDIGO)
    pic.line(path([(640, 70), (600, 470)]), 27)   # a broom
    pic.line(path([(640, 70), (600, 470)]), 13, WOOD)
    pic.draw("M556 486L646 494Q690 590 684 664Q590 690 508 646Q540 570 556 486z", STRAW)
    pic.line("M576 530q-24 60-34 110M600 530q-8 70-8 130M624 534q10 70 22 126", FINE, deep(STRAW, .35))
    pic.line("M552 524Q600 544 660 532", 11, RUST)
    pic.draw(poly([(560, 456), (648, 464), (652, 504), (552, 496)], 10), FLAME)
    shadow(pic, 250, 640, 170, 34)                # the bucket
    d = "M112 440C140 300 350 300 374 440"
    pic.rod(d, 4, STONE, 5.5)
    t = Turned(244, [(440, 142), (632, 108)], .2)
    vessel(pic, t, FLAME, mouth=ORANGE, content=WATER)
    pic.line(t.ring(480, 6, 174), FINE, RUST)
    for x, y, r in ((196, 434, 16), (228, 444, 12), (292, 432, 18)):
        pic.draw(oval(x, y, r), PAPER, FINE)
    pic.draw("M300 448L380 430Q396 500 388 566Q360 584 336 562Q320 580 304 560Q310 500 300 448z", PAPER)
    pic.line("M304 474q40 8 84-10M306 540q40 10 84-2", FINE, ORANGE)
    for x, y, r in ((800, 560, 34), (860, 630, 22), (744, 640, 18)):
        pic.draw(poly([polar(x, y, r if k % 2 == 0 else r * .3, k * 45 - 90) for k in range(8)], 4), YOLK, FINE)


def bins(pic, wall, floor, tones):
    """Sorting: cans, bottles, paper."""
    pic.fill(box(0, 0, W, 480), wall)
    for y in range(60, 480, 60):
        pic.line(path([(0, y), (W, y)]), HAIR, deep(wall, .1))
    pic.draw(box(-20, 30, 1000, 34, 4), OAK)
    pic.fill(box(0, 480, W, 240), floor)
    pic.line(path([(0, 480), (W, 480)]))

    def can(x, base, w, h, tone, a=0):
        with pic.turned(a, x, base):
            t = Turned(0, [(-h, w * .42), (-h * .9, w * .5), (-h * .08, w * .5), (0, w * .42)], .2)
            vessel(pic, t, STONE, mouth=pale(STONE), bands=[(-h * .8, -h * .16, tone)], shine=False)

    def pet(x, base, w, h, tone, a=0):
        with pic.turned(a, x, base):
            t = Turned(0, [(-h, w * .18), (-h * .76, w * .22), (-h * .56, w * .5), (0, w * .46)], .13)
            vessel(pic, t, pale(WATER), shine=False)
            pic.draw(box(-w * .48, -h * .48, w * .96, h * .26, 3), tone, FINE)
            pic.draw(box(-w * .24, -h * 1.06, w * .48, h * .1, 4), tone, FINE)

    for i, tone in enumerate(tones):
        x = 80 + i * 280
        cx = x + 120
        shadow(pic, cx + 16, 632, 140, 26)
        if i == 0:
            can(cx - 62, 330, 66, 100, FLAME, -14)
            can(cx + 8, 326, 66, 104, LEAF, 4)
            can(cx + 72, 330, 66, 96, INDIGO, 16)
        elif i == 1:
            pet(cx - 60, 336, 70, 170, FLAME, -12)
            pet(cx + 14, 330, 74, 184, GREEN, 5)
            pet(cx + 78, 336, 66, 160, ORANGE, 18)
        else:
            for k, a in enumerate((-14, -3, 9)):
                sheet(pic, cx - 90 + k * 50, 190 + k * 6, 96, 150, a, 3)
        pic.draw(poly([(x, 330), (x + 240, 330), (x + 222, 626), (x + 18, 626)], 14), tone)
        pic.dim(poly([(x + 176, 334), (x + 237, 334), (x + 219, 622), (x + 168, 622)]), .14)
        pic.draw(box(x - 14, 306, 268, 40, 14), deep(tone, .14))
        pic.draw(oval(cx, 472, 66), PAPER)
        if i == 0:
            can(cx, 508, 50, 74, tone)
        elif i == 1:
            pet(cx, 514, 46, 88, tone)
        else:
            for k in range(3):
                pic.draw(box(cx - 34 + k * 3, 488 - k * 18, 66, 20, 3), (PAPER, PEACH, LINEN)[k], FINE)
        pic.line(path([(x + 60, 580), (x + 180, 580)]), FINE, pale(tone, .6))
    for k in range(6):                            # newspapers in string
        pic.draw(box(36 + (k % 2) * 4, 664 - k * 17, 190, 19, 4), (LINEN, PAPER)[k % 2], FINE)
    pic.draw(poly([(36, 578), (230, 578), (262, 546), (76, 546)], 4), PAPER)
    pic.line(path([(130, 684), (130, 578), (166, 546)]), 9, RUST)
    can(880, 690, 84, 118, ORANGE, 6)
    with pic.turned(86, 720, 676):
        t = Turned(0, [(-110, 34), (-100, 40), (0, 40)], .2)
        vessel(pic, t, STONE, mouth=pale(STONE), bands=[(-88, -16, GREEN)], shine=False)


# -- art and places ---------------------------------------------------------

def gallery(pic, wall, floor, frames):
    """Pictures on a wall; each is (x, y, w, h, motif, ground, accent)."""
    room(pic, wall, floor, 580, beam=True, grain=False)
    pic.draw(box(-20, 556, 1000, 26, 3), PAPER, FINE)
    for x, y, w, h, motif, ground, accent in frames:
        pic.line(path([(x + w * .3, y), (x + w / 2, y - 40), (x + w * .7, y)]), HAIR)
        pic.fill(oval(x + w / 2, y - 40, 6), INK)
        pic.dim(box(x + 12, y + 14, w, h, 6), .16)
        pic.draw(box(x, y, w, h, 6), OAK if motif != "waves" else PAPER)
        pic.draw(box(x + 18, y + 18, w - 36, h - 36), ground, FINE)
        l, t, iw, ih = x + 21, y + 21, w - 42, h - 42
        cx, cy = l + iw / 2, t + ih / 2
        if motif == "mountain":
            pic.fill(oval(l + iw * .7, t + ih * .3, ih * .14), FLAME)
            pic.fill(f"M{p(l, t + ih * .74)}L{p(l + iw * .22, t + ih * .4)}L{p(l + iw * .36, t + ih * .56)}"
                     f"L{p(l + iw * .54, t + ih * .26)}L{p(l + iw, t + ih * .8)}V{n(t + ih)}H{n(l)}z", accent)
            pic.fill(f"M{p(l, t + ih * .84)}Q{p(cx, t + ih * .64)} {p(l + iw, t + ih * .86)}V{n(t + ih)}H{n(l)}z",
                     deep(accent, .3))
        elif motif == "dots":
            for r in range(5):
                for c in range(4):
                    pic.fill(pic.blob(l + iw * (.14 + .24 * c), t + ih * (.11 + .195 * r), iw * pic.between(.05, .1),
                                      count=6, rough=.12), pic.pick([accent, FLAME, YOLK, INDIGO]))
        elif motif == "fish":
            pic.draw(f"M{p(cx - iw * .36, cy)}Q{p(cx - iw * .06, cy - ih * .38)} {p(cx + iw * .2, cy)}"
                     f"L{p(cx + iw * .4, cy - ih * .2)}V{n(cy + ih * .2)}L{p(cx + iw * .2, cy)}"
                     f"Q{p(cx - iw * .06, cy + ih * .38)} {p(cx - iw * .36, cy)}z", accent)
            for k in range(3):
                pic.line(arc(cx - iw * .12 + k * iw * .1, cy, iw * .07, ih * .14, 290, 430), FINE, PAPER)
            pic.fill(oval(cx - iw * .22, cy - ih * .05, iw * .026), INK)
            for k in range(3):
                pic.line(oval(cx - iw * .36, cy - ih * (.18 + k * .1), iw * (.03 - k * .006)), HAIR)
        elif motif == "waves":
            for k in range(5):
                y0 = t + ih * (.16 + k * .17)
                pic.line(f"M{p(l + 8, y0)}q{n(iw * .12)} {n(-ih * .1)} {n(iw * .24)} 0t{n(iw * .24)} 0"
                         f"t{n(iw * .24)} 0t{n(iw * .2)} 0", 11, (accent, FLAME, accent, YOLK, accent)[k])
        elif motif == "flower":
            pic.line(f"M{p(cx, t + ih)}Q{p(cx - iw * .08, cy + ih * .2)} {p(cx, cy - ih * .1)}", 9, GREEN)
            leaf(pic, cx - 4, t + ih * .8, iw * .34, -30, iw * .09, LEAF)
            leaf(pic, cx - 4, t + ih * .88, iw * .34, -150, iw * .09, LEAF)
            for a in range(0, 360, 45):
                leaf(pic, cx, cy - ih * .14, iw * .32, a, iw * .1, accent, False)
            pic.draw(oval(cx, cy - ih * .14, iw * .1), YOLK, FINE)
    shadow(pic, 480, 690, 250, 18)
    for x in (270, 650):
        pic.draw(box(x, 640, 40, 50, 6), deep(WOOD, .25))
    pic.draw(box(230, 612, 500, 36, 12), WOOD)
    pic.line(path([(280, 630), (440, 630)]) + path([(520, 630), (690, 630)]), HAIR, deep(WOOD, .3))


def goods_on_counter(pic, kind, x, y):
    """What lies on a stall, from left to right, standing on height `y`."""
    if kind == "sweets":
        for dx, dy, colour, top in ((62, 0, ORANGE, "bare"), (152, 0, APRICOT, "melon"), (106, -54, OAK, "seeds")):
            bun(pic, x + dx, y + dy, 104, 70, colour, top)
        jar(pic, x + 250, y, 82, 112, FLAME, INDIGO, label=None, dots=False)
        jar(pic, x + 332, y, 78, 98, YOLK, RUST, label=None, dots=False)
        tote(pic, x + 428, y - 100, 100, 100, PAPER, "heart", FLAME, 44)
        yunomi(pic, x + 516, y, 72, 76, INDIGO, PAPER, 2)
    else:
        cabbage(pic, x + 60, y + 4, 52)
        negi(pic, x + 136, y + 4, 190, -8, 30, -1)
        negi(pic, x + 172, y + 4, 180, 7, 30)
        for dx, dy in ((240, -28), (300, -28), (270, -74)):
            tomato(pic, x + dx, y + dy, 33)
        for dx in (358, 390, 422):
            carrot(pic, x + dx, y - 92, 92, pic.near(0, 7), 32)
        cabbage(pic, x + 496, y + 4, 50, MINT)


def stall(pic, place, colours, goods, flags):
    """A stall with its awning: in a shopping hall or in the open."""
    if place == "hall":
        pic.fill(box(0, 0, W, 560), GROUND)
        for x in (60, 790):                       # shop windows of the hall
            pic.draw(box(x, 190, 120, 300, 8), SKY)
            pic.light(poly([(x + 14, 470), (x + 70, 204), (x + 104, 204), (x + 48, 470)]), .6)
        for x in (-30, 905):
            pic.draw(box(x, -20, 90, 580, 6), PEACH)
        pic.fill(box(0, 540, W, 180), LINEN)
        for k in range(-6, 7):
            pic.line(path([(480 + k * 100, 544), (480 + k * 220, 720)]), HAIR, STONE)
        pic.line(path([(0, 620), (W, 620)]), HAIR, STONE)
        pic.line(path([(0, 540), (W, 540)]))
    else:
        land(pic, 500, mix(LEAF, MINT, .4))
        for x in range(30, 960, 90):
            pic.line(path([(x, 650), (x + 6, 632)]) + path([(x + 10, 652), (x + 20, 638)]), FINE, MOSS)
        cherry_tree(pic, 70, 520, 220)
        cherry_tree(pic, 902, 516, 200, MOSS)
    bunting(pic, (-20, 60), (980, 60), 54, 13, flags)
    pic.dim(oval(480, 668, 350, 30), .2)
    for x in (180, 756):
        pic.draw(box(x, 240, 24, 420, 6), OAK)
    pic.fill(box(206, 300, 548, 170), deep(PEACH if place == "hall" else MINT, .12))
    pic.line(path([(206, 360), (754, 360)]), FINE, OAK)
    for k, x in enumerate(range(260, 740, 88)):    # things hanging at the back
        if goods == "sweets":
            pic.draw(poly([(x - 26, 364), (x + 26, 364), (x + 30, 420), (x - 30, 420)], 4),
                     (ORANGE, PAPER, LEAF, INDIGO)[k % 4], FINE)
        else:
            for s in (-10, 10):
                pic.draw(oval(x + s, 388, 13, 17), (ORANGE, STRAW)[k % 2], FINE)
            pic.line(path([(x, 362), (x, 378)]), FINE, BARK)
    goods_on_counter(pic, goods, 196, 484)
    pic.draw(box(140, 484, 680, 32, 8), WOOD)
    pic.draw(box(166, 516, 628, 144, 4), PAPER if place == "hall" else LINEN)
    if place == "hall":
        for k in range(7):
            heart(pic, 230 + k * 84, 590, 40, (FLAME, APRICOT)[k % 2])
    else:
        for x, tone in ((190, ORANGE), (400, MOSS), (610, YOLK)):
            pic.draw(box(x, 556, 160, 100, 5), WOOD)
            pic.line(path([(x + 2, 606), (x + 158, 606)]), FINE)
            for k in range(4):
                ball(pic, x + 26 + k * 36, 548, 21, tone, shine=False)
    if place == "hall":
        awning(pic, 170, 150, 620, 112, 46, colours)
    else:
        a, w, e = (480, 96), 720, 250
        count = 9
        x0 = 480 - w / 2
        for i in range(count):                    # the tent's roof rises to a point
            l, r = x0 + w * i / count, x0 + w * (i + 1) / count
            pic.draw(f"M{p(*a)}Q{p(lerp(480, l, .4), 196)} {p(l, e)}"
                     f"V{n(e + 40)}a{n(w / count / 2)} {n(30)} 0 0 0 {n(w / count)} 0V{n(e)}"
                     f"Q{p(lerp(480, r, .4), 196)} {p(*a)}z", colours[i % len(colours)])
        pic.line(path([(x0, e), (x0 + w, e)]), FINE)
        pic.draw("M480 98V40L540 58L480 78", FLAME)


def workshop(pic, walls, roof, trees):
    """The house of a workshop, its roof like a saw as in the weaving towns."""
    land(pic, 520, mix(LEAF, MINT, .3), sun=(830, 100))
    cherry_tree(pic, 96, 540, 250, trees)
    x, base, w = 180, 580, 600
    pic.dim(oval(490, 590, 400, 28), .2)
    step = w / 4
    for k in range(4):
        l = x + k * step
        pic.draw(poly([(l, 300), (l, 186), (l + step, 300)]), walls)
        pic.draw(poly([(l, 300), (l, 204), (l + 30, 222), (l + 30, 300)]), WATER, FINE)
        slope = path([(l - 6, 184), (l + step - 10, 290)])
        pic.rod(slope, 15, roof)
    pic.draw(box(x, 296, w, base - 296, 6), walls)
    pic.draw(box(x - 20, 284, w + 40, 26, 8), deep(roof, .15))
    for wx in (214, 334):
        pic.draw(box(wx, 360, 96, 112, 5), SKY)
        pic.line(path([(wx + 48, 360), (wx + 48, 472)]) + path([(wx, 416), (wx + 96, 416)]), FINE)
        pic.draw(box(wx - 12, 474, 120, 22, 6), WOOD, FINE)
        for k in range(4):
            pic.draw(oval(wx + 8 + k * 27, 466, 13), (FLAME, YOLK, ROSE, YOLK)[k], FINE)
    pic.draw(box(474, 372, 132, 208, 5), OAK)
    pic.draw(box(492, 392, 42, 170, 4), SKY, FINE)
    pic.draw(box(546, 392, 42, 170, 4), SKY, FINE)
    pic.line(path([(541, 470), (541, 500)]), 9, YOLK)
    awning(pic, 462, 326, 156, 40, 10, [FLAME, PAPER], 5)
    pic.draw(box(640, 352, 112, 100, 10), PAPER)
    heart(pic, 696, 404, 66, FLAME)
    pic.draw(poly([(460, 582), (620, 582), (680, 720), (380, 720)]), LINEN, FINE)
    pic.draw(box(660, 500, 100, 80, 6), WOOD)     # crates by the door
    pic.line(path([(660, 540), (760, 540)]), FINE)
    for k in range(3):
        cabbage(pic, 684 + k * 28, 506, 22)
    plant(pic, 440, 584, 66, 116, RUST)
    with pic.turned(0, 832, 630):                 # a bicycle
        pic.dim(oval(4, 58, 120, 12), .2)
        for wx in (-70, 70):
            pic.line(oval(wx, 10, 46), 9)
            pic.line(oval(wx, 10, 40), HAIR, STONE)
        pic.rod("M-70 10L-30-46H40L0 10H-70M0 10L-34-60M70 10L36-66", 5, FLAME, 3)
        pic.line("M-50-62H-18M36-66q6-20 30-14", 11)
        pic.draw(box(48, -66, 62, 46, 8), STRAW, FINE)
    for fx in (40, 110, 190, 300, 720, 930):
        pic.line(path([(fx, 690), (fx - 6, 672)]) + path([(fx + 8, 690), (fx + 16, 668)]), FINE, MOSS)


# ---------------------------------------------------------------------------
# The pictures
# ---------------------------------------------------------------------------

PICTURES = {
    # bread and sweets
    "cookies-tray": (oven_tray, dict(wall=MINT, top=WOOD, rows=[
        [("chips", ORANGE), ("flower", APRICOT), ("chips", ORANGE), ("square", STRAW)],
        [("plain", STRAW), ("chips", OAK), ("icing", ORANGE), ("flower", APRICOT)],
        [("square", STRAW), ("icing", ORANGE), ("chips", ORANGE), ("plain", STRAW)]])),
    "pound-cake": (loaf_board, dict(wall=PEACH, top=mix(WOOD, PAPER, .3), kind="pound", crust=OAK, crumb=YOLK,
                                    bits=RUST, topping=PAPER, side=RUST)),
    "pudding-jars": (pudding_jars, dict(wall=SKY, top=LINEN, flavours=[
        (YOLK, COCOA, None), (YOLK, COCOA, APRICOT), (ORANGE, COCOA, None), (YOLK, COCOA, PAPER),
                                                                       (ORANGE, COCOA, LEAF)])),
    "manju-steamer": (steamer, dict(wall=PEACH, top=OAK, cakes=[PAPER, APRICOT], curtain=INDIGO)),
    "anpan-basket": (bread_basket, dict(wall=GROUND, top=WOOD, cloth=PAPER, buns=[
        (ORANGE, "seeds"), (APRICOT, "melon"), (ORANGE, "seeds"), (OAK, "blossom"), (ORANGE, "seeds"),
                                                                                  (APRICOT, "melon"),
                                                                                  (OAK, "blossom")])),
    "shokupan-board": (loaf_board, dict(wall=LINEN, top=OAK, kind="hills", crust=ORANGE, crumb=PAPER)),
    # meals
    "bento-two-tier": (bento, dict(ground=mix(BARK, WOOD, .4), cloth=GROUND, lacquer=RUST, rice=PAPER, tiers="ume")),
    "onigiri-plate": (rice_balls, dict(wall=MINT, top=WOOD, fillings=[None, RUST, COCOA, None, MOSS])),
    "tofu-bowl": (tofu, dict(wall=SKY, top=STONE)),
    # from the field
    "negi-crate": (leek_crate, dict(count=6)),
    "lettuce-field": (lettuce_field, dict(heads=[LEAF, LEAF, mix(LEAF, STRAW, .4)])),
    "grapes-box": (fruit_box, dict(wall=GROUND, top=OAK, bunches=[
        (260, 426, 5, 23, PLUM), (640, 420, 5, 23, MOSS), (440, 440, 5, 26, PLUM)])),
    "eggs-basket": (egg_basket, dict(wall=mix(WOOD, PAPER, .3), top=BARK,
                                     shells=[APRICOT, PAPER, mix(OAK, PEACH, .5)])),
    "rice-bags": (rice_bags, dict(wall=GROUND, top=WOOD, bags=[
        (420, 560, 250, 320, LINEN, GREEN), (210, 636, 280, 370, WOOD, FLAME)])),
    "shiitake-log": (mushroom_log, {}),
    "flower-bed": (flower_bed, dict(colours=[YOLK, PLUM, FLAME, ROSE, PAPER])),
    # preserves and drinks
    "jam-jars": (jam_jars, dict(wall=GROUND, top=OAK, jars=[(FLAME, GREEN, FLAME), (PLUM, RUST, PLUM),
                                                            (YOLK, INDIGO, YOLK)])),
    "umeboshi-zaru": (zaru, dict(wall=LINEN, top=OAK, fruit=RUST, pot=OAK)),
    "miso-tub": (miso, dict(wall=PEACH, top=deep(WOOD, .1))),
    "udon-bundle": (noodles, dict(wall=LINEN, top=OAK, bundles=[
        (LINEN, FLAME), (PAPER, INDIGO), (PAPER, FLAME), (mix(STONE, LINEN, .4), GREEN), (LINEN, INDIGO)])),
    "coffee-drip": (coffee, dict(wall=APRICOT, top=BARK)),
    # gifts
    "gift-noshi": (noshi, dict(wall=MINT, top=WOOD, cloth=PLUM, accent=FLAME)),
    "keepsake-plaque": (keepsakes, dict(wall=SKY, top=WOOD, mark=GREEN)),
    # cloth and leather
    "saori-muffler": (scarves, dict(wall=GROUND, floor=WOOD, weaves=[
        [FLAME, ORANGE, APRICOT, PAPER, YOLK], [GREEN, LEAF, MINT, STRAW, MOSS], [INDIGO, WATER, PAPER, SKY, ROSE],
                                                                     [RUST, PLUM, ROSE, ORANGE, YOLK]])),
    "tote-bags": (bag_rail, dict(wall=SKY, floor=LINEN, bags=[(PAPER, "stripes", FLAME), (LINEN, "sprig", LEAF),
                                                              (YOLK, "base", RUST)])),
    "linen-stack": (linen_room, dict(wall=MINT, top=WOOD, stacks=[
        (70, 640, 280, 46, [(PAPER, ORANGE), (APRICOT, PAPER), (PAPER, ORANGE), (SKY, INDIGO), (PAPER, INDIGO)]),
        (380, 662, 250, 44, [(ORANGE, PAPER), (PAPER, GREEN), (LEAF, PAPER), (PAPER, GREEN)])])),
    "leather-cardcase": (leather_bench, dict(hide=ORANGE, accent=BARK)),
    "glass-beads": (bead_tray, dict(ground=OAK, cloth=LINEN, colours=[FLAME, WATER, YOLK, INDIGO, LEAF, ROSE,
                                                                      PAPER])),
    # wood and clay
    "wooden-train": (toy_train, dict(wall=SKY, floor=STRAW, cars=[LEAF, APRICOT])),
    "wooden-bench": (bench, dict(wall=PEACH, floor=LINEN, wood=OAK, pad=GREEN)),
    "yunomi-row": (tea_cups, dict(wall=LINEN, top=BARK, cups=[(OAK, PAPER, 0), (STONE, INDIGO, 2), (RUST, APRICOT, 1),
                                                              (LINEN, GREEN, 3)])),
    # paper and soap, art
    "envelopes-stack": (envelopes, dict(ground=mix(LEAF, PAPER, .35), papers=[PAPER, APRICOT, WOOD])),
    "soap-mayu": (soap, dict(wall=SKY, top=LINEN, pieces=[PAPER, mix(LEAF, PAPER, .6), PAPER])),
    "art-frames": (gallery, dict(wall=GROUND, floor=WOOD, frames=[
        (70, 120, 220, 180, "mountain", SKY, MOSS), (330, 90, 190, 260, "flower", PAPER, FLAME),
                                                                  (70, 350, 220, 170, "waves", PAPER, INDIGO),
        (560, 120, 330, 210, "fish", WATER, ORANGE), (560, 370, 160, 160, "dots", PAPER, LEAF),
                                                                  (750, 370, 140, 170, "flower", STRAW, PLUM)])),
    # services
    "print-press": (press, dict(wall=LINEN, floor=mix(STONE, PAPER, .3), inks=[FLAME, YOLK, INDIGO])),
    "laptop-desk": (desk, dict(wall=MINT, top=WOOD, screen=GREEN)),
    "box-packing": (packing, dict(wall=SKY, top=OAK)),
    "broom-bucket": (cleaning, dict(wall=GROUND, floor=STONE)),
    "recycle-bins": (bins, dict(wall=PEACH, floor=mix(STONE, PAPER, .4), tones=[FLAME, GREEN, INDIGO])),
    # occasions and places
    "bazaar-stall": (stall, dict(place="hall", colours=[FLAME, PAPER], goods="sweets",
                                 flags=[FLAME, YOLK, LEAF, PAPER])),
    "marche-tent": (stall, dict(place="open", colours=[GREEN, PAPER], goods="vegetables",
                                flags=[YOLK, ORANGE, PAPER, FLAME])),
    "workshop-front": (workshop, dict(walls=PAPER, roof=RUST, trees=LEAF)),
}


def render(name):
    """The SVG text of one picture."""
    scene, parameters = PICTURES[name]
    pic = Picture(name)
    scene(pic, **parameters)
    return pic.svg()


def main():
    """Write the pictures asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path, help="folder to write to")
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these pictures")
    args = parser.parse_args()
    unknown = sorted(set(args.names) - set(PICTURES))
    if unknown:
        parser.error("no such picture: " + ", ".join(unknown))
    args.out.mkdir(parents=True, exist_ok=True)
    for name in args.names or PICTURES:
        (args.out / f"{name}.svg").write_text(render(name), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
