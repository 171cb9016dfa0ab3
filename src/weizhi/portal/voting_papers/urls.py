"""The addresses of what a vote publishes and prints; part of the portal's own."""

from django.urls import path

from weizhi.portal.voting_papers import views

VOTING_PAPERS = [
    path("votes/recount.py", views.recount_program, name="vote-recount"),
    path("votes/<uuid:vote_id>/published.json", views.published, name="vote-published"),
]
