from home.models.layout import LayoutBlock
from home.models.newsletter import NewsletterSubscriber
from home.models.pages import DynamicPage, HomePage, SitePage
from home.models.pictures import Picture, Rendition
from home.models.settings import SiteSettings

__all__ = [
    "DynamicPage",
    "HomePage",
    "LayoutBlock",
    "NewsletterSubscriber",
    "Picture",
    "Rendition",
    "SitePage",
    "SiteSettings",
]
