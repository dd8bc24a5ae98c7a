from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GistIndex
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.models import Orderable

from home import goods
from shop.words import LONGEST_QUERY, normal, phrases


class RuleQuerySet(models.QuerySet):
    def delete(self):
        """Bulk actions of the admin delete by query."""
        deleted = super().delete()
        goods.changed()
        return deleted

    delete.alters_data = True  # type: ignore[attr-defined]
    delete.queryset_only = True  # type: ignore[attr-defined]


class Rule(models.Model):
    """What staff tell the search. A change is in force with the commit."""

    objects = RuleQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        super().save(*args, **kwargs)
        goods.changed()

    def delete(self, *args, **kwargs):
        deleted = super().delete(*args, **kwargs)
        goods.changed()
        return deleted


class Synonym(Rule):
    """Words that mean the same: who searches for one finds them all."""

    words = models.CharField(
        _("words"),
        max_length=200,
        unique=True,
        help_text=_("Words or short phrases with commas between: sofa, couch, settee."),
    )

    phrases = ArrayField(models.TextField(), editable=False)

    panels = [FieldPanel("words")]

    class Meta:
        verbose_name = _("synonym")
        verbose_name_plural = _("synonyms")
        ordering = ["words"]

    def __str__(self) -> str:
        return self.words

    def save(self, *args, **kwargs):
        self.phrases = phrases(self.words)
        super().save(*args, **kwargs)

    def clean(self):
        super().clean()
        if len(phrases(self.words)) < 2:
            raise ValidationError({"words": _("Two words at least, with a comma.")})


class PinnedSearch(Rule, ClusterableModel):
    """A search whose first results are chosen by hand."""

    words = models.CharField(
        _("search"),
        max_length=LONGEST_QUERY,
        unique=True,
        help_text=_("What shoppers type; capitals and accents do not matter."),
    )

    panels = [FieldPanel("words"), InlinePanel("pins", label=_("Product"), min_num=1)]

    class Meta:
        verbose_name = _("pinned results")
        verbose_name_plural = _("pinned results")
        ordering = ["words"]

    def __str__(self) -> str:
        return self.words

    def clean(self):
        super().clean()
        self.words = normal(self.words)
        if not self.words:
            raise ValidationError({"words": _("Nobody can search for that.")})


class Pin(Orderable):
    search = ParentalKey(PinnedSearch, on_delete=models.CASCADE, related_name="pins")
    product = models.ForeignKey(
        "shop.Product",
        verbose_name=_("product"),
        on_delete=models.CASCADE,
        related_name="+",
    )

    panels = [FieldPanel("product")]

    class Meta(Orderable.Meta):
        verbose_name = _("pinned product")

    def save(self, *args, **kwargs):
        super().save(*args, **kwargs)
        goods.changed()


class SearchWord(models.Model):
    """A word that stands on listed products, and on how many: what a slip of the pen is
    put right to. Written by ``shop.vocabulary`` alone."""

    word = models.CharField(max_length=40, primary_key=True, db_collation="C")
    products = models.PositiveIntegerField()

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = "search word"
        indexes = [
            GistIndex(
                name="search_word_trigrams",
                fields=["word"],
                opclasses=["gist_trgm_ops"],
            )
        ]

    def __str__(self) -> str:
        return self.word


class Searched(models.Model):
    """How often something was searched for on a day, and what was found last. Of the
    people who searched nothing is kept."""

    words = models.CharField(_("searched for"), max_length=LONGEST_QUERY)
    day = models.DateField(_("day"))
    times = models.PositiveIntegerField(_("times"), default=0)
    found = models.PositiveIntegerField(_("pieces found"), default=0)

    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("search")
        verbose_name_plural = _("searches")
        ordering = ["-day", "-times", "words"]
        constraints = [
            models.UniqueConstraint(fields=["words", "day"], name="searched_once_a_day")
        ]

    def __str__(self) -> str:
        return self.words
