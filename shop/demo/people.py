"""Accounts to try the demo with. Their password is printed in the README, so they are
made in a demo only."""

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractUser, Group

from home.roles import Role

PASSWORD = "vitrine-demo"  # noqa: S105
PEOPLE = [
    ("admin", "Inês", "Moreira", Role.ADMINISTRATORS),
    ("publisher", "Henrik", "Dahl", Role.PUBLISHERS),
    ("editor", "Sofia", "Lacerda", Role.EDITORS),
    ("staff", "Tomás", "Brito", Role.SHOP_STAFF),
    ("shopper", "Marta", "Kowalska", None),
]


def invite() -> dict[str, AbstractUser]:
    """{user name: account}; nobody outside a demo. Who is there stays as they are."""
    if not settings.DEMO:
        return {}
    return {
        name: _account(name, first, last, role) for name, first, last, role in PEOPLE
    }


def _account(name: str, first: str, last: str, role: Role | None) -> AbstractUser:
    User = get_user_model()
    user = User.objects.filter(username=name).first()
    if user is None:
        user = User.objects.create_user(
            name,
            email=f"{name}@example.com",
            password=PASSWORD,
            first_name=first,
            last_name=last,
            is_superuser=role == Role.ADMINISTRATORS,
        )
        if role:
            user.groups.add(Group.objects.get(name=role))
        EmailAddress.objects.create(
            user=user, email=user.email, verified=True, primary=True
        )
    return user
