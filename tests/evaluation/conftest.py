from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

TABLE_TWO = "<table><tr><td>信息内容</td><td>本年处理决定数量</td></tr><tr><td>行政许可</td><td>12</td></tr></table>"
TABLE_FOUR = "<table><tr><td>行政复议</td></tr><tr><td>结果维持</td></tr></table>"


@pytest.fixture
def write_json() -> Callable[[Path, Any], Path]:
    def write(path: Path, content: Any) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        return path

    return write


@pytest.fixture
def truth_folder(tmp_path: Path, write_json: Callable[[Path, Any], Path]) -> Path:
    """Two documents: ``one.pdf`` (form B, clean, with tables and prose), ``two.pdf`` (form A, fax, fields only)."""
    folder = tmp_path / "truth"
    one = {
        "form": "B",
        "fields": {
            "proactive/license/decisions": "12",
            "disputes/reconsideration/upheld": "",
            "applications/1/total": "3",
        },
        "tables": [TABLE_TWO, "<table><tr><td>总计</td><td>3</td></tr></table>", TABLE_FOUR],
        "title": "年度报告",
        "sections": [{"level": 1, "title": "一、总体情况", "text": "收到申请3件。\n"}],
    }
    write_json(folder / "gt" / "one.json", one)
    write_json(folder / "two_truth.json", {"form": "A", "fields": {"proactive/fees/items_change": "减少5"}})
    manifest = [
        {"file": "scans/one.pdf", "part": "scans", "profile": "clean", "gt": "one.json"},
        {"file": "scans/two.pdf", "part": "scans", "profile": "fax", "gt": "two_truth.json"},
    ]
    write_json(folder / "manifest.json", manifest)
    return folder


@pytest.fixture
def perfect_report() -> dict[str, Any]:
    """The report on ``one.pdf`` without a mistake; its tables in another order, one without a match."""
    return {
        "values": [
            {"id": "proactive/license/decisions", "value": 12, "unit": None, "raw": "12", "status": "verified"},
            {"id": "disputes/reconsideration/upheld", "value": None, "unit": None, "raw": "", "status": "blank"},
            {"id": "applications/1/total", "value": 3, "unit": None, "raw": "3", "status": "read"},
        ],
        "tables": [
            {"id": "t3", "html": TABLE_FOUR},
            {"id": "t0", "html": "<table><tr><td>目录</td></tr></table>"},
            {"id": "t1", "html": TABLE_TWO},
            {"id": "t2", "html": "<table><tr><td>总计</td><td>3</td></tr></table>"},
        ],
        "matches": [{"table": "t1", "form": "B", "part": "proactive", "score": 1.0}],
        "title": "年度报告",
        "sections": [{"level": 1, "title": "一、总体情况", "text": "收到申请3件。", "children": []}],
        "timings": {"pages": 0.5, "text": 1.5},
    }
