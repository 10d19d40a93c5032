"""Listening to files: :func:`tantam.listen.run.listening.listen`."""
