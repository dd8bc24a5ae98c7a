"""How many connections to the database a sale takes while it runs."""

import threading

from django.db import connection

EVERY_S = 0.2
COUNT = """
SELECT count(*) FILTER (WHERE state <> 'idle'), count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
    AND backend_type = 'client backend'
"""


class Watch(threading.Thread):
    """Looks again and again until it is told that it is over. ``busy`` and ``open``
    are the most connections of all processes that were seen at one moment."""

    def __init__(self):
        super().__init__(daemon=True)
        self.is_over = threading.Event()
        self.busy = self.open = 0

    def run(self) -> None:
        try:
            while not self.is_over.wait(EVERY_S):
                with connection.cursor() as cursor:
                    cursor.execute(COUNT)
                    busy, open_ = cursor.fetchone()
                self.busy, self.open = max(self.busy, busy), max(self.open, open_)
        finally:
            connection.close()

    def end(self) -> None:
        self.is_over.set()
        self.join()
