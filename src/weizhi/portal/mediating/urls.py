"""The addresses of mediations; part of the portal's own."""

from django.urls import path

from weizhi.portal.mediating import views

MEDIATING = [
    path("m/<uuid:matter_id>/mediation", views.mediation, name="mediation"),
    path("m/<uuid:matter_id>/agreement.pdf", views.agreement, name="mediation-agreement"),
    path("mediations", views.day, name="mediations"),
]
