"""Videos of two providers, known by their addresses alone: nobody is asked anything
until a visitor presses."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from home.blocks.base import ShopBlock
from home.blocks.choosers import PictureChooser
from home.blocks.previews import PICTURE

YOUTUBE_ID = re.compile(r"[\w-]{11}", re.ASCII)
YOUTUBE_PATH = re.compile(r"/(?:embed|live|shorts|v)/([\w-]{11})/?", re.ASCII)
VIMEO_PATH = re.compile(r"/(?:video/)?([0-9]{6,12})(?:/([0-9a-f]{6,20}))?/?")


@dataclass(frozen=True)
class Video:
    """``page`` is where it can be watched, ``player`` what a frame of ours shows."""

    provider: str
    page: str
    player: str


def recognise(address: str) -> Video | None:
    """The video at an address of YouTube or Vimeo; None for any other."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return None
    if parts.scheme not in ("https", "http"):
        return None
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    if host in ("youtube.com", "youtube-nocookie.com"):
        path = YOUTUBE_PATH.fullmatch(parts.path)
        asked = parse_qs(parts.query).get("v", [""])[0]
        return _youtube(path[1] if path else asked if parts.path == "/watch" else "")
    if host == "youtu.be":
        return _youtube(parts.path.strip("/"))
    if host in ("vimeo.com", "player.vimeo.com"):
        path = VIMEO_PATH.fullmatch(parts.path)
        secret = parse_qs(parts.query).get("h", [""])[0]
        return _vimeo(path[1], path[2] or secret) if path else None
    return None


def _youtube(key: str) -> Video | None:
    if not YOUTUBE_ID.fullmatch(key):
        return None
    return Video(
        "YouTube",
        f"https://www.youtube.com/watch?v={key}",
        f"https://www.youtube-nocookie.com/embed/{key}?autoplay=1&rel=0",
    )


def _vimeo(key: str, secret: str) -> Video:
    secret = secret if re.fullmatch(r"[0-9a-f]{6,20}", secret) else ""
    return Video(
        "Vimeo",
        f"https://vimeo.com/{key}" + (f"/{secret}" if secret else ""),
        f"https://player.vimeo.com/video/{key}?autoplay=1&dnt=1"
        + (f"&h={secret}" if secret else ""),
    )


class VideoBlock(ShopBlock):
    address = blocks.CharBlock(
        label=_("Address"),
        max_length=300,
        help_text=_("Of a video at YouTube or Vimeo, as your browser shows it."),
    )
    title = blocks.CharBlock(label=_("Title"), max_length=80)
    picture = PictureChooser(
        label=_("Still picture"),
        help_text=_("Stands there until somebody presses to play."),
    )
    caption = blocks.CharBlock(label=_("Caption"), max_length=140, required=False)

    class Meta:
        icon = "media"
        label = _("Video")
        description = _("A film that loads from YouTube or Vimeo when it is pressed.")
        template = "blocks/video.html"
        preview_value = {
            "address": "https://vimeo.com/76979871",
            "title": "A bowl in four minutes",
            "picture": PICTURE,
            "caption": "Thrown, turned and glazed.",
        }

    def complaints(self, value):
        found = super().complaints(value)
        if value["address"] and not recognise(value["address"]):
            found["address"] = _(
                "Paste the address of one video at youtube.com, youtu.be or vimeo.com."
            )
        return found

    def has_something(self, value):
        return recognise(value["address"]) is not None

    def get_context(self, value, parent_context=None):
        context = super().get_context(value, parent_context)
        context["video"] = recognise(value["address"])
        return context
