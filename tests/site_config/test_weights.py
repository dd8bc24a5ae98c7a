"""What a page weighs and how it shows its pictures: files are counted as they are sent,
compressed. No browser is needed for that."""

import gzip
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings

from home.models import Picture
from shop.models import Category
from tests.browser.dressing import dress
from tests.builders import a_brand, a_product, a_value

KB = 1024
IMPORT = re.compile(rb'\bimport\b[^;"]*"([^"]+)"')
FONT = re.compile(rb'url\("(fonts/[^"]+)"\)')
LIST = "/shop/"


class Page(HTMLParser):
    """Elements in order: [(tag, {attribute: value})]."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def named(self, tag: str) -> list[dict]:
        return [attributes for name, attributes in self.elements if name == tag]

    def scripts(self) -> set[Path]:
        """Files of its modules and of what they import."""
        sources = [script["src"] for script in self.named("script") if "src" in script]
        return set().union(*(_with_imports(_file(source)) for source in sources))

    def styles(self) -> set[Path]:
        links = [link for link in self.named("link") if link["rel"] == "stylesheet"]
        return {_file(link["href"]) for link in links}

    def asked_for_at_once(self) -> int:
        """Requests until the first view is whole, the page's own included; pictures
        that wait until somebody comes near them are not among them."""
        icons = {link["href"] for link in self.named("link") if link["rel"] == "icon"}
        sprites = {use["href"].partition("#")[0] for use in self.named("use")}
        photos = [i for i in self.named("img") if i.get("loading") != "lazy"]
        files = self.scripts() | self.styles() | self.fonts()
        return 1 + len(icons) + len(sprites) + len(photos) + len(files)

    def fonts(self) -> set[Path]:
        return {
            (style.parent / found.decode()).resolve()
            for style in self.styles()
            for found in FONT.findall(style.read_bytes())
        }


def _file(url: str) -> Path:
    path = urlsplit(url).path.removeprefix(settings.STATIC_URL)
    return Path(settings.STATIC_ROOT, path).resolve()


def _with_imports(script: Path, seen=frozenset()) -> set[Path]:
    found = {script}
    for name in IMPORT.findall(script.read_bytes()):
        imported = (script.parent / name.decode()).resolve()
        if imported not in seen | found:
            found |= _with_imports(imported, seen | found)
    return found


def sent(files: set[Path]) -> int:
    """Bytes on the wire: as WhiteNoise keeps a file compressed, else as it is."""
    packed = {file: file.with_name(f"{file.name}.gz") for file in files}
    return sum((p if p.exists() else f).stat().st_size for f, p in packed.items())


@pytest.fixture
def pages(db, client) -> dict[str, str]:
    """Every page that shoppers see with everything on it, a list of 24 among them."""
    dress(size=(1600, 1600))
    bowls = Category.objects.get(slug="bowls")
    picture = Picture.objects.get()
    # As many choices as the demo's whole shop offers, about.
    values = [a_value(f"Glaze {n}", "colour", swatch="#8f9678") for n in range(18)]
    values += [a_value(f"Clay {n}", "material") for n in range(19)]
    for n in range(16):
        more = {"brand": a_brand(f"Workshop {n}"), "values": values if n == 0 else ()}
        a_product(f"Plate {n}", category=bowls, picture=picture, **more)
    client.post("/cart/add/", {"sku": "VID-MOSS", "quantity": "1"})
    paths = ["/", LIST, "/product/vid/", "/search/?q=bowl"]
    paths += ["/cart/", "/checkout/", "/wishlist/", "/account/login/"]
    answers = {path: client.get(path) for path in paths}
    assert {answer.status_code for answer in answers.values()} == {200}
    return {path: answer.content.decode() for path, answer in answers.items()}


def test_pages_are_light_and_pictures_come_in_the_width_that_is_needed(pages):
    for path, html in pages.items():
        page = Page(html)
        _check_files(page, path)
        _check_pictures(page, path)

    listed = Page(pages[LIST])
    assert len([a for a in listed.named("article") if "card" in a["class"]]) == 24
    assert len(gzip.compress(pages[LIST].encode())) <= 30 * KB
    boxes = [i for i in listed.named("input") if i.get("type") == "checkbox"]
    assert len(boxes) > 50 and len(listed.elements) <= 1000
    assert listed.asked_for_at_once() <= 25


def _check_files(page: Page, path: str) -> None:
    scripts = [script for script in page.named("script") if "src" in script]
    # allauth's, for passkeys, stand at the end of the log-in page and block nothing.
    ours = [s for s in scripts if not re.match("/static/(mfa|account)/", s["src"])]
    assert all(script["type"] == "module" for script in ours), path
    assert page.scripts() and sent(page.scripts()) <= 16 * KB, path
    assert page.styles() and sent(page.styles()) <= 20 * KB, path
    assert page.fonts() and sent(page.fonts()) <= 45 * KB, path


def _check_pictures(page: Page, path: str) -> None:
    """Room kept, three widths or more in WebP, one in a hurry, all below waiting."""
    for picture in page.named("img"):
        assert picture["width"] and picture["height"] and "alt" in picture, path
    photos = [image for image in page.named("img") if "/media/" in image["src"]]
    for photo in photos + page.named("source"):
        widths = photo["srcset"].split(", ")
        assert len(widths) >= 3 and photo["sizes"], (path, photo)
        assert all(".webp " in width for width in widths), (path, photo)
    hurried = [photo for photo in photos if photo.get("fetchpriority") == "high"]
    waiting = [photo for photo in photos if photo.get("loading") == "lazy"]
    eager = {"/": 1, LIST: 4, "/product/vid/": 1, "/search/?q=bowl": 4}.get(path, 0)
    assert len(hurried) == min(eager, 1), path
    assert len(photos) - len(waiting) == eager, path
