"""The addresses of a notice; part of the portal's own."""

from django.urls import path

from weizhi.portal.objecting import views

OBJECTING = [
    path("m/<uuid:matter_id>/objections", views.objections, name="objections"),
    path("m/<uuid:matter_id>/notice", views.wall, name="notice-wall"),
    path("m/<uuid:matter_id>/notice.pdf", views.paper, name="notice-paper"),
]
