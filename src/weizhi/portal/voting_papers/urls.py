"""The addresses of what a vote publishes and prints; part of the portal's own."""

from django.urls import path

from weizhi.portal.voting_papers import views

VOTING_PAPERS = [
    path("votes/recount.py", views.recount_program, name="vote-recount"),
    path("votes/<uuid:vote_id>/published.json", views.published, name="vote-published"),
    path("votes/<uuid:vote_id>/published.pb", views.pabulib, name="vote-pabulib"),
    # The two that every result page names, under names of their own.
    path("votes/<uuid:vote_id>/print/result.pdf", views.paper, {"what": "result"}, name="vote-notice"),
    path("votes/<uuid:vote_id>/print/record.pdf", views.paper, {"what": "record"}, name="vote-record"),
    path("votes/<uuid:vote_id>/print/<slug:what>.pdf", views.paper, name="vote-paper"),
]
