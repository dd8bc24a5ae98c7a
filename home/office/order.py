"""The page on which editors put the blocks of one position in order. What they move is
staged: in the workspace that is open, else as Wagtail drafts."""

from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.widgets.button import HeaderButton

from home import ordering
from home.drafts.errors import WorkspaceClosed
from home.drafts.viewing import editing_workspace
from home.keys import is_key
from home.office.why import Whys
from home.positions import Position, may_change_position, positions_of

NAMESPACE = "wagtailsnippets_home_layoutblock"


class Refused(Exception):
    """A sentence for the editor; nothing was moved."""


class OrderView(WagtailAdminTemplateMixin, TemplateView):
    template_name = "home/office/order.html"
    page_title = gettext_lazy("Order")
    header_icon = "list-ul"
    index_url_name = None

    def dispatch(self, request, position, **kwargs):
        if position not in Position.values:
            raise Http404("No such position.")
        self.position = Position(position)
        if not may_change_position(request.user, position):
            raise PermissionDenied
        return super().dispatch(request, **kwargs)

    def post(self, request, **kwargs):
        status = 200
        try:
            said = self._obey(request.POST)
            tell = messages.success
        except Refused as refused:
            said, tell, status = str(refused), messages.error, 409
        # The script takes the words from the page and says them in its own way.
        if request.headers.get("X-Requested-With") == "XMLHttpRequest":
            context = self.get_context_data(said=said, **kwargs)
            return self.render_to_response(context, status=status)
        tell(request, said)
        return HttpResponseRedirect(request.path, status=303)

    # What is asked

    def _obey(self, posted) -> str:
        """Do what a button, or a drop, asks for. Returns what to say.

        Raises:
            Refused
        """
        if posted.get("store", "") != self.store:
            raise Refused(
                _("A draft workspace was opened or left meanwhile. Nothing was moved.")
            )
        try:
            return (self._publish if "publish" in posted else self._move)(posted)
        except ordering.OrderRefused as refused:
            raise Refused(self._in_the_way(refused.blocks)) from None
        except ordering.OrderChanged:
            raise Refused(
                _("The order was changed meanwhile: here it is. Nothing was moved.")
            ) from None
        except WorkspaceClosed:
            raise Refused(_("This workspace is closed. Nothing was moved.")) from None

    def _move(self, posted) -> str:
        seen = _seen(posted)
        of, to = _asked(posted, seen)
        if self.workspace:
            now = timezone.now()
            ordering.move_in(self.workspace, self.position, seen, of, to, now=now)
        else:
            ordering.move(self.position, seen, of, to, user=self.request.user)
        title = next(str(block) for block in self.blocks if ordering.key(block) == of)
        return _("“%(title)s” is now %(place)d of %(all)d.") % {
            "title": title,
            "place": to + 1,
            "all": len(seen),
        }

    def _publish(self, posted) -> str:
        if self.workspace or not self.may_publish:
            raise Refused(_("You cannot publish this order."))
        user, seen = self.request.user, _seen(posted)
        if not ordering.publish_order(self.position, seen, user=user):
            return _("The shop has this order already.")
        return _("The order is live.")

    @staticmethod
    def _in_the_way(blocks: Sequence) -> str:
        return _(
            "Locked, in moderation or waiting for its hour: %(titles)s. Nothing was"
            " changed."
        ) % {"titles": ", ".join(f"“{block}”" for block in blocks)}

    # What is shown

    @cached_property
    def workspace(self):
        return editing_workspace(self.request)

    @property
    def store(self) -> str:
        """Names where moves are kept: a tab of another time is refused."""
        return str(self.workspace.uuid) if self.workspace else ""

    @property
    def may_publish(self) -> bool:
        return self.request.user.has_perm("home.publish_layoutblock")

    @property
    def blocks(self) -> list:
        """As drafted, in order."""
        if self.workspace:
            now = timezone.now()
            return ordering.drafted_in(self.workspace, self.position, now=now)
        return [one.draft for one in ordering.placed(self.position)]

    def get_context_data(self, **kwargs):
        blocks, whys = self.blocks, Whys(now=timezone.now())
        for block in blocks:
            block.key = ordering.key(block)
            block.why = "" if block.is_draft() else whys.of(block)
        live = {pk: block.sort_order for pk, block in whys.blocks.items() if block.live}
        moved = [b for b in blocks if live.get(b.pk, b.sort_order) != b.sort_order]
        return super().get_context_data(**kwargs) | {
            "blocks": blocks,
            "seen": ",".join(str(block.key) for block in blocks),
            "store": self.store,
            "workspace": self.workspace,
            # Drafts have another order than the shop.
            "is_moved": bool(moved) and not self.workspace,
            "may_publish": self.may_publish,
            "places": [(p, order_url(p)) for p in positions_of(self.request.user)],
            "here": self.position,
        }

    def get_page_subtitle(self):
        return self.position.label

    def get_breadcrumbs_items(self):
        from home.models import LayoutBlock

        listing = {
            "url": reverse(f"{NAMESPACE}:list"),
            "label": LayoutBlock._meta.verbose_name_plural,
        }
        here = {"url": "", "label": _("Order"), "sublabel": self.position.label}
        return [*self.breadcrumbs_items, listing, here]


def _seen(posted) -> list[int]:
    """The order that was looked at."""
    return [int(k) for k in posted.get("seen", "").split(",") if is_key(k)]


def _asked(posted, seen: list[int]) -> tuple[int, int]:
    """Which block, and to which place.

    Raises:
        Refused
    """
    for name, step in (("up", -1), ("down", 1), ("block", 0)):
        of = posted.get(name, "")
        if not is_key(of) or int(of) not in seen:
            continue
        to = posted.get("to", "")
        place = int(to) if not step and is_key(to) else seen.index(int(of)) + step
        return int(of), max(0, min(place, len(seen) - 1))
    raise Refused(_("There is no such block here. Nothing was moved."))


def order_url(position: str) -> str:
    return reverse(f"{NAMESPACE}:order", args=[position])


def first_order(request):
    """To the position of the list's filter, or the first that the user may change."""
    allowed = positions_of(request.user)
    if not allowed:
        raise PermissionDenied
    asked = request.GET.get("position")
    return redirect(order_url(asked if asked in allowed else allowed[0]))


class OrderedByPosition:
    """For the viewset of layout blocks: the page above, in its addresses."""

    def get_urlpatterns(self):
        return [
            path("order/", first_order, name="first_order"),
            path("order/<str:position>/", OrderView.as_view(), name="order"),
            *super().get_urlpatterns(),
        ]


class LeadsToOrder:
    """For the list of layout blocks: the way to their order."""

    @cached_property
    def header_buttons(self):
        buttons = super().header_buttons
        if positions_of(self.request.user):
            asked = self.request.GET.get("position", "")
            query = f"?position={asked}" if asked in Position.values else ""
            url = reverse(f"{NAMESPACE}:first_order") + query
            buttons.append(HeaderButton(_("Order"), url=url, icon_name="list-ul"))
        return buttons
