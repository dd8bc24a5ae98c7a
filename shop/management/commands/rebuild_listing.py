from django.core.management.base import BaseCommand
from django.utils import timezone

from shop import facet_index, tree, vocabulary
from shop.patience import patient
from shop.relist import relist


class Command(BaseCommand):
    help = "Bring listing columns and search words up to date; build bitmaps anew."

    @patient()
    def handle(self, *args, **options):
        self.stdout.write(f"{relist()} products were out of date.")
        vocabulary.learn()
        tree.changed()
        index = facet_index.build(now=timezone.now())
        facet_index.share(index)
        listed, sets = len(index.bitmaps.everything), len(index.bitmaps.sets)
        self.stdout.write(f"{sets} bitmaps of {listed} products are shared.")
