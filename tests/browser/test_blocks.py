"""Blocks that answer: by keyboard, with script, and without."""

import re
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from home.blocks.countdown import TimeLeft
from home.models import NewsletterSubscriber, Picture
from home.roles import Role
from shop.models import Product
from tests.browser.test_accessibility import faults
from tests.browser.walking import HERE, come_in, tab_to
from tests.builders import a_colleague
from tests.composing import a_page, block

pytestmark = pytest.mark.browser

PLAYER = re.compile(r"https://player\.vimeo\.com/")


def test_a_number_in_a_picture_leads_to_its_piece_by_keyboard(window):
    page = window()
    page.goto("/")

    tab_to(page, ".hotspots .pin:last-of-type", most=200)
    expect(page.locator(".hotspots .pin").nth(1)).to_have_accessible_name(
        "2: Lag plate 1"
    )
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("#spot-"))

    piece = page.locator(".hotspots li:target")
    expect(piece).to_contain_text("Lag plate 1")
    page.keyboard.press("Tab")
    expect(piece.locator("a")).to_be_focused()


def test_a_question_opens_by_keyboard(window):
    page = window()
    page.goto("/")

    tab_to(page, ".faq .fold:not([open]) summary", most=200)
    page.keyboard.press("Enter")

    expect(page.locator(".faq .fold[open]")).to_have_count(2)


def test_a_table_is_scrolled_by_keyboard_in_a_region_of_its_own(window):
    page = window(390)
    page.goto("/")

    tab_to(page, ".scroll", most=200)

    region = page.get_by_role("region", name="What each clay stands")
    expect(region).to_be_focused()


# Countdown


def test_the_clock_goes_on_quietly(window):
    page = window(is_new=True)
    page.clock.install(time=timezone.now())
    page.goto("/")
    clock = page.get_by_role("timer")
    expect(clock).to_have_accessible_name(
        re.compile(r"^Time left: \d+ days?, \d+ hours?")
    )
    before = clock.get_attribute("aria-label")

    page.clock.fast_forward("01:30")

    expect(clock).not_to_have_accessible_name(before)
    expect(clock.locator("span")).to_have_count(3)
    # A timer is a live region that is off: nobody is interrupted.
    assert clock.get_attribute("aria-live") is None


@pytest.fixture
def end(shop) -> datetime:
    """Of the sale, which began when the shop was dressed."""
    page = Client(SERVER_NAME=HERE).get("/").content.decode()
    return datetime.fromisoformat(re.search(r'data-end="([^"]+)"', page)[1])


def test_the_clock_counts_as_the_server_does(window, end):
    page = window(is_new=True)
    page.clock.set_fixed_time(end - timedelta(hours=1, minutes=1))
    page.goto("/")

    said = str(TimeLeft.between(end - timedelta(hours=1, minutes=1), end))
    assert said == "Time left: 0 days, 1 hour, 1 minute"
    expect(page.get_by_role("timer")).to_have_accessible_name(said)
    expect(page.locator(".clock span").nth(1)).to_have_text("01 hour")


def test_after_the_end_the_block_is_gone(window, end):
    page = window(is_new=True)
    page.clock.install(time=end - timedelta(minutes=2))
    page.goto("/")
    expect(page.locator("[data-flash]")).to_be_visible()

    page.clock.fast_forward("05:00")

    expect(page.locator("[data-flash]")).to_be_hidden()


def test_a_page_from_a_cache_hides_what_has_ended(window):
    page = window(is_new=True)
    page.clock.set_fixed_time(timezone.now() + timedelta(days=2))
    page.goto("/")

    expect(page.locator("[data-flash]")).to_be_hidden()


# Promo code


def test_a_code_is_copied_by_one_press_and_said(window):
    page = window(is_new=True)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/")

    page.get_by_role("button", name="Copy the code").press("Enter")

    said = page.locator(".coupon [role=status]")
    expect(said).to_have_text("GLAZE10 is copied; paste it at the checkout")
    assert page.evaluate("navigator.clipboard.readText()") == "GLAZE10"


def test_where_the_clipboard_is_closed_the_code_is_marked(window):
    page = window()
    page.add_init_script("navigator.clipboard.writeText = () => Promise.reject()")
    page.goto("/")

    page.click("[data-copy]")

    page.wait_for_function("getSelection().toString() === 'GLAZE10'")


def test_without_script_a_code_is_words_and_a_video_a_link_to_its_provider(window):
    page = window(script=False)
    page.goto("/")

    expect(page.locator(".code")).to_have_text("GLAZE10")
    expect(page.locator("[data-copy]")).to_be_hidden()
    video = page.locator("[data-player]")
    expect(video).to_have_attribute("href", "https://vimeo.com/76979871")


# Video


def test_a_video_plays_here_after_a_press_and_nobody_was_asked_before(window):
    page, asked = window(), []
    film = {"content_type": "text/html", "body": "<h1>Film</h1>"}
    page.route(PLAYER, lambda route: route.fulfill(**film))
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/", wait_until="networkidle")
    assert not [url for url in asked if "vimeo" in url]

    tab_to(page, "[data-player]", most=200)
    page.keyboard.press("Enter")

    frame = page.locator("iframe")
    expect(frame).to_have_attribute("src", PLAYER)
    expect(frame).to_have_attribute("title", "A bowl")
    expect(frame).to_be_focused()
    expect(page.frame_locator("iframe").locator("h1")).to_have_text("Film")


# Newsletter


@pytest.mark.parametrize("script", [True, False])
def test_the_newsletter_is_asked_for_with_and_without_script(window, script):
    page = window(390, script=script)
    page.goto("/")
    form = page.locator("form:has([name=agreed])")
    address = f"marta-{script}@example.org".lower()

    form.locator("[name=email]").fill(address)
    form.locator("[type=submit]").click()
    page.wait_for_url("**/newsletter/asked/")

    expect(page.locator("h1")).to_have_text("A letter is on its way")
    assert NewsletterSubscriber.objects.filter(email=address).exists()


def test_a_refused_address_is_kept_and_explained(window):
    page = window()
    page.goto("/")
    form = page.locator("form:has([name=agreed])")
    # Past the browser's own check, as an old one would be.
    form.evaluate("form => form.setAttribute('novalidate', '')")

    form.locator("[name=email]").fill("marta@home")
    form.locator("[type=submit]").click()

    expect(page.locator("[name=email]")).to_have_value("marta@home")
    field = page.locator("[name=email]")
    expect(field).to_have_accessible_description(
        "Enter an address like name@example.org."
    )
    assert faults(page) == []


# The editor


def test_an_editor_is_helped_by_script(window):
    editor = window(is_heard=False)
    come_in(editor, a_colleague(Role.EDITORS))
    picture = Picture.objects.get()
    point = {"product": Product.objects.first().pk, "x": 43, "y": 44.5}
    page = a_page(
        block("hero_case", title="Too good to put away", picture=picture.pk),
        block("hotspots", picture=picture.pk, points=[point]),
    )
    editor.goto(f"/admin/pages/{page.pk}/edit/")
    editor.wait_for_selector(".hotspots [data-chooser-image]")

    # How many letters are left.
    field = editor.locator('[data-streamfield-child] [data-contentpath="title"]').first
    field.locator("input").fill("Too good")
    expect(field.locator("[data-count]")).to_have_text("8 / 45")

    # A point is placed by a press on the picture.
    x = editor.locator('.hotspots [data-contentpath="x"] input').first
    y = editor.locator('.hotspots [data-contentpath="y"] input').first
    x.focus()
    shown = editor.locator(".hotspots [data-chooser-image]").first
    box = shown.bounding_box()
    shown.click(position={"x": box["width"] * 0.75, "y": box["height"] * 0.25})
    expect(x).to_have_value(re.compile(r"7[45]\.\d"))
    expect(y).to_have_value(re.compile(r"2[456]\.\d"))

    # A block is picked, and none is offered that cannot be read.
    editor.locator(".c-sf-add-button").first.click()

    expect(editor.get_by_role("option", name="Flash sale")).to_be_visible()
    expect(editor.get_by_role("option", name="Unreadable block")).to_have_count(0)
