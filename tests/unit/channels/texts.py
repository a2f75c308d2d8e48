"""Texts for counting: pieces that meet in posts, put together in every order."""

from hypothesis import strategies as st

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"
FLAGS = "\U0001f1e9\U0001f1ea\U0001f1eb\U0001f1f7"
SKIN = "\U0001f44d\U0001f3fd"
KEYCAP = "1\ufe0f\u20e3"
ENGLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"
ACCENTED = "e\u0301\u0323"
ARABIC = "\u0645\u064e\u0631\u062d\u0628\u0627"
HEBREW = "\u05e9\u05c1\u05b8\u05dc\u05d5\u05b9\u05dd"
HINDI = "\u0928\u092e\u0938\u094d\u0924\u0947"
THAI = "\u0e01\u0e33"
JAMO = "\u1112\u1161\u11ab"

_PIECES = (
    *(FAMILY, FLAGS, SKIN, KEYCAP, ENGLAND, ACCENTED, ARABIC, HEBREW, HINDI, THAI, JAMO),
    *(
        "漢字",
        "かな",
        "한국어",
        "\u0301",
        "\u200d",
        "\u200c",
        "\ufe0f",
        "\U0001f1e9",
        "\u200f",
        "\ufeff",
    ),
    *(
        " ",
        "\n",
        "\r\n",
        "\t",
        "\u00a0",
        "\u3000",
        ".",
        ",",
        "!",
        "?",
        ":",
        ";",
        "'",
        '"',
        "-",
        "_",
    ),
    *(
        "(",
        ")",
        "[",
        "]",
        "<",
        ">",
        "/",
        "\\",
        "&",
        "=",
        "#",
        "@",
        "\uff20",
        "\uff03",
        "%",
        "*",
        "~",
    ),
    *("a", "Z", "7", "é", "ß", "word", "http", "https", "://", "http://", "HTTPS://", "gemini://"),
    *("https://example.com", "https://example.com/path_(film)", "http://a.b.example.org:8080/?q=1"),
    *(
        "example.com",
        "example.com/path",
        "xn--p1ai",
        "\u043f\u0440\u0438\u043c\u0435\u0440.\u0440\u0444",
    ),
    *(
        "com",
        ".com",
        ".de",
        "node.js",
        "www.",
        "a_b.",
        "-x.",
        "/path",
        "?q=ü&r",
        "#part",
        "(x(y)z)",
    ),
    *(
        "@user",
        "@user@example.social",
        "@some.one@a-b.example",
        "@user.bsky.social",
        "me@example.com",
    ),
    *("#tag", "#7", "#\ufe0f", "#Tag-", "\u00ad", "\u2060"),
)

posts = st.lists(st.sampled_from(_PIECES), max_size=14).map("".join)
"""Texts of pieces that matter to counting."""
