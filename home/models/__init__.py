from home.models.drafts import DraftWorkspace, WorkspacePage
from home.models.layout import LayoutBlock
from home.models.newsletter import NewsletterSubscriber
from home.models.pages import DynamicPage, HomePage, SitePage
from home.models.pictures import Picture, Rendition
from home.models.published import PublishedChange
from home.models.reviews import ReviewComment, ReviewVerdict, ShareLink, ShareVisit
from home.models.settings import SiteSettings

__all__ = [
    "DraftWorkspace",
    "DynamicPage",
    "HomePage",
    "LayoutBlock",
    "NewsletterSubscriber",
    "Picture",
    "PublishedChange",
    "Rendition",
    "ReviewComment",
    "ReviewVerdict",
    "ShareLink",
    "ShareVisit",
    "SitePage",
    "SiteSettings",
    "WorkspacePage",
]
