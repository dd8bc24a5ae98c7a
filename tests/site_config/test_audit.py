"""What `make audit` says without its tools, and what it makes of what they say."""

import json
from datetime import date

import pytest

from checkout.models import Order
from shop.demo import people
from site_config.audit import bars, lighthouse, markup, report, tools, walk
from tests.builders import a_delivery_method, a_product, a_tax_rate
from tests.site_config.processes import nothing_is_left

NAMES = ("node", "npm", "java", "chromium")


@pytest.fixture
def path(tmp_path, monkeypatch):
    """A PATH of its own: ``path("node", "java")`` puts programs there that do nothing,
    ``path(npm="…")`` one that runs these lines."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))

    def put(*names: str, **scripts: str) -> None:
        for name, lines in (dict.fromkeys(names, "") | scripts).items():
            program = folder / name
            program.write_text(f"#!/bin/sh\n{lines}\n")
            program.chmod(0o755)

    return put


# Tools


@pytest.mark.parametrize(
    ("missing", "word"),
    [("node", "Node"), ("npm", "npm"), ("java", "Java"), ("chromium", "Chromium")],
)
def test_a_missing_program_is_one_sentence(path, tmp_path, missing, word):
    path(*(name for name in NAMES if name != missing))

    with pytest.raises(tools.ToolError) as refusal:
        tools.ready(tmp_path / "node")

    assert str(refusal.value).startswith(f"{word} is missing: ")
    assert len(str(refusal.value).splitlines()) == 1
    assert not (tmp_path / "node").exists()


def test_all_that_is_missing_is_said_at_once(path, tmp_path):
    path()

    with pytest.raises(tools.ToolError) as refusal:
        tools.ready(tmp_path / "node")

    assert len(str(refusal.value).splitlines()) == 4


def test_packages_are_fetched_in_exact_versions_and_nothing_is_left_outside(
    path, tmp_path
):
    asked = tmp_path / "asked"
    path("node", "java", "chromium", npm=f'echo "$PWD $TMPDIR $@" > {asked}')
    folder = tmp_path / "node"

    found = tools.ready(folder)

    words = asked.read_text().split()
    assert words[:3] == [str(folder), str(folder / "tmp"), "install"]
    assert words[-2:] == ["lighthouse@13.5.0", "vnu-jar@26.9.27"]
    assert {"--no-package-lock", "--no-save", "--ignore-scripts"} <= set(words)
    assert {f"--prefix={folder}", f"--cache={folder / 'cache'}"} <= set(words)
    say = """printf '["%s", "%s"]' "$HOME" "$TMPDIR\""""
    inside = found.told(["/bin/sh", "-c", say], within_s=60)
    assert inside == [str(folder), str(folder / "tmp")]


def test_packages_that_are_there_in_another_version_are_fetched_again(path, tmp_path):
    count = tmp_path / "count"
    path("node", "java", "chromium", npm=f"echo once >> {count}")
    for name, number in tools.PACKAGES.items():
        package = tmp_path / "node_modules" / name
        package.mkdir(parents=True)
        (package / "package.json").write_text(json.dumps({"version": number}))

    tools.ready(tmp_path)
    assert not count.exists()
    (package / "package.json").write_text('{"version": "1.0.0"}')
    tools.ready(tmp_path)
    assert count.exists()


def test_npm_says_itself_why_it_could_not_fetch(path, tmp_path):
    path("node", "java", "chromium", npm="echo 'no network' >&2; exit 1")

    with pytest.raises(tools.ToolError, match="could not fetch lighthouse@13.5.0 and"):
        tools.ready(tmp_path / "node")
    with pytest.raises(tools.ToolError, match="no network"):
        tools.ready(tmp_path / "node")


def test_a_program_that_hangs_is_ended_with_all_that_it_started(tmp_path):
    found = tools.Tools("node", "java", "chromium", tmp_path)

    with pytest.raises(tools.ToolError, match="No answer in 0.5 s: /bin/sh"):
        found.told(["/bin/sh", "-c", "sleep 600 & wait"], within_s=0.5)

    assert nothing_is_left(tmp_path, within_s=30)


def test_a_program_without_a_result_says_itself_why(tmp_path):
    found = tools.Tools("node", "java", "chromium", tmp_path)

    with pytest.raises(tools.ToolError, match="no memory"):
        found.told(["/bin/sh", "-c", "echo no memory >&2"], within_s=60)


# Lighthouse


def a_result(score=1.0, lcp=1500.0, tbt=20.0, contrast=1.0, machine=2000.0):
    audit = {"id": "color-contrast", "weight": 7}
    unweighted = {"id": "manual", "weight": 0}
    return {
        "environment": {"benchmarkIndex": machine},
        "categories": {
            name: {"score": score, "auditRefs": [audit, unweighted]}
            for name in lighthouse.CATEGORIES
        },
        "audits": {
            "largest-contentful-paint": {"numericValue": lcp},
            "total-blocking-time": {"numericValue": tbt},
            "cumulative-layout-shift": {"numericValue": 0.0},
            "color-contrast": {"score": contrast, "title": "Contrast is too low"},
            "manual": {"score": 0, "title": "Look yourself"},
        },
    }


def test_a_look_holds_scores_times_and_what_they_were_lowered_by():
    look = lighthouse.understood(a_result(score=0.96, contrast=0))

    assert look.scores["performance"] == 96
    assert look.metrics == {"LCP": 1500, "TBT": 20, "CLS": 0}
    assert "accessibility: Contrast is too low" in look.causes
    assert not any("Look yourself" in cause for cause in look.causes)


def test_a_page_that_was_not_seen_is_no_result():
    failed = {"requestedUrl": "/shop/", "runtimeError": {"message": "ERRORED: 500"}}

    with pytest.raises(tools.ToolError, match="/shop/: ERRORED: 500"):
        lighthouse.understood(failed)


def test_the_median_of_each_figure_counts():
    looks = [
        lighthouse.understood(a_result(1, lcp, tbt, contrast, machine))
        for lcp, tbt, contrast, machine in [
            (1.0, 900, 1, 800),
            (2.0, 10, 0, 2100),
            (3.0, 20, 1, 1900),
        ]
    ]

    middle = lighthouse.middle(looks)

    assert (middle.metrics["TBT"], middle.metrics["LCP"]) == (20, 2)
    assert middle.machine == 1900
    assert "seo: Contrast is too low" in middle.causes


def test_a_bar_is_held_at_its_figure_and_missed_beyond_it():
    held = lighthouse.understood(a_result(lcp=1800, tbt=50))
    missed = lighthouse.understood(a_result(score=0.96, lcp=1801, tbt=51))

    assert list(bars.missed(held)) == []
    assert len(list(bars.missed(missed))) == 6
    assert "performance 96 (at least 97)" in list(bars.missed(missed))


# The HTML checker


def test_errors_count_and_warnings_do_not():
    words = {"lastLine": 7, "message": "Bad value", "extract": '<p\n  id="a b">'}
    told = [
        {"type": "info", "subType": "warning", "url": "file:/x/home.html", **words},
        {"type": "error", "url": "file:/x/no-results.html", **words},
        {"type": "non-document-error", "message": "cannot be read"},
    ]

    bad, unread = markup.understood({"messages": told})

    assert (bad.page, bad.line, unread.page) == ("no-results", 7, "")
    assert str(bad).splitlines()[1].strip() == '<p id="a b">'


# The report


def a_section(**more) -> str:
    looks = {("list", "dark"): lighthouse.understood(a_result(score=0.985))}
    faults = [markup.Fault("cart", 3, "Bad value", "<p>")]
    given = {"runs": 5, "programs": {"Node": "22.1"}, "load": 0.42}
    given["today"] = date(2026, 11, 26)
    return report.section(looks, ["home", "cart"], faults, **given | more)


def test_the_table_names_versions_bars_and_figures():
    text = a_section()

    words = " ".join(text.split())
    used = "on 26 November 2026 with lighthouse 13.5.0, vnu-jar 26.9.27, Node 22.1"
    assert used in words and max(map(len, text.splitlines())) <= 100
    to_hold = (
        "| *to hold* |  | ≥ 97 | ≥ 100 | ≥ 100 | ≥ 100 | ≤ 1.8 | ≤ 50 | ≤ 0.01 |  |"
    )
    assert to_hold in text
    assert "| list | dark | 98 | 98 | 98 | 98 | 1.50 | 20 | 0.000 | 2000 |" in text
    assert "read 2 pages (home, cart): 1 errors, 1 in cart." in words


def test_the_section_takes_the_place_of_the_one_before_and_of_nothing_else(tmp_path):
    file = tmp_path / "measurements.md"
    file.write_text("# Measurements\n\n## Pages\n\nFast.\n")
    report.put(a_section(runs=1), file)
    file.write_text(f"{file.read_text()}\n## Search\n\nGood.\n")

    report.put(a_section(runs=3), file)
    report.put(a_section(runs=5), file)

    kept = file.read_text()
    assert kept.count("## Audit") == 1
    assert "median of 5" in " ".join(kept.split())
    assert kept.startswith("# Measurements\n\n## Pages\n\nFast.\n\n## Audit\n")
    assert kept.endswith("\n\n## Search\n\nGood.\n")


# The walk


def test_a_form_is_what_a_browser_would_send():
    forms = walk.Forms(
        '<a href="/product/vid/"></a><form id="a"><input name="key" value="k">'
        '<input type="radio" name="way" value="post">'
        '<input type="radio" name="way" value="day" checked>'
        '<input type="checkbox" name="gift"><input type="submit" name="go">'
        '<select name="country"><option value="">–<option value="PT" selected>'
        '<option value="ES"></select></form><input form="a" name="far" value="1">'
        '<form action="/b/"><select name="n"><option value="1"><option value="2">'
        '</select></form><button form="wish" value="7"></button>'
    )

    assert (forms.product, forms.heart) == ("/product/vid/", "7")
    sent = {"key": "k", "way": "day", "country": "PT", "far": "1"}
    assert forms.forms == {"a": sent, "/b/": {"n": "1"}}


@pytest.mark.django_db
def test_the_walk_leads_through_an_order_and_an_account(client, monkeypatch):
    a_delivery_method()
    a_tax_rate()
    a_product("Bowl", slug="bowl")
    monkeypatch.setattr(people, "PEOPLE", people.PEOPLE[-1:])
    people.invite()
    monkeypatch.setattr(walk.Visitor, "_ask", asked_of(type(client)))

    pages = walk.pages("http://testserver")

    assert Order.objects.count() == 1
    number = Order.objects.get().number
    assert number in pages["order"] and number in pages["orders"]
    assert "Saved on" in pages["wishlist"]
    assert 'id="errors"' in pages["checkout-errors"]
    assert 'id="code-error"' in pages["cart-refused"]
    assert "Good day, Marta" in pages["account"]
    assert all("<h1" in html for html in pages.values())


def asked_of(client_class):
    """What a visitor asks, answered without a server by a client for each visitor."""
    clients = {}

    def ask(visitor, path, data):
        client = clients.setdefault(visitor, client_class())
        if data is None:
            answer = client.get(path, follow=True)
        else:
            form = "application/x-www-form-urlencoded"
            answer = client.post(path, data, content_type=form, follow=True)
        visitor.url = f"http://testserver{answer.request['PATH_INFO']}"
        visitor.html = answer.content.decode()
        return visitor.html

    return ask
