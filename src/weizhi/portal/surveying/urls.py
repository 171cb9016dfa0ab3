"""The addresses of a survey; part of the portal's own."""

from django.urls import path

from weizhi.portal.surveying import views

SURVEYING = [
    path("m/<uuid:matter_id>/survey", views.survey, name="survey"),
    path("m/<uuid:matter_id>/survey/desk", views.desk, name="survey-desk"),
    path("m/<uuid:matter_id>/survey/result.xlsx", views.figures, name="survey-table"),
    path("m/<uuid:matter_id>/survey/paper.pdf", views.paper, name="survey-paper"),
]
