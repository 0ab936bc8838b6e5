"""What goes out to readers by itself: editions by mail."""
