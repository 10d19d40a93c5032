"""Every address of a kit."""

from django.urls import path
from django.views.generic import RedirectView
from django.views.i18n import set_language

from tantam.office.camps.kit import closing, demo, door, pages

urlpatterns = [
    path("", pages.front, name="front"),
    path("enter/<str:secret>", pages.enter, name="enter"),
    path("demo/<str:secret_>/<slug:station>/", demo.enter, name="demo"),
    path("sign-in", pages.sign_in, name="sign-in"),
    path("sign-out", pages.sign_out, name="sign-out"),
    path("stations/", pages.stations, name="stations"),
    path("station/<slug:station>/", pages.station, name="station"),
    path("view/<slug:station>/", pages.view, name="view"),
    path("board/", pages.board, name="board"),
    path("late/", pages.late_page, name="late"),
    path("paper/", pages.paper_forms, name="paper"),
    path("late/<str:paper>/", pages.form, name="form"),
    path("day/", closing.day_page, name="day"),
    path("day/close", closing.close_day, name="close-day"),
    path("day/home.camp", closing.home_file, name="home-file"),
    path("limits/<uuid:visit>/", pages.limits, name="limits"),
    path("outbox-key/", pages.outbox_key, name="outbox-key"),
    path("facts/", pages.facts, name="facts"),
    path("people/", pages.found_people, name="people"),
    path("card/", pages.card, name="card"),
    path("codes/", pages.codes, name="codes"),
    path("check/", pages.check, name="check"),
    path("ca.crt", pages.authority, name="authority"),
    path("sw.js", pages.service_worker, name="service-worker"),
    path("manifest.webmanifest", pages.manifest, name="manifest"),
    path("i18n/setlang/", door.anybody(set_language), name="set_language"),
    path("favicon.ico", door.anybody(RedirectView.as_view(url="/static/favicon.svg"))),
]
