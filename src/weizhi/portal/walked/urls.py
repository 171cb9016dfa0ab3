"""The address of what was marked; part of the portal's own."""

from django.urls import path

from weizhi.portal.walked import views

WALKED = [path("m/<uuid:matter_id>/marks", views.marks, name="marks")]
