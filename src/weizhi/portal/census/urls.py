from django.urls import path

from weizhi.portal.census import views

urlpatterns = [
    path("", views.census, name="census"),
    path("template.xlsx", views.template_file, name="census-template"),
    path("signs.pdf", views.signs_file, name="census-signs"),
    path("import/<uuid:import_id>", views.one_import, name="import"),
    path("import/<uuid:import_id>/findings.csv", views.findings_file, name="import-findings"),
]
