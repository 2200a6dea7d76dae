"""Alembic asks for this file; `store.migrate` runs the migrations itself."""
