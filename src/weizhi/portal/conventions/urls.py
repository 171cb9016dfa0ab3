"""The addresses of conventions; part of the portal's own."""

from django.urls import path

from weizhi.portal.conventions import views

CONVENTIONS = [path("convention/<slug:key>", views.convention, name="convention")]
