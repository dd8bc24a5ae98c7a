from home.drafts.views import editing, workspaces

app_name = "drafts"
urlpatterns = [*workspaces.urlpatterns, *editing.urlpatterns]
