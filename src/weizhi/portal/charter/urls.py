"""The addresses of the charter; part of the portal's own."""

from django.urls import path

from weizhi.portal.charter import subscribing, trying, views

CHARTER = [
    path("charter", views.charter, name="charter"),
    path("charter/duty/<slug:key>", views.duty, name="charter-duty"),
    path("charter/poster.pdf", views.sheet, {"which": "poster"}, name="charter-poster"),
    path("charter/handbook.pdf", views.sheet, {"which": "handbook"}, name="charter-handbook"),
    path("calendar/<slug:slug>.ics", subscribing.calendar, name="calendar"),
    path("charter/try", trying.table, name="charter-try"),
    path("charter/try/look", trying.look, name="charter-look"),
    path("charter/draft/<uuid:draft>/confirm", trying.confirm, name="charter-confirm"),
    path("charter/draft/<uuid:draft>/decline", trying.decline, name="charter-decline"),
]
