from home.drafts.views import editing, publishing, reviewing, sharing, workspaces

app_name = "drafts"
urlpatterns = [
    *workspaces.urlpatterns,
    *editing.urlpatterns,
    *publishing.urlpatterns,
    *sharing.urlpatterns,
    *reviewing.urlpatterns,
]
