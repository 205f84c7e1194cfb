"""Logs, traces and times."""
