import pytest

from checkout import codes


@pytest.mark.parametrize(
    "typed",
    [
        "GLAZE-10",
        "glaze-10",
        "  Glaze-10\n",
        "GL AZE - 10",
        "ＧＬＡＺＥ－１０",
        "glaze–10",
        "gla\u200bze-10",
        "glaze\u00a0-10",
    ],
)
def test_a_code_is_the_same_however_it_is_typed(typed):
    assert codes.normal(typed) == "GLAZE-10"


@pytest.mark.parametrize("typed", ["KILN5", "kiln5", "kıln5", "KİLN5", "ki\u0307ln5"])
def test_the_turkish_keyboard_makes_no_difference(typed):
    assert codes.normal(typed) == "KILN5"


@pytest.mark.parametrize(
    "typed", ["", "  ", "AB", "-ABC", "A--B", "A" * 21, "10 %", "ÄRGER1", "x" * 9999]
)
def test_what_no_code_looks_like_is_none(typed):
    assert codes.normal(typed) == ""


@pytest.mark.parametrize(
    "email",
    [
        "Marta@Example.org",
        "marta+kiln@example.org",
        " marta@example.org",
        "ｍarta@example.org",
    ],
)
def test_an_address_is_the_same_customer_however_it_is_written(email):
    assert codes.customer(email) == codes.customer("marta@example.org")


def test_dots_mean_nothing_where_the_post_office_says_so():
    of_gmail = codes.customer("marta.kowalska@googlemail.com")

    assert of_gmail == codes.customer("martakowalska@gmail.com")
    assert codes.customer("m.k@example.org") != codes.customer("mk@example.org")


def test_a_customers_fingerprint_does_not_hold_the_address():
    assert "marta" not in codes.customer("marta@example.org")
