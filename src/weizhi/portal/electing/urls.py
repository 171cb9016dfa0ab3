"""The addresses of elections beside their votes; part of the portal's own."""

from django.urls import path

from weizhi.portal.electing import views

ELECTING = [path("m/<uuid:matter_id>/candidates", views.candidates, name="candidates")]
