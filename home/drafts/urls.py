from home.drafts.views import publishing, workspaces

app_name = "drafts"
urlpatterns = [*workspaces.urlpatterns, *publishing.urlpatterns]
