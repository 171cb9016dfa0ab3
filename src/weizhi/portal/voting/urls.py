"""The addresses of votes; part of the portal's own."""

from django.urls import path

from weizhi.portal.voting import desk_views, urn_views, views
from weizhi.portal.voting.box_views import counting_key, opened
from weizhi.portal.voting.mark_views import corrected

VOTING = [
    path("votes", views.votes, name="votes"),
    path("votes/counting-key", counting_key, name="counting-key"),
    path("votes/<uuid:vote_id>/open", opened, name="vote-open"),
    path("votes/<uuid:vote_id>", views.vote, name="vote"),
    path("votes/<uuid:vote_id>/receipt", views.receipt, name="vote-receipt"),
    path("votes/<uuid:vote_id>/receipt.txt", views.receipt_text, name="vote-receipt-text"),
    path("votes/<uuid:vote_id>/roll", views.roll, name="vote-roll"),
    path("rolls/<uuid:roll_id>", views.roll_alone, name="roll"),
    path("votes/<uuid:vote_id>/desk", desk_views.at_desk, name="vote-desk"),
    path("votes/<uuid:vote_id>/marks", corrected, name="vote-marks"),
    path("votes/<uuid:vote_id>/urn", urn_views.at_urn, name="vote-urn"),
    path("votes/<uuid:vote_id>/urn/empty", urn_views.emptied, name="vote-urn-empty"),
    path("votes/<uuid:vote_id>/line", desk_views.line, name="vote-line"),
    path("votes/<uuid:vote_id>/turnout", desk_views.turnout, name="vote-turnout"),
    path("votes/<uuid:vote_id>/doors", desk_views.doors, name="vote-doors"),
    path("votes/<uuid:vote_id>/remind", desk_views.reminded, name="vote-remind"),
    path("votes/<uuid:vote_id>/speaker", desk_views.speaker, name="vote-speaker"),
]
