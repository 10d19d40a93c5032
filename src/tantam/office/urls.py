"""Every address of the office. A room's pages list their own below its name."""

from django.urls import include, path, re_path
from django.views.generic import RedirectView

from tantam.office.api import api
from tantam.office.camps import impact_pages
from tantam.office.events.notebook import worker as service_worker
from tantam.office.events.wall import say_here
from tantam.office.people import door_pages
from tantam.office.watch import closed

urlpatterns = [
    path("", include("tantam.office.front.pages")),
    path("promises/", include("tantam.office.promises.pages")),
    path("opinions/thanks/", include("tantam.office.opinions.thanks_pages")),
    path("rhythm/", include("tantam.office.front.rhythm")),
    path("opinions/", include("tantam.office.opinions.pages")),
    path("gop-y/", say_here, name="say"),  # the form knows nothing of gatherings, which stand above it
    path("gop-y/", include("tantam.office.opinions.saying")),
    path("say/", RedirectView.as_view(pattern_name="say")),
    path("messages/", include("tantam.office.channels.pages")),
    path("events/", include("tantam.office.events.pages")),
    path("events/", include("tantam.office.events.notebook")),
    path("sw.js", service_worker, name="service-worker"),
    path("programmes/", include("tantam.office.programmes.pages")),
    path("quality/", include("tantam.office.quality.pages")),
    path("camps/", include("tantam.office.camps.pages")),
    path("camps/", include("tantam.office.camps.plan_pages")),
    path("camps/", include("tantam.office.camps.after_pages")),
    path("camps/", include("tantam.office.camps.differences_pages")),
    path("camps/", include("tantam.office.camps.voices_pages")),
    path("camps/", include("tantam.office.camps.impact_pages")),
    path("camps/", include("tantam.office.camps.export_pages")),
    path("camps/", include("tantam.office.camps.demo_pages")),
    path("", include(impact_pages.public_urlpatterns)),
    path("journal/", include("tantam.office.journal.pages")),
    path("people/machines/", include("tantam.office.people.machines_pages")),
    path("people/", include("tantam.office.people.pages")),
    path("parties/", include("tantam.office.parties.pages")),
    path("cases/", include("tantam.office.cases.pages")),
    path("desk/", include("tantam.office.desk.pages")),
    path("toi/", include("tantam.office.desk.voice_pages")),
    path("work/", include("tantam.office.worker.pages")),
    path("accounts/", include(door_pages)),
    # Accounts are made by an administrator; a forgotten password is a new invitation, never a mail.
    re_path(r"^accounts/(?:signup|email|confirm-email|password/reset|login/code)/", closed),
    path("accounts/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("api/", api.urls),
    path("favicon.ico", RedirectView.as_view(url="/static/favicon.svg")),
]
