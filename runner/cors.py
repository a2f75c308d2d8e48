"""Pages of other origins that may call (CORS): API Gateway answers for the functions."""

from collections.abc import Mapping
from typing import Any

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp

_OPTIONS = {
    "AllowOrigins": "allow_origins",
    "AllowMethods": "allow_methods",
    "AllowHeaders": "allow_headers",
    "AllowCredentials": "allow_credentials",
    "ExposeHeaders": "expose_headers",
    "MaxAge": "max_age",
}


def cross_origin(app: ASGIApp, configuration: Mapping[str, Any]) -> ASGIApp:
    """The application behind what the template's `CorsConfiguration` says; without it, as it is."""
    if not configuration:
        return app
    return CORSMiddleware(app, **{_OPTIONS[name]: value for name, value in configuration.items()})
