"""The objects of an OFD page, read into what is painted where."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ocr_pipeline.geometry import Transform
from ocr_pipeline.source.ofd.graphics import Color, Glyph, Graphic, PathGraphic, PictureGraphic, TextGraphic
from ocr_pipeline.source.ofd.package import Element, child, children, numbers, text_of
from ocr_pipeline.source.ofd.path_data import contours
from ocr_pipeline.source.ofd.resources import Resources

__all__ = ["graphics_of"]

_DEPTH = 12  # of blocks, composite objects and parameters within each other: a file may refer to itself
_LINE_WIDTH = 0.353  # GB/T 33190, table 22
_BLACK: Color = (0, 0, 0)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an object stands: the map to the page, the drawing parameters around it, and how deep it is nested."""

    to_page: Transform
    parameter: str | None
    depth: int


def graphics_of(layers: Element, resources: Resources) -> Iterator[Graphic]:
    """Everything painted by the layers of a page, template or composite object.

    Args:
        layers: the ``Content`` element.
        resources: what its objects refer to.
    """
    for layer in children(layers, "Layer"):
        yield from _graphics(layer, resources, _Place(Transform.identity(), layer.get("DrawParam"), 0))


def _graphics(parent: Element, resources: Resources, place: _Place) -> Iterator[Graphic]:
    for element in children(parent):
        name = element.tag.rpartition("}")[2]
        if (element.get("Visible") or "true").lower() in ("false", "0") or place.depth > _DEPTH:
            continue
        if name == "PageBlock":
            yield from _graphics(element, resources, _Place(place.to_page, place.parameter, place.depth + 1))
            continue
        if name not in ("TextObject", "PathObject", "ImageObject", "CompositeObject"):
            continue
        to_page = _to_page(element, place.to_page, name == "ImageObject")
        if to_page is None:
            continue
        inner = _Place(to_page, element.get("DrawParam") or place.parameter, place.depth + 1)
        if name == "TextObject":
            yield _text(element, resources, inner)
        elif name == "PathObject":
            yield _path(element, resources, inner)
        elif name == "ImageObject":
            file = resources.pictures.get(element.get("ResourceID") or "")
            if file is not None:
                yield PictureGraphic(file, to_page)
        else:
            composite = resources.composites.get(element.get("ResourceID") or "")
            if composite is not None:
                for content in children(composite, "Content"):
                    yield from _graphics(content, resources, inner)


def _to_page(element: Element, around: Transform, picture: bool) -> Transform | None:
    """The map from an object's own space to the page; None for an object without extent."""
    boundary = numbers(element.get("Boundary"), 4) or (0.0, 0.0, 0.0, 0.0)
    matrix = numbers(element.get("CTM"), 6)
    if not matrix:
        # A picture without a matrix fills its boundary, as all readers show it.
        matrix = (boundary[2], 0.0, 0.0, boundary[3], 0.0, 0.0) if picture else (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    a, b, c, d, e, f = matrix
    try:
        return Transform((a, c, e + boundary[0], b, d, f + boundary[1], 0.0, 0.0, 1.0)).then(around)
    except ValueError:
        return None


def _text(element: Element, resources: Resources, place: _Place) -> TextGraphic:
    size = next(iter(numbers(element.get("Size"), 1)), 0.0)
    filled = (element.get("Fill") or "true").lower() not in ("false", "0")
    stroked = (element.get("Stroke") or "false").lower() in ("true", "1")
    color = _color(element, "FillColor", resources, place) or _BLACK if filled else None
    if not filled and stroked:
        color = _color(element, "StrokeColor", resources, place) or _BLACK
    if _is_transparent(element, "FillColor" if filled else "StrokeColor"):
        color = None
    return TextGraphic(
        glyphs=tuple(_glyphs(element, size)),
        size=size,
        font=element.get("Font") or "",
        color=color,
        to_page=place.to_page,
        stretch=next(iter(numbers(element.get("HScale"), 1)), 1.0) or 1.0,
    )


def _glyphs(element: Element, size: float) -> Iterator[Glyph]:
    indices = _glyph_indices(element)
    x = y = 0.0
    position = 0
    for code in children(element, "TextCode"):
        x = next(iter(numbers(code.get("X"), 1)), x)
        y = next(iter(numbers(code.get("Y"), 1)), y)
        text = code.text or ""
        across, down = _deltas(code.get("DeltaX"), len(text) - 1), _deltas(code.get("DeltaY"), len(text) - 1)
        # A code without any step would print its characters over each other; then they go on as wide as they are.
        steps = across or ([] if down else [size if ord(char) > 0x2E7F else size / 2 for char in text])
        here_x, here_y = x, y
        for number, char in enumerate(text):
            advance = steps[number] if number < len(steps) else None
            yield Glyph(char, here_x, here_y, advance, indices.get(position))
            here_x += advance or 0.0
            here_y += down[number] if number < len(down) else 0.0
            position += 1


def _deltas(written: str | None, count: int) -> list[float]:
    """Steps between characters, ``g n v`` written out; the last one goes on where there are too few."""
    tokens = (written or "").replace(",", " ").split()
    steps: list[float] = []
    position = 0
    try:
        while position < len(tokens) and len(steps) < count:
            if tokens[position] == "g":
                steps.extend([float(tokens[position + 2])] * min(int(float(tokens[position + 1])), count))
                position += 3
            else:
                steps.append(float(tokens[position]))
                position += 1
    except (ValueError, IndexError, OverflowError):
        pass
    if not all(abs(step) < 1e5 for step in steps):
        return []
    return [*steps, *[steps[-1]] * (count - len(steps))][:count] if steps else []


def _glyph_indices(element: Element) -> dict[int, int]:
    """For characters that are set by their number in the font, that number by their position in the text."""
    indices: dict[int, int] = {}
    for transform in children(element, "CGTransform"):
        start = next(iter(numbers(transform.get("CodePosition"), 1)), 0.0)
        glyphs = numbers(text_of(child(transform, "Glyphs")))
        for offset, glyph in enumerate(glyphs):
            indices[int(start) + offset] = int(glyph)
    return indices


def _path(element: Element, resources: Resources, place: _Place) -> PathGraphic:
    data = child(element, "AbbreviatedData")
    stroked = (element.get("Stroke") or "true").lower() not in ("false", "0")
    filled = (element.get("Fill") or "false").lower() in ("true", "1")
    width = numbers(element.get("LineWidth") or _inherited_width(resources, place.parameter), 1)
    stroke = _color(element, "StrokeColor", resources, place) or _BLACK
    return PathGraphic(
        contours=contours("" if data is None else data.text or ""),
        to_page=place.to_page,
        width=width[0] if width else _LINE_WIDTH,
        stroke=stroke if stroked and not _is_transparent(element, "StrokeColor") else None,
        fill=_color(element, "FillColor", resources, place)
        if filled and not _is_transparent(element, "FillColor")
        else None,
    )


def _is_transparent(element: Element, name: str) -> bool:
    painted = (element, *children(element, name))
    return any(numbers(one.get("Alpha"), 1) == (0.0,) for one in painted)


def _color(element: Element, name: str, resources: Resources, place: _Place) -> Color | None:
    """A colour by its components: one is grey, three are RGB, four CMYK; None where none is given."""
    written = child(element, name)
    if written is None:
        for parameter in _chain(resources, place.parameter):
            written = child(parameter, name)
            if written is not None:
                break
    values = numbers(written.get("Value")) if written is not None else ()
    if len(values) == 1:
        values = values * 3
    if len(values) == 4:
        c, m, y, k = (min(255.0, max(0.0, v)) / 255 for v in values)
        values = tuple(255 * (1 - ink) * (1 - k) for ink in (c, m, y))
    if len(values) != 3:
        return None
    red, green, blue = (int(min(255.0, max(0.0, v))) for v in values)
    return red, green, blue


def _inherited_width(resources: Resources, parameter: str | None) -> str | None:
    return next((p.get("LineWidth") for p in _chain(resources, parameter) if p.get("LineWidth")), None)


def _chain(resources: Resources, parameter: str | None) -> Iterator[Element]:
    """Drawing parameters and those that they build on."""
    for _ in range(_DEPTH):
        found = resources.parameters.get(parameter or "")
        if found is None:
            return
        yield found
        parameter = found.get("Relative")
