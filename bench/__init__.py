"""Every published figure and the command that makes it."""
