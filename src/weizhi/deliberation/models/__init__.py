"""What this room keeps of its own beside a matter: one file for each way of deliberating."""

from weizhi.deliberation.models.distances import Walker, Walking
from weizhi.deliberation.models.editions import Edition, EditionQuerySet
from weizhi.deliberation.models.hall import Channel, Hall, HallQuerySet, Stance, Statement, Voice
from weizhi.deliberation.models.invitations import Invitation, InvitationQuerySet
from weizhi.deliberation.models.mediations import Appointment, Mediation, Side, Signature
from weizhi.deliberation.models.meetings import Attendance, AttendanceQuerySet, Item, Sitting, SittingQuerySet
from weizhi.deliberation.models.surveys import Answer, Asked, Remark, Survey, SurveyQuerySet
from weizhi.deliberation.models.texts import Text, TextQuerySet
from weizhi.deliberation.models.walls import Wall

__all__ = [
    "Answer",
    "Appointment",
    "Asked",
    "Attendance",
    "AttendanceQuerySet",
    "Channel",
    "Edition",
    "EditionQuerySet",
    "Hall",
    "HallQuerySet",
    "Invitation",
    "InvitationQuerySet",
    "Item",
    "Mediation",
    "Remark",
    "Side",
    "Signature",
    "Sitting",
    "SittingQuerySet",
    "Stance",
    "Statement",
    "Survey",
    "SurveyQuerySet",
    "Text",
    "TextQuerySet",
    "Voice",
    "Walker",
    "Walking",
    "Wall",
]
