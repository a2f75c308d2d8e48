"""Bodies of several parts, as they came: fields, and the bytes of files."""

from starlette.datastructures import UploadFile
from starlette.requests import Request


async def parts_of(request: Request) -> tuple[dict[str, str], dict[str, bytes]]:
    """Fields and files by their names; the last of a name is it."""
    fields: dict[str, str] = {}
    files: dict[str, bytes] = {}
    async with request.form() as form:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                files[name] = await value.read()
            else:
                fields[name] = value
    return fields, files
