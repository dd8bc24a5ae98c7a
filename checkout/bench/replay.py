"""What finalize sends, as a script of pgbench: the statements of one order, word for
word, with variables in the place of its keys."""

import os
import re
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import connection
from django.test.utils import CaptureQueriesContext

from checkout import live
from checkout.bench import buyers, stocking
from checkout.bench.stocking import CART, PRODUCT, STOCK, VARIANT
from checkout.models import Order


class NoFigure(Exception):
    """pgbench did not end well; says what it said."""


def capture(number: int, lines: int) -> tuple[list[str], Order]:
    """The statements that finalize sends for a cart, and its order."""
    with CaptureQueriesContext(connection) as captured:
        order = buyers.buy(number, lines)
    return [query["sql"] for query in captured.captured_queries], order


def script(
    statements: list[str],
    order: Order,
    number: int,
    lines: int,
    stride: int = stocking.STRIDE,
) -> str:
    """The statements with a cart of its own for every run of the script.

    ``:turn`` counts a client's runs. Keys of order lines are made from the order's:
    pgbench cannot keep an answer of several rows.
    """
    names = {CART + number: "cart", order.pk: "id"}
    for at, line in enumerate(order.lines.all()):
        names[line.pk] = f"line{at}"
    for at, n in enumerate(stocking.chosen(number, lines, stride)):
        names |= {PRODUCT + n: f"p{at}", VARIANT + n: f"v{at}", STOCK + n: f"s{at}"}
    share = stocking.PRODUCTS // lines
    head = [
        r"\set turn :turn + 1",
        r"\set number :first + :client_id * :runs + :turn",
        rf"\set cart {CART} + :number",
    ]
    for at in range(lines):
        head.append(rf"\set n {at * share} + (:number * {stride}) % {share}")
        for letter, first in (("p", PRODUCT), ("v", VARIANT), ("s", STOCK)):
            head.append(rf"\set {letter}{at} {first} + :n")
    # As each of the shop's connections does once.
    preparation = " ".join(live.OF_VARIANTS.preparation.split())
    head += [r"\if :turn = 1", f"{preparation};", r"\endif"]
    body = [_with_variables(one, names, order) for one in statements]
    return "\n".join([*head, *body, ""])


def _with_variables(statement: str, names: dict[int, str], order: Order) -> str:
    serial = order.number.split("-")[1]
    statement = " ".join(statement.split()).rstrip("; ")
    # What is prepared along with it is prepared once (see above).
    statement = re.sub(r"^.*PREPARE .*; (?=EXECUTE )", "", statement)
    statement = statement.replace(order.number, "KL-:serial-X")
    statement = statement.replace(order.token, "token-:serial")
    statement = statement.replace(order.form_key or order.token, "form-:serial")
    statement = statement.replace(serial, ":serial")
    statement = re.sub(r"\d{4,}", lambda found: _variable(names, found[0]), statement)
    if "nextval(" in statement:
        return statement + r" \gset"
    if statement.startswith("INSERT INTO checkout_order ("):
        lines = (
            rf"\set line{at} :id * 100 + {at}" for at in range(order.lines.count())
        )
        return "\n".join([statement + r" \gset", *lines])
    return f"{statement};"


def _variable(names: dict[int, str], digits: str) -> str:
    name = names.get(int(digits))
    return f":{name}" if name else digits


def run(pgbench: str, text: str, *, first: int, runs: int, clients: int) -> float:
    """Orders a second of so many clients, each of so many runs, at the carts numbered
    from ``first`` on.

    Raises:
        NoFigure
    """
    at = connection.settings_dict
    words = [pgbench, "--no-vacuum", f"--client={clients}", f"--transactions={runs}"]
    words += ["--jobs=2", f"--define=first={first - 1}", f"--define=runs={runs}"]
    words += ["--define=turn=0", f"--host={at['HOST']}", f"--port={at['PORT']}"]
    words += [f"--username={at['USER']}"]
    env = os.environ | {
        "PGPASSWORD": at["PASSWORD"],
        "PGOPTIONS": at["OPTIONS"]["options"],
    }
    with TemporaryDirectory() as folder:
        path = Path(folder) / "finalize.sql"
        path.write_text(text)
        words += [f"--file={path}", at["NAME"]]
        said = subprocess.run(
            words, env=env, capture_output=True, text=True, timeout=300
        )
    pace = re.search(r"tps = ([0-9.]+)", said.stdout)
    if said.returncode or not pace:
        raise NoFigure(f"{said.stdout}\n{said.stderr}".strip()[-1000:])
    return float(pace[1])
