"""Import and export in the admin and on the terminal."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from home.roles import Role
from shop import tasks
from shop.models import Attribute, ImportRun, Product, Stock, Variant
from shop.models.import_run import SILENT
from shop.office.sheets import SheetViewSet
from tests.builders import a_colleague, a_product, a_value, a_variant
from tests.shop.sheets import a_sheet, as_rows, begun, export

pytestmark = pytest.mark.django_db
State = ImportRun.State


@pytest.fixture
def staff(client):
    client.force_login(a_colleague(Role.SHOP_STAFF))
    return client


def text(reply) -> str:
    return reply.content.decode()


def upload(client, content: bytes, name="shelf.csv"):
    file = SimpleUploadedFile(name, content, "text/csv")
    return client.post(reverse("sheets:index"), {"file": file})


def jobs() -> list[tuple[str, dict]]:
    known = ProcrastinateJob.objects.filter(task_name__contains="import")
    return list(known.order_by("id").values_list("task_name", "args"))


def test_a_sheet_is_uploaded_looked_at_confirmed_and_imported(staff):
    variant = a_variant(a_product("Norr <mug>", price=None), sku="N-1", stock=3)
    sheet = a_sheet({"sku": "N-1", "title": "Norr <cup>", "stock:lisbon": "5"})

    page_url = upload(staff, sheet, "shelf & co.csv").url
    run = ImportRun.objects.get()
    assert page_url == reverse("sheets:run", args=[run.pk])
    assert jobs() == [("shop.check_import", {"run_id": run.pk})]
    page = staff.get(page_url)
    assert "0 of 1 rows" in text(page) and page["Refresh"] == "2"

    tasks.check_import(run.pk)
    page = staff.get(page_url)
    assert "Refresh" not in page
    assert "What would change" in text(page) and "Norr &lt;cup&gt;" in text(page)
    assert Product.objects.get().title == "Norr <mug>"

    confirm_url = reverse("sheets:confirm", args=[run.pk])
    assert staff.post(confirm_url).url == staff.post(confirm_url).url == page_url
    assert jobs()[1:] == [("shop.import_products", {"run_id": run.pk})]
    assert staff.get(page_url)["Refresh"] == "2"

    tasks.import_products(run.pk)
    page = staff.get(page_url)
    assert "What has changed" in text(page) and "Refresh" not in page
    assert "shelf &amp; co.csv" in text(staff.get(reverse("sheets:index")))
    assert Product.objects.get().title == "Norr <cup>"
    assert variant.stock.get().on_hand == 5
    run.refresh_from_db()
    assert str(run.uploaded_by) == str(run.confirmed_by) == "Sofia"


def test_a_file_that_is_uploaded_again_is_known(staff):
    a_variant(sku="N-1", stock=5)
    sheet = a_sheet({"sku": "N-1", "stock:lisbon": "7"})
    tasks.import_products(begun(sheet).pk)

    def page() -> str:
        url = upload(staff, sheet).url
        tasks.check_import(ImportRun.objects.latest("pk").pk)
        return text(staff.get(url))

    assert "there is nothing to import" in page()
    Stock.objects.update(on_hand=4)
    assert "This very file was imported" in page()


def test_a_file_that_cannot_be_read_is_refused_with_the_reason(staff):
    reply = upload(staff, b"sku,titel\nN-1,x")

    assert reply.status_code == 422 and "Meant: “title”?" in text(reply)
    assert staff.post(reverse("sheets:index")).status_code == 422
    assert not ImportRun.objects.exists()


def test_a_sheet_with_mistakes_is_not_imported(staff):
    upload(staff, a_sheet({"sku": "N-1", "price": "x"}))
    run = ImportRun.objects.get()
    tasks.check_import(run.pk)

    page = text(staff.get(reverse("sheets:run", args=[run.pk])))
    reply = staff.post(reverse("sheets:confirm", args=[run.pk]), follow=True)

    assert "1 mistake" in page and "like 1240.50" in page and "Import it" not in page
    assert "cannot be imported" in text(reply)
    tasks.import_products(run.pk)
    run.refresh_from_db()
    assert (run.state, run.position) == (State.REFUSED, 1)
    assert len(jobs()) == 1


def test_a_column_that_has_gone_from_the_shop_ends_the_check_and_the_import(staff):
    sheet = a_sheet({"sku": a_variant().sku, "attribute:colour": "moss"})
    a_value()
    upload(staff, sheet)
    run = begun(sheet)
    Attribute.objects.all().delete()

    tasks.check_import(looked_at := ImportRun.objects.earliest("pk").pk)
    tasks.import_products(run.pk)

    for pk, state in ((looked_at, State.REFUSED), (run.pk, State.DONE)):
        assert ImportRun.objects.get(pk=pk).state == state
        page = text(staff.get(reverse("sheets:run", args=[pk])))
        assert "There is no column “attribute:colour”." in page


def test_an_import_that_has_stopped_can_be_taken_up_again(staff):
    run = begun(a_sheet({"sku": a_variant().sku, "stock:lisbon": "5"}))
    ImportRun.objects.update(moved_at=run.moved_at - SILENT)
    url = reverse("sheets:run", args=[run.pk])
    assert "Go on" in text(staff.get(url)) and "Refresh" not in staff.get(url)

    staff.post(reverse("sheets:go_on", args=[run.pk]))

    assert jobs() == [("shop.import_products", {"run_id": run.pk})]
    assert "Go on" not in text(staff.get(url))
    tasks.import_products(run.pk)
    assert Stock.objects.get().on_hand == 5
    staff.post(reverse("sheets:go_on", args=[run.pk]))
    assert len(jobs()) == 1


def test_all_products_are_downloaded(staff):
    a_variant(sku="=1+1")

    reply = staff.get(reverse("sheets:export"))

    assert "attachment" in reply["Content-Disposition"]
    assert "no-store" in reply["Cache-Control"]
    assert as_rows(b"".join(reply.streaming_content))[0]["sku"] == "'=1+1"


def test_the_pages_ask_as_much_for_many_as_for_one(staff):
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            staff.get(reverse("sheets:index"))
        return len(queries)

    content = a_sheet({"sku": a_variant().sku, "stock:lisbon": "5"})
    begun(content)
    asked()
    for_one = asked()
    for _ in range(19):
        begun(content)

    assert asked() == for_one


# Who may

ROLES = ("anonymous", *Role)
LOGIN = AWAY = 302
SEEN, DONE, WAY, BAD = 200, 303, 405, 422
NOT_SO = dict.fromkeys(ROLES, WAY) | {"anonymous": LOGIN}


def for_staff(code: int) -> dict:
    return dict.fromkeys(ROLES, AWAY) | {
        Role.SHOP_STAFF: code,
        Role.ADMINISTRATORS: code,
    }


# Name: (what GET answers, what an empty POST answers).
MATRIX = {
    "index": (for_staff(SEEN), for_staff(BAD)),
    "export": (for_staff(SEEN), NOT_SO),
    "run": (for_staff(SEEN), NOT_SO),
    "confirm": (NOT_SO, for_staff(DONE)),
    "go_on": (NOT_SO, for_staff(DONE)),
}


@pytest.mark.sidebar
def test_who_may_import_and_export():
    run = begun(a_sheet({"sku": a_variant().sku, "stock:lisbon": "5"}))
    people = {role: Client() for role in ROLES}
    for role in Role:
        people[role].force_login(a_colleague(role, role.name))
    assert {pattern.name for pattern in SheetViewSet().get_urlpatterns()} == set(MATRIX)

    for name, (gets, posts) in MATRIX.items():
        args = [run.pk] if name in ("run", "confirm", "go_on") else []
        url = reverse(f"sheets:{name}", args=args)
        got = {role: people[role].get(url).status_code for role in ROLES}
        posted = {role: people[role].post(url).status_code for role in ROLES}
        assert (name, got, posted) == (name, gets, posts)
        if args:
            someone, gone = people[Role.SHOP_STAFF], reverse(f"sheets:{name}", args=[0])
            asked = someone.get if name == "run" else someone.post
            assert asked(gone).status_code == 404

    elsewhere = Client(enforce_csrf_checks=True)
    elsewhere.force_login(a_colleague(Role.SHOP_STAFF, "Elsewhere"))
    for url in (reverse("sheets:index"), reverse("sheets:confirm", args=[run.pk])):
        assert elsewhere.post(url).status_code == 403
    for role in Role:
        is_offered = "product-sheets" in text(people[role].get("/admin/"))
        assert is_offered == (role in (Role.SHOP_STAFF, Role.ADMINISTRATORS))


# On the terminal


def test_the_terminal_exports_checks_and_imports(tmp_path):
    a_variant(a_product("Norr mug", price=None), sku="N-1", stock=3)
    file, out = tmp_path / "shelf.csv", io.StringIO()
    call_command("export_products", file, stdout=out)
    assert file.read_bytes() == export()
    call_command("export_products", stdout=out)
    assert "Norr mug" in out.getvalue()

    [row] = as_rows(export())
    file.write_bytes(a_sheet(row | {"title": "Norr cup", "price": "9"}))
    call_command("import_products", file, "--dry-run", stdout=(out := io.StringIO()))
    assert "row 2 N-1 price: '36.50' → '9.00'" in out.getvalue()
    assert "prices: 1" in out.getvalue() and "Checked    1 of 1" in out.getvalue()
    assert not ImportRun.objects.exists() and Variant.objects.get().price != 9

    call_command("import_products", file, stdout=(out := io.StringIO()))
    assert "Imported   1 of 1" in out.getvalue()
    assert (
        Product.objects.get().title == "Norr cup" and Variant.objects.get().price == 9
    )


def test_the_terminal_imports_nothing_of_a_sheet_with_mistakes(tmp_path):
    file, err = tmp_path / "shelf.csv", io.StringIO()
    file.write_bytes(a_sheet({"sku": a_variant().sku, "price": "9"}, {"sku": "N-9"}))

    with pytest.raises(CommandError, match="Nothing was imported"):
        call_command("import_products", file, stdout=io.StringIO(), stderr=err)
    assert "row 3, price" in err.getvalue() or "row 3, sku" in err.getvalue()
    assert Variant.objects.get().price != 9
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_products", tmp_path / "gone.csv")


def test_the_terminal_goes_on_with_what_was_broken_off(tmp_path):
    first, second = a_variant(stock=1), a_variant(stock=1)
    file, out = tmp_path / "shelf.csv", io.StringIO()
    skus = (first.sku, second.sku)
    file.write_bytes(a_sheet(*({"sku": sku, "stock:lisbon": "5"} for sku in skus)))
    begun(file.read_bytes())
    ImportRun.objects.update(position=1)

    call_command("import_products", file, stdout=out)

    assert "Going on after 1 of 2 rows." in out.getvalue()
    assert (first.stock.get().on_hand, second.stock.get().on_hand) == (1, 5)
    assert ImportRun.objects.get().state == State.DONE
