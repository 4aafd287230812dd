"""Addresses in, bytes out: photos of the web (https://), photos and galleries in object stores (s3://, gs://).

Only an address that the command line or a list of photos names is ever asked for. The web is read with Python's own
library; stores through the drivers of fsspec, which come with `artkit[cloud]` and find credentials by themselves.
"""
