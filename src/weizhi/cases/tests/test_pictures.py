"""Drawn photos are photos like any other, and the same every time."""

import pytest

from weizhi.cases.pictures import SCENES, draw, photo


@pytest.mark.parametrize("name", SCENES)
def test_a_picture_is_taken_like_any_photo(name):
    taken = photo(name)
    assert taken.type == "image/jpeg" and taken.gps is None
    assert (taken.width, taken.height) == (960, 720)


def test_the_same_picture_comes_out_each_time_and_variants_differ():
    assert draw("bins", 1) == draw("bins", 1)
    assert draw("bins", 1) != draw("bins", 2)


def test_before_and_after_show_the_same_place():
    """The same dice: the wall of the dark stairwell is the wall of the lit one."""
    assert draw("lamp", 1) != draw("lamp-lit", 1)
