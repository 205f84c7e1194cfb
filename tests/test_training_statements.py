"""Training examples of the support head: true statements out of questions and sentences, and
changes that make them false or say more than the evidence."""

from random import Random

import pytest
import spacy

from training.statements import material, templates
from training.statements.additions import added_circumstance, added_word
from training.statements.answers import placed
from training.statements.clause import Clause
from training.statements.contrasts import contrasts, opposite
from training.statements.names import changed_name, exchanged
from training.statements.negation import negated
from training.statements.numbers import changed_number, changed_unit
from training.statements.questions import clause as clause_of_question
from training.statements.retold import retold
from training.statements.rewording import reworded
from training.statements.scene import CONTRADICTED, UNSAID, Scene
from training.statements.sentences import clauses

MILL = (
    "The mill at Soleby was built by Ada Holm in 1890. It has 14 windows and is 31 metres high. "
    "Ada Holm hired Bo Larsen as her first miller because he knew the river."
)


@pytest.fixture(scope="module")
def parser():
    return spacy.load(material.PARSER)


def paragraph_of(text, parser):
    spans = material.sentence_spans(text)
    sentences = [text[start:end] for start, end in spans]
    parses = [parser(sentence) for sentence in sentences]
    starts = [start for start, _ in spans]
    return material.Paragraph("own", "own/0", False, text, sentences, starts, parses)


@pytest.mark.parametrize(
    ("question", "answer", "statement"),
    [
        ("Who built the mill?", "Ada Holm", "Ada Holm built the mill."),
        ("When was the mill built?", "1890", "The mill was built in 1890."),
        ("How many windows does the mill have?", "14", "The mill has 14 windows."),
        ("What did Ada Holm build in 1890?", "The mill", "Ada Holm built the mill in 1890."),
        ("How high is it?", "31 metres", "It is 31 metres high."),
        ("What will happen to the mill?", "Ada Holm", None),
    ],
)
def test_a_question_and_its_answer_make_a_statement(question, answer, statement, parser):
    paragraph = paragraph_of(MILL, parser)
    asked = material.Question(question, ((MILL.index(answer), answer),), 0)
    clause = clause_of_question(parser(question), placed(asked, paragraph))
    assert (clause and clause.statement()) == statement


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        (
            "The mill, which nobody has used since the war, was sold to a museum.",
            "The mill was sold to a museum.",
        ),
        ("The bridge (a gift of the king) was opened in May.", "The bridge was opened in May."),
        ("In 1912, the mill burned down.", "The mill burned down in 1912."),
        ("The school opened in 1890 and closed in 1905.", "The school closed in 1905."),
        ("The bridge was designed by Ada Holm in 1890.", "Ada Holm designed the bridge in 1890."),
    ],
)
def test_a_sentence_says_its_shorter_and_reordered_forms(sentence, said, parser):
    assert said in [clause.statement() for _, clause in clauses(parser(sentence))]


@pytest.mark.parametrize(
    "sentence", ["If it rains, the race is put off.", "Only members may vote."]
)
def test_a_condition_or_limit_is_never_left_out(sentence, parser):
    assert {clause.statement() for _, clause in clauses(parser(sentence))} <= {sentence}


def test_a_clause_is_negated_and_asked():
    built = Clause("the mill", "was", "built in 1890")
    has = Clause("the mill", "has", "14 windows", base="have", do="does")
    assert built.negation().statement() == "The mill was not built in 1890."
    assert built.question() == "Was the mill built in 1890?"
    assert has.negation().statement() == "The mill does not have 14 windows."
    assert has.negation().negation().statement() == "The mill has 14 windows."
    assert has.question() == "Does the mill have 14 windows?"


CHANGES = [
    (changed_number, Clause("the mill", "has", "14 windows", "have", "does"), 1, CONTRADICTED),
    (changed_unit, Clause("it", "is", "31 metres high"), 1, CONTRADICTED),
    (changed_name, Clause("Ada Holm", "built", "the mill", "build", "did"), 0, CONTRADICTED),
    (exchanged, Clause("Ada Holm", "hired", "Bo Larsen", "hire", "did"), 2, CONTRADICTED),
    (negated, Clause("the mill", "was", "built in 1890"), 0, CONTRADICTED),
    (opposite, Clause("the mill", "was", "built by Ada Holm"), 0, CONTRADICTED),
    (added_circumstance, Clause("the mill", "was", "built by Ada Holm"), 0, UNSAID),
    (added_word, Clause("the mill", "was", "built by Ada Holm"), 0, UNSAID),
]


@pytest.mark.parametrize(("maker", "clause", "sentence", "label"), CHANGES)
def test_a_change_says_what_the_evidence_does_not(maker, clause, sentence, label, parser):
    paragraph = paragraph_of(MILL, parser)
    scene = Scene(clause, paragraph, [paragraph], sentence, 0, 2, "own")
    made = [maker(scene, Random(seed), contrasts()) for seed in range(20)]
    changes = [change for change in made if change is not None]
    assert changes
    for change in changes:
        assert change.label == label
        assert change.clause.statement() != clause.statement()


def test_a_changed_number_is_not_in_the_evidence_unless_two_were_exchanged(parser):
    paragraph = paragraph_of(MILL, parser)
    clause = Clause("the mill", "was", "built in 1890")
    scene = Scene(clause, paragraph, [paragraph], 0, 0, 0, "own")
    for seed in range(50):
        change = changed_number(scene, Random(seed), contrasts())
        assert change.clause.rest.removeprefix("built in ") not in MILL


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ("The mill has 41 windows.", "It has 41 windows and is 31 metres high."),
        (
            "The mill does not have 14 windows.",
            "It does not have 14 windows and is 31 metres high.",
        ),
        ("The mill secretly has 14 windows.", "It secretly has 14 windows and is 31 metres high."),
    ],
)
def test_evidence_is_retold_so_that_the_changed_statement_is_true(changed, told, parser):
    paragraph = paragraph_of(MILL, parser)
    clause = Clause("the mill", "has", "14 windows", "have", "does")
    scene = Scene(clause, paragraph, [paragraph], 1, 1, 1, "own")
    assert retold(scene, changed) == told


def test_evidence_that_repeats_the_words_is_not_retold(parser):
    text = "The mill has 14 windows. The barn has 14 windows too."
    paragraph = paragraph_of(text, parser)
    clause = Clause("the mill", "has", "14 windows", "have", "does")
    scene = Scene(clause, paragraph, [paragraph], 0, 0, 1, "own")
    assert retold(scene, "The mill has 41 windows.") is None


def test_rewording_keeps_what_is_said():
    assert reworded("It is 31 metres high.", "", Random(1)) == "It is 31 m high."
    assert reworded("It is 310,000 years old.", "", Random(1)).startswith("It is 310")
    assert (
        reworded("The mill stands by the river.", "", Random(1)) == "The mill stands by the river."
    )


def test_half_of_the_notices_are_true_and_development_has_notices_of_its_own():
    train = list(templates.examples(400, False, Random(1)))
    development = list(templates.examples(400, True, Random(1)))
    assert sum(example["label"] == 1 for example in train) == 200
    assert not any("{" in example["statement"] + example["evidence"] for example in train)
    assert any("warranty" in example["evidence"] for example in train)
    assert not any("warranty" in example["evidence"] for example in development)
