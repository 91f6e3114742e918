"""Tutorials as percent scripts; run ``python -m tutorials`` from the clone to list them."""
