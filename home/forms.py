"""What the admin's forms ask beyond their fields, and how a shopper's form stands in
a page."""

from django import forms
from wagtail.admin.forms import WagtailAdminModelForm, WagtailAdminPageForm
from wagtail.admin.forms.pages import CopyForm

from home import slugs
from home.positions import positions_of


class LayoutBlockForm(WagtailAdminModelForm):
    """Offers the positions that the editor may change, and no other."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        position = self.fields.get("position")
        if position and self.for_user:
            allowed = positions_of(self.for_user)
            position.choices = [
                (value, label)
                for value, label in position.choices
                if not value or value in allowed
            ]


class SitePageForm(WagtailAdminPageForm):
    """A new page has no parent that its model could ask; its form knows it."""

    def clean_slug(self):
        return slugs.normal(self.cleaned_data["slug"])

    def clean(self):
        cleaned = super().clean()
        parent = None if self.instance.path else self.parent_page
        if complaint := slugs.complaint(cleaned.get("slug", ""), parent):
            self.add_error("slug", complaint)
        return cleaned


class SitePageCopyForm(CopyForm):
    def clean_new_slug(self):
        return slugs.normal(self.cleaned_data["new_slug"])

    def clean(self):
        cleaned = super().clean()
        parent = cleaned.get("new_parent_page") or self.page.get_parent()
        if complaint := slugs.complaint(cleaned.get("new_slug", ""), parent):
            self.add_error("new_slug", complaint)
        return cleaned


class FieldAtPlace(forms.BoundField):
    """A field whose id is its name, described by ``<name>-hint`` and, when it is wrong,
    ``<name>-error``; the template prints those two."""

    @property
    def aria_describedby(self) -> str:
        ids = [f"{self.name}-hint"] if self.help_text else []
        ids += [f"{self.name}-error"] if self.errors else []
        return " ".join(ids)
