"""The site of a request with its settings and the published version: one query, for
the first page after the cache was emptied has many to make."""

from django.db.models import BigIntegerField, Case, IntegerField, Q, When
from django.db.models.expressions import RawSQL
from django.http import Http404, HttpRequest
from django.http.request import split_domain_port
from wagtail.models import Site
from wagtail.models.sites import (
    MATCH_DEFAULT,
    MATCH_HOSTNAME,
    MATCH_HOSTNAME_DEFAULT,
    MATCH_HOSTNAME_PORT,
)

from home import published


def look_up(request: HttpRequest) -> Site:
    """The site that Wagtail would find. Its ``sitesettings`` are loaded, where it has
    any; ``site.published`` is the published version at that moment.

    Raises:
        Http404: no site answers to the request's host.
    """
    return _choose(list(_may_answer(request)))


def _may_answer(request: HttpRequest):
    """Sites that may answer, best first. The order is Wagtail's, as is the choice."""
    host = split_domain_port(request.get_host())[0]
    match = Case(
        When(hostname=host, port=request.get_port(), then=MATCH_HOSTNAME_PORT),
        When(hostname=host, is_default_site=True, then=MATCH_HOSTNAME_DEFAULT),
        When(is_default_site=True, then=MATCH_DEFAULT),
        default=MATCH_HOSTNAME,
        output_field=IntegerField(),
    )
    seen = RawSQL(published.COUNTED, [], BigIntegerField())  # noqa: S611
    sites = Site.objects.filter(Q(hostname=host) | Q(is_default_site=True))
    sites = sites.annotate(match=match, published=seen)
    return sites.select_related("root_page", "sitesettings").order_by("match")


def _choose(sites: list) -> Site:
    if not sites or (len(sites) > 1 and sites[0].match == MATCH_HOSTNAME):
        raise Http404("No site has this host.")
    # The default, unless exactly one other site has the host under another port.
    is_other = len(sites) == 2 and sites[0].match == MATCH_DEFAULT
    return sites[1] if is_other else sites[0]
