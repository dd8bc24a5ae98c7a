"""Those who want something else than the crowd of ``flash_sale``, which starts it."""

import asyncio

from django.core.management.base import BaseCommand

from checkout.rehearsal import bystanders
from checkout.rehearsal.http import Traffic

# So many may wait for an answer at one moment.
MOST = 50


class Command(BaseCommand):
    help = (
        "Look at pages and order a piece again and again, and write down how long each "
        "answer took, until it is stopped. Started by flash_sale."
    )

    # Whoever starts it has made them.
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("--port", type=int, action="append", required=True)
        parser.add_argument("url")
        parser.add_argument("sku")

    def handle(self, *args, **options):
        traffic = Traffic(options["port"], [], asyncio.Semaphore(MOST))
        asyncio.run(bystanders.come(options["url"], options["sku"], traffic))
