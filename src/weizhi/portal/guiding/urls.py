"""The address of the guided way; part of the portal's own."""

from django.urls import path

from weizhi.portal.guiding import views

GUIDING = [path("report/guided", views.guided, name="guided")]
