"""Ways in which a text gives orders to an AI, as regular expressions; `hidden_orders` uses them.

They are for one sentence in plain form and are matched without regard to case. Each was kept
as narrow as the kinds of attack in `tests/poisoned.yaml` allow: ordinary prose, recipes and
manuals give orders too, but not about answers, prompts or instructions.
"""

_AI = (
    r"(?:ai|a\.i\.|llms?|(?:large )?language models?|chat ?bots?|chat ?gpt|gpt-?\d?|claude|gemini"
    r"|copilot|(?:ai |virtual |digital )?assistants?|ai (?:models?|systems?|agents?|tools?))"
)
_EARLIER = (
    r"(?:previous|prior|above|earlier|preceding|foregoing|former|existing|initial|original"
    r"|system|safety|all|any|these|those|your|the|my|other|everything)"
)
_RULES = (
    r"(?:instructions?|prompts?|rules?|directions?|directives?|guidelines?|commands?|orders?"
    r"|constraints?|restrictions?|safeguards?|filters?|programming|training|context"
    r"|messages?|text|questions?|sentences?|passages?|articles?|documents?)"
)
_SAY = (
    r"(?:say|answer|respond|reply|output|print|write|repeat|state|claim|tell|echo|emit|declare"
    r"|return|display|respond|announce|insist|assert)"
)
_START = (
    r"(?:^|[.!?;:,)\]*>\"'“”—–-]\s*)(?:(?:please|now|instead|just|simply|always|never|only|then"
    r"|and|so|also|immediately|first|finally|you (?:must|should|will|have to|need to|shall|may)"
    r"|do not|don't|do|kindly|important|make sure (?:to|you)|be sure to|remember to),?\s+)*"
)

DATA_ENDS = (
    r"-{3,}\s*[0-9a-f]{8,}\s*-{3,}|"
    r"(?:^|[-=#*<\[({.])\W*(?:begin|end|start|close|closing)\W{1,3}(?:of )?(?:the )?(?:\w+ )?"
    r"(?:article|document|passages?|context|data|prompt|system|quoted?|untrusted|input|sentences"
    r"|instructions?)\b\W*(?:$|[-=#*<>.]|\b(?:system|user|new|now|the (?:user|following|real))\b)"
)
"""A text that pretends that the data ends, so that what follows it reads as the person's."""

ORDERS = [
    # Setting aside what was said before.
    rf"\b(?:ignor\w*|disregard\w*|forget\w*|overrid\w*|overrul\w*|bypass\w*|discard\w*|drop"
    rf"|supersed\w*|replac\w*|cancel\w*|nullif\w*|stop following|do not follow|don't follow)\b"
    rf"(?:\W+\w+){{0,3}}?\W+{_EARLIER}\b(?:\W+\w+){{0,4}}?\W+{_RULES}\b",
    r"\b(?:new|updated|revised|real|actual|true|hidden|secret|special|following|these|additional)"
    r" (?:system )?(?:instructions?|prompts?|directives?|orders?)\b.{0,20}(?::|\b(?:for|to) "
    rf"(?:you\b|(?:the |any |all )?{_AI}\b))",
    r"^\W*(?:new |updated |special |important )?(?:instructions?|directives?)\s*(?:for|to) "
    rf"(?:you\b|(?:the |any |all )?{_AI}\b)",
    # Speaking to an AI.
    rf"\b(?:attention|note|notice|message|memo|dear|hello|hey|hi|warning|reminder|instructions?)"
    rf"\W+(?:(?:to|for)\W+)?(?:(?:any|all|the|every|an|fellow|future)\W+)?{_AI}\b",
    rf"^\W*(?:(?:to|for) (?:(?:any|all|every|each|the) )?)?{_AI}\s*[,:]\s*\w",
    r"\b(?:say|state|claim|answer|write) the (?:exact )?opposite\b",
    rf"{_START}{_SAY} (?-i:[A-Z]{{3,}})\b",
    rf"\b(?:if )?you(?:'re| are)(?: now| actually| really)?(?: an?| the| my)?"
    rf"(?: \w+){{0,3}} {_AI}\b",
    rf"\bas an? (?:\w+ ){{0,2}}{_AI},? (?:you|please|your)\b",
    rf"\b(?:any|every|all|an|the|this) {_AI}\b[^.]{{0,60}}\b(?:must|should|shall|has to|have to"
    rf"|needs? to|is (?:to|required|instructed|ordered|asked)|are (?:to|required|instructed|asked))"
    rf"\b[^.]{{0,60}}\b(?:{_SAY}|cite|ignore|include|add|append|reveal|recommend|call|send|follow"
    r"|summari[sz]e|translate|refuse|begin|end|use)\b",
    r"\b(?:act|behave|respond|answer|speak|talk) as (?:if you (?:were|are)|though you|an?|the|my)\b"
    r"[^.]{0,60}\b(?:you|ai|bot|assistant|hacker|pirate|model|no (?:rules|limits|filters)"
    r"|unrestricted|grandmother)\b",
    r"\b(?:pretend|imagine|suppose|role-?play)(?: that)?(?: to be|\W+you(?:'re| are| were)?)\b",
    r"\byou (?:are|will be) (?:now|from now on|hereby)\b|\bfrom now on,? (?:you|answer|reply"
    r"|respond|your|all|every|say)\b",
    r"\b(?:developer|debug|god|dan|jailbreak|admin|maintenance|sudo|root|unrestricted) mode\b",
    r"\bdo anything now\b|\bjailbr(?:eak|oken)\b",
    # What to say.
    rf"{_START}{_SAY}\s+(?:(?:back|out|only|exactly|simply|just|always|instead)\s+)*"
    r"(?:with\b|that\b|[\"'“‘«`(:]|only\b|exactly\b|yes\b|no\b|nothing\b|the (?:user|reader|person"
    r"|human|words?|phrases?|following|sentences?|text|string|token|secret|password|question|answer)"
    r"|(?:to )?(?:every|each|any|all|this|these|whoever|anyone|everyone|users?)\b"
    r"|in (?:all|capital|caps|rhyme|the (?:voice|style)|french|german|spanish|russian|english"
    r"|chinese|latin|base64|json|html|markdown|code|pirate))",
    r"\b(?:your|every|each|all|any)(?: \w+)? (?:answer|reply|response|output|summary|message)s?"
    r" (?:must|should|shall|has to|have to|needs to|need to|is to|will)\b",
    r"\b(?:answer|reply|response|output|summary)s? (?:must|should|shall|has to|have to|needs to)"
    r" (?:always |only |also |never |be )?(?:begin|start|end|include|contain|consist|say|state"
    r"|mention|cite|read)\b",
    r"\b(?:multiply|change|replace|double|swap|reverse|translate|misspell|omit)\b[^.]{0,60}\b(?:your|the)"
    r" (?:answers?|repl(?:y|ies)|responses?|outputs?)\b",
    rf"\byou (?:\w+ ){{0,2}}?(?:only|always|never|just|simply) {_SAY}\b",
    r"\byou (?:\w+ ){0,3}(?:answer|reply|respond) (?:only )?with\b",
    r"\b(?:in|to|at the (?:end|start|beginning|top) of|with|before|after|into|of) your (?:\w+ )?"
    r"(?:answer|reply|response|output|summary|message)\b",
    r"\b(?:begin|start|end|finish|conclude|prefix|preface|close|open) (?:your|the|every|each|all)"
    r" (?:\w+ )?(?:answers?|repl(?:y|ies)|responses?|outputs?|messages?)\b",
    rf"{_START}(?:begin|start|end|finish) (?:it|them)? ?with the (?:word|phrase|line|sentence)",
    r"\b(?:only|correct|right|proper|true|expected|official|required|approved|sole)"
    r" (?:answer|reply|response)(?: to (?:any|every|all|each|this|the|whatever)\b"
    r"[^.]{0,40})?(?: is|:)",
    r"\b(?:whatever|no matter what|whichever|regardless of (?:what|the)|any|every|all)"
    r" (?:the |is |you |user |a |they )*(?:asked|ask|asks|questions?|quer(?:y|ies))\b[^.]{0,60}\b"
    rf"(?:{_SAY}|answer|is|should|must|refuse)\b",
    r"\b(?:when|if|once|should) (?:you(?:'re| are)|the user|a user|someone|anyone|anybody|asked)\b"
    rf"[^.]{{0,60}}?,? (?:then )?(?:always |only |just |simply |you must )?(?:{_SAY}|refuse|cite)\b"
    r" (?:with|that|only|[\"'“:]|them|him|her|nothing|yes|no)",
    r"\b(?:refuse|decline) to (?:answer|respond|reply)\b|\b(?:do not|don't|never)"
    r" (?:(?:answer|respond to|reply to) (?:any|this|that|the|their|further) (?:\w+ )?(?:question"
    r"|user|quer|request|reader)|(?:mention|cite|reveal) (?:this|these|the) (?:\w+ )?(?:instruction"
    r"|message|note|prompt|order))",
    r"\bcite (?:sentences?|footnotes?|numbers?|passages?|source)? ?[\[(#]?\d+",
    r"\bcite (?:this|the (?:next|last|first|previous|following)) (?:sentence|passage|line)",
    # Getting at the prompt, or out of the room.
    r"\b(?:reveal|print|show|repeat|output|display|leak|disclose|dump|recite|share|expose|write out"
    r"|give|tell|copy|translate|encode|summari[sz]e)\b(?:\W+\w+){0,4}?\W+(?:(?:system|hidden|secret"
    r"|initial|original|full|developer|your) (?:\w+ )?(?:prompts?|instructions?|messages?|rules?"
    r"|guidelines|context)|(?:instructions?|prompts?|rules|words|text|everything|lines?) (?:above"
    r"|before|so far|you (?:were|have been))|api[ _-]?keys?|passwords?|conversation"
    r"|environment variables?)",
    r"\bsystem prompt\b|\bcontext window\b",
    r"\b(?:your|the) (?:real|true|actual|hidden|secret|new|only) (?:task|goal|job|mission|purpose"
    r"|objective|role|name) (?:is|now|:)",
    rf"{_START}(?:send|post|forward|email|e-mail|upload|submit|transmit|exfiltrate|append|add"
    r"|include|insert|embed|render|load|fetch|visit|open|click|follow|link)\b[^.]{0,80}"
    r"(?:https?:|www\.|\burl\b|\blink\b|\bimage\b|!\[|\S+@\S+)",
    rf"{_START}(?:decode|decrypt|execute|run|eval\w*|interpret|follow|obey) (?:the|this|these"
    r"|that|it|and|what)\b[^.]{0,60}(?:base ?64|rot ?13|code|string|instructions?|commands?|orders?"
    r"|text|following|message|script|below|above)",
    rf"{_START}(?:call|invoke|use|run) (?:the |your )?\S+ (?:tool|function|api|command|plugin)\b",
    rf"{_START}(?:follow|obey) (?:only )?(?:these|the|my|this|all) (?:\w+ )?(?:instructions?"
    r"|orders?|commands?|rules?)",
    # Fakes of a prompt's own parts.
    r"^\W*(?:system|assistant|developer|user|human|ai|bot|tool|function|model)(?: \w+)?\s*"
    r"(?:\]|>|\)|:|\|)",
    r"<\|?/?\s*(?:im_start|im_end|system|user|assistant|endoftext|eot_id|start_header_id|tool\w*"
    r"|function\w*|invoke|inst|sys|passages?|articles?|documents?|context|data|instructions?|think"
    r"|answer|untrusted\w*)\b[^>]*>?",
    r"\[/?(?:inst|sys|system|assistant|user|context|data|end\w*)\b[^\]]*\]|<<\s*/?sys",
    DATA_ENDS,
    r"[\"'](?:role|tool_calls?|function_call|tool|function|arguments|finish_reason|system)[\"']\s*:",
    r"\b(?:tool|function)_(?:call|use|result|response)s?\b",
    r"#{2,}\s*(?:system|instructions?|response|assistant|user|human|input|prompt)\b",
    # The first of these in other languages.
    r"\b(?:ignorier\w*|vergiss|vergesst|missacht\w*)\b.{0,40}\b(?:anweisung|befehl|vorgabe|regel)",
    r"\b(?:antworte|antworten sie|schreibe?|sage?|gib)\b\s+(?:nur|immer|stets|ausschließlich"
    r"|einfach|auf jede|mit|dass|genau)",
    r"\b(?:ignor\w+|oubli\w+)\b.{0,40}\b(?:instructions?|consignes?|r[èe]gles?|ordres?)\b",
    r"\br[ée]pond\w*\b\s+(?:uniquement|seulement|toujours|simplement|que|par|à chaque)",
    r"\b(?:ignor\w+|olvid\w+|esque[cç]\w+|dimentic\w+)\b.{0,40}\b(?:instruc\w+|istruzioni|órdenes"
    r"|ordens|reglas|regras|regole)",
    r"\b(?:respond\w*|contest\w+|risp[oó]nd\w+)\b\s+(?:solo|sólo|siempre|únicamente|apenas|sempre"
    r"|soltanto|que|con|com|a cada|a toda)",
    r"(?:игнориру\w+|забудь\w*|проигнорируй\w*)\b.{0,40}(?:инструкци|указани|правил|команд)",
    r"(?:отвечай\w*|ответь\w*|скажи\w*|напиши\w*)\s+"
    r"(?:только|всегда|что|на (?:все|любо|кажд)|просто)",
    r"(?:忽略|无视|忽視|無視).{0,12}(?:指示|指令|说明|說明|规则|提示)"
    r"|(?:请|只|必须|始終|始终)(?:回答|回复|输出|说)",
    r"(?:指示|命令|プロンプト).{0,8}(?:無視|忘れ)|(?:と|だけ)(?:答え|回答し|出力し)",
    r"(?:تجاهل|انس)\W.{0,40}(?:تعليمات|أوامر|قواعد)"
    r"|(?:أجب|اكتب|قل)\s+(?:فقط|دائما|دائمًا|بأن|أن|على كل)",
]
