"""Run the steps on the connection that ``storage.schema`` hands over, inside the transaction that it began."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], version_table="ballast_schema")
with context.begin_transaction():
    context.run_migrations()
