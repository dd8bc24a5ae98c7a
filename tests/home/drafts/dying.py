"""Publishes in processes that stop at a given point, to be killed there.

One process sets Django up; for each line on its input it forks a child that publishes
and tells on its output when it has come to the point. The points are put round the
functions of the product, which knows nothing of them.
"""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import nullcontext
from importlib import import_module
from types import SimpleNamespace

from site_config.embedded import PROJECT

# Where the child stops: after this function (of this module) has been called so often.
POINTS = {
    "locked": ("home.drafts.publish", "_locked", 1),
    "addresses moved": ("home.drafts.addresses", "move", 1),
    "first row written": ("home.drafts.golive", "_write", 1),
    "second row written": ("home.drafts.golive", "_write", 2),
    "all logged": ("home.drafts.history", "write", 3),
    "all live": ("home.drafts.publish", "_apply", 1),
    "way back kept": ("home.drafts.inverse", "keep", 1),
    "before the commit": ("home.drafts.history", "note", 1),
}


class Mother(subprocess.Popen):
    """Gives birth to children that publish and stop."""

    def __init__(self) -> None:
        super().__init__(
            [sys.executable, "-m", "tests.home.drafts.dying"],
            cwd=PROJECT,
            env=os.environ | {"DJANGO_SETTINGS_MODULE": "site_config.settings"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def child_at(self, point: str, **order) -> int:
        """The process id of a child that has come to the point and waits there."""
        self.stdin.write(json.dumps(order | {"point": point}) + "\n")
        self.stdin.flush()
        told = json.loads(self.stdout.readline())
        assert told["point"] == point, told
        return told["pid"]


def main() -> None:
    import django

    django.setup()
    # Nobody waits for the children that are killed.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        if os.fork() == 0:
            publish(**json.loads(line))
            os._exit(0)


def publish(workspace: int, by: int, digest: str, point: str, whole: bool) -> None:
    from django.contrib.auth import get_user_model
    from django.utils import timezone

    from home.drafts import publish as publishing

    if not whole:
        without_a_transaction(publishing)
    stop_at(point)
    user = get_user_model().objects.get(pk=by)
    publishing.publish(workspace, by=user, digest=digest, now=timezone.now())
    tell_and_wait("after the commit")


def without_a_transaction(publishing) -> None:
    """The control: every statement for itself."""
    from django.db.models import QuerySet

    publishing.transaction = SimpleNamespace(atomic=lambda **more: nullcontext())
    QuerySet.select_for_update = lambda self, **more: self


def stop_at(point: str) -> None:
    if point not in POINTS:
        return
    name, function, times = POINTS[point]
    module = import_module(name)
    product = getattr(module, function)
    count = 0

    def stopping(*args, **more):
        nonlocal count
        result = product(*args, **more)
        count += 1
        if count == times:
            tell_and_wait(point)
        return result

    setattr(module, function, stopping)


def tell_and_wait(point: str) -> None:
    sys.stdout.write(json.dumps({"point": point, "pid": os.getpid()}) + "\n")
    sys.stdout.flush()
    time.sleep(60)


if __name__ == "__main__":
    main()
