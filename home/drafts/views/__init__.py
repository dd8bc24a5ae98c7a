"""Doors to draft workspaces: for editors in the admin's look, for reviewers in the
shop's."""
