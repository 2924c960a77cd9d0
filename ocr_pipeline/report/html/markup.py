"""HTML as text that is escaped unless it was made here."""

from __future__ import annotations

import html
from collections.abc import Iterable

__all__ = ["Html", "el", "html_file", "join"]

_VOID = frozenset({"br", "img", "meta", "link", "hr", "image", "use", "rect", "path", "col"})

# Nothing in a file may load or run anything, whatever a document managed to smuggle into it.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"

Attribute = str | int | float | bool | None


class Html(str):
    """Text that is markup already; any other text is escaped when it becomes part of an element."""

    __slots__ = ()


def el(tag: str, *children: str | Iterable[str] | None, **attributes: Attribute) -> Html:
    """An element.

    Args:
        tag: its name.
        children: texts, which are escaped, and elements; None is left out.
        attributes: ``class_`` for ``class``, ``_`` for ``-``; None and False are left out, True stands without value.

    >>> el("a", "<b>", el("i", "x"), class_="wide", href='"')
    '<a class="wide" href="&quot;">&lt;b&gt;<i>x</i></a>'
    """
    start = f"<{tag}{''.join(_attribute(name, value) for name, value in attributes.items())}"
    if tag in _VOID:
        return Html(start + ("/>" if tag in ("image", "use", "rect", "path") else ">"))
    return Html(f"{start}>{join(children)}</{tag}>")


def join(children: Iterable[str | Iterable[str] | None]) -> Html:
    """Several texts and elements, one after the other."""
    return Html("".join(_text(child) for child in children))


def html_file(title: str, style: str, body: Html) -> str:
    """A whole file that needs nothing else, and that a browser lets load and run nothing.

    Args:
        title: of the window.
        style: CSS.
        body: everything that is shown.
    """
    head = [
        el("meta", charset="utf-8"),
        el("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("title", title),
        el("style", Html(style)),
    ]
    return f"<!DOCTYPE html>\n{el('html', el('head', head), el('body', body), lang='en')}\n"


def _text(child: str | Iterable[str] | None) -> str:
    if child is None:
        return ""
    if isinstance(child, Html):
        return str(child)
    if isinstance(child, str):
        return html.escape(child, quote=False)
    return str(join(child))


def _attribute(name: str, value: Attribute) -> str:
    if value is None or value is False:
        return ""
    name = name.rstrip("_").replace("_", "-")
    if name == "viewbox":
        name = "viewBox"
    if value is True:
        return f" {name}"
    shown = f"{value:g}" if isinstance(value, float) else str(value)
    return f' {name}="{html.escape(shown)}"'
