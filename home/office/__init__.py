"""The editors' side of the Wagtail admin; ``home/wagtail_hooks.py`` opens it."""
