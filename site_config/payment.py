"""How a shop takes payment, from the environment: invoice always, and the providers
that PAYMENT_PROVIDERS names."""

from importlib.util import find_spec

from django.core.exceptions import ImproperlyConfigured

from site_config import env

KNOWN = {
    "fake": "checkout.providers.fake.FakeProvider",
    "stripe": "checkout.providers.stripe.StripeProvider",
}
# Where a provider has its own page; a form may lead there.
PAGES = {"stripe": "https://checkout.stripe.com"}
CAPTURES = ("automatic", "separate")


def codes(*, is_demo: bool) -> list[str]:
    """The codes of the providers.

    Raises:
        ImproperlyConfigured
    """
    chosen = env.words("PAYMENT_PROVIDERS", "fake" if is_demo else "")
    if unknown := set(chosen) - set(KNOWN):
        raise ImproperlyConfigured(f"PAYMENT_PROVIDERS: no such provider: {unknown}.")
    if "fake" in chosen and not is_demo:
        raise ImproperlyConfigured(
            "PAYMENT_PROVIDERS: the demo bank pays in the demo only."
        )
    if "stripe" in chosen:
        _refuse_half_a_stripe()
    return chosen


def _refuse_half_a_stripe() -> None:
    if find_spec("stripe") is None:
        raise ImproperlyConfigured(
            "PAYMENT_PROVIDERS: Stripe needs its SDK: pip install 'stripe>=16,<17'."
        )
    for name in ("STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET"):
        if not env.text(name):
            raise ImproperlyConfigured(f"PAYMENT_PROVIDERS: Stripe needs {name}.")


def pages(of: list[str]) -> list[str]:
    """Where the providers of these codes have their pages, if not in the shop."""
    return [PAGES[code] for code in of if code in PAGES]


def is_captured_separately() -> bool:
    """Whether a card is charged in a step of its own once the order stands, or at once.

    Raises:
        ImproperlyConfigured
    """
    way = env.text("PAYMENT_CAPTURE") or "automatic"
    if way not in CAPTURES:
        raise ImproperlyConfigured(f"PAYMENT_CAPTURE={way!r} is not one of {CAPTURES}.")
    return way == "separate"
