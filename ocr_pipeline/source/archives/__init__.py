"""Folders and archives as sources of many documents: ZIP, TAR (plain, gzip, bzip2, XZ) and 7-Zip, nested.

Nothing is ever written under a name that an archive gives; members are read into memory, one at a time.
"""

from ocr_pipeline.source.archives.member import Member
from ocr_pipeline.source.archives.walking import walk

__all__ = ["Member", "walk"]
