"""Files made to hurt whoever reads them, and what reading one costs in a process of its own."""

import io
import json
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import docx

_READ = """
import json, re, resource, sys
from pathlib import Path

import docx, lxml.html, markdown_it, trafilatura  # not counted: any file needs one of them
from index.errors import BadInput
from index.loading.loader import load_bytes
from index.passages import split
from index.settings import Settings

def used():
    # Some kinds of files are read in a process of their own.
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    # Not ru_maxrss, which begins at what the parent process had.
    [peak] = re.findall(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())
    seconds = sum(usage.ru_utime + usage.ru_stime for usage in usages)
    return seconds, max(int(peak), usages[1].ru_maxrss) / 1000

path, room = Path(sys.argv[1]), int(sys.argv[2])
data = path.read_bytes()
# What is left to take before memory is refused; the test fails then, and the machine does not.
# Of what is written, not of addresses: the runtime of Tika reserves 32 GB of those.
pages = int(Path("/proc/self/statm").read_text().split()[5])
resource.setrlimit(resource.RLIMIT_DATA, (pages * resource.getpagesize() + room * 10**6,) * 2)
resource.setrlimit(resource.RLIMIT_CPU, (int(sys.argv[3]),) * 2)  # it is killed after that
seconds, megabytes = used()
passages = longest = characters = 0
said = None
try:
    article = load_bytes(data, path.name, Settings(data_dir=path.parent))
    cut = split(article)
    passages, characters = len(cut), len(article.text)
    longest = max(p.end - p.start for p in cut)
except BadInput as error:
    said = f"{type(error).__name__}: {error}"
after, peak = used()
print(json.dumps({"said": said, "seconds": after - seconds, "megabytes": peak - megabytes,
    "characters": characters, "passages": passages, "longest": longest}))
"""


@dataclass(frozen=True, slots=True)
class Reading:
    """What became of a file, and what it cost."""

    said: str | None
    """The error and its sentence; None where the file became an article."""
    seconds: float
    """Of the processor, which other work on the machine stretches less than the clock's."""
    megabytes: float
    """The most memory at any moment, above that of the process with all readers imported."""
    characters: int
    passages: int
    longest: int
    """Characters of the longest passage."""


def read_apart(
    folder: Path, name: str, data: bytes, most_mb: int = 1_500, most_seconds: int = 40
) -> Reading:
    """Load and cut a file in a process that may take so much of memory and of the processor."""
    path = folder / name
    path.write_bytes(data)
    done = subprocess.run(
        [sys.executable, "-c", _READ, str(path), str(most_mb), str(most_seconds)],
        capture_output=True,
        text=True,
        timeout=600,  # a machine that is busy with other things
        check=False,
    )
    assert done.returncode == 0, f"{name} ended with {done.returncode}: {done.stderr[-1_500:]}"
    return Reading(**json.loads(done.stdout))


# --- Word ------------------------------------------------------------------------------------

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def word(body: bytes | None = None, parts: dict[str, bytes] | None = None) -> bytes:
    """A Word document with this XML as its body, and with these parts replaced or added."""
    document = docx.Document()
    document.add_paragraph("Tin is a metal.")
    saved = io.BytesIO()
    document.save(saved)
    own = dict(parts or {})
    if body is not None:
        own["word/document.xml"] = b'<w:document xmlns:w="%s"><w:body>%s</w:body></w:document>' % (
            W.encode(),
            body,
        )
    out = io.BytesIO()
    with (
        zipfile.ZipFile(saved) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as new,
    ):
        for name in old.namelist():
            new.writestr(name, own.pop(name, None) or old.read(name))
        for name, content in own.items():
            new.writestr(name, content)
    return out.getvalue()


def styles_called(name: str, content: bytes) -> bytes:
    """A Word document whose styles are in a part of another name: of a picture, say."""
    with zipfile.ZipFile(io.BytesIO(word())) as archive:
        types = archive.read("[Content_Types].xml").replace(
            b"/word/styles.xml", f"/word/{name}".encode()
        )
        related = archive.read("word/_rels/document.xml.rels").replace(b"styles.xml", name.encode())
    return word(
        parts={
            "[Content_Types].xml": types,
            "word/_rels/document.xml.rels": related,
            f"word/{name}": content,
        }
    )


def lying_about_its_size(docx_: bytes, part: str) -> bytes:
    """The same archive, in which the directory says that a part has 100 bytes."""
    with zipfile.ZipFile(io.BytesIO(docx_)) as archive:
        true = archive.getinfo(part).file_size
    return docx_.replace(true.to_bytes(4, "little"), (100).to_bytes(4, "little"))


# --- PDF -------------------------------------------------------------------------------------


def pdf(objects: dict[int, bytes]) -> bytes:
    """A PDF of these objects; number 1 is the catalogue."""
    out = io.BytesIO(b"%PDF-1.7\n")
    out.seek(0, io.SEEK_END)
    places = {}
    for number, content in objects.items():
        places[number] = out.tell()
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, content))
    start = out.tell()
    out.write(b"xref\n0 1\n0000000000 65535 f \n")
    for number, place in places.items():
        out.write(b"%d 1\n%010d 00000 n \n" % (number, place))
    out.write(b"trailer\n<< /Size %d /Root 1 0 R >>\n" % (max(objects) + 1))
    out.write(b"startxref\n%d\n%%%%EOF\n" % start)
    return out.getvalue()


def stream(content: bytes, entries: bytes = b"") -> bytes:
    """A stream object."""
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), entries, content)


def flate(content: bytes, entries: bytes = b"") -> bytes:
    """A stream object, compressed."""
    return stream(zlib.compress(content, 9), b"/Filter /FlateDecode " + entries)


FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"


def one_page(content: bytes, more: dict[int, bytes] | None = None, resources: bytes = b"") -> bytes:
    """A PDF of one page; `content` is a stream object, font F1 is there."""
    return pdf(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R >>",
            2: b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
            3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R "
            b"/Resources << /Font << /F1 5 0 R >> %s >> >>" % resources,
            4: content,
            5: FONT,
        }
        | (more or {})
    )


def shown(words: bytes, y: int = 700) -> bytes:
    """The operators that show these words."""
    return b"BT /F1 11 Tf 72 %d Td (%s) Tj ET\n" % (y, words)


def many_pages(count: int, content: Callable[[int], bytes]) -> bytes:
    """A PDF of so many pages."""
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Count %d /Kids [%s] >>"
        % (count, b" ".join(b"%d 0 R" % (10 + 2 * i) for i in range(count))),
        5: FONT,
    }
    for i in range(count):
        objects[10 + 2 * i] = (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R "
            b"/Resources << /Font << /F1 5 0 R >> >> >>" % (11 + 2 * i)
        )
        objects[11 + 2 * i] = stream(content(i))
    return pdf(objects)


def forms_within_forms(depth: int, each: int) -> bytes:
    """A page that shows a form `each` times, which shows another `each` times, and so on."""
    more = {}
    for level in range(depth):
        last = level == depth - 1
        more[20 + level] = stream(
            shown(b"Tin is a metal.") if last else b"/X Do\n" * each,
            b"/Type /XObject /Subtype /Form /BBox [0 0 612 792] /Resources << /Font << /F1 5 0 R >>"
            + (b"" if last else b" /XObject << /X %d 0 R >>" % (21 + level))
            + b" >>",
        )
    return one_page(stream(b"/X Do\n" * each), more, b"/XObject << /X 20 0 R >>")
