"""A new shop begins with its own home page instead of Wagtail's welcome page."""

from django.db import migrations


def begin(apps, schema_editor):
    ContentType = apps.get_model("contenttypes", "ContentType")
    Page = apps.get_model("wagtailcore", "Page")
    Site = apps.get_model("wagtailcore", "Site")
    Locale = apps.get_model("wagtailcore", "Locale")
    HomePage = apps.get_model("home", "HomePage")

    welcome = Page.objects.filter(slug="home", depth=2, url_path="/home/").first()
    if welcome is None or welcome.content_type.model != "page":
        return
    Site.objects.filter(root_page=welcome).delete()
    path, locale = welcome.path, Locale.objects.get(pk=welcome.locale_id)
    welcome.delete()
    content_type, _ = ContentType.objects.get_or_create(
        app_label="home", model="homepage"
    )
    home = HomePage.objects.create(
        title="Home",
        draft_title="Home",
        slug="home",
        content_type=content_type,
        path=path,
        depth=2,
        numchild=0,
        url_path="/home/",
        locale=locale,
    )
    Site.objects.create(hostname="localhost", root_page=home, is_default_site=True)


class Migration(migrations.Migration):
    dependencies = [("home", "0001_initial"), ("wagtailcore", "0098_apitoken")]

    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
