"""What the admin's forms ask beyond their fields."""

from wagtail.admin.forms import WagtailAdminModelForm

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
