from django.urls import include, path

from weizhi.portal.accounts import chooser
from weizhi.portal.views import desk, gallery, home, look, matter, photos, report

app_name = "portal"
urlpatterns = [
    path("", home.front, name="home"),
    path("common", home.common, name="common"),
    path("mine", home.mine, name="mine"),
    path("notices", home.notice_list, name="notices"),
    path("notices/seen", home.seen, name="seen"),
    path("report", report.report, name="report"),
    path("report/before", report.look_first, name="report-before"),
    path("desk", desk.work_table, name="desk"),
    path("desk/next", desk.next_one, name="desk-next"),
    path("m/<uuid:matter_id>", matter.matter, name="matter"),
    path("m/<uuid:matter_id>/act", matter.do, name="act"),
    path("m/<uuid:matter_id>/alike", matter.alike, name="alike"),
    path("m/<uuid:matter_id>/since/<int:head>", matter.pulse, name="pulse"),
    path("photo/<uuid:part_id>", photos.photo, name="photo"),
    path("photo/<uuid:part_id>/small", photos.photo, {"small": True}, name="photo-small"),
    path("photo/draft/<str:token>", photos.draft, name="draft"),
    path("enter", chooser.enter, name="enter"),
    path("look", look.look, name="look"),
    path("census/", include("weizhi.portal.census.urls")),
    path("dev/gallery", gallery.gallery, name="gallery"),
]
