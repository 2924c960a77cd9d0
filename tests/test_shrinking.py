import cv2
import numpy as np
import pytest

from ocr_pipeline.shrinking import is_gray, shrunk


@pytest.mark.parametrize("colored", [False, True])
def test_a_page_is_made_smaller_alike_with_or_without_color(colored: bool) -> None:
    rng = np.random.default_rng(7)
    page = np.repeat(rng.integers(0, 256, (301, 203, 1), dtype=np.uint8), 3, axis=2)
    if colored:
        page[100:130, 50:90, 1] = 0
    assert is_gray(page) is not colored
    found = shrunk(page, (101, 150))
    assert found.shape == (150, 101, 3)
    assert (found == cv2.resize(page, (101, 150), interpolation=cv2.INTER_AREA)).all()


@pytest.mark.parametrize("channel", [0, 1, 2])
@pytest.mark.parametrize("place", [(0, 0), (37, 122), (295, 197)])
def test_a_stamp_of_any_color_anywhere_is_seen(channel: int, place: tuple[int, int]) -> None:
    page = np.full((301, 203, 3), 240, np.uint8)
    page[place[0] : place[0] + 6, place[1] : place[1] + 6, channel] = 200
    assert not is_gray(page)
