"""Products out into a sheet and in again: upload, look at what would change, confirm,
watch. Without script: a page that waits comes again by itself."""

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)
from wagtail.admin import messages
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet

from home import outbox
from shop import tasks
from shop.models import ImportRun
from shop.models.import_run import SILENT
from shop.sheets import uploads
from shop.sheets.columns import Known
from shop.sheets.exporting import exported
from shop.sheets.reading import FileRefused, Sheet, opened, refuse_too_large
from shop.sheets.report import MOST_CHANGES, MOST_PROBLEMS, Report

PERMISSION = "shop.import_products"
SHOWN = 20
REFRESH_S = 2
State = ImportRun.State


class UploadForm(forms.Form):
    """``sheet`` is the file as it is understood, once the form is valid."""

    file = forms.FileField(
        label=gettext_lazy("CSV file"),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,text/csv"}),
    )
    sheet: Sheet

    def clean_file(self):
        file = self.cleaned_data["file"]
        try:
            # Before it is read.
            refuse_too_large(file.size)
            self.sheet = opened(file.read(), Known.load())
        except FileRefused as refused:
            raise forms.ValidationError(str(refused)) from None
        return file


def _allowed(request: HttpRequest) -> None:
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied


@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """The last imports, and a form that begins another."""
    _allowed(request)
    is_post = request.method == "POST"
    form = UploadForm(request.POST, request.FILES) if is_post else UploadForm()
    if is_post and form.is_valid():
        return _see(_upload(form, request.user.pk))
    runs = ImportRun.objects.without_file().select_related("uploaded_by")[:SHOWN]
    context = {"form": form, "runs": runs, "columns": Known.load().columns}
    status = 422 if is_post else 200
    return render(request, "shop/office/sheets.html", context, status=status)


def _upload(form: UploadForm, by_id: int | None) -> ImportRun:
    with transaction.atomic():
        run = uploads.upload(
            form.sheet,
            form.cleaned_data["file"].name,
            state=State.CHECKING,
            now=timezone.now(),
            by_id=by_id,
        )
        outbox.defer(tasks.check_import, run_id=run.pk)
    return run


def _see(run: ImportRun) -> HttpResponse:
    return HttpResponseRedirect(reverse("sheets:run", args=[run.pk]), status=303)


def _found(pk: int) -> ImportRun:
    runs = ImportRun.objects.without_file().select_related("uploaded_by")
    run = runs.filter(pk=pk).first()
    if run is None:
        raise Http404("No such import.")
    return run


@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """What an import would change, how far it is, or what it has changed."""
    _allowed(request)
    run = _found(pk)
    has_stopped = run.is_under_way and timezone.now() - run.moved_at > SILENT
    context = {
        "run": run,
        "report": Report.of(run.report),
        "earlier": uploads.imported_before(run),
        "has_stopped": has_stopped,
        "most_problems": MOST_PROBLEMS,
        "most_changes": MOST_CHANGES,
    }
    response = render(request, "shop/office/sheet.html", context)
    if run.is_under_way and not has_stopped:
        response["Refresh"] = str(REFRESH_S)
    return response


@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a checked import begin. The second of two presses finds it begun."""
    _allowed(request)
    run = _found(pk)
    with transaction.atomic():
        if uploads.confirm(pk, now=timezone.now(), by_id=request.user.pk):
            outbox.defer(tasks.import_products, run_id=pk)
        elif run.state in (State.CHECKING, State.REFUSED):
            messages.error(request, _("This file cannot be imported."))
    return _see(run)


@require_POST
def go_on(request: HttpRequest, pk: int) -> HttpResponse:
    """Have a worker take up again what has come to a stop. One that is not stopped
    loses nothing by it: each batch is done once."""
    _allowed(request)
    run = _found(pk)
    is_check = run.state == State.CHECKING
    task = tasks.check_import if is_check else tasks.import_products
    if run.is_under_way:
        ImportRun.objects.filter(pk=pk).update(moved_at=timezone.now())
        outbox.defer(task, run_id=pk)
    return _see(run)


@require_safe
def export(request: HttpRequest) -> StreamingHttpResponse:
    """All products, for a spreadsheet."""
    _allowed(request)
    response = StreamingHttpResponse(exported(), content_type="text/csv; charset=utf-8")
    name = f"products-{timezone.localdate().isoformat()}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


class SheetMenuItem(MenuItem):
    def is_shown(self, request):
        return request.user.has_perm(PERMISSION)


class SheetViewSet(ViewSet):
    name = "sheets"
    url_prefix = "product-sheets"
    icon = "table"
    menu_label = gettext_lazy("Import and export")
    menu_item_class = SheetMenuItem

    def get_urlpatterns(self):
        return [
            path("", index, name="index"),
            path("export/", export, name="export"),
            path("<int:pk>/", show, name="run"),
            path("<int:pk>/confirm/", confirm, name="confirm"),
            path("<int:pk>/go-on/", go_on, name="go_on"),
        ]
