from __future__ import annotations

from ocr_pipeline.source.struck import struck_out_findings


def test_what_was_left_out_is_named() -> None:
    (finding,) = struck_out_findings(["12", " ", "一二三四五六七八九十" * 3])
    assert finding.code == "struck-out"
    assert "“12”" in finding.message
    assert "“一二三四五六七八九十一二三四五六七八九十”" in finding.message
    assert struck_out_findings(["", " "]) == ()


def test_much_of_it_is_counted() -> None:
    (finding,) = struck_out_findings(str(number) for number in range(8))
    assert finding.message.endswith("“4” and 3 more")
