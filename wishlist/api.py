"""The list as a browser's script asks for it. Whose it is, the session alone says."""

from datetime import UTC, datetime
from typing import Annotated, Any

from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.utils import timezone
from ninja import Field, Router, Schema, Status
from ninja.security import django_auth
from pydantic import AfterValidator

from wishlist import known, lists, merge
from wishlist.merge import MOST_ITEMS, Result, Wish

router = Router(tags=["wishlist"], auth=django_auth)


def _in_utc(moment: datetime) -> datetime:
    try:
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return aware.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("no such moment") from error


Moment = Annotated[datetime, AfterValidator(_in_utc)]
ProductId = Annotated[int, Field(ge=1, lt=2**63)]


class WishIn(Schema):
    """A product put on at ``addedAt``, or taken off at ``removedAt``. Whatever else is
    sent, such as a price, is not read."""

    productId: ProductId
    addedAt: Moment | None = None
    removedAt: Moment | None = None


class MergeIn(Schema):
    operationId: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{8,60}$")]
    items: Annotated[list[WishIn], Field(max_length=MOST_ITEMS)]
    # The person says that what was left in this browser is theirs.
    takeOffered: bool = False


class WishOut(Schema):
    productId: int
    result: Result


class ListOut(Schema):
    """``saved``: products on the list now. ``token`` goes into X-CSRFToken."""

    saved: list[int]
    token: str


class MergeOut(Schema):
    items: list[WishOut]
    saved: list[int]


class Refusal(Schema):
    detail: str


class Unreadable(Schema):
    """One entry for each thing that is wrong: where, and what."""

    detail: list[dict[str, Any]]


# No body, nobody logged in, no token, too many.
REFUSALS = frozenset({400, 401, 403, 429})


@router.get("/", response={200: ListOut, 401: Refusal})
def saved(request):
    return {"saved": _saved(request.user.pk), "token": get_token(request)}


@router.post("/merge", response={200: MergeOut, REFUSALS: Refusal, 422: Unreadable})
def merge_list(request, response: HttpResponse, wanted: MergeIn):
    """Merge what a browser remembers into the list of whoever is logged in. Every item
    is answered for; what is not ``offered`` the browser may then forget."""
    owner_id = request.user.pk
    try:
        results = merge.merge_items(
            owner_id,
            [Wish(w.productId, w.addedAt, w.removedAt) for w in wanted.items],
            operation=wanted.operationId,
            now=timezone.now(),
            left_at=None if wanted.takeOffered else known.left_at(request),
        )
    except merge.TooManyMerges:
        response["Retry-After"] = "60"
        return Status(429, {"detail": "Too many at once; try again in a minute."})
    items = [{"productId": pk, "result": result} for pk, result in results.items()]
    return Status(200, {"items": items, "saved": _saved(owner_id)})


def _saved(owner_id: int) -> list[int]:
    return list(lists.kept_items(owner_id).values_list("product", flat=True))
