from django.urls import path

from weizhi.portal.machines import views

urlpatterns = [
    path("", views.machines, name="machines"),
    path("<uuid:token_id>/revoke", views.revoke, name="machine-revoke"),
]
