"""The addresses of what can be taken along; part of the portal's own."""

from django.urls import path

from weizhi.portal.taking import views

TAKING = [
    path("search/table", views.search_table, name="search-table"),
    path("desk/table", views.desk_table, name="desk-table"),
    path("m/<uuid:matter_id>/paper", views.matter_paper, name="matter-paper"),
]
