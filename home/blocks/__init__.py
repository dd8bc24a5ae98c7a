"""What editors compose with: one file per family, one template per block."""

from home.blocks.chrome import (
    AnnouncementBlock,
    FooterAboutBlock,
    LinkColumnBlock,
    MenuLinkBlock,
    MenuSectionBlock,
)
from home.blocks.heroes import (
    HeroCaseBlock,
    HeroSplitBlock,
    HeroTrioBlock,
    HeroWordsBlock,
)
from home.blocks.newsletter import NewsletterBlock
from home.blocks.pictures import HotspotsBlock, ImageBlock
from home.blocks.preload import next_change
from home.blocks.products import CategoryTilesBlock, ProductShelfBlock
from home.blocks.sales import FlashSaleBlock, PromoCodeBlock
from home.blocks.shared import SharedBlock
from home.blocks.stories import (
    BannerBlock,
    EditorialBlock,
    FaqBlock,
    QuotesBlock,
    TextBlock,
)
from home.blocks.streams import Stream
from home.blocks.tables import TableBlock
from home.blocks.videos import VideoBlock

__all__ = ["LayoutBlocks", "PageBlocks", "StoryBlocks", "next_change"]


class StoryBlocks(Stream):
    """Blocks that may stand in a page or beside the shop's own pages."""

    product_shelf = ProductShelfBlock()
    category_tiles = CategoryTilesBlock()
    editorial = EditorialBlock()
    banner = BannerBlock()
    text = TextBlock()
    table = TableBlock()
    image = ImageBlock()
    hotspots = HotspotsBlock()
    video = VideoBlock()
    quotes = QuotesBlock()
    faq = FaqBlock()
    flash_sale = FlashSaleBlock()
    promo_code = PromoCodeBlock()
    newsletter = NewsletterBlock()


class PageBlocks(StoryBlocks):
    hero_case = HeroCaseBlock()
    hero_split = HeroSplitBlock()
    hero_words = HeroWordsBlock()
    hero_trio = HeroTrioBlock()
    shared = SharedBlock()

    class Meta:
        template = "blocks/page.html"


class LayoutBlocks(StoryBlocks):
    announcement = AnnouncementBlock()
    menu_section = MenuSectionBlock()
    menu_link = MenuLinkBlock()
    footer_about = FooterAboutBlock()
    link_column = LinkColumnBlock()
