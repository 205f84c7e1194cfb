"""The SQuAD v1 and v2 file format (Rajpurkar et al. 2016, 2018)."""

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from index.errors import BadInput


class _Loose(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class SquadAnswer(_Loose):
    text: str
    answer_start: int


class SquadQuestion(_Loose):
    id: str
    question: str = Field(min_length=1)
    answers: tuple[SquadAnswer, ...] = ()
    is_impossible: bool = False


class SquadParagraph(_Loose):
    context: str
    qas: tuple[SquadQuestion, ...] = ()


class SquadArticle(_Loose):
    title: str = ""
    paragraphs: tuple[SquadParagraph, ...]


class SquadFile(_Loose):
    data: tuple[SquadArticle, ...]


def read_squad(path: Path) -> SquadFile:
    """The file; what the format knows beside these fields is left aside.

    Raises:
        BadInput: naming the first thing that is not in the format.
    """
    try:
        file = SquadFile.model_validate_json(path.read_bytes())
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}.") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "the file"
        raise BadInput(f"{path} is not in SQuAD's format: {place}: {first['msg']}.") from error
    if not any(paragraph.qas for article in file.data for paragraph in article.paragraphs):
        raise BadInput(f"{path} holds no questions.")
    return file
