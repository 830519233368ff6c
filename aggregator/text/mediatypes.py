"""Media types: as outlets state them, or as the ending of an address tells."""

import re
from urllib.parse import urlsplit

_TYPES = {
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "ogg": "audio/ogg",
    "oga": "audio/ogg",
    "opus": "audio/ogg",
    "wav": "audio/wav",
    "aac": "audio/aac",
    "flac": "audio/flac",
    "mp4": "video/mp4",
    "m4v": "video/mp4",
    "webm": "video/webm",
    "mov": "video/quicktime",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "webp": "image/webp",
    "avif": "image/avif",
    "pdf": "application/pdf",
    "epub": "application/epub+zip",
    "zip": "application/zip",
}


_TYPE = re.compile(r"[a-z]+/[a-z0-9][a-z0-9.+-]{0,99}")


def media_type(said: str, url: str) -> str:
    """The media type as said, in lower case without parameters; where none is said, what the ending tells."""
    type = said.partition(";")[0].strip().lower()
    by_ending = _TYPES.get(urlsplit(url).path.rpartition(".")[2].lower(), "")
    if not _TYPE.fullmatch(type) or type == "application/octet-stream" or (type == "text/html" and by_ending):
        return by_ending
    return "image/jpeg" if type == "image/jpg" else type
