"""What the style sheets of a page say of characters inside the cells of its tables.

A class hides the digits that are only there to spoil copies, raises the mark of a note, strikes out what was corrected.
Of larger parts nothing is asked: scripts show what a sheet hides at first, and no table may be lost for that. Sheets
outside the page are not looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import cssselect2
import tinycss2

from ocr_pipeline.source.web.markup import BLOCKS, Element, attribute, tag_of

__all__ = ["apply_style_sheets"]

_NAMES = """
background background-color clip clip-path color direction display flex-direction float font-size height left margin
margin-left max-height max-width mso-hide opacity order position text-decoration text-decoration-line text-indent top
transform unicode-bidi vertical-align visibility width zoom"""
_ASKED = frozenset(_NAMES.split())
_SCREEN = ("", "all", "screen")
_MOST = 1_000_000
"""Characters of style sheets that are looked at; pages have a tenth of it."""

Declared = tuple[str, str, bool]
"""Name and value of a property, and whether it is important."""


def apply_style_sheets(root: Element) -> None:
    """Write into the ``style`` of elements inside table cells what the sheets say of them.

    What an element says itself goes before a sheet, importance aside (CSS Cascading and Inheritance Level 3, 6.1).

    Args:
        root: of the page; changed in place.
    """
    rules = [(selector, said) for prelude, said in _rules(_written(root)) for selector in _selectors(prelude)]
    if not rules:
        return
    matcher = cssselect2.Matcher()
    for selector, said in rules:
        matcher.add_selector(selector, said)
    for wrapped in cssselect2.ElementWrapper.from_html_root(root).iter_subtree():
        element = wrapped.etree_element
        if tag_of(element) not in BLOCKS and _is_in_cell(element):
            _apply(element, [declared for *_, declared in matcher.match(wrapped)])


def _apply(element: Element, matching: Sequence[list[Declared]]) -> None:
    """Write down what wins of what the matching rules declare, the strongest last, and what the element says itself."""
    if not matching:
        return
    own = _declared(tinycss2.parse_blocks_contents(element.get("style") or ""))
    winners: dict[str, Declared] = {}
    for declared in (*matching, own):
        for name, value, important in declared:
            if important or name not in winners or not winners[name][2]:
                winners[name] = (name, value, important)
    element.set("style", "; ".join(f"{name}: {value}" for name, value, _ in winners.values()))


def _is_in_cell(element: Element) -> bool:
    """Whether it stands in a cell, and no table in it."""
    above = element.getparent()
    while above is not None and tag_of(above) not in ("td", "th"):
        above = above.getparent()
    return above is not None and next(element.iter("table"), None) is None


def _written(root: Element) -> str:
    sheets = [e.text or "" for e in root.iter("style") if attribute(e, "media").lower() in _SCREEN]
    return "\n".join(sheets)[:_MOST]


def _rules(text: str) -> Iterator[tuple[list[Any], list[Declared]]]:
    """Selectors and declarations of the rules that say anything that is asked, in order."""
    pending = tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True)[::-1]
    while pending:
        rule = pending.pop()
        if rule.type == "at-rule" and rule.lower_at_keyword == "media" and rule.content is not None:
            if tinycss2.serialize(rule.prelude).strip().lower() in _SCREEN:
                inner = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
                pending.extend(reversed(inner))
        elif rule.type == "qualified-rule":
            declared = _declared(tinycss2.parse_blocks_contents(rule.content))
            if declared:
                yield rule.prelude, declared


def _declared(content: Iterable[Any]) -> list[Declared]:
    """Those declarations of a rule that say anything that is asked."""
    asked = (node for node in content if node.type == "declaration" and node.lower_name in _ASKED)
    return [(node.lower_name, tinycss2.serialize(node.value).strip(), node.important) for node in asked]


def _selectors(prelude: list[Any]) -> list[Any]:
    """Selectors of a rule; none where it names what only a browser knows (``:hover``, ``::before``), or is broken."""
    try:
        return [s for s in cssselect2.compile_selector_list(prelude) if s.pseudo_element is None]
    except cssselect2.SelectorError:
        return []
