"""Every address of the drafts × who asks × how: nobody but the right people gets in,
and what is not theirs is not there. An address without a row fails."""

from copy import deepcopy
from itertools import product

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from home.drafts import share
from home.drafts.urls import urlpatterns
from home.drafts.viewing import REVIEW_COOKIE
from home.models import DraftWorkspace
from tests.builders import a_colleague, a_workspace, an_info_page, stage_page
from tests.home.drafts.looking import enter
from tests.home.drafts.test_reviewing import a_link

pytestmark = pytest.mark.django_db
ROLES = ("anonymous", "staff", "stranger", "owner", "publisher", "reviewer")
# To log in, refused, not there, not in this way, or it was done and leads on.
LOGIN, GONE, WAY, DONE, BAD = 302, 404, 405, 303, 422
NOT_FOR_GUESTS = {"anonymous": LOGIN, "staff": GONE, "reviewer": LOGIN}
EDITORS = NOT_FOR_GUESTS | {"stranger": 200, "owner": 200, "publisher": 200}
OWNERS = NOT_FOR_GUESTS | {"stranger": GONE, "owner": 200, "publisher": GONE}
SEEN = NOT_FOR_GUESTS | {"stranger": GONE, "owner": 200, "publisher": 200}
PUBLISHERS = NOT_FOR_GUESTS | {"stranger": GONE, "owner": GONE, "publisher": 200}
EVERYONE = dict.fromkeys(ROLES, DONE)
REVIEWERS = dict.fromkeys(ROLES, GONE) | {"reviewer": 200}
NOT_SO = dict.fromkeys(ROLES, WAY)


def doing(who: dict, done: int = DONE) -> dict:
    return {role: done if code == 200 else code for role, code in who.items()}


# Name: (what GET answers, what an empty POST answers). The workspace was handed over.
MATRIX: dict[str, tuple[dict, dict]] = {
    "list": (EDITORS, NOT_SO),
    "begin": (NOT_SO, doing(EDITORS, BAD)),
    "leave": (NOT_SO, EVERYONE),
    "as_of": (NOT_SO, doing(PUBLISHERS)),
    "stage": (NOT_SO, doing(OWNERS, GONE)),
    "place": (dict.fromkeys(ROLES, GONE) | {"owner": 200, "reviewer": 200}, NOT_SO),
    "overview": (SEEN, NOT_SO),
    "enter": (NOT_SO, doing(SEEN)),
    "compare": (SEEN, NOT_SO),
    "forget": (NOT_SO, doing(OWNERS, GONE)),
    "discard": (NOT_SO, doing(OWNERS)),
    "into_workspace": (EDITORS, doing(EDITORS, BAD)),
    "reopen": (NOT_SO, doing(OWNERS)),
    "close": (NOT_SO, doing(EDITORS)),
    "hand_over": (NOT_SO, doing(OWNERS)),
    "take_back": (NOT_SO, doing(OWNERS)),
    "look": (NOT_SO, doing(SEEN)),
    "publish": (PUBLISHERS, doing(PUBLISHERS, 409)),
    "schedule": (NOT_SO, doing(PUBLISHERS, BAD)),
    "unschedule": (NOT_SO, doing(SEEN)),
    "rollback": (doing(PUBLISHERS), doing(PUBLISHERS)),
    "share": (OWNERS, doing(OWNERS, BAD)),
    "revoke": (NOT_SO, doing(OWNERS, GONE)),
    "resolve": (NOT_SO, doing(OWNERS, GONE)),
    "review_changes": (REVIEWERS, NOT_SO),
    "comment": (NOT_SO, doing(REVIEWERS, BAD)),
    "verdict": (NOT_SO, doing(REVIEWERS, BAD)),
    "leave_review": (NOT_SO, EVERYONE),
    # Whoever has the token is a reviewer, and sees what a token opens.
    "review": (EVERYONE, NOT_SO),
    # Nobody here has knocked.
    "passphrase": (dict.fromkeys(ROLES, GONE), dict.fromkeys(ROLES, GONE)),
}


@pytest.fixture(scope="module")
def site(module_db):
    """(a page, a workspace that changes it, {role: cookies of a browser})"""
    page, editor = an_info_page(), a_colleague("Editors", "sofia")
    workspace = a_workspace("Autumn campaign", editor)
    stage_page(workspace, page, text="Five of us.")
    DraftWorkspace.objects.update(handed_over_at=workspace.created_at)
    browsers = browsers_of_everyone(workspace)
    return page, workspace, {role: browsers[role].cookies for role in ROLES}


@pytest.fixture
def page(site, db):
    return deepcopy(site[0])


@pytest.fixture
def workspace(site, db):
    return deepcopy(site[1])


@pytest.fixture
def people(site, db):
    """{role: a browser}; the owner's looks through the workspace."""
    everyone = {role: Client() for role in ROLES}
    for role, cookies in site[2].items():
        everyone[role].cookies = deepcopy(cookies)
    return everyone


def browsers_of_everyone(workspace) -> dict[str, Client]:
    everyone = {role: Client() for role in ROLES}
    everyone["owner"].force_login(workspace.owner)
    enter(everyone["owner"], workspace)
    for role, group in (
        ("staff", "Shop staff"),
        ("stranger", "Editors"),
        ("publisher", "Publishers"),
    ):
        everyone[role].force_login(a_colleague(group, role))
    link = a_link(workspace)
    everyone["reviewer"].cookies[REVIEW_COOKIE] = share.signing.dumps(
        link.nonce, salt=share.COOKIE_SALT
    )
    return everyone


def address(name: str, workspace, page) -> str:
    by_kind = {"into_workspace": ["page", page.pk], "place": ["catalog"]}
    if name == "review":
        by_kind[name] = [share.token(a_link(workspace))]
    pattern = next(p for p in urlpatterns if p.name == name)
    takes_one = bool(pattern.pattern.converters)
    args = by_kind.get(name, [workspace.uuid] if takes_one else [])
    return reverse(f"home:drafts:{name}", args=args)


def test_every_address_has_a_row():
    assert {pattern.name for pattern in urlpatterns} == MATRIX.keys()


@pytest.mark.parametrize("name", MATRIX)
def test_who_may_look_and_who_may_do(people, workspace, page, name):
    url = address(name, workspace, page)

    looking = {role: people[role].get(url).status_code for role in ROLES}
    doing = {}
    for role in ROLES:
        # Each finds the workspace as it was before the others came.
        before = transaction.savepoint()
        doing[role] = people[role].post(url, {}).status_code
        transaction.savepoint_rollback(before)

    assert (looking, doing) == MATRIX[name]


@pytest.mark.parametrize("name", MATRIX)
def test_neither_another_verb_nor_another_site_does_anything(
    people, workspace, page, name
):
    url = address(name, workspace, page)
    before = DraftWorkspace.objects.values().get(pk=workspace.pk)

    for role, verb in product(ROLES, ("put", "patch", "delete")):
        code = getattr(people[role], verb)(url).status_code
        assert code in (302, 303, 403, 404, 405, 409), (role, verb, code)
    for role in ("owner", "publisher", "reviewer"):
        people[role].post(url, {}, headers={"sec-fetch-site": "cross-site"})

    after = DraftWorkspace.objects.values().get(pk=workspace.pk)
    assert before == after
