"""Subtitles (WebVTT, SubRip) → what is said, by whom, without the times."""

import io
import re

from index.loading.blocks import Extract, one_line

_LOOKS = re.compile(r"\ufeff?(?:WEBVTT\b|\s*\d+\s*\n\d{1,2}:\d\d:\d\d,\d{3} --> )")
_ENDS = (".", "!", "?", "…", "。")
_PARAGRAPH = 400
"""Characters after which the end of a sentence ends a paragraph."""
_LONGEST_PARAGRAPH = 1_000
"""Characters of one without the end of a sentence, as recognised speech has none."""


def looks_like_subtitles(text: str) -> bool:
    """Whether the text begins as WebVTT or SubRip does."""
    return _LOOKS.match(text.replace("\r\n", "\n")) is not None


def read_subtitles(text: str) -> Extract:
    """The speech in paragraphs; one begins where another person speaks: `Host: Good evening.`"""
    import webvtt
    from webvtt.errors import MalformedFileError

    text = text.lstrip("\ufeff").replace("\r\n", "\n")
    try:
        cues = webvtt.from_buffer(io.StringIO(text), "vtt" if text[:6] == "WEBVTT" else "srt")
    except MalformedFileError:
        return Extract([])
    blocks: list[str] = []
    speaker = last = None
    for cue in cues.captions:
        words = one_line(cue.text)
        if not words or words == last:  # live captions say a line again while it moves up
            continue
        goes_on = blocks and cue.voice in (speaker, None)
        full = blocks and (
            len(blocks[-1]) > _LONGEST_PARAGRAPH
            or (len(blocks[-1]) > _PARAGRAPH and blocks[-1].endswith(_ENDS))
        )
        if goes_on and not full:
            blocks[-1] += f" {words}"
        else:
            blocks.append(f"{cue.voice}: {words}" if cue.voice else words)
        speaker, last = cue.voice or speaker, words
    return Extract(blocks)
