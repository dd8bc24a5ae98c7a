from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from shop import facet_index
from shop.patience import patient
from shop.relist import drift

MOST_SHOWN = 20


class Command(BaseCommand):
    help = (
        "Report products whose listing columns or bitmaps are not what they should be;"
        " exit 1 if there are any. Changes nothing."
    )

    def handle(self, *args, **options):
        with patient():
            columns = drift()
            bitmaps = facet_index.drift(now=timezone.now())
        self._tell("listing columns", columns)
        if bitmaps is None:
            self.stdout.write("No bitmaps are shared: facets are counted by SQL.")
        else:
            self._tell("bitmaps", bitmaps)
        if columns or bitmaps:
            raise CommandError("manage.py rebuild_listing puts it right.")

    def _tell(self, what: str, wrong: list[int]) -> None:
        shown = ", ".join(map(str, wrong[:MOST_SHOWN]))
        more = ", …" if len(wrong) > MOST_SHOWN else ""
        told = f"wrong for {len(wrong)} products: {shown}{more}" if wrong else "right"
        self.stdout.write(f"{what}: {told}")
