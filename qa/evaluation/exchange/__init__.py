"""Test sets from and to the files of other tools: SQuAD, CSV, promptfoo and ragas."""
