"""The pages before the door: links that work once."""

from __future__ import annotations

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.forms import SetPasswordForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from tantam import clock
from tantam.errors import Refused
from tantam.office import words
from tantam.office.people import actions
from tantam.office.people.adapter import fresh_password
from tantam.office.people.models import Staff

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
GONE = 410


@never_cache
@require_GET
def demo(request: HttpRequest, secret: str) -> HttpResponse:
    """One GET signs the demo's director in; it works once, and in a demo alone."""
    if not settings.DEMO:
        raise Http404
    try:
        staff = actions.use_pass(secret, "demo", at=clock.now())
    except Refused as no:
        return render(request, "people/pass.html", {"spent": True, "error": no}, status=GONE)
    login(request, staff, backend=BACKEND)
    return redirect("home")


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def enter(request: HttpRequest, secret: str) -> HttpResponse:
    """An invitation: a GET shows the form and uses nothing up (a mail scanner opens links too); a POST sets the
    password and signs in. Whoever has a second step goes on to the sign-in page, so that a link alone never opens
    such an account."""
    try:
        staff = actions.whose_pass(secret, "invite", at=clock.now())
        form = SetPasswordForm(staff, request.POST or None)
        if request.method == "POST" and form.is_valid():
            staff = actions.accept_invite(secret, form.cleaned_data["new_password1"], at=clock.now())
            return _come_in(request, staff)
    except Refused as no:
        return render(request, "people/pass.html", {"spent": True, "error": no}, status=GONE)
    who = f"{staff.title} {staff.name}".strip()
    context = {"staff": staff, "who": who, "form": form}
    return render(request, "people/pass.html", context, status=422 if form.errors else 200)


def _come_in(request: HttpRequest, staff: Staff) -> HttpResponse:
    if is_mfa_enabled(staff):
        messages.success(
            request, words.say("Đã đặt mật khẩu. Giờ hãy đăng nhập.", "The password is set. Now sign in.")
        )
        return redirect("account_login")
    login(request, staff, backend=BACKEND)
    fresh_password(request, staff)
    return redirect("home")


urlpatterns = [
    path("demo/<str:secret>/", demo, name="demo"),
    path("pass/<str:secret>/", enter, name="pass"),
]
