"""Rules of the house that a linter does not know."""

import re
from pathlib import Path

from tests.tracked_files import complaints

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("home", "shop", "checkout", "wishlist", "site_config")
FORBIDDEN_ROOMS = {
    "utils",
    "helpers",
    "common",
    "services",
    "repositories",
    "interfaces",
}
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
# Mail programs read no stylesheet, and the 500 page may need nothing at all.
OWN_LOOK = {"email", "500.html"}


def test_no_room_is_called_after_nothing():
    modules = [path for room in ROOMS for path in (ROOT / room).rglob("*.py")]

    assert [p for p in modules if p.stem in FORBIDDEN_ROOMS] == []


def test_no_module_is_longer_than_a_reader_can_hold():
    modules = [path for room in ROOMS for path in (ROOT / room).rglob("*.py")]
    long = {
        str(path.relative_to(ROOT)): len(path.read_text().splitlines())
        for path in modules
        if "migrations" not in path.parts
    }

    assert {name: lines for name, lines in long.items() if lines > 300} == {}


def test_a_template_is_short_and_says_what_it_takes():
    for template in TEMPLATES:
        lines = template.read_text().splitlines()

        assert len(lines) <= 80, template
        if template.name != "500.html":
            begins = ("{#", "{% comment", "{% extends", "{% load")
            assert lines[0].startswith(begins), template


def test_a_template_holds_no_inline_script_or_style():
    inline = re.compile(r"<style|\sstyle=|\son[a-z]+=\"|javascript:")
    for template in TEMPLATES:
        if OWN_LOOK & set(template.relative_to(ROOT / "templates").parts):
            continue
        markup = template.read_text()

        assert not inline.search(markup), template
        for tag in re.findall(r"<script[^>]*>", markup):
            assert "src=" in tag or "application/" in tag, template


def test_no_file_names_a_registry_or_a_machine():
    assert complaints(ROOT) == []
