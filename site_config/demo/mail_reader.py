"""Show the mails that a demo process prints as a person would read them."""

import email
import email.policy
from pathlib import Path
from threading import Thread
from typing import IO

from site_config.terminal import say

# What Django's console backend prints after every message.
END_OF_MAIL = b"-" * 79


class MailReader(Thread):
    """Copies a process's output to its log, and each mail's text to the terminal."""

    def __init__(self, output: IO[bytes], log: Path) -> None:
        super().__init__(daemon=True)
        self.output = output
        self.log = log

    def run(self) -> None:
        pending: list[bytes] = []
        with self.log.open("ab", buffering=0) as log:
            for line in self.output:
                log.write(line)
                if line.rstrip() == END_OF_MAIL:
                    show_mail(b"".join(pending))
                    pending.clear()
                else:
                    pending.append(line)


def show_mail(printed: bytes) -> None:
    mail = email.message_from_bytes(printed.lstrip(), policy=email.policy.default)
    part = mail.get_body(preferencelist=("plain", "html"))
    text = part.get_content() if part else ""
    lines = [f"Mail to {mail['to']}: {mail['subject']}", "", *text.splitlines()]
    say("\n" + "\n".join(f"  │ {line}".rstrip() for line in lines))
