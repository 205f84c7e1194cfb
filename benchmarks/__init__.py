"""Scripts that print the project's figures; not part of the installed package."""
