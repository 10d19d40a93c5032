"""What happens because time passes: chores that are due, claimed by one process at a time, without a broker."""
