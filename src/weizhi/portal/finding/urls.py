"""The addresses of search; part of the portal's own."""

from django.urls import path

from weizhi.portal.finding import views

FINDING = [
    path("search", views.search, name="search"),
]
