"""Countries by name, and what their postcodes look like."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Country:
    """``postcode`` is a pattern for the whole code in capitals; ``example`` fits it."""

    name: str | Promise
    postcode: str = ""
    example: str = ""

    def has_postcode(self, text: str) -> bool:
        return not self.postcode or bool(re.fullmatch(self.postcode, text.upper()))


FOUR, FIVE, SIX = r"\d{4}", r"\d{5}", r"\d{6}"

COUNTRIES = {
    "AT": Country(_("Austria"), FOUR, "1010"),
    "BE": Country(_("Belgium"), FOUR, "1000"),
    "BG": Country(_("Bulgaria"), FOUR, "1000"),
    "CH": Country(_("Switzerland"), FOUR, "8001"),
    "CY": Country(_("Cyprus"), FOUR, "1010"),
    "CZ": Country(_("Czechia"), r"\d{3} ?\d{2}", "110 00"),
    "DE": Country(_("Germany"), FIVE, "10115"),
    "DK": Country(_("Denmark"), FOUR, "1050"),
    "EE": Country(_("Estonia"), FIVE, "10111"),
    "ES": Country(_("Spain"), FIVE, "28001"),
    "FI": Country(_("Finland"), FIVE, "00100"),
    "FR": Country(_("France"), FIVE, "75001"),
    "GB": Country(_("United Kingdom"), r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}", "EC1A 1BB"),
    "GR": Country(_("Greece"), r"\d{3} ?\d{2}", "104 31"),
    "HR": Country(_("Croatia"), FIVE, "10000"),
    "HU": Country(_("Hungary"), FOUR, "1011"),
    "IE": Country(_("Ireland"), r"[A-Z]\d[\dW] ?[A-Z\d]{4}", "D02 AF30"),
    "IS": Country(_("Iceland"), r"\d{3}", "101"),
    "IT": Country(_("Italy"), FIVE, "00118"),
    "LT": Country(_("Lithuania"), r"(LT-)?\d{5}", "01100"),
    "LU": Country(_("Luxembourg"), r"(L-)?\d{4}", "1111"),
    "LV": Country(_("Latvia"), r"(LV-)?\d{4}", "LV-1010"),
    "MT": Country(_("Malta"), r"[A-Z]{3} ?\d{4}", "VLT 1117"),
    "NL": Country(_("Netherlands"), r"\d{4} ?[A-Z]{2}", "1012 AB"),
    "NO": Country(_("Norway"), FOUR, "0150"),
    "PL": Country(_("Poland"), r"\d{2}-?\d{3}", "00-001"),
    "PT": Country(_("Portugal"), r"\d{4}-?\d{3}", "1200-109"),
    "RO": Country(_("Romania"), SIX, "010011"),
    "SE": Country(_("Sweden"), r"\d{3} ?\d{2}", "111 20"),
    "SI": Country(_("Slovenia"), FOUR, "1000"),
    "SK": Country(_("Slovakia"), r"\d{3} ?\d{2}", "811 01"),
}


def name(code: str) -> str:
    """The country's name; a code that is not in the list stands for itself."""
    return str(COUNTRIES[code].name) if code in COUNTRIES else code


def choices(reached: Iterable[tuple[str, ...]]) -> list[tuple[str, str]]:
    """(code, name) of every country that a way of delivery reaches, by name.

    ``reached`` holds each method's countries; none means everywhere.
    """
    wanted: set[str] = set()
    for countries in reached:
        wanted |= set(countries or COUNTRIES)
    return sorted(((code, name(code)) for code in wanted), key=lambda pair: pair[1])
