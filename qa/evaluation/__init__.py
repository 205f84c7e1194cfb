"""How good the answers are: cases with right answers, runs, figures, reports."""
