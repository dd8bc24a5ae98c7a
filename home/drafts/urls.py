from home.drafts.views import (
    editing,
    publishing,
    reviewing,
    sharing,
    staging,
    workspaces,
)

app_name = "drafts"
urlpatterns = [
    *workspaces.urlpatterns,
    *editing.urlpatterns,
    *staging.urlpatterns,
    *publishing.urlpatterns,
    *sharing.urlpatterns,
    *reviewing.urlpatterns,
]
