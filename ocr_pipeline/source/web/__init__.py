"""Web pages as a flow of blocks: saved HTML and MHT, with nothing ever fetched."""
