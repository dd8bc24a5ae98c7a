from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

# A batch takes seconds; whoever is silent for so long has stopped.
SILENT = timedelta(seconds=60)


class ImportRunQuerySet(models.QuerySet):
    def without_file(self):
        """Rows of a list, not megabytes of files."""
        return self.defer("content")

    def lock(self, pk: int) -> "ImportRun":
        rows = self.without_file().select_for_update(of=("self",), no_key=True)
        return rows.get(pk=pk)

    def unfinished(self, sha256: str):
        """The import of that file that has begun and not come to its end."""
        running = self.without_file().filter(state=ImportRun.State.RUNNING)
        return running.filter(sha256=sha256).order_by("-pk").first()


class ImportRun(models.Model):
    """A sheet of products on its way into the shop: what it would change, then what it
    has changed. ``position`` counts rows that are done, and moves in the transaction
    that does them: whoever goes on begins there.

    ``report`` is what ``shop.sheets.report.Report`` says, of all rows so far. The file
    itself is forgotten after a while.
    """

    class State(models.TextChoices):
        CHECKING = "checking", _("being checked")
        REFUSED = "refused", _("has mistakes")
        READY = "ready", _("waits for your word")
        RUNNING = "running", _("being imported")
        DONE = "done", _("imported")

    file_name = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(max_length=64, db_index=True)
    content = models.BinaryField()
    state = models.CharField(_("state"), max_length=10, choices=State)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    position = models.PositiveIntegerField(default=0)
    report = models.JSONField(default=dict)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    uploaded_at = models.DateTimeField(_("uploaded"))
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("confirmed by"),
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    moved_at = models.DateTimeField()
    finished_at = models.DateTimeField(_("finished"), null=True)

    wagtail_reference_index_ignore = True

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("import of products")
        verbose_name_plural = _("imports of products")
        ordering = ["-uploaded_at", "-pk"]
        default_permissions = ()
        permissions = [("import_products", _("Can import products from a file"))]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(position__lte=models.F("rows")),
                name="import_ends_with_its_rows",
            )
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_under_way(self) -> bool:
        return self.state in (self.State.CHECKING, self.State.RUNNING)
