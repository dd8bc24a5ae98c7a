"""Layout blocks are guarded by their position, too (see ``home.positions``)."""

from functools import wraps

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.urls import URLPattern
from wagtail.permission_policies import ModelPermissionPolicy

from home.keys import is_key
from home.positions import may_change_position, positions_of

# Whoever may see layout blocks may look at any of them.
LOOKING = frozenset(
    "history history_results usage revisions_view revisions_compare workflow_history"
    " workflow_history_detail workflow_preview".split()
)


class ByPosition(ModelPermissionPolicy):
    """Besides the permission for the deed, that for the position of the block. To look
    asks for none."""

    def user_has_permission_for_instance(self, user, action, instance):
        if not super().user_has_permission_for_instance(user, action, instance):
            return False
        return action == "view" or may_change_position(user, instance.position)

    def instances_user_has_any_permission_for(self, user, actions):
        blocks = super().instances_user_has_any_permission_for(user, actions)
        if "view" in actions and self.user_has_permission(user, "view"):
            return blocks
        return blocks.filter(position__in=positions_of(user))

    def users_with_any_permission_for_instance(self, actions, instance):
        users = super().users_with_any_permission_for_instance(actions, instance)
        codename = f"change_position_{instance.position}"
        may = self._get_users_with_any_permission_codenames({codename})
        return users if "view" in actions else users.filter(pk__in=may)


def guarded(view):
    """A view of one block, open only to whoever may change the position where it
    stands, and the one to which its draft moves it. Wagtail's own views of snippets
    ask for permissions on the model alone."""

    @wraps(view)
    def only_where_allowed(request, *args, pk, **kwargs):
        for position in _positions(unquote(str(pk))):
            if not may_change_position(request.user, position):
                raise PermissionDenied
        return view(request, *args, pk=pk, **kwargs)

    return only_where_allowed


def _positions(pk: str) -> set[str]:
    from home.models import LayoutBlock

    blocks = LayoutBlock.all_objects.select_related("latest_revision")
    block = blocks.filter(pk=pk).first() if is_key(pk) else None
    if block is None:
        return set()
    drafted = block.latest_revision.content if block.latest_revision else {}
    return {block.position, drafted.get("position", block.position)}


class GuardedByPosition:
    """For the viewset of layout blocks, whatever classes its views are made of."""

    def get_urlpatterns(self):
        return [
            URLPattern(
                pattern.pattern,
                guarded(pattern.callback),
                pattern.default_args,
                pattern.name,
            )
            if _changes_one(pattern)
            else pattern
            for pattern in super().get_urlpatterns()
        ]


def _changes_one(pattern: URLPattern) -> bool:
    takes_one = "pk" in pattern.pattern.converters
    return takes_one and pattern.name not in LOOKING
