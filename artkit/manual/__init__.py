"""The documentation as a site: the pages in, with a picture of every preset and every operation, HTML out."""
