"""What is kept of questions and answers: conversations, feedback, receipts, backups."""
