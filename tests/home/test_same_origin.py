import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse

from home.same_origin import same_origin_required

HERE = "http://testserver"


@same_origin_required
def door(request):
    return HttpResponse("in")


def post(rf, **headers):
    return door(rf.post("/", headers=headers))


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
        {"Origin": HERE},
        {},
    ],
)
def test_a_form_of_this_shop_or_a_plain_client_is_let_in(rf, headers):
    assert post(rf, **headers).content == b"in"


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": "cross-site", "Origin": HERE},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "https://testserver"},
        {"Origin": "null"},
        {"Origin": ""},
    ],
)
def test_another_sites_form_is_refused(rf, headers):
    with pytest.raises(PermissionDenied):
        post(rf, **headers)


def test_it_takes_the_place_of_the_token(rf):
    assert door.csrf_exempt


def test_a_page_is_shown_to_whoever_comes_by_a_link(rf):
    @same_origin_required
    def view(request):
        return HttpResponse()

    for site in ("none", "cross-site"):
        request = rf.get("/", headers={"sec-fetch-site": site})
        assert view(request).status_code == 200
