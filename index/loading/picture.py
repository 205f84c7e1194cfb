"""A picture of a page, such as a photo of a receipt or a scan of several pages → blocks."""

import io

from index.errors import TooLarge, UnreadableFile
from index.loading.blocks import Extract
from index.loading.page_lines import blocks_of_pages
from index.loading.recognition import LONGEST_SIDE, MOST_PICTURES, NOTE, recognised_lines


def read_picture(data: bytes, name: str, most_characters: int) -> Extract:
    """The words that are recognised; each picture of a TIFF is a page.

    Raises:
        UnreadableFile: if it is damaged, or no words are recognised in it.
        TooLarge: if it holds too many pictures.
    """
    from PIL import Image, ImageOps, ImageSequence

    try:
        with Image.open(io.BytesIO(data)) as picture:
            if (count := getattr(picture, "n_frames", 1)) > MOST_PICTURES:
                raise TooLarge(
                    f"{name} holds {count} pictures, more than the {MOST_PICTURES} that are "
                    "recognised at once; split it."
                )
            pages = []
            for frame in ImageSequence.Iterator(picture):
                page = ImageOps.exif_transpose(frame)  # as the camera was held
                page.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
                pages.append(recognised_lines(page))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise UnreadableFile(
            f"{name} is a damaged picture; open it in a viewer, save it anew and try that."
        ) from error
    if not any(pages):
        raise UnreadableFile(f"{name} holds no text; no words were recognised in it.")
    return Extract(blocks_of_pages(pages), notes=(NOTE,))
