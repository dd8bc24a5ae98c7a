"""Every room's part of the API, described at ``/api/openapi.json``."""

from ninja import NinjaAPI

api = NinjaAPI(title="Vitrine", version="1", docs_url=None, openapi_url="/openapi.json")
api.add_router("/wishlist", "wishlist.api.router")
