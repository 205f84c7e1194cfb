"""What page furniture reads like on English pages. Each pattern is of a whole block or sentence."""

import re

_NETWORK = (
    r"(?:facebook|twitter|x|whats ?app|telegram|linked ?in|pinterest|reddit|e-?mail|print|tumblr|"
    r"vk|messenger|instagram|you ?tube|pocket|mastodon|blue ?sky|threads|skype|viber|flipboard|"
    r"line|copy(?: link| url)?|copied|link|more|tweet|save|google\+?|rss)"
)

_NETWORKS = rf"(?: *[|,·•]? *{_NETWORK})*"
_EMAIL = r"e-?mail(?: address)?"

_COMMENT_FORM = (
    rf"your {_EMAIL} will not be published\.?(?: required fields are marked ?\*?\.?)?",
    r"required fields are marked ?\*?\.?",
    rf"save my name,? {_EMAIL},?(?: and website)? in this browser"
    r"(?: for the next time i comment)?\.?",
    r"(?:post|submit|add|leave) (?:a )?(?:comment|reply)",
    r"cancel reply",
    rf"(?:your )?(?:name|{_EMAIL}|website|comment) ?(?:\*|\(required\)|\(optional\))",
    r"notify me of (?:follow-?up comments|new (?:posts|comments))(?: (?:by|via) e-?mail)?\.?",
    r"you must be logged in to (?:post a )?(?:comment|reply)\.?",
    r"log ?in to (?:leave a )?(?:comment|reply)\.?",
    r"this site uses akismet to reduce spam\.(?: learn how your comment data is processed\.?)?",
)
_SHARE_BAR = (
    rf"share (?:this|on|via|it)\b(?: (?:article|post|story|page|with friends))?:?{_NETWORKS}",
    rf"(?:share|follow us(?: on)?|tweet):{_NETWORKS}",
    r"click to (?:share|e-?mail|print|copy)\b.{0,80}(?:\(opens in new window\).{0,60})?",
    rf"{_NETWORK}(?:(?: +| *[|·•/] *){_NETWORK}){{2,}}",
    r"(?:print|e-?mail)(?: this)? (?:page|article|story|post|link)",
    r"print (?:e-?mail|share)",
    r"opens in (?:a )?new (?:window|tab)",
    r"like this:?(?: like)? ?loading(?:…|\.\.\.)?",
)
_NEWSLETTER_BOX = (
    r"(?:subscribe|sign up)(?: now| today| here)? (?:to|for) (?:our|the|my) (?:[\w-]+ ){0,3}"
    r"newsletters?\b(?: (?:to|for|and) [^.!?]{0,80})?[.!:]?"
    rf"(?: (?:enter )?your {_EMAIL}\.?)?(?: (?:subscribe|sign up)\.?)?",
    rf"(?:enter|type) your {_EMAIL}(?: here| below)?"
    r"(?: to (?:subscribe|sign up|receive|get)\b[^.!?]{0,80})?(?:…|[.:!])?",
    r"(?:get|receive) (?:the latest|our|all the|daily|weekly)\b[^.!?]{0,80}"
    r"(?:delivered|sent|straight|directly|right) (?:directly )?(?:in)?to your inbox[.!]?",
    rf"your {_EMAIL}",
    r"(?:subscribe|sign up)(?: now)?!?",
    r"thank you for subscribing[.!]?",
)
_NAVIGATION = (
    r"(?:read more|also read|read also|read next|more on this(?: story| topic)?)"
    r"(?: ?[:»>→].{1,150})?(?:…|\.\.\.)?",
    r"related(?: (?:articles?|posts?|stor(?:y|ies)|content|coverage|reading|topics?|news))?:"
    r"(?: [^.]{1,150})?",
    r"advertisements?|advert",
    r"(?:sponsored|promoted) content",
    r"(?:(?:story|article) )?continues? (?:reading )?below(?: (?:this )?ad(?:vertisement)?)?",
    r"continue reading(?: below)?(?:…|\.\.\.)?",
    r"skip to (?:main )?content|back to (?:the )?top|toggle (?:navigation|menu)",
    r"(?:tags?|tagged(?: with)?|filed under|categor(?:y|ies)|posted in): [^.!?]{1,150}",
    r"[«‹←<]* ?(?:previous|next|older|newer)"
    r" (?:posts?|articles?|stor(?:y|ies)|pages?|entr(?:y|ies))"
    r"(?: ?[:»›→].{0,120})? ?[»›→>]*",
    r"[«‹←] ?(?:previous|prev|older|back)|(?:next|newer) ?[»›→]|prev(?:ious)?(?: ?[|/])? next",
    r"(?:©|\(c\)|copyright)[^.]{0,100}\.? ?all rights reserved\.?",
)
LINE = re.compile(
    "|".join((*_COMMENT_FORM, *_SHARE_BAR, *_NEWSLETTER_BOX, *_NAVIGATION)), re.IGNORECASE
)
"""A whole block that is furniture."""

ITEM = re.compile("|".join(_SHARE_BAR), re.IGNORECASE)
"""A list item that is: a list of an article may well have `Your email address` in it."""

COMMENT_HEADING = re.compile(
    r"(?:leave|post|write|add|submit) (?:a |your )?(?:reply|comment|response)(?: to .{1,80}?)?"
    r"(?: cancel reply)?|join the (?:conversation|discussion)|leave a comment",
    re.IGNORECASE,
)
LINKS_HEADING = re.compile(
    r"related (?:posts?|articles?|stor(?:y|ies)|news|reading|coverage|content|links|topics)"
    r"|(?:recommended|popular|recent|more|similar|trending) (?:posts?|articles?|stor(?:y|ies))"
    r"|you (?:may|might) also (?:like|be interested in)|read (?:more|next|also)"
    r"|most (?:read|viewed)|trending now|recommended for you|up next|editor['’]?s['’]? picks?"
    r"|share this(?: \w+)?:?",
    re.IGNORECASE,
)
ONE_NETWORK = re.compile(_NETWORK, re.IGNORECASE)
SHARE_HEAD = re.compile(
    r"share(?: this| on| via| it)?(?: \w+)?:?|follow us(?: on)?:?", re.IGNORECASE
)
SENTENCE = re.compile(r"[^.!?]+[.!?]*\s*")
SAYS = re.compile(
    r"\b(?:said|says|told|according|wrote|added|argued|stated)\b|[“”\"]", re.IGNORECASE
)
COOKIE_SENTENCE = re.compile(
    r"(?:we|(?:this|our) (?:web)?site|this page)(?: and (?:our|its) (?:\d+ )?partners)?"
    r" (?:also )?(?:uses?|stores?|places?)\b.*\bcookies\b"
    r"|by (?:continuing|clicking|using|browsing|closing)\b.*\b(?:cookies|agree|accept|consent)"
    r"|if you continue\b.*\b(?:agree|accept|consent|assume)"
    r"|you (?:can|may)\b.*\b(?:cookies?|preferences|settings|consent|opt)\b"
    r"|(?:accept|reject|allow|decline|manage)(?: all| cookies?| settings| preferences)*\b"
    r"|(?:learn|read|find out) more\b|ok\b|got it"
    r"|(?:cookie|privacy) (?:settings|policy|preferences|notice)",
    re.IGNORECASE,
)
TO_YOU = re.compile(r"\b(?:you|your|accept|agree|consent)\b", re.IGNORECASE)
