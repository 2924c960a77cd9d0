"""What properties of the layout are tried on."""

from hypothesis import strategies as st

from ocr_pipeline.geometry import Box

BOXES = st.builds(
    lambda x, y, w, h: Box(x, y, x + w, y + h),
    st.integers(0, 1500),
    st.integers(0, 2200),
    st.integers(0, 900),
    st.integers(0, 80),
)
"""Anywhere on an upright page, from nothing to most of its width."""
