"""``ocr-pipeline divide``: a PDF of several reports as one PDF for each."""

from __future__ import annotations

import argparse
from pathlib import Path

from ocr_pipeline.cli.arguments import Commands, add_verbosity
from ocr_pipeline.cli.outputs import prepare_folder, write_bytes
from ocr_pipeline.errors import UsageError
from ocr_pipeline.naming import result_stem

__all__ = ["register", "run"]

_DESCRIPTION = """\
Cut a PDF that holds several reports into one PDF for each, STEM-1.pdf, STEM-2.pdf and so on, which can be read by
themselves. Where they begin is in the JSON report that reading the file gave (finding several-reports). A page on which
one ends and the next one begins is in both."""


def register(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "divide", help="a PDF of several reports as one for each", description=_DESCRIPTION, allow_abbrev=False
    )
    parser.add_argument("file", metavar="FILE", type=Path, help="the PDF")
    parser.add_argument("report", metavar="REPORT", type=Path, help="the JSON report that was made from it")
    parser.add_argument("--out", metavar="DIR", type=Path, default=Path("out"), help="folder of the parts (out)")
    parser.add_argument("--password", metavar="WORD", help="opens an encrypted document; the parts are not encrypted")
    add_verbosity(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Write the parts and print their paths.

    Raises:
        SourceError: the file or the report cannot be read.
        UsageError: the report is of another file or names no further one, or the file is no PDF.
        OutputError: a part cannot be written.
    """
    from ocr_pipeline.report import load_report, report_spans
    from ocr_pipeline.source import open_source
    from ocr_pipeline.source.pdf_parts import pdf_parts

    report = load_report(arguments.report)
    with open_source(arguments.file, password=arguments.password) as opened:
        info = opened.info
    if info.sha256 != report.source.sha256:
        remedy = "give the file that it was made from, or read this one"
        raise UsageError(f"{arguments.report} is the report of another file", remedy=remedy)
    spans = report_spans(report)
    if len(spans) == 1:
        raise UsageError(f"{arguments.file} holds one report, as far as is known", remedy="read it as it is")
    if info.kind != "pdf":
        raise UsageError(
            f"{arguments.file}: only a PDF can be divided", remedy="save it as a PDF, or divide it by hand"
        )
    prepare_folder(arguments.out)
    parts = pdf_parts(arguments.file, spans, password=arguments.password)
    for number, part in enumerate(parts, start=1):
        target = arguments.out / f"{result_stem(arguments.file)}-{number}.pdf"
        write_bytes(target, part)
        print(target)
    return 0
