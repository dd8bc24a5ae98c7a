from dataclasses import dataclass


@dataclass(frozen=True)
class Address:
    """Where an order goes and whom it is for: copied onto the order, field by field."""

    email: str
    name: str
    street: str
    postcode: str
    city: str
    country: str
    flat: str = ""
    company: str = ""
    phone: str = ""
