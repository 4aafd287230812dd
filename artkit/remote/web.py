"""A file of the web, whole or with one clear line: it is read to a limit, and in a limited time."""

from __future__ import annotations

from time import monotonic
from typing import Any
from urllib.parse import quote

from artkit.errors import ArtkitError
from artkit.limits import limit, refusal, written

PATIENCE = 30.0
"""Seconds in which a server has to say something."""

LONGEST = 600.0
"""Seconds in which it has to have said everything."""

_PART = 1 << 18
_MARKS = "%/:=&?~#+!$,;'@()*[]"


def read(address: str, most: float | None = None, *, whole: bool = True) -> bytes:
    """Give a file of the web, of `most` bytes by default as many as the limit of files allows.

    Of a larger one the first bytes, or where it is to be `whole` a LimitError. An ArtkitError says why there is none.
    """
    from http.client import HTTPException, responses
    from urllib.error import HTTPError, URLError

    most = limit("file") if most is None else most
    try:
        return _read(address, most, whole)
    except HTTPError as error:
        error.close()
        why = f"the server answers {error.code} {responses.get(error.code, '')}".strip()
    except URLError as error:
        why = _why(error.reason)
    except (HTTPException, OSError, ValueError) as error:
        why = _why(error)
    raise ArtkitError(f"{address}: cannot be read ({why}); check the address and the network")


def _read(address: str, most: float, whole: bool) -> bytes:
    from urllib.request import Request

    from artkit import __version__

    data, until = bytearray(), monotonic() + LONGEST
    asked = Request(quote(address.partition("#")[0], safe=_MARKS), headers={"User-Agent": f"artkit/{__version__}"})
    with _opener().open(asked, timeout=PATIENCE) as answer:
        while part := answer.read1(_PART):
            data += part
            if len(data) > most:
                if whole:
                    raise refusal("file", f"{address}: is larger than {written(most, 'bytes')}")
                return bytes(data[: int(most)])
            if monotonic() > until:
                raise TimeoutError(f"it takes longer than {LONGEST:.0f} s")
        missing = answer.length or 0
    if missing:
        raise OSError(f"it ends {missing} bytes too soon")
    return bytes(data)


def _opener() -> Any:
    """Give what follows redirections on the web, and to nothing else: no files, no FTP."""
    from urllib import request

    opener = request.OpenerDirector()
    for handler in (
        request.ProxyHandler,
        request.HTTPHandler,
        request.HTTPSHandler,
        request.HTTPRedirectHandler,
        request.HTTPDefaultErrorHandler,
        request.HTTPErrorProcessor,
        request.UnknownHandler,
    ):
        opener.add_handler(handler())
    return opener


def _why(error: object) -> str:
    if isinstance(error, TimeoutError) and not str(error).startswith("it takes"):
        return f"no answer in {PATIENCE:.0f} s"
    text = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return " ".join(str(text).split())[:200]
