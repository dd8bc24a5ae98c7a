from home.drafts.views import editing, publishing, reviewing, workspaces

app_name = "drafts"
urlpatterns = [
    *workspaces.urlpatterns,
    *editing.urlpatterns,
    *publishing.urlpatterns,
    *reviewing.urlpatterns,
]
