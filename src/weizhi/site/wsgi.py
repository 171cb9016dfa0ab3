import os

from django.core.wsgi import get_wsgi_application

from weizhi.site.tongues import remember_sentences

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "weizhi.site.settings")
application = get_wsgi_application()
remember_sentences()
