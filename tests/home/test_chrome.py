"""What frames every page: appearance, announcement, head, pictures and icons."""

import json
import re

import pytest
from django.urls import reverse

from home import appearance
from home.models import LayoutBlock, SiteSettings
from home.templatetags import home_tags
from tests.builders import a_picture
from tests.composing import a_framed_picture

pytestmark = pytest.mark.django_db


def announce(line="Free delivery from €80.") -> LayoutBlock:
    block = {"line": line, "links": [], "glaze": "cobalt"}
    content = json.dumps([{"type": "announcement", "value": block}])
    return LayoutBlock.objects.create(
        position="announcement", title="News", content=content
    )


def page(client, path="/about-nothing/") -> str:
    return client.get(path).content.decode()


def hide(client, html: str, **more):
    key = re.search(r'name="announcement" value="(\w*)"', html)[1]
    data = {"announcement": key, "next": "/shop/"} | more
    return client.post(reverse("home:hide_announcement"), data)


# Appearance


def test_without_a_choice_the_system_decides(client):
    assert "data-theme" not in page(client)


def test_a_chosen_theme_is_on_the_page_from_its_first_byte(client):
    answer = client.post(reverse("home:appearance"), {"theme": "dark", "next": "/x/"})

    assert (answer.status_code, answer["Location"]) == (303, "/x/")
    html = page(client)
    assert 'data-theme="dark"' in html
    assert 'value="dark" aria-pressed="true"' in html


def test_system_forgets_the_choice(client):
    client.cookies["theme"] = "dark"

    client.post(reverse("home:appearance"), {"theme": "system"})

    assert "data-theme" not in page(client)


def test_an_invented_theme_is_refused_and_a_forged_cookie_ignored(client):
    client.cookies["theme"] = '"><script>'

    assert client.post(reverse("home:appearance"), {"theme": "pink"}).status_code == 400
    assert "data-theme" not in page(client)


@pytest.mark.parametrize(
    "address",
    ["https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "x"],
)
def test_the_way_back_stays_in_the_shop(client, address):
    data = {"theme": "dark", "next": address}

    assert client.post(reverse("home:appearance"), data)["Location"] == "/"


def test_another_site_cannot_set_the_appearance(client):
    answer = client.post(
        reverse("home:appearance"),
        {"theme": "dark"},
        headers={"sec-fetch-site": "cross-site"},
    )

    assert answer.status_code == 403
    assert "theme" not in client.cookies


def test_appearance_is_set_by_post_alone(client):
    assert client.get(reverse("home:appearance")).status_code == 405


# Announcement


def test_a_hidden_announcement_stays_hidden(client):
    announce()
    answer = hide(client, page(client))

    assert (answer.status_code, answer["Location"]) == (303, "/shop/")
    assert "Free delivery" not in page(client)


def test_a_new_announcement_shows_again(client, django_capture_on_commit_callbacks):
    old = announce()
    hide(client, page(client))

    with django_capture_on_commit_callbacks(execute=True):
        old.delete()
        announce("The autumn firing is open.")

    assert "The autumn firing is open." in page(client)


def test_an_announcement_is_known_by_its_words():
    key = appearance.announcement_key("<p>Free  delivery</p>")

    assert key == appearance.announcement_key("<b>Free</b> delivery")
    assert key != appearance.announcement_key("<p>Free returns</p>")
    assert appearance.announcement_key("<p> </p>") == ""


def test_a_strange_key_is_refused(client):
    assert hide(client, page(client), announcement="a;b").status_code == 400


# Cacheable pages


def test_a_public_page_sets_no_cookie_and_has_no_token(client):
    announce()

    answer = client.get("/about-nothing/")

    assert not answer.cookies
    assert "Cookie" not in answer.get("Vary", "")
    assert "csrfmiddlewaretoken" not in answer.content.decode()


def test_no_page_carries_inline_style_or_script(client):
    html = page(client, "/")

    assert "style=" not in html
    assert not re.search(r"<script(?![^>]*(src=|application/))", html)
    assert not re.search(r"\son\w+=", html)


def test_the_front_page_names_the_shop_for_search_engines(client):
    scripts = re.findall(r'ld\+json">(.*?)</script>', page(client, "/"), re.DOTALL)

    kinds = [thing["@type"] for script in scripts for thing in json.loads(script)]
    assert kinds == ["Organization", "WebSite"]


def test_a_name_cannot_end_the_structured_data(client):
    settings = SiteSettings.for_site(_default_site())
    settings.name = "</script><b>"
    settings.save()

    assert "</script><b>" not in page(client, "/")


def _default_site():
    from wagtail.models import Site

    return Site.objects.get(is_default_site=True)


# Pictures, icons, measures


def test_a_photo_has_three_widths_its_size_and_its_words():
    html = home_tags.photo(a_picture("Bowl", size=(900, 900)), sizes="20rem")

    assert len(re.findall(r"\d+w", html)) == 3
    assert 'width="800" height="800"' in html
    assert 'alt="A Bowl"' in html
    assert 'loading="lazy"' in html


def test_only_the_first_picture_is_hurried():
    html = home_tags.photo(a_framed_picture(), priority=True)

    assert 'fetchpriority="high"' in html
    assert "lazy" not in html


def test_without_a_picture_there_is_a_quiet_drawing():
    assert "no-picture" in home_tags.photo(None)


def test_a_lost_file_does_not_break_the_page():
    picture = a_picture()
    picture.file.delete(save=False)
    picture.file.name = "images/gone.jpg"

    assert "no-picture" in home_tags.photo(picture)


def test_words_of_a_picture_are_escaped():
    html = home_tags.photo(a_framed_picture(), alt='"><script>')

    assert "<script>" not in html


def test_a_measure_stays_on_one_line():
    assert home_tags.measures("Oat, Ø 26 cm") == "Oat, Ø\u00a026\u00a0cm"


def test_swatches_say_their_colours():
    html = home_tags.swatches([("Moss", "#8f9678"), ("Oat", "#d8cdb8")], "2 colours")

    assert 'aria-label="2 colours"' in html
    assert html.count("<circle") == 2
    assert "style" not in html


# Errors


def test_a_missing_page_is_the_shops_own(client):
    answer = client.get("/nowhere/")

    assert answer.status_code == 404
    assert "This shelf is empty" in answer.content.decode()


def test_the_page_for_our_own_faults_needs_nothing():
    from site_config.errors import SERVER_ERROR

    assert "{%" not in SERVER_ERROR
    assert "style=" not in SERVER_ERROR
    assert "<h1>" in SERVER_ERROR
