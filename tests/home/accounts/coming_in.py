"""Steps into an account that several tests take, as the browser takes them."""

import re
from urllib.parse import urlsplit

from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.core import mail
from procrastinate.contrib.django.models import ProcrastinateJob

from home.accounts import letters

PASSWORD = "kiln-and-loom-14"
TASKS = {
    task.name: task
    for task in (letters.send_confirmation, letters.send_reset, letters.send_notice)
}


def a_shopper(email="marta@example.org", *, verified=True, password=PASSWORD, **more):
    """Somebody with an account, their address proven."""
    name = email.partition("@")[0]
    user = get_user_model().objects.create_user(name, email, password, **more)
    EmailAddress.objects.create(user=user, email=email, verified=verified, primary=True)
    return user


def sign_up(client, email="marta@example.org", password=PASSWORD):
    return client.post("/account/signup/", {"email": email, "password1": password})


def log_in(client, login="marta@example.org", password=PASSWORD, **more):
    return client.post("/account/login/", {"login": login, "password": password} | more)


def prove(client, password=PASSWORD):
    """Type the password once more, as is asked before anything grave."""
    return client.post("/account/reauthenticate/", {"password": password})


def post_letters() -> list:
    """Do the jobs that wait, as a worker would, and return the letters."""
    mail.outbox.clear()
    waiting = ProcrastinateJob.objects.filter(task_name__in=TASKS, status="todo")
    for job in waiting.order_by("pk"):
        TASKS[job.task_name](**job.args)
    return mail.outbox


def link_in(letter, word: str) -> str:
    [found] = re.findall(rf"http\S+/account/{word}\S+", letter.body)
    return urlsplit(found).path
