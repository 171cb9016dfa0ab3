"""The addresses of texts and reviews; part of the portal's own."""

from django.urls import path

from weizhi.portal.texts import review_views, views

TEXTS = [
    path("m/<uuid:matter_id>/text/<slug:step>", views.text, name="text"),
    path("m/<uuid:matter_id>/text/<slug:step>/print.pdf", views.paper, name="text-paper"),
    path("m/<uuid:matter_id>/review", review_views.review, name="review"),
]
