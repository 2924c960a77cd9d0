from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocr_pipeline.dataset.compare.text import Piece, compare_text

TEXTS = st.text(alphabet="公开信息年件条全我局。；，\n 0123456789.%abc", max_size=80)


def shown(before: str, after: str) -> str:
    marks = {"same": "{}", "removed": "[-{}-]", "added": "{{+{}+}}"}
    return "".join(marks[piece.kind].format(piece.text) for piece in compare_text(before, after))


@given(TEXTS, TEXTS)
def test_the_pieces_make_up_both_texts(before: str, after: str) -> None:
    pieces = compare_text(before, after)
    assert "".join(piece.text for piece in pieces if piece.kind != "added") == before
    assert "".join(piece.text for piece in pieces if piece.kind != "removed") == after
    assert all(piece.text for piece in pieces)
    assert all(one.kind != other.kind for one, other in pairwise(pieces))


@given(TEXTS)
def test_a_text_is_the_same_as_itself(text: str) -> None:
    assert compare_text(text, text) == ((Piece("same", text),) if text else ())


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("公开信息12条。", "公开信息40条。", "公开信息[-12-]{+40+}条。"),
        ("公开信息1,234条。", "公开信息1,235条。", "公开信息[-1,234-]{+1,235+}条。"),
        ("占57.6%。", "占58.6%。", "占[-57.6%-]{+58.6%+}。"),
        ("组织培训5次。", "组织业务培训15次。", "组织{+业务+}培训[-5-]{+15+}次。"),
        ("一句。又一句。", "一句。", "一句。[-又一句。-]"),
        ("", "全新的一段。", "{+全新的一段。+}"),
        ("旧的一段没有了。", "", "[-旧的一段没有了。-]"),
        # A sentence that stands elsewhere among rewritten ones is still the same sentence.
        (
            "甲乙丙丁戊己。\n如有疑问，请与办公室联系。\n庚辛壬癸子丑。",
            "寅卯辰巳午未。\n如有疑问，请与综合科联系。\n",
            "{+寅卯辰巳午未。\n+}[-甲乙丙丁戊己。\n-]如有疑问，请与[-办公室-]{+综合科+}联系。\n[-庚辛壬癸子丑。-]",
        ),
    ],
)
def test_changes_are_shown_as_people_would_mark_them(before: str, after: str, expected: str) -> None:
    assert shown(before, after) == expected
