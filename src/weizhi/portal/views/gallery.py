"""The gallery of pieces: for builders, in debug mode only."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from weizhi.portal.gallery import specimens
from weizhi.portal.pieces import Nav, NavItem


def gallery(request: HttpRequest) -> HttpResponse:
    if not settings.DEBUG:
        raise Http404
    words = (("首页", "home"), ("大家的事", "board"), ("报事", "say"), ("消息", "bell"), ("我的", "person"))
    items = tuple(
        NavItem(sign, word, "#", sign, raised=sign == "say", count=3 if sign == "bell" else 0) for word, sign in words
    )
    nav = Nav(items, "林姨", "3 栋 2 单元", "#", "幸福里")
    return render(request, "portal/gallery.html", {"specimens": specimens(), "nav": nav, "here": "home"})
