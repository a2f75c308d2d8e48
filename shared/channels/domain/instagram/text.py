"""What a caption and a comment may hold (developers.facebook.com: `IG User/media`, comments)."""

from shared.channels.domain.text_bounds import HASHTAG, LINK, MENTION, Bound

CAPTION, COMMENT = 2200, 300
IN_CAPTION = (
    Bound(things="hashtags", pattern=HASHTAG, limit=30),
    Bound(things="mentions", pattern=MENTION, limit=20),
)
IN_COMMENT = (
    Bound(things="hashtags", pattern=HASHTAG, limit=4),
    Bound(things="links", pattern=LINK, limit=1),
)
