"""Accounts: how people come in, and what the shop knows of them."""
