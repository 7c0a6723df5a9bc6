"""django-helpdesk, filled and used as its own code does it. Runs in its own environment: ``ticketing.py WHAT FILE …``.

``fill N`` makes N tickets, ``orm SECONDS`` creates and changes tickets one by one, ``escalate`` runs its escalation
pass twice, ``session`` logs a person in. Every answer is one line of JSON. ``ticketing:application`` is the WSGI
application on the file named by ``HELPDESK_FILE``.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import django
from django.conf import settings
from django.core.management import call_command

LATE_SHARE, DUE_SHARE = 0.04, 0.01
"""How many tickets are past their day, and how many an escalation pass finds."""
QUEUES = 30
ESCALATE_DAYS = 3
PLACES = ("青石镇", "柳湾乡", "河东街道", "北山乡")
THINGS = ("饮水管网", "垃圾堆放点", "危房", "道路破损", "养老院")


def configure(file: str) -> None:
    """Settings as its guide gives them; SQLite durable as ours is; mail goes nowhere."""
    settings.configure(
        SECRET_KEY="measured",
        ALLOWED_HOSTS=["*"],
        USE_TZ=True,
        TIME_ZONE="Asia/Shanghai",
        SITE_ID=1,
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "django.contrib.sites",
            "django.contrib.messages",
            "django.contrib.humanize",
            "django.contrib.admin",
            "django.contrib.staticfiles",
            "rest_framework",
            "helpdesk",
        ],
        MIDDLEWARE=[
            "django.middleware.common.CommonMiddleware",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.request",
                        "django.contrib.auth.context_processors.auth",
                        "django.contrib.messages.context_processors.messages",
                    ]
                },
            }
        ],
        ROOT_URLCONF="ticketing_urls",
        STATIC_URL="/static/",
        MEDIA_ROOT=f"{file}.media",
        LOGIN_URL="/login/",
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend",
        HELPDESK_TEAMS_MODE_ENABLED=False,
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": file,
                "CONN_MAX_AGE": None,
                "OPTIONS": {
                    "timeout": 30,
                    "transaction_mode": "IMMEDIATE",
                    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
                },
            }
        },
        LOGGING_CONFIG=None,
    )
    django.setup()


def fill(count: int) -> dict[str, Any]:
    """So many open tickets over thirty queues, each with one follow-up; four in a hundred are past their day."""
    from django.contrib.auth import get_user_model
    from django.utils import timezone
    from helpdesk.models import FollowUp, Queue, Ticket

    call_command("migrate", verbosity=0, interactive=False)
    now, rng = timezone.now(), random.Random(400)
    users = get_user_model().objects
    people = [
        users.create_superuser(f"clerk{n}", f"clerk{n}@county.example", "measured-4-times")
        for n in range(QUEUES)
    ]
    queues = [
        Queue.objects.create(title=f"第{n + 1}责任单位", slug=f"u{n}", escalate_days=ESCALATE_DAYS)
        for n in range(QUEUES)
    ]
    started = time.perf_counter()
    for first in range(0, count, 5_000):
        tickets = [_ticket(Ticket, rng, now, queues, people) for _ in range(min(5_000, count - first))]
        made = Ticket.objects.bulk_create(tickets)
        FollowUp.objects.bulk_create(
            FollowUp(ticket=t, date=t.created, title="Ticket Opened", comment=t.description, public=True)
            for t in made
        )
    return {"seconds": time.perf_counter() - started}


def _ticket(ticket: Callable[..., Any], rng: random.Random, now: Any, queues: Any, people: Any) -> Any:
    unit, place, thing = rng.randrange(QUEUES), rng.choice(PLACES), rng.choice(THINGS)
    n = rng.randrange(1, 400)
    late = rng.random() < LATE_SHARE
    days = -rng.randrange(1, 15) if late else rng.randrange(1, 385)
    asked = rng.random() < DUE_SHARE
    return ticket(
        title=f"{place}{n}号点{thing}问题",
        queue=queues[unit],
        created=now - timedelta(days=rng.randrange(30, 300)),
        modified=now - timedelta(days=rng.randrange(1, 20)),
        submitter_email=f"unit{unit}@county.example",
        assigned_to=people[unit],
        status=rng.choice((1, 1, 1, 2, 3)) if not asked else 1,
        description=f"{place}{n}号点{thing}，群众反映强烈，影响正常生产生活，要求尽快整改到位并长期保持。",
        priority=3,
        due_date=now + timedelta(days=days),
        last_escalation=now - timedelta(days=ESCALATE_DAYS + 1 if asked else 0),
        secret_key=f"{rng.getrandbits(64):016x}",
    )


def orm(seconds: float) -> dict[str, Any]:
    """Tickets created by its own form, and their state changed by its own function, one at a time."""
    from django.contrib.auth import get_user_model
    from helpdesk.forms import TicketForm
    from helpdesk.models import Queue, Ticket
    from helpdesk.update_ticket import update_ticket

    user = get_user_model().objects.get(username="clerk0")
    queue = Queue.objects.first()
    choices = [(queue.id, queue.title)]
    made: list[int] = []

    def create() -> None:
        form = TicketForm(queue_choices=choices, data=new_ticket(queue.id))
        assert form.is_valid(), form.errors
        made.append(form.save(user=user).id)

    def change() -> None:
        ticket = Ticket.objects.get(id=made[0])
        update_ticket(user, ticket, comment="已完成部分清理，正在推进其余部分", new_status=3 - ticket.status)

    return {"create": _rate(create, seconds), "change": _rate(change, seconds)}


def new_ticket(queue: int) -> dict[str, Any]:
    """The fields of its form."""
    body = "青石镇12号点饮水管网，群众反映强烈，影响正常生产生活，要求尽快整改到位并长期保持。"
    title = "青石镇12号点饮水管网问题"
    return {"queue": queue, "title": title, "body": body, "priority": 3, "due_date": "2030-01-15"}


def _rate(work: Callable[[], None], seconds: float) -> float:
    done, started = 0, time.perf_counter()
    while (spent := time.perf_counter() - started) < seconds:
        work()
        done += 1
    return done / spent


def escalate() -> dict[str, Any]:
    """Its pass with what is due, then one with nothing due."""
    from helpdesk.models import FollowUp

    before = FollowUp.objects.count()
    started = time.perf_counter()
    call_command("escalate_tickets")
    first = time.perf_counter() - started
    said = FollowUp.objects.count() - before
    started = time.perf_counter()
    call_command("escalate_tickets")
    return {"seconds": first, "said": said, "idle": time.perf_counter() - started}


def session() -> dict[str, Any]:
    """A logged-in person's cookie, tickets to open, and the addresses of its lists."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
    from django.contrib.sessions.backends.db import SessionStore
    from helpdesk.models import Queue, Ticket
    from helpdesk.query import query_to_base64

    user = get_user_model().objects.get(username="clerk0")
    store = SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()

    def listed(sorting: str, search: str = "") -> str:
        query = {"filtering": {"status__in": [1, 2]}, "filtering_null": {}, "sorting": sorting}
        asked = query_to_base64({**query, "sortreverse": False, "search_string": search})
        return f"/datatables_ticket_list/{asked}?draw=1&start=0&length=50"

    ids = list(Ticket.objects.values_list("id", flat=True))
    return {
        "cookie": f"sessionid={store.session_key}",
        "tickets": random.Random(7).sample(ids, min(500, len(ids))),
        "queue": Queue.objects.first().id,
        "list": listed("created"),
        "overdue": listed("due_date"),
        "search": listed("created", "饮水管网"),
    }


if __name__ == "__main__":
    what, file, *words = sys.argv[1:]
    configure(file)
    doing: dict[str, Callable[[], dict[str, Any]]] = {
        "fill": lambda: fill(int(words[0])),
        "orm": lambda: orm(float(words[0])),
        "escalate": escalate,
        "session": session,
    }
    print(json.dumps(doing[what]()))
elif "HELPDESK_FILE" in os.environ:
    configure(os.environ["HELPDESK_FILE"])
    from django.core.wsgi import get_wsgi_application

    application = get_wsgi_application()
