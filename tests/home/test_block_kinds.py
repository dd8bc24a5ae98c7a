"""What is special to each kind of block."""

import json
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from home.models import DynamicPage, HomePage, Picture
from tests.builders import a_category, a_picture, a_product, a_variant
from tests.composing import (
    a_framed_picture,
    a_layout_block,
    a_page,
    block,
    main_of,
    shown,
)

pytestmark = pytest.mark.django_db


def at(**hours):
    return timezone.now() + timedelta(**hours)


def stream(*blocks: dict):
    return DynamicPage(body=json.dumps(blocks)).body


def faq_of(html: str) -> list[dict]:
    found = re.findall(r'ld\+json">(.*?)</script>', html, re.DOTALL)
    return [about for about in map(json.loads, found) if about["@type"] == "FAQPage"]


def test_the_questions_of_a_page_are_told_to_search_engines_once(client):
    def asked(words):
        one = {"question": f"{words}?", "answer": f"<p>{words}!</p>"}
        return block("faq", heading="Good to know", questions=[one, one])

    shared = a_layout_block(asked("Oven"))
    html = shown(client, asked("Repair"), block("shared", block=shared.pk))

    [about] = faq_of(html)
    names = [question["name"] for question in about["mainEntity"]]
    assert names == ["Repair?", "Repair?", "Oven?", "Oven?"]
    assert about["mainEntity"][0]["acceptedAnswer"]["text"] == "Repair!"


def test_an_answer_cannot_end_the_structured_data(client):
    one = {"question": "</script><b>", "answer": "<p>a</p>"}

    html = shown(client, block("faq", heading="Q", questions=[one, one]))

    assert "</script><b>" not in html


@pytest.mark.parametrize(
    ("opened", "shown_open"), [(2, [False, True]), (0, [False] * 2)]
)
def test_the_editor_says_which_question_is_open(client, opened, shown_open):
    asked = {"question": "Why?", "answer": "<p>Because.</p>"}
    html = shown(
        client, block("faq", heading="Q", questions=[asked] * 2, opened=opened)
    )

    folds = re.findall(r'<details class="fold"( open)?>', html)
    assert [bool(fold) for fold in folds] == shown_open


def test_a_tile_has_its_own_picture_or_its_categorys(client):
    own, usual = a_framed_picture("Own"), a_framed_picture("Usual")
    bowls = a_category("Bowls", picture=usual)

    html = shown(
        client,
        block(
            "category_tiles",
            heading="By the room",
            categories=[
                {"category": bowls.pk},
                {"category": bowls.pk, "picture": own.pk},
            ],
        ),
    )

    assert re.findall(r'src="/media/(\w+)-800.webp"', html) == ["Usual", "Own"]


def test_points_are_numbered_in_the_picture_and_in_the_list(client):
    cheap, dear = a_product("Mug", price="19.00"), a_product("Bowl", price="36.50")
    gone = a_product("Vase", price="9.00", stock=0)
    places = zip([cheap, dear, gone], [(43, 44), (65.5, 46), (81, 55)], strict=True)
    points = [{"product": p.pk, "x": x, "y": y} for p, (x, y) in places]

    html = shown(
        client,
        block(
            "hotspots", heading="Table", picture=a_framed_picture().pk, points=points
        ),
    )

    assert re.findall(r'aria-label="(\d: \w+)"', html) == [
        "1: Mug",
        "2: Bowl",
        "3: Vase",
    ]
    assert 'cx="65.5%" cy="46%"' in html
    for place in re.findall(r'href="#(spot[^"]+)"', html):
        assert f'id="{place}"' in html
    # What is sold out is listed, and not counted.
    assert "All two together €55.50" in " ".join(html.split())


def test_points_without_their_picture_are_a_list(client, furnished):
    page = a_page(block("hotspots", **furnished["hotspots"]))
    Picture.objects.all().delete()

    html = main_of(client, page)
    assert "<figure>" not in html and "Bowl 0" in html


def test_a_flash_sale_says_what_is_left_of_time_and_pieces():
    product = a_product("Ostra vase", price="64.00", stock=37)
    now = timezone.now()
    end = now + timedelta(days=2, hours=4, minutes=17, seconds=30)
    sale = block("flash_sale", product=product.pk, ends_at=end.isoformat())
    html = stream(sale).render_as_block({"now": now})

    assert 'aria-label="Time left: 2 days, 4 hours, 18 minutes"' in html
    assert re.search(r'<time datetime="\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+\d{4}">', html)
    assert re.search(r'<meter [^>]*max="37" value="37"', html)
    assert "37 of 37 left" in html
    sku = product.variants.get().sku
    assert f'name="sku" value="{sku}"' in html


def test_a_flash_sale_of_a_product_with_choices_leads_to_it(client):
    product = a_product("Ostra vase")
    a_variant(product)

    end = at(days=1).isoformat()
    html = shown(client, block("flash_sale", product=product.pk, ends_at=end))

    assert "<form" not in html and f'class="button" href="{product.url}"' in html


def test_a_flash_sale_is_gone_after_its_end(client):
    ends_at = at(minutes=-1).isoformat()
    product = a_product("Ostra vase")

    html = shown(client, block("flash_sale", product=product.pk, ends_at=ends_at))

    assert "Ostra" not in html


def test_a_sold_out_flash_sale_says_so_and_sells_nothing(client):
    product = a_product("Ostra vase", stock=0)
    end = at(days=1).isoformat()

    html = shown(client, block("flash_sale", product=product.pk, ends_at=end))

    assert "Sold out" in html and "<meter" not in html and "<form" not in html


def test_a_table_names_its_columns_and_rows(client, furnished):
    html = shown(client, block("table", **furnished["table"]))

    assert 'aria-label="What each clay stands" tabindex="0"' in html
    assert "<caption>What each clay stands</caption>" in html
    assert '<th scope="col">Body</th>' in html
    assert '<th scope="row">Stoneware</th>' in html
    # A figure and its unit stay on one line.
    assert "<td>To 220\u00a0°C</td>" in html


def test_a_code_is_plain_text_and_its_button_waits_for_script(client, furnished):
    html = shown(client, block("promo_code", **furnished["promo_code"]))

    assert '<p class="code">GLAZE10</p>' in html
    assert re.search(r'<button [^>]*data-copy="GLAZE10"[^>]* hidden>', html)


def test_a_video_asks_its_provider_nothing(client, furnished):
    html = shown(client, block("video", **furnished["video"]))

    assert "<iframe" not in html
    assert 'href="https://vimeo.com/76979871"' in html
    assert 'data-player="https://player.vimeo.com/video/76979871?' in html


def test_only_two_players_may_be_framed(client):
    policy = client.get("/")["Content-Security-Policy"]
    frames = next(part for part in policy.split("; ") if part.startswith("frame-src"))

    assert frames.split()[1:] == [
        "https://www.youtube-nocookie.com",
        "https://player.vimeo.com",
    ]


def test_an_announcement_may_be_there_to_stay(client):
    announcement = {"line": "Closed on Monday", "can_be_hidden": False}
    a_layout_block(block("announcement", **announcement), position="announcement")

    html = client.get("/").content.decode()
    assert "Closed on Monday" in html and 'form="hide-announcement"' not in html


def test_a_picture_in_a_text_has_all_its_widths(client):
    picture = a_picture(size=(1300, 80))
    embed = f'<embed embedtype="image" id="{picture.pk}" format="left" alt="A hand"/>'

    html = shown(client, block("text", text=f"<p>Words</p>{embed}"))

    assert 'alt="A hand"' in html
    assert len(re.findall(r" \d+w", html)) == 3


def test_the_api_tells_no_block_outside_its_dates():
    tomorrow = at(days=1).isoformat()
    body = stream(
        block("banner", title="Secret", shown_from=tomorrow),
        block("banner", title="Seconds"),
        {"type": "carousel", "value": "Old"},
    )

    told = body.stream_block.get_api_representation(body)

    assert [item["value"]["title"] for item in told] == ["Seconds"]


def test_a_page_without_blocks_is_its_title(client):
    assert "<h1>A page</h1>" in shown(client)


def test_the_home_page_is_shown_by_the_same_blocks(client):
    home = HomePage.objects.get()
    home.body = json.dumps([block("banner", title="Seconds")])
    home.save()

    assert "Seconds" in main_of(client)
