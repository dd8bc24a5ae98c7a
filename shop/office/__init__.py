"""The shop's side of the Wagtail admin; ``shop/wagtail_hooks.py`` opens it."""
