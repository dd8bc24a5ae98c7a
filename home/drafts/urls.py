from home.drafts.views import publishing, reviewing, workspaces

app_name = "drafts"
urlpatterns = [
    *workspaces.urlpatterns,
    *publishing.urlpatterns,
    *reviewing.urlpatterns,
]
