"""What an article says: pure functions over its text."""
