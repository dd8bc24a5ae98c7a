"""What editors compose with: one file per family, one template per block."""

from wagtail.blocks import StreamBlock

from home.blocks.chrome import (
    AnnouncementBlock,
    FooterAboutBlock,
    LinkColumnBlock,
    MenuLinkBlock,
    MenuSectionBlock,
)
from home.blocks.heroes import HeroCaseBlock, HeroSplitBlock, HeroWordsBlock
from home.blocks.products import CategoryTilesBlock, ProductShelfBlock
from home.blocks.stories import (
    BannerBlock,
    EditorialBlock,
    FaqBlock,
    ImageBlock,
    QuotesBlock,
    TextBlock,
)


class StoryBlocks(StreamBlock):
    """Blocks that may stand in a page or beside the shop's own pages."""

    product_shelf = ProductShelfBlock()
    category_tiles = CategoryTilesBlock()
    editorial = EditorialBlock()
    banner = BannerBlock()
    text = TextBlock()
    image = ImageBlock()
    quotes = QuotesBlock()
    faq = FaqBlock()

    class Meta:
        # Bare blocks: a <div> round each would break the menu's list.
        template = "blocks/stream.html"

    def to_python(self, value):
        """An empty stream of what is none: the page has others, and stays."""
        try:
            return super().to_python(value)
        except (KeyError, TypeError):
            return self.empty_value()


class PageBlocks(StoryBlocks):
    hero_case = HeroCaseBlock()
    hero_split = HeroSplitBlock()
    hero_words = HeroWordsBlock()


class LayoutBlocks(StoryBlocks):
    announcement = AnnouncementBlock()
    menu_section = MenuSectionBlock()
    menu_link = MenuLinkBlock()
    footer_about = FooterAboutBlock()
    link_column = LinkColumnBlock()
