from django.urls import include, path

from weizhi.portal.accounts import chooser
from weizhi.portal.board.urls import BOARD
from weizhi.portal.charter.urls import CHARTER
from weizhi.portal.conventions.urls import CONVENTIONS
from weizhi.portal.demo import views as machine
from weizhi.portal.electing.urls import ELECTING
from weizhi.portal.finding.urls import FINDING
from weizhi.portal.guiding.urls import GUIDING
from weizhi.portal.hall.urls import HALL
from weizhi.portal.inviting.urls import INVITING
from weizhi.portal.mediating.urls import MEDIATING
from weizhi.portal.meeting.urls import MEETING
from weizhi.portal.notices import views as telling
from weizhi.portal.objecting.urls import OBJECTING
from weizhi.portal.picking import views as picking
from weizhi.portal.surveying.urls import SURVEYING
from weizhi.portal.taking.urls import TAKING
from weizhi.portal.texts.urls import TEXTS
from weizhi.portal.views import (
    address,
    desk,
    erasing,
    gallery,
    home,
    homes,
    look,
    matter,
    photos,
    recording,
    register,
    report,
    routing,
)
from weizhi.portal.voting.urls import VOTING
from weizhi.portal.voting_papers.urls import VOTING_PAPERS
from weizhi.portal.walked.urls import WALKED

app_name = "portal"
urlpatterns = [
    path("", home.front, name="home"),
    *BOARD,
    *FINDING,
    *TAKING,
    *VOTING,
    *ELECTING,
    *MEETING,
    *TEXTS,
    *CONVENTIONS,
    *SURVEYING,
    *MEDIATING,
    *HALL,
    *OBJECTING,
    *INVITING,
    *WALKED,
    *GUIDING,
    *VOTING_PAPERS,
    path("mine", home.mine, name="mine"),
    path("notices", home.notice_list, name="notices"),
    path("notices/seen", home.seen, name="seen"),
    path("notices/choices", telling.choices, name="notice-choices"),
    path("notices/undelivered", telling.not_delivered, name="undelivered"),
    path("report", report.report, name="report"),
    path("report/for", recording.record_for, name="record-for"),
    path("report/for/people", recording.people, name="record-people"),
    path("report/for/before", recording.look_first, name="record-before"),
    path("report/slip/<uuid:matter_id>", recording.slip_print, name="slip-print"),
    path("slip", recording.slip, name="slip"),
    path("slip/claim", recording.slip_claim, name="slip-claim"),
    path("mine/homes", homes.homes, name="homes"),
    path("mine/homes/<uuid:residence_id>/leave", homes.leave, name="home-leave"),
    path("mine/data.json", homes.my_data, name="my-data"),
    path("mine/email", address.my_email, name="my-email"),
    path("mine/erase", erasing.mine, name="erase-me"),
    path("join", homes.join, name="join"),
    path("letters", homes.letters, name="letters"),
    path("people", register.people, name="people"),
    path("people/new", register.add, name="person-new"),
    path("people/erasures", erasing.waiting, name="erasures"),
    path("people/<uuid:person_id>/erase", erasing.one, name="erase-person"),
    path("people/<uuid:person_id>", register.one, name="person"),
    path("people/<uuid:person_id>/say", register.say, name="person-say"),
    path("m/<uuid:matter_id>/caller", recording.caller_number, name="caller-number"),
    path("report/places", picking.places, name="report-places"),
    path("report/before", report.look_first, name="report-before"),
    path("desk", desk.work_table, name="desk"),
    path("desk/rules", routing.routing, name="routing"),
    path("desk/next", desk.next_one, name="desk-next"),
    path("m/<uuid:matter_id>", matter.matter, name="matter"),
    path("m/<uuid:matter_id>/act", matter.do, name="act"),
    path("m/<uuid:matter_id>/alike", matter.alike, name="alike"),
    path("m/<uuid:matter_id>/since/<int:head>", matter.pulse, name="pulse"),
    path("photo/<uuid:part_id>", photos.photo, name="photo"),
    path("photo/<uuid:part_id>/small", photos.photo, {"small": True}, name="photo-small"),
    path("photo/draft/<str:token>", photos.draft, name="draft"),
    *CHARTER,
    path("enter", chooser.enter, name="enter"),
    path("time", machine.machine, name="time"),
    path("time/on", machine.move_on, name="time-on"),
    path("time/start", machine.start_again, name="time-start"),
    path("look", look.look, name="look"),
    path("census/", include("weizhi.portal.census.urls")),
    path("machines/", include("weizhi.portal.machines.urls")),
    path("dev/gallery", gallery.gallery, name="gallery"),
]
