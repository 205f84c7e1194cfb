"""Numbers, units and dates are compared by what they mean, however they are written."""

import pytest

from qa.chat.quantities import Date, dates, missing_quantity


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("ten", "10"),
        ("1,000", "1000"),
        ("1 000", "1,000"),
        ("1.000", "1,000"),
        ("1.5 million", "1,500,000"),
        ("two hundred and five", "205"),
        ("twenty-five", "25"),
        ("3bn", "3 billion"),
        ("21st", "twenty-first"),
        ("1.234,56", "1,234.56"),
        ("３", "three"),
        ("450 m long", "450 metres long"),
        ("450 m", "0.45 km"),
        ("90 minutes", "1.5 hours"),
        ("$3m", "3 million dollars"),
        ("€14", "14 euros"),
        ("12%", "12 per cent"),
        ("28 °C", "28 degrees Celsius"),
        ("7–10 minutes", "seven to ten minutes"),
        ("75 ha", "75 hectares"),
        ("the 2 rows", "the two rows"),
        ("30 hectares", "75 hectares, of which 30 are vineyards"),
        ("on 2021-12-05", "on 5 December 2021"),
        ("in May 2021", "on 5 May 2021"),
    ],
)
def test_the_same_quantity_written_differently(a: str, b: str) -> None:
    assert missing_quantity(a, b) is None
    if a not in {
        "in May 2021",
        "30 hectares",
    }:  # the month is held by the day, and not the day by the month
        assert missing_quantity(b, a) is None


@pytest.mark.parametrize(
    ("statement", "source", "missing"),
    [
        ("20,000 people", "20 people", "20,000"),
        ("2.5 people", "25 people", "2.5"),
        ("twelve people", "ten people", "12"),
        ("5 hours", "5 minutes", "5 hours"),
        ("450 feet", "450 metres", "450 feet"),
        ("7 miles", "7 to 10 kilometres", "7 miles"),
        ("880 gigabytes", "880 MB", "880 gigabytes"),
        ("$14", "14 euros", "$14"),
        ("30 percent", "75 hectares, of which 30 are vineyards", "30 percent"),
        ("28 degrees Fahrenheit", "28 °C", "28 degrees Fahrenheit"),
        ("on 5 May 2021", "on 5 December 2021", "2021-5-5"),
        ("in March", "from April to June", "3"),
        ("on 6 December 2021", "on 5 December 2021", "2021-12-6"),
    ],
)
def test_another_number_unit_or_date_is_named(statement: str, source: str, missing: str) -> None:
    assert missing_quantity(statement, source) == missing


@pytest.mark.parametrize(
    "statement", ["One of them may march in on the second day.", "An F-16 and COVID-19."]
)
def test_what_counts_nothing_is_not_compared(statement: str) -> None:
    assert missing_quantity(statement, "No number at all.") is None


@pytest.mark.parametrize(
    "text", ["5 May 2021", "May 5, 2021", "5th of May 2021", "2021-05-05", "05/05/2021", "5.5.2021"]
)
def test_dates_written_differently_are_the_same(text: str) -> None:
    assert dates(f"It was on {text} that it came.") == [Date(2021, 5, 5)]
