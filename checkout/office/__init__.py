"""Orders in the Wagtail admin; ``checkout/wagtail_hooks.py`` opens it."""
