"""Links and pictures in rich text, out of what is loaded for the whole page."""

from wagtail.images.rich_text import ImageEmbedHandler
from wagtail.rich_text import EntityHandler
from wagtail.rich_text.pages import PageLinkHandler

from home.blocks import loading
from home.templatetags.home_tags import photo

SIZES = "(min-width: 64rem) 40rem, 92vw"


class Loaded(EntityHandler):
    """While a stream is shown, its objects are there already; anywhere else, as in a
    product's description, Wagtail asks for them."""

    @classmethod
    def get_many(cls, attrs_list: list[dict]) -> list:
        loaded = loading.current()
        if loaded is None:
            return super().get_many(attrs_list)
        model = cls.get_model()
        keys = [attrs.get("id", "") for attrs in attrs_list]
        return [loaded.get(model, int(k) if k.isdecimal() else None) for k in keys]


class LoadedPageLinks(Loaded, PageLinkHandler):
    pass


class LoadedPictures(Loaded, ImageEmbedHandler):
    """Pictures in their own ratio, with all their widths."""

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict]) -> list[str]:
        pictures = cls.get_many(attrs_list)
        return [
            photo(picture, "whole", SIZES, alt=attrs.get("alt")) if picture else ""
            for attrs, picture in zip(attrs_list, pictures, strict=True)
        ]
