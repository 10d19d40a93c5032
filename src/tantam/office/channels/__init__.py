"""In and out; for now the phone book alone, the one place of the office that sees a number."""
