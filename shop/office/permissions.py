"""What nobody may do in the admin, whoever they are."""

from wagtail.permission_policies import ModelPermissionPolicy


class Kept(ModelPermissionPolicy):
    """Rows that are never deleted: the ledgers of stock and price hang on them. They
    are switched off or unpublished instead."""

    refused = frozenset({"delete"})

    def user_has_permission(self, user, action):
        return action not in self.refused and super().user_has_permission(user, action)

    def user_has_any_permission(self, user, actions):
        return any(self.user_has_permission(user, action) for action in actions)

    def users_with_any_permission(self, actions):
        return super().users_with_any_permission(set(actions) - self.refused)
