"""As the format has them: the form of the answer is the ending of the address."""

from django.urls import path

from weizhi.portal.open311 import views

app_name = "open311"
urlpatterns = [
    path("discovery.<str:form>", views.discovery, name="discovery"),
    path("services.<str:form>", views.services, name="services"),
    path("services/<str:code>.<str:form>", views.definition, name="definition"),
    path("requests.<str:form>", views.requests, name="requests"),
    path("requests/<str:name>.<str:form>", views.one_request, name="request"),
    path("tokens/<str:name>.<str:form>", views.token, name="token"),
    path("media/<uuid:part_id>.jpg", views.media, name="media"),
]
