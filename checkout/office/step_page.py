"""The page of one step with an order: it asks, and on POST takes the step."""

from django.http import Http404, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail_modeladmin.views import InstanceSpecificView

from checkout.errors import CartBusy
from checkout.goodwill import AmountRefused
from checkout.models import Order
from checkout.office import steps
from checkout.office.step_forms import StepForm
from checkout.pieces import NotAllowedNow, PiecesRefused
from shop.money import written


class StepView(InstanceSpecificView):
    code = ""
    template_name = "checkout/office/step.html"
    http_method_names = ["get", "head", "post", "options"]

    def __init__(self, model_admin, instance_pk: int, code: str):
        super().__init__(model_admin, str(instance_pk))
        found = steps.find(code)
        if found is None:
            raise Http404("No such step.")
        self.step = found
        self.order: Order = self.instance

    def check_action_permitted(self, user) -> bool:
        may_look = self.permission_helper.user_can_inspect_obj(user, self.order)
        return may_look and user.has_perm(self.step.permission)

    def get(self, request, *args, **kwargs):
        if not self.step.is_open(self.order):
            return self._closed()
        return self._page(self.step.form(order=self.order))

    def post(self, request, *args, **kwargs):
        """Whether the step is open is judged by the deed, under its lock: the second of
        two presses finds what the first has done, and that is well."""
        form = self.step.form(request.POST, order=self.order)
        if not form.is_valid():
            return self._page(form, status=422)
        try:
            self.step.take(form, by=request.user, now=timezone.now())
        except NotAllowedNow:
            return self._closed()
        except PiecesRefused as refused:
            form.add_error(None, _words(form, refused))
            return self._page(form, status=422)
        except AmountRefused as refused:
            most = written(refused.most, self.order.currency)
            form.add_error("amount", _("At most %(most)s.") % {"most": most})
            return self._page(form, status=422)
        except CartBusy:
            form.add_error(None, _("Somebody else is at this order. Try once more."))
            return self._page(form, status=409)
        messages.success(request, self.step.done)
        return self._back()

    def _closed(self):
        said = _("That is not possible any more: the order is %(status)s.")
        status = Order.objects.get(pk=self.order.pk).get_status_display()
        messages.error(self.request, said % {"status": status})
        return self._back()

    def _back(self):
        return HttpResponseRedirect(self.order_url, status=303)

    @property
    def order_url(self) -> str:
        return self.url_helper.get_action_url("inspect", self.order.pk)

    def _page(self, form: StepForm, *, status=200):
        context = self.get_context_data(
            step=self.step,
            order=self.order,
            form=form,
            back_url=self.order_url,
            page_title=self.step.label,
            page_subtitle=self.order.number,
            header_title=self.step.label,
            header_icon=self.step.icon,
            submit_button_label=self.step.button,
            submit_button_active_label=self.step.button,
        )
        return self.render_to_response(context, status=status)


def _words(form: StepForm, refused: PiecesRefused) -> str:
    if refused.skus:
        return form.too_many % {"skus": ", ".join(refused.skus)}
    return _("Say of which line how many.")
