from django.core.management.base import BaseCommand

from home.roles import Role, ensure_roles


class Command(BaseCommand):
    help = (
        "Makes the groups Editors, Publishers, Shop staff and Administrators and grants"
        " what they lack. Takes nothing away; safe to run after every upgrade."
    )

    def handle(self, *args, **options):
        ensure_roles()
        self.stdout.write("Roles: " + ", ".join(role.value for role in Role))
