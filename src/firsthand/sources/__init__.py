"""The outside world in: fetching, feed formats, discovery. What comes from here is hostile until it is in the model."""
