"""One JSON object a line, so that a log collector needs no rules."""

import json
import logging
import re
from datetime import UTC, datetime

# Addresses whose last word opens something to whoever has it.
SECRET = re.compile(
    r"(/(?:drafts/review|checkout/waiting|order|newsletter/\w+|demo-bank"
    r"|account/confirm-email|account/password/reset/key"
    r"|wishlist/(?:shared|mail/\w+))/)[^/\s?\"]+"
)


class JsonFormatter(logging.Formatter):
    """Time (UTC), level, logger, message and, for an error, its traceback."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["error"] = _without_secrets(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


class WithoutSecrets(logging.Filter):
    """Takes the tokens out of addresses, whoever writes them into a log."""

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        if SECRET.search(said):
            record.msg, record.args = _without_secrets(said), ()
        return True


def _without_secrets(said: str) -> str:
    return SECRET.sub(r"\1…", said)


def configuration(level: str, *, is_readable: bool) -> dict:
    """What ``logging`` is told: one line for everything, to standard error."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {"()": "site_config.logs.JsonFormatter"},
            "readable": {
                "format": "{asctime} {levelname:7} {name}: {message}",
                "style": "{",
            },
        },
        "filters": {"without_secrets": {"()": "site_config.logs.WithoutSecrets"}},
        "handlers": {
            "console": {
                "class": "logging.StreamHandler",
                "filters": ["without_secrets"],
                "formatter": "readable" if is_readable else "json",
            }
        },
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            # A line for each indexed page or task tells nobody anything.
            "django_tasks": {"level": "WARNING"},
            "procrastinate": {"level": "WARNING"},
            # Here already: other handlers, such as an error tracker's, get it too.
            "django.request": {"filters": ["without_secrets"]},
            "django.security": {"filters": ["without_secrets"]},
        },
    }
