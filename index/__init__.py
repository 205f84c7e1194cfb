"""Articles, their passages, and the indexes that find them."""
