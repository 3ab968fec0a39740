"""A picture that stands alone: the SVG of a page with its colours, title, licence and source in it, and the same as PNG.

PNG is drawn by resvg, which needs the letters as a file: whoever may open none cannot draw it.
"""

import math
import re
import textwrap
from collections.abc import Sequence
from importlib import resources
from typing import Final
from xml.sax.saxutils import escape

WIDTH: Final = 1000
SCALE: Final = 2.0
"""How many dots of PNG stand for one unit of the picture: enough for a slide."""
MOST_DOTS: Final = 4_000_000
"""Dots of PNG at the most: a higher picture is drawn smaller, since each dot takes time."""
_TITLE, _SMALL = 26, 15
_MARGIN, _STEP = 24, 21
_ROW = 110
"""Characters of a line below the picture."""
_INNER: Final = re.compile(r"<svg\b([^>]*)>", re.DOTALL)
_BOX: Final = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')
_SIZE: Final = re.compile(r' height="(\d+)"')
_FONT: Final = "DejaVu Sans"
STYLE: Final = """
text { font-family: 'DejaVu Sans', Verdana, sans-serif; font-size: 13px; fill: #16262b; }
svg svg text { paint-order: stroke; stroke: #ffffff; stroke-width: 3px; stroke-linejoin: round; }
.network text { font-size: 14px; } .timeline text { font-size: 15px; } .finland text { font-size: 16px; }
.title { font-size: 26px; font-weight: bold; } .small { font-size: 15px; fill: #4c5f66; }
.hit { display: none; } .network path { fill: none; }
.edge { stroke: #0f5c63; stroke-opacity: .75; stroke-width: 2; } .joint-organisation { stroke-width: 7; }
.partnership { stroke-width: 4; } .shared-context { stroke-dasharray: 6 5; } .through-people { stroke-dasharray: 2 4; }
.membership { stroke-dasharray: 10 3 2 3; } .node { fill: #a44c0d; stroke: #ffffff; stroke-width: 2; }
.dense .edge { stroke-opacity: .5; stroke-width: 1.3; } .dense .joint-organisation { stroke-width: 3.5; }
.dense .partnership { stroke-width: 2.2; }
.rule { stroke: #d5dcd9; } .year { fill: #4c5f66; } .sure { fill: #0f5c63; }
.possible { fill: #0f5c63; fill-opacity: .3; stroke: #0f5c63; stroke-width: 1.5; }
.land { fill: #d8e9e7; stroke: #0f5c63; stroke-linejoin: round; } .venue .mark { fill: #a44c0d; stroke: #ffffff; }
.subject .mark { fill: #ffffff; stroke: #0f5c63; stroke-width: 3; }
.area .mark { fill: #ffffff; fill-opacity: .12; stroke: #0f5c63; stroke-width: 2; stroke-dasharray: 4 3; }
"""


def svg(drawn: str, title: str, below: Sequence[str], language: str, root: str) -> str:
    """Frame the SVG of a page; addresses in it become whole, and ``below`` says where it comes from."""
    head = _INNER.search(drawn)
    box = _BOX.search(head[1]) if head else None
    if head is None or box is None:
        raise ValueError("This is no picture of ours.")
    width, height = float(box[1]), float(box[2])
    scale = min(1.0, WIDTH / width)
    titles = textwrap.wrap(title, 60)
    lines = [row for text in below for row in textwrap.wrap(text, _ROW, break_on_hyphens=False)]
    top = _MARGIN + len(titles) * 34
    bottom = top + height * scale + _MARGIN
    whole = round(bottom + len(lines) * _STEP + _MARGIN / 2)
    place = f'x="{(WIDTH - width * scale) / 2:g}" y="{top}" width="{width * scale:g}" height="{height * scale:g}"'
    inner = drawn[: head.start()] + f"<svg {place}{head[1]}>" + drawn[head.end() :]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {whole}" width="{WIDTH}" height="{whole}" '
            f'xml:lang="{language}" lang="{language}" role="img">',
            f"<title>{escape(title)}</title><desc>{escape(' '.join(below))}</desc><style>{STYLE}</style>",
            f'<rect width="{WIDTH}" height="{whole}" fill="#ffffff"/>',
            *_rows(titles, "title", _MARGIN + _TITLE, 34),
            re.sub(r'href="/', f'href="{escape(root)}', inner.strip()),
            *_rows(lines, "small", bottom + _SMALL, _STEP),
            "</svg>",
        ]
    )


def _rows(lines: Sequence[str], kind: str, first: float, step: int) -> list[str]:
    return [
        f'<text class="{kind}" x="{_MARGIN}" y="{first + number * step:g}">{escape(line)}</text>'
        for number, line in enumerate(lines)
    ]


def png(text: str) -> bytes:
    """Draw an SVG of ours as PNG, by the letters that travel with it."""
    import resvg_py  # three megabytes of a library that most processes never need

    with resources.as_file(resources.files(__package__) / "fonts" / "DejaVuSans-Latin.ttf") as font:
        return resvg_py.svg_to_bytes(
            svg_string=text, zoom=_zoom(text), skip_system_fonts=True, font_files=[str(font)], font_family=_FONT,
            sans_serif_family=_FONT,
        )  # fmt: skip


def _zoom(text: str) -> float:
    """Return how large an SVG of ours is drawn."""
    found = _SIZE.search(text)
    height = int(found[1]) if found else WIDTH
    return min(SCALE, math.sqrt(MOST_DOTS / (WIDTH * height)))
