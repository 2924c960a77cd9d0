from __future__ import annotations

import dataclasses
import math
import pickle

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ocr_pipeline.geometry import Box, Point, Polygon, Transform

coordinates = st.floats(-1e4, 1e4, allow_nan=False).map(lambda v: round(v, 3))
sizes = st.floats(0, 1e4, allow_nan=False).map(lambda v: round(v, 3))
whole_sizes = st.integers(1, 5000)
points = st.tuples(coordinates, coordinates)


@st.composite
def boxes(draw: st.DrawFn) -> Box:
    left, top = draw(points)
    return Box(left, top, left + draw(sizes), top + draw(sizes))


@st.composite
def affine(draw: st.DrawFn) -> Transform:
    """Any chain of the steps that pages go through: scale, turn, straighten, move."""
    angle = math.radians(draw(st.floats(-30, 30)))
    cos, sin = math.cos(angle), math.sin(angle)
    rotation = Transform((cos, -sin, 0.0, sin, cos, 0.0, 0.0, 0.0, 1.0))
    scaling = Transform.scaling(draw(st.floats(0.1, 10)), draw(st.floats(0.1, 10)))
    turns = Transform.quarter_turns(draw(st.integers(0, 3)), draw(whole_sizes), draw(whole_sizes))
    return scaling.then(turns).then(rotation).then(Transform.translation(*draw(points)))


@st.composite
def projective(draw: st.DrawFn) -> Transform:
    """A photographed page: lines stay lines, parallels do not; the page itself stays in front of the camera."""
    tilt = [draw(st.floats(-2e-5, 2e-5)) for _ in range(2)]
    return Transform((1.0, 0.0, 0.0, 0.0, 1.0, 0.0, *tilt, 1.0)).then(draw(affine()))


def _close(a: Point, b: Point, tolerance: float = 1e-4) -> bool:
    return math.dist(a, b) <= tolerance


# Boxes


@pytest.mark.parametrize(
    "edges",
    [(1, 0, 0, 1), (0, 1, 1, 0), (math.nan, 0, 1, 1), (0, 0, math.inf, 1), (-math.inf, 0, 1, 1)],
)
def test_impossible_boxes_are_refused(edges: tuple[float, float, float, float]) -> None:
    with pytest.raises(ValueError, match="box"):
        Box(*edges)


def test_a_box_is_frozen_and_compares_by_value() -> None:
    box = Box(1, 2, 3, 4)
    with pytest.raises(dataclasses.FrozenInstanceError):
        box.left = 0  # type: ignore[misc]
    assert box == Box(1.0, 2.0, 3.0, 4.0)
    assert pickle.loads(pickle.dumps(box)) == box
    assert len({box, Box(1, 2, 3, 4)}) == 1


def test_measures_of_a_box() -> None:
    box = Box(10, 20, 40, 60)
    assert (box.width, box.height, box.area, box.center) == (30, 40, 1200, (25, 40))
    assert box.corners == ((10, 20), (40, 20), (40, 60), (10, 60))


def test_half_open_neighbours_share_no_pixel() -> None:
    left, right = Box(0, 0, 5, 5), Box(5, 0, 10, 5)
    assert left.intersection_area(right) == 0
    assert [box.contains_point((5, 2)) for box in (left, right)] == [False, True]
    image = np.zeros((5, 10), np.uint8)
    for box in (left, right):
        image[box.slices()] += 1
    assert (image == 1).all()


@given(st.lists(points, min_size=1, max_size=8))
def test_around_is_the_smallest_box_that_holds_all_points(several: list[Point]) -> None:
    box = Box.around(several)
    assert all(box.left <= x <= box.right and box.top <= y <= box.bottom for x, y in several)
    assert {box.left, box.right} <= {x for x, _ in several}
    assert {box.top, box.bottom} <= {y for _, y in several}


def test_around_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="not enough values"):
        Box.around([])
    with pytest.raises(ValueError, match="not enough values"):
        Box.union_of([])


@given(boxes(), boxes())
def test_union_holds_both_and_intersection_lies_in_both(a: Box, b: Box) -> None:
    union = Box.union_of([a, b])
    assert union == Box.union_of([b, a])
    assert union.area >= max(a.area, b.area)
    assert Box.union_of([union, a]) == union
    shared = a.intersection_area(b)
    assert shared == b.intersection_area(a)
    assert 0 <= shared <= min(a.area, b.area) * (1 + 1e-9)


@given(boxes(), boxes())
def test_iou_is_symmetric_and_one_only_for_the_same_box(a: Box, b: Box) -> None:
    assert a.iou(b) == pytest.approx(b.iou(a))
    assert 0 <= a.iou(b) <= 1 + 1e-9
    if a.area > 1:
        assert a.iou(a) == pytest.approx(1)
        assert a.share_inside(Box.union_of([a, b])) == pytest.approx(1)


def test_iou_and_share_of_empty_boxes_are_zero() -> None:
    empty = Box(3, 3, 3, 9)
    assert empty.iou(empty) == 0
    assert empty.share_inside(Box(0, 0, 10, 10)) == 0


def test_iou_by_hand() -> None:
    assert Box(0, 0, 4, 4).iou(Box(2, 2, 6, 6)) == pytest.approx(4 / 28)
    assert Box(0, 0, 4, 4).share_inside(Box(2, 2, 6, 6)) == pytest.approx(1 / 4)


@given(boxes(), st.floats(0, 1e3))
def test_expanding_outwards_and_back_is_the_same_box(box: Box, margin: float) -> None:
    grown = box.expanded(margin)
    assert box.share_inside(grown) in (0.0, pytest.approx(1))
    assert grown.expanded(-margin).as_tuple() == pytest.approx(box.as_tuple(), abs=1e-6)


@given(boxes(), st.floats(0, 1e5))
def test_shrinking_never_turns_a_box_inside_out_and_keeps_its_centre(box: Box, margin: float) -> None:
    shrunk = box.expanded(-margin)
    assert shrunk.width <= box.width
    assert shrunk.center == pytest.approx(box.center, abs=1e-6)


@given(boxes(), whole_sizes, whole_sizes)
def test_clipping_keeps_inside_the_image_what_was_inside(box: Box, width: int, height: int) -> None:
    image = Box(0, 0, width, height)
    clipped = box.clipped(width, height)
    assert clipped.area == pytest.approx(box.intersection_area(image), abs=1e-3)
    assert clipped.clipped(width, height) == clipped
    assert Box.union_of([clipped, image]) == image


@given(boxes(), coordinates, coordinates)
def test_moving_there_and_back(box: Box, dx: float, dy: float) -> None:
    moved = box.translated(dx, dy)
    assert (moved.width, moved.height) == (pytest.approx(box.width, abs=1e-6), pytest.approx(box.height, abs=1e-6))
    assert moved.translated(-dx, -dy).as_tuple() == pytest.approx(box.as_tuple(), abs=1e-6)


@given(boxes(), st.floats(0.01, 100))
def test_scaling_scales_area_by_the_square(box: Box, factor: float) -> None:
    assert box.scaled(factor).area == pytest.approx(box.area * factor**2, rel=1e-6, abs=1e-3)


@given(boxes())
def test_slices_are_never_negative_and_near_the_size_of_the_visible_part(box: Box) -> None:
    rows, columns = box.slices()
    assert 0 <= rows.start <= rows.stop
    assert 0 <= columns.start <= columns.stop
    if box.left >= 0 and box.top >= 0:
        assert abs((rows.stop - rows.start) - box.height) <= 1
        assert abs((columns.stop - columns.start) - box.width) <= 1


# Polygons


def test_impossible_polygons_are_refused() -> None:
    with pytest.raises(ValueError, match="2 points"):
        Polygon(((0, 0), (1, 1)))
    with pytest.raises(ValueError, match="not finite"):
        Polygon(((0, 0), (1, 1), (math.nan, 0)))


@given(boxes())
def test_the_polygon_of_a_box_has_its_bounds(box: Box) -> None:
    assert Polygon(box.corners).bounds == box


# Transforms


@pytest.mark.parametrize(
    ("matrix", "message"),
    [
        ((1.0,) * 8, "nine"),
        ((math.nan, *[0.0] * 8), "nine finite"),
        ((1.0, 2.0, 0.0, 2.0, 4.0, 0.0, 0.0, 0.0, 1.0), "inverse"),
        ((0.0,) * 9, "inverse"),
    ],
)
def test_impossible_transforms_are_refused(matrix: tuple[float, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Transform(matrix)


@given(projective(), st.lists(points, max_size=5))
def test_inverse_undoes(transform: Transform, several: list[Point]) -> None:
    back = transform.inverse().points(transform.points(several))
    assert all(_close(a, b, 1e-2) for a, b in zip(several, back, strict=True))


@given(projective(), projective(), points)
def test_then_applies_one_after_the_other(first: Transform, second: Transform, point: Point) -> None:
    [middle] = first.points([point])
    denominator = float(np.dot(second.as_array()[2], (*middle, 1.0)))
    assume(abs(denominator) > 0.1)  # far from the horizon
    [expected] = second.points([middle])
    [result] = first.then(second).points([point])
    assert _close(result, expected, 1e-6 * max(1.0, *map(abs, expected)))


@given(affine(), affine())
def test_inverse_of_a_chain_is_the_chain_of_inverses_backwards(first: Transform, second: Transform) -> None:
    whole = first.then(second).inverse()
    parts = second.inverse().then(first.inverse())
    assert np.allclose(whole.as_array(), parts.as_array(), rtol=1e-6, atol=1e-4)


@given(affine())
def test_identity_changes_nothing(transform: Transform) -> None:
    identity = Transform.identity()
    assert transform.then(identity) == transform == identity.then(transform)


@pytest.mark.parametrize("turns", range(-4, 9))
def test_quarter_turns_do_to_points_what_numpy_does_to_pixels(turns: int) -> None:
    height, width = 3, 5
    image = np.arange(height * width).reshape(height, width)
    turned = np.rot90(image, -turns)
    transform = Transform.quarter_turns(turns, width, height)
    for y in range(height):
        for x in range(width):
            [(u, v)] = transform.points([(x + 0.5, y + 0.5)])
            assert turned[math.floor(v), math.floor(u)] == image[y, x]


@given(st.integers(-8, 8), whole_sizes, whole_sizes)
def test_quarter_turns_keep_the_page_in_the_first_quadrant(turns: int, width: int, height: int) -> None:
    turned = Transform.quarter_turns(turns, width, height).box(Box(0, 0, width, height))
    assert turned == (Box(0, 0, height, width) if turns % 2 else Box(0, 0, width, height))


@given(st.integers(0, 3), whole_sizes, whole_sizes, points)
def test_four_quarters_are_one_turn(turns: int, width: int, height: int, point: Point) -> None:
    there = Transform.quarter_turns(turns, width, height)
    turned = (height, width) if turns % 2 else (width, height)
    back = Transform.quarter_turns(4 - turns, *turned)
    assert _close(there.then(back).points([point])[0], point, 1e-6)


def test_scaling_and_translation_by_hand() -> None:
    assert Transform.scaling(2).points([(3, 4)]) == [(6, 8)]
    assert Transform.scaling(2, 3).points([(3, 4)]) == [(6, 12)]
    assert Transform.translation(10, -1).points([(3, 4)]) == [(13, 3)]


def test_from_array_takes_what_opencv_gives() -> None:
    affine_matrix = np.array([[1, 0, 5], [0, 1, 7]], np.float32)
    assert Transform.from_array(affine_matrix) == Transform.translation(5, 7)
    assert Transform.from_array(np.eye(3)) == Transform.identity()


@given(projective())
def test_matrix_survives_the_way_through_an_array(transform: Transform) -> None:
    assert Transform.from_array(transform.as_array()) == transform


@given(affine(), boxes())
def test_a_mapped_box_holds_the_mapped_corners_and_centre(transform: Transform, box: Box) -> None:
    mapped = transform.box(box).expanded(1e-3)
    assert all(mapped.contains_point(p) for p in transform.points([*box.corners, box.center]))


@given(affine(), boxes())
def test_area_grows_by_the_determinant(transform: Transform, box: Box) -> None:
    determinant = abs(float(np.linalg.det(transform.as_array())))
    origin, right, _, down = (np.array(point) for point in transform.points(box.corners))
    (a, b), (c, d) = right - origin, down - origin
    assert abs(a * d - b * c) == pytest.approx(box.area * determinant, rel=1e-4, abs=1.0)


def test_points_at_the_horizon_are_refused() -> None:
    transform = Transform((1, 0, 0, 0, 1, 0, -0.01, 0, 1))
    with pytest.raises(ValueError, match="infinity"):
        transform.points([(100, 3)])


def test_no_points_stay_none() -> None:
    assert Transform.identity().points([]) == []
