"""Every error this program raises on purpose, with its exit code and its remedy.

    OcrPipelineError                1   anything that has no class of its own
    ├── UsageError                  2   the call itself is wrong
    │   ├── ConfigurationError          unknown or impossible setting
    │   └── TemplateError               a form definition that does not hold together
    ├── SourceError                 3   the input cannot be read as a document
    │   ├── SourceNotFoundError         no such file or folder
    │   ├── UnknownFormatError          not a document of any known kind
    │   ├── EmptySourceError            no bytes, or no pages
    │   ├── DamagedSourceError          cut off or corrupt
    │   ├── EncryptedSourceError        needs a password, or a different one
    │   └── LimitExceededError          larger than a limit allows
    ├── ContentError                4   readable, but not what was asked for
    │   ├── NoTextError                 pages without any text
    │   ├── NoKnownTableError           no table matches a known form (only with ``--require-form``)
    │   └── VerificationError           figures of a report that do not add up, or are none
    ├── DependencyError             5   something is not installed, or not there
    │   ├── EngineLostError             the models came to their end in the middle
    │   ├── MissingExtraError           an optional extra of this package
    │   └── WeightsError                model weights missing or altered
    ├── OutputError                 6   the result cannot be written
    └── PartialFailure              7   some documents of a batch failed

``main`` of the command line translates these into one line on standard error and the exit code; nothing else does.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

__all__ = [
    "ConfigurationError",
    "ContentError",
    "DamagedSourceError",
    "DependencyError",
    "EmptySourceError",
    "EncryptedSourceError",
    "EngineLostError",
    "LimitExceededError",
    "MissingExtraError",
    "NoKnownTableError",
    "NoTextError",
    "OcrPipelineError",
    "OutputError",
    "PartialFailure",
    "SourceError",
    "SourceNotFoundError",
    "TemplateError",
    "UnknownFormatError",
    "UsageError",
    "VerificationError",
    "WeightsError",
]


class OcrPipelineError(Exception):
    """Base of the tree.

    Args:
        message: what went wrong, in one sentence without a full stop.
        remedy: what the user can do about it, in one sentence; the class default when left out.
        source: the file or archive member concerned.
        page: the page concerned, counted from 0 (shown to people from 1).
    """

    exit_code: int = 1
    remedy: str = "run again with --debug-dir and report what it shows"

    def __init__(
        self,
        message: str,
        *,
        remedy: str | None = None,
        source: str | Path | None = None,
        page: int | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.source = None if source is None else str(source)
        self.page = page
        if remedy is not None:
            self.remedy = remedy

    def __str__(self) -> str:
        place = ""
        if self.source is not None:
            place = self.source + (f", page {self.page + 1}" if self.page is not None else "") + ": "
        elif self.page is not None:
            place = f"page {self.page + 1}: "
        return f"{place}{self.message} ({self.remedy})"

    def __reduce__(self) -> tuple[object, ...]:
        # Errors cross process boundaries in batches; the default would call constructors of another signature.
        return (_rebuild, (type(self), self.args), self.__dict__.copy())


def _rebuild(cls: type[OcrPipelineError], args: tuple[object, ...]) -> OcrPipelineError:
    return cls.__new__(cls, *args)


class UsageError(OcrPipelineError):
    """The call itself is wrong."""

    exit_code = 2
    remedy = "see ocr-pipeline --help"


class ConfigurationError(UsageError):
    """A setting that does not exist or cannot have this value."""

    remedy = "correct the configuration file or the option"


class TemplateError(UsageError):
    """A form definition that does not hold together."""

    remedy = "run ocr-pipeline templates check FILE"


class SourceError(OcrPipelineError):
    """The input cannot be read as a document."""

    exit_code = 3
    remedy = "open the file in a viewer and save it anew"


class SourceNotFoundError(SourceError):
    """No such file or folder."""

    remedy = "check the path"


class UnknownFormatError(SourceError):
    """The content is of no kind this program reads."""

    remedy = "give a PDF, OFD or Word document, a web page, a text file or an image"


class EmptySourceError(SourceError):
    """No bytes, or a document without pages."""

    remedy = "fetch or scan the document again"


class DamagedSourceError(SourceError):
    """Cut off or corrupt."""

    remedy = "fetch the file again, or repair it with a PDF tool"


class EncryptedSourceError(SourceError):
    """Needs a password, or a different one."""

    remedy = "give the right one with --password"


class LimitExceededError(SourceError):
    """Larger than a limit allows."""

    remedy = "raise the limit in the configuration, or split the document"


class ContentError(OcrPipelineError):
    """The document opens but does not hold what was asked for."""

    exit_code = 4
    remedy = "check that this is the right document"


class NoTextError(ContentError):
    """No page has any text."""

    remedy = "check the scan: it is blank, black or no document"


class NoKnownTableError(ContentError):
    """No table matches a known form."""

    remedy = "leave out --require-form to get its tables as plain grids"


class VerificationError(ContentError):
    """Figures of a report do not add up, or are no figures."""

    remedy = "compare what is listed with the page"


class DependencyError(OcrPipelineError):
    """Something that has to be installed is not."""

    exit_code = 5
    remedy = "run ocr-pipeline doctor"


class EngineLostError(DependencyError):
    """The process that holds the models came to its end; no page of the document can be read any more."""

    remedy = "read the document again"


class MissingExtraError(DependencyError):
    """An optional extra of this package is not installed.

    Args:
        extra: name of the extra in this project's metadata.
        purpose: what was asked for that needs it.
    """

    def __init__(self, extra: str, purpose: str) -> None:
        super().__init__(
            f"{purpose} needs the extra '{extra}'",
            remedy=f"pip install 'ocr-pipeline[{extra}]'",
        )


class WeightsError(DependencyError):
    """Model weights are missing or are not the expected ones."""

    remedy = "run ocr-pipeline models verify"


class OutputError(OcrPipelineError):
    """The result cannot be written."""

    exit_code = 6
    remedy = "choose another --out folder or make this one writable"


class PartialFailure(OcrPipelineError):  # noqa: N818 - the outcome of a batch, most of which may be good
    """Some documents of several failed; the others were written.

    Args:
        failures: one error for each document that failed.
        total: how many documents there were.
    """

    exit_code = 7
    remedy = "the messages above name each file and what to do about it"

    def __init__(self, failures: Sequence[OcrPipelineError], total: int) -> None:
        super().__init__(f"{len(failures)} of {total} documents failed")
        self.failures = tuple(failures)
        self.total = total
