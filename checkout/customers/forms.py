"""An address of the book: the fields and rules are those of checkout."""

from checkout import live
from checkout.address import Address
from checkout.forms import CheckoutForm
from checkout.models import SavedAddress

# An account has its own e-mail; the rest is chosen with each order.
NOT_OF_A_PLACE = ("email", "delivery", "payment")
FIELDS = [name for name in Address.__dataclass_fields__ if name != "email"]


class AddressForm(CheckoutForm):
    """A place to send to; begins with what ``address`` says."""

    def __init__(self, data=None, *, address: SavedAddress | None = None):
        terms = live.terms()
        known = {name: getattr(address, name) for name in FIELDS} if address else {}
        initial = {"country": terms.home_country} | known
        super().__init__(data, terms=terms, initial=initial)
        for name in NOT_OF_A_PLACE:
            del self.fields[name]

    def place(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in FIELDS}
