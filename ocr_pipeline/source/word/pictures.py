"""The files of pictures that stand in a document, cut and turned as the document shows them."""

from __future__ import annotations

import io
import warnings

from PIL import Image

from ocr_pipeline.document import Finding, Severity
from ocr_pipeline.errors import DamagedSourceError, LimitExceededError
from ocr_pipeline.flow import FlowPicture
from ocr_pipeline.source.pixels import DECODING_ERRORS, to_rgb
from ocr_pipeline.source.sniffing import sniff
from ocr_pipeline.source.word.drawings import PictureUse
from ocr_pipeline.source.word.package import Package

__all__ = ["Pictures"]

_AS_THEY_ARE = frozenset({"png", "jpeg", "tiff", "webp", "bmp"})
_REPACKED = frozenset({"gif"})
_METAFILES = ((b"\xd7\xcd\xc6\x9a", "WMF"), (b"\x01\x00\x09\x00", "WMF"), (b"\x01\x00\x00\x00", "EMF"))
_NO_CROP = 0.002
"""Shares below this are rounding of the word processor, not a crop."""

_NO_TURN = 0.05
_LEAST_SIDE = 3


class Pictures:
    """Fetches pictures of one document; what cannot be had becomes a finding.

    Attributes:
        findings: remarks so far.
    """

    def __init__(self, package: Package) -> None:
        self.findings: list[Finding] = []
        self._package = package
        self._count = 0
        self._files: dict[str, bytes] = {}

    def load(self, use: PictureUse, part: str) -> FlowPicture | None:
        """The picture as shown; None, with a finding, when it cannot be read.

        Args:
            use: where and how it stands.
            part: the part of the package it stands in.

        Raises:
            LimitExceededError: more pictures than allowed.
        """
        self._count += 1
        limit = self._package.options.max_pictures
        if self._count > limit:
            raise LimitExceededError(
                f"more than {limit:,} pictures",
                remedy="split the document, or raise source.max_pictures",
                source=self._package.source,
            )
        data = self._file(use, part)
        return None if data is None else self._shown(*data, use)

    def _file(self, use: PictureUse, part: str) -> tuple[bytes, str] | None:
        """The content of a picture's file, and its name."""
        relation = self._package.relations(part).get(use.relation or "")
        if relation is None:
            self._lost("missing-picture", f"picture {self._count} has no file in the document")
        elif use.link or relation.external:
            self._lost("linked-picture", f"picture {self._count} is only linked, not embedded: {relation.target}")
        elif relation.target not in self._package:
            self._lost("missing-picture", f"the file of picture {self._count} is missing: {relation.target}")
        else:
            try:
                # Kept, so that a picture shown many times is held in memory once.
                if relation.target not in self._files:
                    self._files[relation.target] = self._package.read(relation.target)
                return self._files[relation.target], relation.target
            except DamagedSourceError as error:
                self._lost("damaged-picture", f"picture {self._count}: {error.message}")
        return None

    def lost(self, what: str) -> None:
        """Note something drawn that is no picture file."""
        self._lost("unreadable-picture", f"{what} cannot be read; export it as a picture to have it read")

    def _lost(self, code: str, message: str) -> None:
        self.findings.append(Finding(code=code, severity=Severity.ERROR, message=message))

    def _shown(self, data: bytes, target: str, use: PictureUse) -> FlowPicture | None:
        kind = sniff(data).name if data else "nothing"
        label = f"picture {self._count} ({target.rpartition('/')[2]})"
        if kind not in _AS_THEY_ARE | _REPACKED:
            metafile = next((form for start, form in _METAFILES if data.startswith(start)), kind)
            self._lost(
                "unreadable-picture",
                f"{label} is of a kind that is not read ({metafile}); save it as PNG in the document",
            )
            return None
        if kind in _AS_THEY_ARE and not _is_changed(use):
            return FlowPicture(data, label)
        try:
            return FlowPicture(self._redraw(data, use), label)
        except (*DECODING_ERRORS, Image.DecompressionBombError, MemoryError) as error:
            self._lost("damaged-picture", f"{label} cannot be decoded: {error}")
            return None

    def _redraw(self, data: bytes, use: PictureUse) -> bytes:
        """Cut first, then mirrored, then turned, as the standards say; what this bares is white."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image: Image.Image = Image.open(io.BytesIO(data))
            limits = self._package.options
            width, height = image.size
            if max(width, height) > limits.max_page_pixels or width * height > limits.max_image_pixels:
                raise ValueError(f"{width:,} x {height:,} pixels are more than source.max_image_pixels allows")
            dpi = image.info.get("dpi")
            image = Image.fromarray(to_rgb(image))
        image = _cut(image, use.crop)
        if use.flip[0]:
            image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        if use.flip[1]:
            image = image.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
        image = _turn(image, use.turn)
        buffer = io.BytesIO()
        image.save(buffer, "PNG", **({"dpi": dpi} if dpi else {}))
        return buffer.getvalue()


def _is_changed(use: PictureUse) -> bool:
    return any(abs(share) > _NO_CROP for share in use.crop) or any(use.flip) or _smallest_turn(use.turn) > _NO_TURN


def _smallest_turn(degrees: float) -> float:
    return min(degrees % 360, -degrees % 360)


def _cut(image: Image.Image, crop: tuple[float, float, float, float]) -> Image.Image:
    width, height = image.size
    left, top, right, bottom = (max(share, 0.0) for share in crop)
    box = (round(left * width), round(top * height), round((1 - right) * width), round((1 - bottom) * height))
    # A crop that leaves nothing is an error of whoever wrote the file; the whole picture is the safer reading.
    return image.crop(box) if box[2] - box[0] >= _LEAST_SIDE and box[3] - box[1] >= _LEAST_SIDE else image


def _turn(image: Image.Image, degrees: float) -> Image.Image:
    if _smallest_turn(degrees) <= _NO_TURN:
        return image
    quarters = degrees / 90
    if abs(quarters - round(quarters)) < 1e-3:
        # Pillow turns the other way round.
        turns = (None, Image.Transpose.ROTATE_270, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_90)
        step = turns[round(quarters) % 4]
        return image if step is None else image.transpose(step)
    return image.rotate(-degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=(255, 255, 255))
