"""Trustworthy figures out of scanned and garbled Chinese government reports."""
