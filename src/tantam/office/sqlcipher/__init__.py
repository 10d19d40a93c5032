"""A Django database backend for SQLite files that are encrypted whole (SQLCipher)."""
