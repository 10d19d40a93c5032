"""The office: what people change one row at a time, over Django; SQLite by default, PostgreSQL when asked."""
