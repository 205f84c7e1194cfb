"""Files, bytes, pasted text and addresses of the web → `Article`: one module for each format."""
