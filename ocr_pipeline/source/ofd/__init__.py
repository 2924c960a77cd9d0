"""OFD documents (GB/T 33190-2016, the national fixed-layout format) as pages."""
