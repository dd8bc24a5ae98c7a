from home.drafts.views import workspaces

app_name = "drafts"
urlpatterns = [*workspaces.urlpatterns]
