"""Measuring how a cart becomes an order, beside pgbench and at a million lines."""
