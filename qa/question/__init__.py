"""What a question asks for: spelling, intent, and follow-ups rewritten so that they stand alone."""
