"""What every answer tells browsers to do without, as Helmet 8.1 does for an API.

`X-XSS-Protection` is 0, for the filters it asked for were holes of their own.
"""

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self';script-src 'self';style-src 'self' 'unsafe-inline';"
        "img-src 'self' https: data:;connect-src 'self';frame-ancestors 'none';base-uri 'self';"
        "form-action 'self';font-src 'self' https: data:;object-src 'none';"
        "script-src-attr 'none';upgrade-insecure-requests"
    ),
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains; preload",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-XSS-Protection": "0",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Origin-Agent-Cluster": "?1",
    "X-DNS-Prefetch-Control": "off",
    "X-Download-Options": "noopen",
    "X-Permitted-Cross-Domain-Policies": "none",
}

RAW_HEADERS = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]
