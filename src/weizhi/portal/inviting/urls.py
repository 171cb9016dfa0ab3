"""The addresses of invitations; part of the portal's own."""

from django.urls import path

from weizhi.portal.inviting import views

INVITING = [
    path("m/<uuid:matter_id>/invited", views.invited, name="invited"),
    path("m/<uuid:matter_id>/invited/letters.pdf", views.letters, name="invitation-letters"),
    path("invited", views.by_letter, name="invitation"),
]
