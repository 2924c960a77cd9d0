"""The text of a report: sections one to six with their sub-sections, figures of the tables repeated in prose."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from ocr_pipeline.evaluation.synthetic import vocabulary as words
from ocr_pipeline.evaluation.synthetic.forms import PARTS, FormGrid

__all__ = ["Block", "Script", "body_name", "write_script"]

_CHINESE = "零一二三四五六七八九十"
_PROBLEM_TITLES = ("存在的主要问题及改进情况", "存在的主要问题及改进情况", "政府信息公开工作存在的主要问题及改进情况")


@dataclass(frozen=True, slots=True)
class Block:
    """One thing to be set: a heading (``level`` 1 to 3), a paragraph, or a table (``text`` is its part)."""

    kind: Literal["heading", "text", "table", "sign"]
    text: str
    level: int = 0


@dataclass(frozen=True, slots=True)
class Script:
    """Title and blocks of a report, in order."""

    body: str
    title: str
    blocks: tuple[Block, ...]


def body_name(rng: random.Random) -> str:
    """An invented body of an invented place."""
    place, second = (rng.choice(words.PLACE_FIRST) + rng.choice(words.PLACE_SECOND) for _ in range(2))
    return rng.choice(words.BODIES).format(place=place, place2=second)


def write_script(
    seed: int,
    year: int,
    printed: Mapping[str, str],
    grids: Sequence[FormGrid],
    *,
    restart_numbers: bool = False,
) -> Script:
    """Write a report.

    Args:
        seed: any integer.
        year: the year reported on.
        printed: field id to what the tables print; prose repeats some of it.
        grids: the tables it has.
        restart_numbers: headings of the table sections count from 一 again.
    """
    rng = random.Random(f"{seed}/prose")
    body = body_name(rng)
    title = rng.choice(
        [
            f"{body}{year}年政府信息公开工作年度报告",
            f"{body}{year}年度政府信息公开工作报告",
            f"{body}\n{year}年政府信息公开工作年度报告",
            f"{year}年{body}政府信息公开工作年度报告",
        ]
    )
    writer = _Writer(rng, body, year, printed)
    blocks = writer.preamble() if rng.random() < 0.3 else []
    blocks += [Block("heading", f"一、{rng.choice(['总体情况', '总体情况', '概述'])}", 1), *writer.overview()]
    for order, grid in enumerate(sorted(grids, key=lambda g: PARTS.index(g.part))):
        number = _CHINESE[order + 1 if restart_numbers else order + 2]
        blocks.append(Block("heading", f"{number}、{_heading(rng, grid)}", 1))
        if rng.random() < 0.1:
            blocks.append(Block("text", writer.figures(1) or "具体情况见下表。"))
        blocks.append(Block("table", grid.part))
    after = len(grids) + 2
    blocks += [Block("heading", f"{_CHINESE[after]}、{rng.choice(_PROBLEM_TITLES)}", 1), *writer.problems()]
    blocks += [Block("heading", f"{_CHINESE[after + 1]}、其他需要报告的事项", 1), *writer.others()]
    if rng.random() < 0.4:
        blocks.append(Block("sign", body))
        blocks.append(Block("sign", f"{year + 1}年{rng.randint(1, 3)}月{rng.randint(1, 28)}日"))
    return Script(body, title.replace("\n", "") if rng.random() < 0.5 else title, tuple(blocks))


def _heading(rng: random.Random, grid: FormGrid) -> str:
    return rng.choice(grid.headings) if rng.random() < 0.2 else grid.headings[0]


class _Writer:
    def __init__(self, rng: random.Random, body: str, year: int, printed: Mapping[str, str]) -> None:
        self.rng, self.body, self.year, self.printed = rng, body, year, printed

    def preamble(self) -> list[Block]:
        return [Block("text", self._fill(self.rng.choice(words.OPENINGS)))]

    def overview(self) -> list[Block]:
        rng = self.rng
        blocks = [Block("text", self._fill(s)) for s in rng.sample(words.OPENINGS, rng.choice([0, 1, 1, 2]))]
        names = [n for n in words.SUBSECTIONS if rng.random() < 0.8] or ["主动公开情况"]
        numbered = rng.random() < 0.8
        for order, name in enumerate(names, start=1):
            sentences = rng.sample(words.SUBSECTIONS[name], rng.randint(1, 4))
            text = "".join(self._fill(s) for s in sentences)
            if name == "依申请公开情况" or rng.random() < 0.25:
                text = self.figures(rng.randint(1, 2)) + text
            blocks += self._item(order, name, text, numbered)
        return blocks

    def _item(self, order: int, name: str, text: str, numbered: bool) -> list[Block]:
        """A sub-section: with a heading of its own, with the heading run into the text, or as plain text."""
        if not numbered:
            return [Block("text", text)]
        mark = f"（{_CHINESE[order]}）{name}"
        if self.rng.random() < 0.35:
            return [Block("text", f"{mark}。{text}")]
        blocks = [Block("heading", f"{mark}{self.rng.choice(['', '。'])}", 2)]
        if self.rng.random() < 0.15:
            for number, topic in enumerate(self.rng.sample(words.TOPICS, 2), start=1):
                blocks.append(Block("heading", f"{number}.{topic}信息公开", 3))
                blocks.append(Block("text", self._fill(self.rng.choice(words.SUBSECTIONS["主动公开情况"]))))
        return [*blocks, Block("text", text)]

    def figures(self, count: int) -> str:
        """Sentences that repeat figures; only those whose figures are all printed as plain numbers."""
        usable = [
            s
            for s in words.FIGURE_SENTENCES
            if all(re.fullmatch(r"[\d,]+", self.printed.get(key, "")) for key in re.findall(r"\{(.+?)\}", s))
        ]
        chosen = self.rng.sample(usable, min(count, len(usable)))
        return "".join(re.sub(r"\{(.+?)\}", lambda m: self.printed[m[1]], s) for s in chosen)

    def problems(self) -> list[Block]:
        rng = self.rng
        problems = rng.sample(words.PROBLEMS, rng.randint(1, 3))
        measures = rng.sample(words.MEASURES, rng.randint(1, 3))
        if rng.random() < 0.4:
            return [
                Block("heading", "（一）存在的主要问题", 2),
                *(Block("text", f"{i}.{problem}。") for i, problem in enumerate(problems, start=1)),
                Block("heading", "（二）改进措施", 2),
                *(Block("text", f"{i}.{measure}。") for i, measure in enumerate(measures, start=1)),
            ]
        return [
            Block("text", f"{self.year}年的工作虽有进步，但仍然存在不足：{'；'.join(problems)}。"),
            Block("text", f"下一步，我们将{'；'.join(measures)}，推动公开工作再上台阶。"),
        ]

    def others(self) -> list[Block]:
        chosen = self.rng.sample(words.OTHER_MATTERS, self.rng.choice([1, 1, 2, 3]))
        return [Block("text", self._fill(sentence)) for sentence in chosen]

    def _fill(self, sentence: str) -> str:
        rng = self.rng
        slots: dict[str, object] = {"year": self.year, "body": self.body}
        for name, pool in (
            ("topic", words.TOPICS),
            ("field", words.FIELDS),
            ("channel", words.CHANNELS),
            ("measure", words.MEASURES),
        ):
            slots[name], slots[name + "2"] = rng.sample(pool, 2)
        slots["unit"] = rng.choice(words.UNITS)
        for name, low, high in (("k", 1, 9), ("n", 10, 99), ("m", 100, 9999)):
            slots[name], slots[name + "2"] = rng.randint(low, high), rng.randint(low, high)
        slots["p"] = rng.choice([str(rng.randint(5, 100)), f"{rng.uniform(1, 99):.1f}", f"{rng.uniform(1, 99):.2f}"])
        return sentence.format(**slots)
