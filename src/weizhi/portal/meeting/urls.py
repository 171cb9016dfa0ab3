"""The addresses of a meeting; part of the portal's own."""

from django.urls import path

from weizhi.portal.meeting import minutes_views, views, wall_views

MEETING = [
    path("m/<uuid:matter_id>/meeting", views.meeting, name="meeting"),
    path("m/<uuid:matter_id>/meeting/minutes", minutes_views.minutes, name="minutes"),
    path("m/<uuid:matter_id>/meeting/wall", wall_views.wall, name="wall"),
    path("m/<uuid:matter_id>/meeting/wall/since/<slug:mark>", wall_views.wall_since, name="wall-since"),
    path("m/<uuid:matter_id>/meeting/here/<slug:token>", wall_views.here, name="meeting-here"),
    path("m/<uuid:matter_id>/meeting/print/<slug:what>.pdf", minutes_views.paper, name="meeting-paper"),
]
