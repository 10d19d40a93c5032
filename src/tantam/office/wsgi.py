"""What a web server loads: ``tantam.office.wsgi:application``."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tantam.office.settings")
application = get_wsgi_application()
