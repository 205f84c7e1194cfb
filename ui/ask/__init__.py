"""What happens on the page when a person asks, reads, rates or opens something."""
