"""What comes in and touches several rooms: requests about a person's data."""
