"""Which variant a product page shows, and the choices that lead to the others."""

from dataclasses import dataclass

from shop.availability import availability
from shop.models import Variant
from shop.money import written


@dataclass(frozen=True)
class OptionChoice:
    slug: str
    label: str
    swatch: str
    is_chosen: bool
    is_sold_out: bool
    price_note: str


@dataclass(frozen=True)
class OptionGroup:
    code: str
    name: str
    choices: tuple[OptionChoice, ...]


class Picker:
    """The variants of a product, one of them chosen by a query such as ?colour=moss.

    ``variants`` must carry ``pieces`` and in ``chosen`` their options with attributes.
    An unknown choice is ignored; a combination that does not exist falls to the
    nearest variant, options in order of their position.
    """

    def __init__(self, variants: list[Variant], query):
        self.variants = variants
        self.options = {v.pk: _options(v) for v in variants}
        self.attributes = _attributes(variants)
        asked = {code: query.get(code, "") for code in self.attributes}
        self.chosen = self._nearest(asked)

    def _nearest(self, asked: dict[str, str]) -> Variant | None:
        def fit(variant: Variant) -> tuple:
            own = self.options[variant.pk]
            hits = [code in own and own[code].slug == asked[code] for code in asked]
            return (sum(hits), *hits, variant.pieces > 0)

        if not any(asked.values()):
            return next(
                (v for v in self.variants if v.pieces > 0),
                self.variants[0] if self.variants else None,
            )
        return max(self.variants, key=fit, default=None)

    @property
    def groups(self) -> list[OptionGroup]:
        if self.chosen is None:
            return []
        return [
            OptionGroup(code, attribute.name, tuple(self._choices(code, self.chosen)))
            for code, attribute in self.attributes.items()
        ]

    def _choices(self, code: str, chosen: Variant):
        own = self.options[chosen.pk]
        values = {
            option[code].pk: option[code]
            for option in self.options.values()
            if code in option
        }
        for value in sorted(values.values(), key=lambda v: (v.sort_order, v.pk)):
            other = self._beside(chosen, code, value.slug)
            yield OptionChoice(
                slug=value.slug,
                label=value.label,
                swatch=value.swatch,
                is_chosen=code in own and own[code].pk == value.pk,
                is_sold_out=other.pieces <= 0,
                price_note=_price_note(other, chosen),
            )

    def _beside(self, chosen: Variant, code: str, slug: str) -> Variant:
        """The variant that differs from the chosen one by this value alone, or the
        nearest that has it."""
        own = {c: value.slug for c, value in self.options[chosen.pk].items()}
        wanted = own | {code: slug}
        having = [
            v
            for v in self.variants
            if code in self.options[v.pk] and self.options[v.pk][code].slug == slug
        ]
        return max(
            having,
            key=lambda v: sum(
                value.slug == wanted.get(c) for c, value in self.options[v.pk].items()
            ),
        )

    @property
    def rows(self) -> list[dict]:
        """Plain values for the page's script, one row a variant."""
        return [
            {
                "sku": variant.sku,
                "options": {c: v.slug for c, v in self.options[variant.pk].items()},
                "label": variant.option_label,
                "price": written(variant.price, variant.currency),
                "compare_at": written(variant.compare_at_price, variant.currency)
                if variant.compare_at_price
                else "",
                "kind": availability(variant.pieces).kind,
                "words": availability(variant.pieces).words,
                "most": max(0, min(variant.pieces, 999)),
                "picture": variant.picture.sources("card") if variant.picture else [],
                "alt": variant.picture.default_alt_text if variant.picture else "",
            }
            for variant in self.variants
        ]


def _price_note(other: Variant, chosen: Variant) -> str:
    difference = other.price - chosen.price
    if not difference:
        return ""
    sign = "+" if difference > 0 else ""
    return sign + written(difference, other.currency)


def _options(variant: Variant) -> dict:
    return {value.attribute.code: value for value in variant.chosen}


def _attributes(variants: list[Variant]) -> dict:
    found = {
        value.attribute.code: value.attribute
        for variant in variants
        for value in variant.chosen
    }
    return dict(sorted(found.items(), key=lambda item: item[1].position))
