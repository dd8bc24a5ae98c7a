"""Drops in the admin: set up like any other thing, watched and steered while they
run."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin import messages
from wagtail.admin.ui.tables import BooleanColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import HeaderButton

from checkout import serving
from checkout.models import CheckoutAttempt, Drop
from checkout.standing import RECENT

REFRESH_S = 5
SHOWN = 8
PERMISSION = "checkout.run_drop"
COUNTS = """
SELECT line.id, a.state, a.reason, count(*), min(a.clicked_at),
    count(*) FILTER (WHERE a.decided_at > %s)
FROM checkout_checkoutattempt a, unnest(a.product_ids) AS line (id)
WHERE line.id = ANY(%s)
GROUP BY line.id, a.state, a.reason ORDER BY line.id, count(*) DESC
"""


@dataclass
class Line:
    """How a drop goes. ``rate`` is decisions a minute; ``refused`` [(reason, how
    many)], the most frequent first."""

    drop: Drop
    depth: int = 0
    ordered: int = 0
    rate: int = 0
    oldest_wait: timedelta | None = None
    refused: list[tuple[str, int]] = field(default_factory=list)

    def add(self, state: str, reason: str, n: int, waited: timedelta, recent: int):
        self.rate += recent
        if state == CheckoutAttempt.State.WAITING:
            self.depth, self.oldest_wait = n, waited
        elif state == CheckoutAttempt.State.SETTLED:
            self.ordered = n
        else:
            words = CheckoutAttempt.Reason(reason).label
            self.refused.append((str(words), n))


def lines(*, now: datetime) -> list[Line]:
    """Every drop and how it goes: two queries."""
    drops = Drop.objects.select_related("product")
    found = {drop.product_id: Line(drop) for drop in drops}
    with connection.cursor() as cursor:
        cursor.execute(COUNTS, [now - RECENT, list(found)])
        for product_id, state, reason, n, since, recent in cursor.fetchall():
            waited = timedelta(seconds=int((now - since).total_seconds()))
            found[product_id].add(state, reason, n, waited, recent)
    return list(found.values())


def set_aside() -> list[CheckoutAttempt]:
    """The newest whose orders could not be decided for a fault of ours: one query."""
    aside = CheckoutAttempt.objects.filter(reason=CheckoutAttempt.Reason.SET_ASIDE)
    return list(aside.order_by("-pk")[:SHOWN])


@require_safe
def live(request) -> HttpResponse:
    """The panel; it comes again by itself."""
    if not request.user.has_perm("checkout.view_drop"):
        raise PermissionDenied
    context = {
        "lines": lines(now=timezone.now()),
        "aside": set_aside(),
        "may_run": request.user.has_perm(PERMISSION),
        "refresh_s": REFRESH_S,
    }
    response = render(request, "checkout/office/drops.html", context)
    response["Refresh"] = str(REFRESH_S)
    return response


@require_POST
def steer(request, pk: int, deed: str) -> HttpResponse:
    """Pause a drop, resume it, or send everybody away who waits for it."""
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
    drop = Drop.objects.select_related("product").filter(pk=pk).first()
    if drop is None or deed not in DEEDS:
        raise Http404("No such drop, or nothing to be done with it.")
    messages.success(request, DEEDS[deed](drop))
    return HttpResponseRedirect(reverse("drops:live"))


def _pause(drop: Drop) -> str:
    Drop.objects.filter(pk=drop.pk).update(is_paused=True)
    return _("Paused. Buyers keep their places.")


def _resume(drop: Drop) -> str:
    Drop.objects.filter(pk=drop.pk).update(is_paused=False)
    serving.defer(drop.product_id)
    return _("Resumed.")


def _drain(drop: Drop) -> str:
    Drop.objects.filter(pk=drop.pk).update(is_paused=True)
    serving.defer_drain(drop.product_id)
    return _("Paused; whoever waits is told that the sale is closed.")


DEEDS = {"pause": _pause, "resume": _resume, "drain": _drain}


class DropIndexView(IndexView):
    """The list, with the way to the panel."""

    @cached_property
    def header_buttons(self):
        watch = HeaderButton(
            _("Watch them live"), url=reverse("drops:live"), icon_name="view"
        )
        return [*super().header_buttons, watch]


class DropViewSet(ModelViewSet):
    model = Drop
    index_view_class = DropIndexView
    name = "drops"
    icon = "fire"
    menu_label = gettext_lazy("Drops")
    list_display = [
        "product",
        "most_per_customer",
        "most_waiting",
        "clicks_per_second",
        BooleanColumn("is_paused", label=gettext_lazy("Paused")),
    ]
    ordering = ["pk"]
    copy_view_enabled = False

    def get_urlpatterns(self):
        return [
            path("live/", live, name="live"),
            path("<int:pk>/<slug:deed>/now/", steer, name="steer"),
            *super().get_urlpatterns(),
        ]
