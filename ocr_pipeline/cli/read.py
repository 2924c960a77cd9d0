"""``ocr-pipeline read``: documents in, reports out."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from ocr_pipeline.cli.arguments import Commands, add_settings, add_verbosity, formats_of, settings_of
from ocr_pipeline.cli.failures import tell, translate
from ocr_pipeline.cli.outputs import Job, plan, prepare_folder
from ocr_pipeline.cli.progress import bar
from ocr_pipeline.errors import OcrPipelineError, PartialFailure

if TYPE_CHECKING:
    from ocr_pipeline.pipeline import Reader
    from ocr_pipeline.report import PagePictures, Report
    from ocr_pipeline.settings import Settings
    from ocr_pipeline.source.archives import Member

__all__ = ["register", "run"]

_DESCRIPTION = """\
Read documents (PDF, images, Word, web pages, OFD, text), also those in folders and archives, and write a report on
each: every figure with its status, its place on the page and the evidence for it. The figures go to standard output as
a table, followed by the files written."""


def register(commands: Commands) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser("read", help="documents in, reports out", description=_DESCRIPTION, allow_abbrev=False)
    parser.add_argument("inputs", metavar="INPUT", nargs="+", type=Path, help="a document, a folder or an archive")
    parser.add_argument("--out", metavar="DIR", type=Path, default=Path("out"), help="folder of the reports (out)")
    parser.add_argument(
        "--format", metavar="LIST", default="json,md,xlsx", help="of json,md,xlsx,csv,html,pages (json,md,xlsx)"
    )
    parser.add_argument("--password", metavar="WORD", help="opens encrypted documents")
    parser.add_argument("--require-form", action="store_true", help="a document without a known form is an error")
    parser.add_argument("--debug-dir", metavar="DIR", type=Path, help="a picture of each stage of each page goes there")
    add_settings(parser)
    add_verbosity(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Read every document; a failing one does not stop the others.

    Returns:
        0; 7 when a report was written that lacks a part because a stage failed.

    Raises:
        OcrPipelineError: the only document failed, or nothing could be started.
        PartialFailure: one or more of several documents failed.
    """
    from ocr_pipeline.dataset.panel import ReadYears
    from ocr_pipeline.pipeline import Reader
    from ocr_pipeline.report import pictures_for, write_report

    formats = formats_of(arguments.format)
    settings = settings_of(arguments)
    members = partial(_members, arguments, settings)
    jobs = {str(job.source): job for job in plan([Path(m.name) for m in members()], arguments.out, formats)}
    for folder in (arguments.out, arguments.debug_dir):
        if folder is not None:
            prepare_folder(folder)
    reader = Reader(settings, models_folder=arguments.models_dir)
    years = ReadYears()
    failures: list[OcrPipelineError] = []
    complete, total = True, len(jobs)
    # A member's content is there only while its turn lasts, so archives are gone through a second time.
    for member in members():
        job = jobs.pop(str(Path(member.name)), None)
        if job is None:  # given twice
            continue
        try:
            pictures = pictures_for(formats, settings.report)
            report = _read(reader, member, job, arguments, pictures)
            files = write_report(report, job.folder, job.stem, formats, pictures)
        except Exception as error:  # one document must not take the others with it
            if total == 1:
                raise translate(error, source=job.source) from error
            failures.append(tell(error, source=job.source, verbose=arguments.verbose))
            continue
        _show(report, files, quiet=arguments.quiet)
        years.add(report)
        complete = complete and report.ok
    if not arguments.quiet:
        for finding in years.findings():
            print(f"ocr-pipeline: {finding.message}", file=sys.stderr)
    if failures:
        raise PartialFailure(failures, total)
    return 0 if complete else PartialFailure.exit_code


def _members(arguments: argparse.Namespace, settings: Settings) -> Iterator[Member]:
    """All documents asked for, those in folders and archives included; never the results of an earlier run."""
    from ocr_pipeline.source.archives import walk

    results = [folder for folder in (arguments.out, arguments.debug_dir) if folder is not None]
    for source in arguments.inputs:
        yield from walk(source, password=arguments.password, options=settings.source, leave_out=results)


def _read(
    reader: Reader, member: Member, job: Job, arguments: argparse.Namespace, pictures: PagePictures | None
) -> Report:
    debug = None if arguments.debug_dir is None else arguments.debug_dir / job.name
    with bar(job.source.name, unit="page", quiet=arguments.quiet) as progress:
        content, name = member.content(), None if member.read is None else member.name
        report = reader.read(
            content,
            name=name,
            password=arguments.password,
            progress=progress,
            debug_dir=debug,
            on_image=None if pictures is None else pictures.add,
        )
    if arguments.require_form:
        report.require_form(job.source)
    return report


def _show(report: Report, files: list[Path], *, quiet: bool) -> None:
    for error in report.errors:
        place = "" if error.page is None else f", page {error.page + 1}"
        print(f"ocr-pipeline: {report.source.name}{place}: {error.stage} failed: {error.message}", file=sys.stderr)
    if not quiet:
        from ocr_pipeline.report import format_values

        print(format_values(report, width=shutil.get_terminal_size((100, 24)).columns))
    for file in files:
        print(file)
