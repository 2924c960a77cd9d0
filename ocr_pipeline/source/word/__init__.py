"""Word documents as flows: DOCX read directly, older formats after LibreOffice has turned them into DOCX.

The file is read with lxml part by part, as far as it is needed. A library that loads the whole package at once would
inflate everything before any limit is looked at, and would refuse a document whose thumbnail is missing.
"""
