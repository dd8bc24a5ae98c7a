import asyncio

from django.core.management.base import BaseCommand

from home.working import work_until_told_to_stop


class Command(BaseCommand):
    help = "Works off the shop's jobs, until SIGTERM or Ctrl-C."

    def handle(self, *args, **options):
        asyncio.run(work_until_told_to_stop())
