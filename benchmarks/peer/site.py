"""A public form in Django, as its tutorial would have it: a ModelForm, default middleware, one row and one commit for
each post. The peer that `make bench` measures the service against; it seals nothing and asks no captcha.

`python -m benchmarks.peer.site create` makes its table; `granian benchmarks.peer.site:application` serves it. Runs in
.venv-peer with nothing of the service; `PEER_DATABASE` is the URL of a PostgreSQL database.
"""

import hashlib
import os
import re
import secrets
import sys
import uuid
from urllib.parse import parse_qs, urlsplit

import django
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

URL = urlsplit(os.environ["PEER_DATABASE"])
settings.configure(
    SECRET_KEY=secrets.token_hex(32),
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
    ],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": URL.path.lstrip("/"),
            "USER": URL.username or "",
            "PASSWORD": URL.password or "",
            "HOST": parse_qs(URL.query)["host"][0],
            "CONN_MAX_AGE": None,
        }
    },
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    USE_TZ=True,
)
django.setup()

from django import forms  # noqa: E402 - models and forms need the settings above
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import connection, models  # noqa: E402
from django.urls import path  # noqa: E402

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
NUMBER = re.compile(r"\d{17}[\dX]")


class Submission(models.Model):
    """The row of a submission: what was entered, and what the service keeps beside it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    submission_token = models.CharField(max_length=400, unique=True)
    receipt_number = models.CharField(max_length=20, unique=True)
    access_code_hash = models.BinaryField()
    received_at = models.DateTimeField(auto_now_add=True)
    title = models.CharField(max_length=100)
    comment = models.TextField(max_length=10_000)
    occupation = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    id_number = models.CharField(max_length=18)
    phone = models.CharField(max_length=30)
    email = models.EmailField()
    fingerprint = models.CharField(max_length=64)
    state = models.CharField(max_length=40, default="received")
    revision = models.IntegerField(default=1)

    class Meta:
        app_label = "peer"
        indexes = (models.Index(fields=["state", "received_at", "id"]),)


class SubmissionForm(forms.ModelForm):
    """The fields of the service's own form."""

    consent = forms.BooleanField()

    class Meta:
        model = Submission
        fields = ("title", "comment", "occupation", "name", "id_number", "phone", "email", "submission_token")

    def clean_id_number(self) -> str:
        number: str = self.cleaned_data["id_number"]
        if not NUMBER.fullmatch(number):
            raise ValidationError("not an ID number")
        total = sum(int(digit) * weight for digit, weight in zip(number, WEIGHTS, strict=False))
        if "10X98765432"[total % 11] != number[-1]:
            raise ValidationError("wrong check digit")
        return number


def send(request: HttpRequest) -> HttpResponse:
    """Stores a right form and leads to its receipt."""
    form = SubmissionForm(request.POST)
    if not form.is_valid():
        return HttpResponse(form.errors.as_json(), status=422)
    row = form.save(commit=False)
    row.receipt_number = f"{secrets.randbelow(10**16):016}"
    row.access_code_hash = hashlib.sha256(secrets.token_bytes(16)).digest()
    row.fingerprint = hashlib.sha256("|".join(map(str, form.cleaned_data.values())).encode()).hexdigest()
    row.save()
    answer = HttpResponseRedirect(f"/receipts/{row.receipt_number}")
    answer.status_code = 303
    return answer


def alive(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok\n")


urlpatterns = [path("comment", send), path("healthz", alive)]
application = get_wsgi_application()

if __name__ == "__main__" and sys.argv[1:] == ["create"]:
    with connection.schema_editor() as editor:
        editor.create_model(Submission)
