"""Time passing: chores with a lease, claimed by conditional update, the same on both databases."""
