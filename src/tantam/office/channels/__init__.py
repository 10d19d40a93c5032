"""In and out: who may be contacted for what, when and how; and the phone book, the one place that sees a number."""
