"""The style sheet of the page; statuses in the colours that they have everywhere."""

from __future__ import annotations

from ocr_pipeline.report.palette import STATUS_STYLES

__all__ = ["STYLE"]

# The pale fills are made for dark text, in a dark page too.
_STATUSES = "\n".join(
    f"td.{status.value}, .key.{status.value} {{ background: rgb{style.fill}; color: #1d232b }}"
    for status, style in STATUS_STYLES.items()
    if style.mark and style.mark != "~"
)

STYLE = (
    """
:root { --ink: #1d232b; --faint: #5d6773; --rule: #d9dee4; --paper: #fff; --ground: #f4f6f8;
        --gone: #fbe3d6; --gone-ink: #8a3a00; --new: #d6efe6; --new-ink: #00563f; --warn: #fdf3dc }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e8ed; --faint: #9aa5b1; --rule: #39424d; --paper: #1b2128;
        --ground: #12161b; --gone: #4a2a18; --gone-ink: #f3b48f; --new: #12392e; --new-ink: #8fdcc2;
        --warn: #3a321c } }
body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.6 system-ui, "Noto Sans",
       "Noto Sans CJK SC", "Microsoft YaHei", sans-serif }
main { max-width: 1180px; margin: 0 auto; padding: 28px 24px 60px }
h1 { font-size: 24px; margin: 0 0 14px }
h2 { font-size: 19px; margin: 34px 0 12px }
h3 { font-size: 15px; margin: 0 0 8px }
.party, section, .tile { background: var(--paper); border: 1px solid var(--rule); border-radius: 8px }
.parties { display: grid; grid-template-columns: 1fr 1fr; gap: 16px }
.party { padding: 12px 16px; color: var(--faint); font-size: 13px; overflow-wrap: anywhere }
.party b { display: block; color: var(--ink); font-size: 16px }
.remarks { background: var(--warn); border: 1px solid var(--rule); border-radius: 8px; margin: 16px 0 0;
           padding: 10px 16px 10px 34px; overflow-wrap: anywhere }
.remarks .broken { color: var(--gone-ink) }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(130px, 1fr)); gap: 12px; margin: 0 0 14px }
.tile { padding: 8px 14px }
.tile b { display: block; font-size: 21px; line-height: 1.3 }
.tile span { color: var(--faint); font-size: 13px; line-height: 1.3; display: block }
section { padding: 14px 18px; margin: 0 0 14px }
table { border-collapse: collapse; width: 100%; font-size: 14px }
th, td { text-align: left; padding: 3px 12px 3px 0; border-bottom: 1px solid var(--rule); vertical-align: top;
         font-weight: 400 }
thead th { color: var(--faint); position: sticky; top: 0; background: var(--paper) }
thead th:nth-child(n+3) { text-align: right; padding-right: 26px }
th.row { width: 38%; font-weight: 500 }
th.row small { display: block; color: var(--faint); font-weight: 400; line-height: 1.4 }
td.column { color: var(--faint); min-width: 9em }
td.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; padding-right: 8px }
td.number i { font-style: normal; display: inline-block; width: 1em; text-align: left; padding-left: 3px }
td.percent, td.none, tr.same td { color: var(--faint) }
td.up { color: var(--new-ink); font-weight: 600 }
td.down { color: var(--gone-ink); font-weight: 600 }
#all { margin: 0 6px 14px 0 }
.switch { color: var(--faint); user-select: none }
#all:not(:checked) ~ section.quiet, #all:not(:checked) ~ section tr.quiet { display: none }
section.text p { margin: 0; overflow-wrap: anywhere }
.depth2 { margin-left: 26px }
.depth3 { margin-left: 52px }
.depth4 { margin-left: 78px }
section.text.quiet p { color: var(--faint) }
ins { background: var(--new); color: var(--new-ink); text-decoration: none; border-radius: 3px; padding: 0 2px }
del { background: var(--gone); color: var(--gone-ink); border-radius: 3px; padding: 0 2px }
.badge { font-size: 12px; font-weight: 500; border: 1px solid var(--rule); border-radius: 10px; padding: 1px 8px;
         margin-left: 8px; color: var(--faint) }
.badge.added { color: var(--new-ink); background: var(--new) }
.badge.removed { color: var(--gone-ink); background: var(--gone) }
details { display: inline }
details[open] { display: block }
summary { display: inline-block; cursor: pointer; color: var(--faint); font-size: 12px; padding: 0 8px; margin: 0 6px;
          border: 1px dashed var(--rule); border-radius: 10px }
.key { display: inline-block; width: 1.6em; text-align: center; border-radius: 3px }
.legend p { margin: 0; color: var(--faint); font-size: 13px }
@media print { body { background: none }
               section, .tile, .party { break-inside: avoid }
               .switch, #all { display: none } }
"""
    + _STATUSES
)
