"""A page's tree of elements: parsed, with what nobody sees left out, and its text as it is shown."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Literal

from lxml import etree

from ocr_pipeline.errors import LimitExceededError
from ocr_pipeline.raised import Shift, lowered, raised

__all__ = [
    "BLOCKS",
    "Element",
    "Step",
    "attribute",
    "has_parts_aside",
    "is_hidden",
    "is_removed",
    "is_struck",
    "parse_page",
    "squeezed",
    "tag_of",
    "text_lines",
    "walk",
]

Element = Any
"""An element of lxml's tree (``lxml.etree._Element``, which has no types of its own)."""

_BLOCK_NAMES = """
address article aside blockquote body caption center dd details dir div dl dt fieldset figcaption figure footer form
frameset h1 h2 h3 h4 h5 h6 header hr html legend li main menu nav ol p pre search section summary table tbody td tfoot
th thead tr ul"""
BLOCKS = frozenset(_BLOCK_NAMES.split())
"""Elements that begin and end a line of their own (WHATWG HTML, 15.3 "Flow content")."""

_NAMES_NEVER_SHOWN = """
area audio base button canvas datalist embed head iframe input link map meta noembed noframes noscript object optgroup
option param rp script select source style svg template textarea title track video"""
_NEVER_SHOWN = frozenset(_NAMES_NEVER_SHOWN.split())
_REMOVING = re.compile(r"display\s*:\s*none|visibility\s*:\s*collapse|mso-hide\s*:\s*all", re.IGNORECASE)
_HIDING = re.compile(r"visibility\s*:\s*hidden", re.IGNORECASE)
_UNSEEN = re.compile(
    r"""(?:font-size|opacity)\s*:\s*0+(?:\.0*)?(?![.\d]) | (?<![-\w])color\s*:\s*transparent
    | (?<![-\w])(?:left|top|text-indent)\s*:\s*-\d{4}""",
    re.IGNORECASE | re.VERBOSE,
)
_STRIKING = re.compile(r"text-decoration(?:-line)?\s*:[^;]*line-through", re.IGNORECASE)
_SHIFTED = re.compile(r"vertical-align\s*:\s*(super|sub)\b", re.IGNORECASE)
_WHITE = re.compile(
    r"(?<![-\w])color\s*:\s*(?:#fff(?:fff)?\b|white\b|rgb\(\s*255\s*,\s*255\s*,\s*255\s*\))", re.IGNORECASE
)
_WHITE_NAMES = ("#fff", "#ffffff", "white")
_SHIFTS: dict[str, Shift] = {"sup": raised, "rt": raised, "super": raised, "sub": lowered}
_ASIDE = re.compile(
    r"""(?<![-\w])(?: clip(?:-path)? | (?:flex-)?direction | float | order | transform | unicode-bidi | zoom )\s*:
    | (?<![-\w])(?:max-)?(?:height|width)\s*:\s*0+(?:\.0*)?(?:px|em|pt|%|\s*(?:;|$))
    | (?<![-\w])color\s*:\s*(?:rgba|hsla)\( | position\s*:\s*(?:absolute|fixed) | margin[-\w]*\s*:[^;]*-\d{3}
    | var\(""",
    re.IGNORECASE | re.VERBOSE,
)
_ASIDE_NAMES = ("bdo", "details", "dialog")
_PAGE_ENDS = re.compile(r"</(?:body|html)\s*>", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\r\n\f]+")
_BETWEEN_WIDE = re.compile(
    r"(?<=[\u2e80-\u9fff\uff00-\uff60])[ \t\f]*[\r\n][ \t\r\n\f]*(?=[\u2e80-\u9fff\uff00-\uff60])"
)
_INVISIBLE = re.compile(r"[\u200b-\u200f\u2060\ufeff\u00ad]")
_EDGES = " \t\r\n\f\v\u00a0\u3000\u2002\u2003\u2009"


def parse_page(text: str) -> Element | None:
    """The root element of a page; None where there is nothing at all.

    Nothing outside the text is ever looked at, and tags that do not match are repaired as libxml2 does it.

    Raises:
        LimitExceededError: elements are nested deeper than the parser goes, so that it would lose what follows.
    """
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=True, recover=True
    )
    # Pages go on after their end, and browsers show that too (WHATWG HTML, 13.2.6.4.21), but libxml2 drops it.
    content = _PAGE_ENDS.sub("", text.replace("\x00", "")).encode("utf-8", errors="replace")
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError:  # a document without a single element
        root = None
    if any("depth" in entry.message.lower() for entry in parser.error_log):
        raise LimitExceededError(
            "its elements are nested too deep", remedy="open the page in a browser and save it anew"
        )
    return root


def tag_of(element: Element) -> str:
    """The name of an element in lower case, without a namespace; empty for what is no element."""
    return str(element.tag).rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def attribute(element: Element, name: str) -> str:
    """The value of an attribute, stripped; empty where there is none."""
    return (element.get(name) or "").strip()


def is_hidden(element: Element) -> bool:
    """Whether an element says of itself that it is not shown, or was struck out; style sheets are not looked at.

    What holds more than characters counts as shown unless it is hidden in so many words: its parts may have a size and
    a colour of their own, a struck cell is a cell, and what is never closed would hide all that follows.
    """
    style = element.get("style") or ""
    if is_removed(element) or _HIDING.search(style):
        return True
    unseen = _UNSEEN.search(style) is not None or is_struck(element) or _is_white_beside_print(element)
    return unseen and next(element.iter(*BLOCKS), None) is None


def is_removed(element: Element) -> bool:
    """Whether an element says of itself that it is not there at all; what is only hidden keeps its place."""
    if tag_of(element) in _NEVER_SHOWN or tag_of(element) == "" or element.get("hidden") is not None:
        return True
    return bool(_REMOVING.search(element.get("style") or ""))


def is_struck(element: Element) -> bool:
    """Whether a line runs through its text: what an issuer took back."""
    return tag_of(element) in ("s", "strike", "del") or bool(_STRIKING.search(element.get("style") or ""))


def _is_white_beside_print(element: Element) -> bool:
    """Whether its text is white where that beside it is not: a place holder, or there to spoil copies.

    White text that stands alone may have a dark ground.
    """
    if not _is_white(element) or "background" in (element.get("style") or ""):
        return False
    before, after = element.getprevious(), element.getnext()
    beside = [element.tail, element.getparent().text if before is None else before.tail]
    beside += ["".join(other.itertext()) for other in (before, after) if other is not None and not _is_white(other)]
    return any((text or "").strip() for text in beside)


def _is_white(element: Element) -> bool:
    return bool(_WHITE.search(element.get("style") or "")) or attribute(element, "color").lower() in _WHITE_NAMES


def _shift(element: Element) -> Shift | None:
    """How the text of an element is written that is set above or below the line."""
    style = _SHIFTED.search(element.get("style") or "")
    return _SHIFTS.get(style[1].lower() if style else tag_of(element))


def has_parts_aside(cell: Element) -> bool:
    """Whether an element in a cell is laid out in ways that may hide its text or set it elsewhere than it is written.

    How that comes out only a browser says.
    """
    inner = (element for element in cell.iterdescendants() if (element.text or "").strip() or len(element))
    return any(tag_of(e) in _ASIDE_NAMES or _ASIDE.search(e.get("style") or "") is not None for e in inner)


Step = tuple[Literal["start", "text", "end"], Element, str]


def _never(element: Element) -> bool:  # noqa: ARG001 - the shape of a predicate
    return False


def walk(root: Element, skip: Callable[[Element], bool] = _never) -> Iterator[Step]:
    """All that is shown below an element, in order: starts and ends of elements, and the text between them.

    Args:
        root: where to begin; it is walked even when it is hidden.
        skip: for which elements below it there is a start and an end only, and nothing of their content.
    """
    # By hand and not by recursion: broken pages nest thousands of elements.
    open_elements: list[tuple[Element, Iterator[Element], Shift]] = []

    def enter(element: Element) -> Iterator[Step]:
        yield "start", element, ""
        shift = _shift(element) or (open_elements[-1][2] if open_elements else str)
        skipped = element is not root and skip(element)
        if element.text and not skipped:
            yield "text", element, shift(element.text)
        open_elements.append((element, iter(()) if skipped else iter(element), shift))

    yield from enter(root)
    while open_elements:
        element, children, shift = open_elements[-1]
        child = next(children, None)
        if child is None:
            open_elements.pop()
            yield "end", element, ""
            shift = open_elements[-1][2] if open_elements else str
        elif not is_hidden(child):
            yield from enter(child)
            continue
        after = element if child is None else child
        if after is not root and after.tail:
            parent = after.getparent()
            yield "text", root if parent is None else parent, shift(after.tail)


def squeezed(text: str) -> str:
    """Text as it is shown: white space run together, none where a line was only broken between Chinese characters."""
    text = _BETWEEN_WIDE.sub("", _INVISIBLE.sub("", text))
    return _SPACES.sub(" ", text.replace("\u00a0", " ")).strip(_EDGES)


def text_lines(element: Element) -> list[str]:
    """The text below an element, one string a line as shown, empty lines left out."""
    lines: list[list[str]] = [[]]
    for event, inner, text in walk(element):
        if event == "text":
            lines[-1].append(text)
        elif tag_of(inner) == "br" or tag_of(inner) in BLOCKS:
            lines.append([])
    shown = (squeezed("".join(line)) for line in lines)
    return [line for line in shown if line]
