"""How a form of a shopper's stands in a page."""

from django import forms


class FieldAtPlace(forms.BoundField):
    """A field whose id is its name, described by ``<name>-hint`` and, when it is wrong,
    ``<name>-error``; the template prints those two."""

    @property
    def aria_describedby(self) -> str:
        ids = [f"{self.name}-hint"] if self.help_text else []
        ids += [f"{self.name}-error"] if self.errors else []
        return " ".join(ids)
