"""The addresses of votes; part of the portal's own."""

from django.urls import path

from weizhi.portal.voting import views

VOTING = [
    path("votes", views.votes, name="votes"),
    path("votes/<uuid:vote_id>", views.vote, name="vote"),
    path("votes/<uuid:vote_id>/receipt", views.receipt, name="vote-receipt"),
    path("votes/<uuid:vote_id>/receipt.txt", views.receipt_text, name="vote-receipt-text"),
    path("votes/<uuid:vote_id>/roll", views.roll, name="vote-roll"),
    path("rolls/<uuid:roll_id>", views.roll_alone, name="roll"),
]
