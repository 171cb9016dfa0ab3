"""The addresses of what everybody may see; part of the portal's own."""

from django.urls import path

from weizhi.portal.board import views

BOARD = [
    path("common", views.board, name="common"),
    path("common/figures", views.figures, name="figures"),
    path("common/map", views.map_, name="map"),
]
