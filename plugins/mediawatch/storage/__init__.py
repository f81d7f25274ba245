"""Postgres: connections, migrations, and one function for each file of sql/queries."""
