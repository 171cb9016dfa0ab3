import pytest

from weizhi.places.naming import check_code, check_slug


@pytest.mark.parametrize("slug", ["xfl", "xing-fu-li", "9"])
def test_a_slug_of_small_letters(slug: str):
    assert check_slug(slug) == slug


@pytest.mark.parametrize("slug", ["", "-", "*", "xfl-", "XFL", "a/b", "a@b", "a|b", "幸福里", "a" * 51, "xfl\n"])
def test_a_slug_that_would_mean_something_else_in_a_path(slug: str):
    with pytest.raises(ValueError, match="短名"):
        check_slug(slug)


@pytest.mark.parametrize("code", ["e1", "3-2-301", "甲栋", "A座"])
def test_a_code_as_it_stands_on_the_door(code: str):
    assert check_code(code) == code


@pytest.mark.parametrize("code", ["", "-", "*", "3/301", "3 301", "a@b", "a|b", "甲" * 41])
def test_a_code_that_would_forge_a_path(code: str):
    """`e1/3` as a code would have given its people the keys of another building."""
    with pytest.raises(ValueError, match="编号"):
        check_code(code)
