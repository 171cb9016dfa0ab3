import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "weizhi.site.settings")
application = get_wsgi_application()

from weizhi.site.tongues import remember_sentences  # noqa: E402  # the catalogues need the settings

remember_sentences()
