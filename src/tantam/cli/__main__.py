"""``python -m tantam.cli``: the same as ``tantam``, where only the interpreter's own path is known."""

from tantam.cli.door import main

main()
