from django.urls import path

from weizhi.portal.views import gallery, look

app_name = "portal"
urlpatterns = [
    path("look", look.look, name="look"),
    path("dev/gallery", gallery.gallery, name="gallery"),
]
