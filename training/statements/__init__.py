"""Examples for the support head: does the evidence say the statement?

`python -m training.statements.write` makes true statements out of questions with their answers and
out of sentences, changes some of them so that they are false or go beyond the evidence, and writes
both kinds as JSON lines. `material` reads the data, `questions` and `sentences` make clauses,
`truths` makes true statements of them, one module a kind of change makes false ones.
"""
