import pytest
from django.db import connection
from django.http import Http404
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from wagtail.models import Site

from home import published, sites
from home.models import SiteSettings
from tests.home.publishing import a_block, a_page

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _hosts(settings):
    settings.ALLOWED_HOSTS = [".example", "localhost"]


def request_for(host: str):
    return RequestFactory().get("/", headers={"host": host})


@pytest.mark.parametrize(
    "host",
    [
        "shop.example",
        "SHOP.example.:80",
        "shop.example:8000",
        "shop.example:9999",
        "other.example",
        "other.example:8000",
        "twice.example:3000",
        "unknown.example",
        "localhost:8000",
    ],
)
def test_the_site_is_the_one_that_wagtail_finds(host):
    root = Site.objects.get().root_page
    for name, port in (
        ("shop.example", 80),
        ("shop.example", 8000),
        ("other.example", 80),
        ("twice.example", 80),
        ("twice.example", 81),
    ):
        Site.objects.create(hostname=name, port=port, root_page=root)

    assert sites.look_up(request_for(host)) == Site.find_for_request(request_for(host))


def test_a_host_without_a_site_is_not_found():
    Site.objects.all().delete()

    with pytest.raises(Http404):
        sites.look_up(request_for("shop.example"))


def test_site_settings_and_version_are_one_query():
    SiteSettings.objects.create(site=Site.objects.get(), name="Kiln & Loom")
    a_block()
    request = request_for("localhost")

    with CaptureQueriesContext(connection) as queries:
        site = sites.look_up(request)
        assert SiteSettings.read(site).name == "Kiln & Loom"

    assert len(queries) == 1
    assert site.published == published.read()


def test_a_site_without_settings_has_the_usual_ones():
    a_page()

    settings = SiteSettings.read(sites.look_up(request_for("localhost")))

    assert (settings.pk, settings.name) == (None, "Vitrine")
