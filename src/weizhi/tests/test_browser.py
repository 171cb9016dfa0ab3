"""The browser that other tests use sees barriers and knows where it is."""

import pytest

from weizhi.tests.browser import WIDTHS, assert_axe_clean, assert_no_sideways_scroll

PAGE = (
    '<!doctype html><html lang="zh-Hans"><meta name="viewport" content="width=device-width, initial-scale=1">'
    "<title>幸福里</title><main><h1>报事</h1>{}</main></html>"
)


@pytest.mark.parametrize("width", WIDTHS)
def test_a_page_opens_in_chinese_and_in_our_time_zone(open_page, width):
    page = open_page(width)
    page.set_content(PAGE.format("<p>收到了</p>"))
    told = page.evaluate("[navigator.language, Intl.DateTimeFormat().resolvedOptions().timeZone, innerWidth]")
    assert told == ["zh-CN", "Asia/Shanghai", WIDTHS[width][0]]
    assert_axe_clean(page)


def test_a_barrier_is_seen(open_page):
    page = open_page()
    page.set_content(PAGE.format('<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">'))
    with pytest.raises(AssertionError, match="image-alt"):
        assert_axe_clean(page)


def test_a_page_that_is_too_wide_is_seen(open_page):
    page = open_page("desk")
    page.set_content(PAGE.format('<div style="width: 3000px">宽</div>'))
    with pytest.raises(AssertionError, match="px wide"):
        assert_no_sideways_scroll(page)
