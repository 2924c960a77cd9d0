"""Who reports on which year: what title, file name and text say, put together without guessing.

Each source has one vote. Where they agree, or only one speaks, that is the answer; where they do not, two of three
decide and the dissent is a finding; where there is no such majority the answer is None, and the finding says why.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ocr_pipeline.dataset.identity.bodies import bodies_of_text, body_of_name, body_of_title, same_body
from ocr_pipeline.dataset.identity.characters import CHINESE, spaceless
from ocr_pipeline.dataset.identity.regions import BodyName, split_body
from ocr_pipeline.dataset.identity.years import (
    Years,
    years_of_folder,
    years_of_name,
    years_of_text,
    years_of_title,
)
from ocr_pipeline.document import Finding, Severity

__all__ = ["Identity", "identify"]

_FOLDERS = 3


@dataclass(frozen=True, slots=True)
class Identity:
    """Body and year of a report, None where that is not certain.

    Attributes:
        body: as the title names it, or the fullest name; the government's name where a region reports.
        year: the year reported on.
        body_from: the sources that say so: ``title``, ``name``, ``folder``, ``text``.
        year_from: likewise.
        findings: codes ``year-conflict``, ``year-unknown``, ``body-conflict``, ``body-unknown``.
    """

    body: str | None
    year: int | None
    body_from: tuple[str, ...] = ()
    year_from: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def split(self) -> BodyName:
        """The body as region and department."""
        return split_body(self.body) if self.body else BodyName((), None)


def identify(title: str | None, name: str, text: str) -> Identity:
    """Body and year of one report.

    Args:
        title: the title of the document, if it has one.
        name: the name of its file with its path, also inside an archive (``reports.zip!/2023/report.pdf``).
        text: its prose.
    """
    *folders, file = [part for part in re.split(r"[/\\]", name.replace("!/", "/")) if part] or [""]
    stem = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", file)
    nearest = folders[::-1][:_FOLDERS]
    year, year_from, year_findings = _year(title or "", stem, nearest, text)
    body, body_from, body_findings = _body(title or "", stem, nearest, text)
    return Identity(body, year, body_from, year_from, (*year_findings, *body_findings))


def _year(
    title: str, stem: str, folders: Sequence[str], text: str
) -> tuple[int | None, tuple[str, ...], tuple[Finding, ...]]:
    says = {"title": years_of_title(title), "name": years_of_name(stem), "text": years_of_text(text)}
    if not says["name"].years:
        nearest = (years_of_folder(folder) for folder in folders)
        says["folder"] = next((years for years in nearest if years.years), Years((), firm=False))
    firm = {source: years.years for source, years in says.items() if years.firm and years.years}
    votes = firm or {source: years.years for source, years in says.items() if years.years}
    if not votes:
        return None, (), (_remark("year-unknown", Severity.INFO, "neither title nor file name nor text names a year"),)
    single = {source: years[0] for source, years in votes.items() if len(years) == 1}
    counts = {year: sum(other == year for other in single.values()) for year in single.values()}
    best = max(counts, key=lambda year: counts[year], default=None)
    certain = best is not None and (len(votes) == counts[best] or counts[best] >= 2)
    shown = {source: ", ".join(map(str, years)) for source, years in votes.items()}
    if not certain or best is None:
        return None, (), (_remark("year-conflict", Severity.WARNING, f"the year is not certain: {_list(shown)}"),)
    agreeing = tuple(source for source, years in says.items() if years.only == best)
    if len(votes) == counts[best]:
        return best, agreeing, ()
    message = f"{best} is taken for the year, but not all sources agree: {_list(shown)}"
    return best, agreeing, (_remark("year-conflict", Severity.WARNING, message),)


def _body(
    title: str, stem: str, folders: Sequence[str], text: str
) -> tuple[str | None, tuple[str, ...], tuple[Finding, ...]]:
    says = {"title": body_of_title(title), "name": _named(stem, folders)}
    named = {source: body for source, body in says.items() if body}
    announced = bodies_of_text(text)
    if not named:
        return _body_of_text(announced)
    prose = spaceless(text)
    # Each place in the text is ink of its own: two of them outvote a title that was misread.
    votes = [(source, body, 1) for source, body in named.items()]
    votes += [("text", body, min(2, prose.count(body))) for body in _near(named.values(), prose)]
    votes += [("text", body, 1) for body in named.values() if _backs(body, prose, announced)]
    weights = {body: sum(w for _, other, w in votes if same_body(body, other)) for _, body, _ in votes}
    best = max(weights, key=lambda body: (weights[body], len(body)))
    agreeing = tuple(dict.fromkeys(source for source, body, _ in votes if same_body(best, body)))
    if all(same_body(best, body) for _, body, _ in votes):
        return _fullest(best, list(named.values())), agreeing, ()
    rivals = [weight for body, weight in weights.items() if not same_body(best, body)]
    shown = _list({source: body for source, body, _ in reversed(votes)} | named)
    if weights[best] >= 2 and weights[best] > max(rivals):
        message = f"{best} is taken for the body, but not all sources agree: {shown}"
        return best, agreeing, (_remark("body-conflict", Severity.WARNING, message),)
    return None, (), (_remark("body-conflict", Severity.WARNING, f"the body is not certain: {shown}"),)


def _body_of_text(announced: Sequence[str]) -> tuple[str | None, tuple[str, ...], tuple[Finding, ...]]:
    if len(announced) == 1:
        return announced[0], ("text",), ()
    if announced:
        message = f"the body is not certain: the text names {', '.join(announced)}"
        return None, (), (_remark("body-conflict", Severity.WARNING, message),)
    return None, (), (_remark("body-unknown", Severity.INFO, "neither title nor file name nor text names a body"),)


def _backs(body: str, prose: str, announced: Sequence[str]) -> bool:
    return body in prose or any(same_body(body, other) for other in announced)


def _near(bodies: Iterable[str], prose: str) -> Iterator[str]:
    """Names in the text that differ from one of these in a single character of the region, where that is not there."""
    for body in dict.fromkeys(bodies):
        if body in prose:
            continue
        for place in range(len(split_body(body).region or "")):
            pattern = f"{re.escape(body[:place])}[{CHINESE}]{re.escape(body[place + 1 :])}"
            yield from dict.fromkeys(match[0] for match in re.finditer(pattern, prose))


def _fullest(body: str, named: Sequence[str]) -> str:
    """The longest of the names that ends with the first, which is the title's where there is one."""
    first = named[0]
    return max((name for name in (*named, body) if name.endswith(first)), key=len)


def _named(stem: str, folders: Sequence[str]) -> str | None:
    """The body that the file's name gives, after its folder where that is its region (松塘县/财政局.pdf)."""
    body = body_of_name(stem)
    if body is None or split_body(body).levels:
        return body
    for folder in folders:
        above = body_of_name(folder)
        region = split_body(above) if above else None
        if region is not None and region.levels and region.department is None:
            return f"{region.region}{body}"
    return body


def _list(says: Mapping[str, str]) -> str:
    return "; ".join(f"{source}: {what}" for source, what in says.items())


def _remark(code: str, severity: Severity, message: str) -> Finding:
    return Finding(code=code, severity=severity, message=message)
