from __future__ import annotations

import stat
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from ocr_pipeline.review.sessions import Keeper

TOKEN = "a token that is long enough"  # noqa: S105 - of this test


@given(st.text(max_size=150))
def test_a_session_comes_back_from_its_cookie(who: str) -> None:
    keeper = Keeper(Path("/nowhere"), TOKEN)
    session = keeper.new(who)
    assert keeper.session(keeper.cookie(session)) == session
    assert len(session.who) <= 100


@given(st.one_of(st.none(), st.text(max_size=200)))
def test_a_cookie_of_somebody_else_is_none(cookie: str | None) -> None:
    assert Keeper(Path("/nowhere"), TOKEN).session(cookie) is None


def test_a_changed_cookie_or_token_ends_the_session() -> None:
    keeper = Keeper(Path("/nowhere"), TOKEN)
    cookie = keeper.cookie(keeper.new("li"))
    for place in range(0, len(cookie), 7):
        changed = cookie[:place] + ("A" if cookie[place] != "A" else "B") + cookie[place + 1 :]
        found = keeper.session(changed)
        # Base64 ignores some bits of its last character; then it is the same payload.
        assert found is None or found == keeper.session(cookie)
    assert Keeper(Path("/nowhere"), TOKEN + "2").session(cookie) is None


def test_a_mark_is_good_for_its_own_session_alone() -> None:
    keeper = Keeper(Path("/nowhere"), TOKEN)
    one, two = keeper.new("li"), keeper.new("li")
    assert keeper.is_mark(keeper.mark(one), one)
    assert not keeper.is_mark(keeper.mark(one), two)
    assert keeper.is_mark(keeper.mark(one), keeper.new("wang", one.id))


def test_the_token_and_nothing_else_is_the_token() -> None:
    keeper = Keeper(Path("/nowhere"), TOKEN)
    assert keeper.knows(TOKEN)
    assert not keeper.knows(TOKEN[:-1])
    assert not keeper.knows("密")
    assert not Keeper(Path("/nowhere"), None).knows("")


def test_without_a_token_the_key_of_the_folder_outlives_the_server(tmp_path: Path) -> None:
    first = Keeper(tmp_path, None)
    cookie = first.cookie(first.new("li"))
    assert Keeper(tmp_path, None).session(cookie) is not None
    assert stat.S_IMODE((tmp_path / ".review" / "key").stat().st_mode) == 0o600
    (tmp_path / "file").write_bytes(b"")
    lost = Keeper(tmp_path / "file", None)
    assert lost.session(lost.cookie(lost.new())) is not None
