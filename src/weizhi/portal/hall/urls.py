"""The addresses of the online hall; part of the portal's own."""

from django.urls import path

from weizhi.portal.hall import desk_views, views

HALL = [
    path("m/<uuid:matter_id>/hall", views.hall, name="hall"),
    path("m/<uuid:matter_id>/hall/result", views.result, name="hall-result"),
    path("m/<uuid:matter_id>/hall/desk", desk_views.desk, name="hall-desk"),
    path("m/<uuid:matter_id>/hall/sheet", desk_views.sheet, name="hall-sheet"),
]
