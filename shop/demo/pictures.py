"""The demo's photographs in the picture library, each cut once."""

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

from django.core.files.base import ContentFile
from django.db import connection, transaction
from PIL import Image
from wagtail.models import Collection

from home.models import Picture
from home.models.pictures import CUTS
from shop.demo.sources import Photograph, photographs
from shop.patience import patient

CREDIT = "Kiln & Loom demo pictures, CC0"
# Cutting happens in C, without the interpreter's lock: two threads use two cores.
THREADS = 2
# Pieces whose pictures stand in the menu, which shows them wide.
IN_MENU = {"amfora-handled-vase", "ask-shaker-boxes", "lund-olive-pot"}


def hang(*, told: Callable[[int, int], None]) -> dict[str, Picture]:
    """{photograph: picture} of them all; those that are missing are made and cut.

    A photograph is known by the hash of its file, so that a renamed picture is found.
    ``told`` is called with (done, all) as the work goes on.
    """
    made = _make_missing()
    uncut = [
        (made[name], cuts)
        for name, cuts in _wanted_cuts().items()
        if not cuts <= made[name].cuts.keys()
    ]
    with ThreadPoolExecutor(THREADS) as pool:
        for done, _ in enumerate(pool.map(_cut, uncut), start=1):
            told(done, len(uncut))
    return made


def _wanted_cuts() -> dict[str, set[str]]:
    """Cuts by photograph: cards of all, the wide ones only of what stands in a wide
    place. Any other is cut when a page first asks for it."""
    wide = {name for name, p in photographs().items() if p.kind == "scene"}
    return {
        name: set(CUTS) if name in wide or name in IN_MENU else {"card"}
        for name in photographs()
    }


def _make_missing() -> dict[str, Picture]:
    contents = {name: p.path.read_bytes() for name, p in photographs().items()}
    hashes = {name: hashlib.sha1(c).hexdigest() for name, c in contents.items()}  # noqa: S324
    known = {
        picture.file_hash: picture
        for picture in Picture.objects.filter(file_hash__in=hashes.values())
    }
    # One commit for all: on a slow disk each would take as long as the picture.
    with transaction.atomic():
        collection = _collection()
        return {
            name: known.get(hashes[name])
            or _make(photograph, contents[name], hashes[name], collection)
            for name, photograph in photographs().items()
        }


def _collection() -> Collection:
    root = Collection.get_first_root_node()
    named = root.get_children().filter(name="Demo shop").first()
    return named or root.add_child(name="Demo shop")


def _make(
    photograph: Photograph, content: bytes, file_hash: str, collection: Collection
) -> Picture:
    # As its first bytes say it: else all of it would be decoded to be measured; and
    # once more, were it given a file that is not in its place yet.
    with Image.open(BytesIO(content)) as measured:
        width, height = measured.size
    picture = Picture(
        title=_title(photograph),
        description=photograph.alt[:255],
        credit=CREDIT,
        collection=collection,
        file=_put_in_place(photograph.path.name, content),
        file_hash=file_hash,
        file_size=len(content),
        width=width,
        height=height,
    )
    across, down = photograph.focal_point
    picture.focal_point_x = round(across * picture.width)
    picture.focal_point_y = round(down * picture.height)
    # A point rather than an area: the smallest that Wagtail cuts around.
    picture.focal_point_width = picture.focal_point_height = 1
    picture.save()
    return picture


def _put_in_place(name: str, content: bytes) -> str:
    """Where the file is from now on, as the library would have put it there."""
    file = Picture().file
    name = file.field.generate_filename(file.instance, name)
    return file.storage.save(name, ContentFile(content))


def _title(photograph: Photograph) -> str:
    words = [photograph.title]
    if photograph.kind != "scene":
        words.append(photograph.colour)
    if photograph.kind == "detail":
        words.append("close view")
    return ", ".join(words)


def _cut(job: tuple[Picture, set[str]]) -> None:
    picture, cuts = job
    try:
        with patient():
            picture.make_cuts(cuts)
    finally:
        connection.close()
