"""Words that tell what a name or a noun phrase stands for, where grammar alone does not."""

_PLACES = """
    Afghanistan Africa Albania Algeria America Angola Antarctica Arabia Argentina Armenia Asia
    Athens Australia Austria Azerbaijan Baghdad Bahrain Bangladesh Beijing Belarus Belgium Berlin
    Bolivia Bosnia Botswana Brazil Britain Brussels Budapest Bulgaria Cairo California Cambodia
    Cameroon Canada Chad Chicago Chile China Colombia Congo Crimea Croatia Cuba Cyprus Czechia
    Delhi Denmark Dublin Ecuador Egypt England Eritrea Estonia Ethiopia Europe Finland Florida
    France Gaza Geneva Georgia Germany Ghana Greece Guatemala Guinea Haiti Havana Honduras Hungary
    Iceland India Indonesia Iran Iraq Ireland Israel Istanbul Italy Jamaica Japan Jerusalem Jordan
    Kazakhstan Kenya Korea Kosovo Kremlin Kuwait Kyiv Kyrgyzstan Laos Latvia Lebanon Liberia Libya
    Lisbon Lithuania London Luxembourg Madagascar Madrid Malawi Malaysia Mali Malta Mauritania
    Mexico Moldova Monaco Mongolia Montenegro Morocco Moscow Mozambique Myanmar Namibia Nepal
    Netherlands Nicaragua Niger Nigeria Norway Oman Oslo Pakistan Palestine Panama Paraguay Paris
    Pentagon Peru Philippines Poland Portugal Prague Qatar Romania Rome Russia Rwanda Scotland
    Senegal Serbia Seoul Siberia Singapore Slovakia Slovenia Somalia Spain Stockholm Sudan Sweden
    Switzerland Sydney Syria Taiwan Tajikistan Tanzania Texas Thailand Tokyo Tunisia Turkey
    Turkmenistan Uganda Ukraine Uruguay Uzbekistan Venezuela Vienna Vietnam Wales Warsaw
    Washington West Yemen Yugoslavia Zambia Zimbabwe East North South"""
PLACES = frozenset(_PLACES.split())
"""Countries, continents and capitals of one word."""

_NOT_A_PERSON = """
    Academy Act Agency Agreement Airlines Airport Alliance Army Association Award Bank Battle Bay
    Beach Bridge Building Castle Cathedral Center Centre Championship Church City Club College
    Commission Committee Company Conference Congress Constitution Convention Corporation Council
    County Court Crisis Cup Department District Empire Federation Festival Force Forces Forest
    Foundation Front Games Gallery Garden Government Group Guard Hall Hill House Inc Institute
    International Island Islands Isles Jazeera Kingdom Lake League Library Ltd Market Ministry
    Minister Movement Museum Nations Navy Net Network New News Ocean Office Olympics Orchestra
    Organisation Organization Palace Park Parliament Party Peninsula Post Prize Protocol Province
    Republic Revolution River Road School Sea Senate Series Service Society Square Stadium State
    States Station Street Symphony Team Temple Theatre Theater Times Tower Town Treaty Tribune
    Union United University Valley Village Wall War Wars World Mount Mountain Mountains Saint San
    Santa Los Las El Great North South East West Northern Southern Eastern Western Black Red White
    Golden Star Cold Soviet Middle Upper Lower Old Royal National Central First Second Third Al"""
NOT_A_PERSON = frozenset(_NOT_A_PERSON.split())
"""Words that are part of the names of places, bodies, events and works, hardly of people."""

_MEN = """
    Adam Albert Alexander Andrei Andrew Anthony Antonio Barack Ben Benjamin Bill Bob Boris Brian
    Carlos Charles Chris Daniel David Dmitry Donald Edward Emmanuel Eric Ernest Frank Franz George
    Giovanni Hans Harry Henry Igor Isaac Ivan Jack Jacob James Jan Jean Jeff Jim Joe Johann John
    Jonathan Jose José Joseph Juan Karl Kevin Leo Leonardo Louis Ludwig Luis Mark Martin Matthew
    Michael Mikhail Mohamed Mohammed Muhammad Napoleon Nicholas Nikolai Oleg Omar Oscar Patrick
    Paul Pedro Peter Philip Pierre Richard Robert Roger Ronald Samuel Sergei Sergey Simon Stephen
    Steve Steven Thomas Tim Tom Victor Vincent Vladimir Volodymyr Walter William Wolfgang"""
_WOMEN = """
    Ada Agnes Alexandra Alice Amy Ana Angela Ann Anna Anne Barbara Beatrice Betty Carol Caroline
    Catherine Charlotte Christine Claire Clara Diana Dorothy Elena Elizabeth Ella Ellen Emily Emma
    Eva Eve Fatima Florence Frida Grace Greta Hannah Helen Hillary Ingrid Irina Jane Janet Jennifer
    Jessica Joan Josephine Julia Karen Kate Katherine Laura Linda Lisa Lucy Margaret Maria Marie
    Marina Martha Mary Michelle Monica Nancy Natalia Nicole Nina Olga Patricia Rachel Rebecca Rosa
    Rosalind Ruth Sandra Sarah Sofia Sophia Sophie Susan Svetlana Tatiana Theresa Ursula Valentina
    Vera Victoria Virginia Yulia"""
MEN = frozenset(_MEN.split())
WOMEN = frozenset(_WOMEN.split())
"""Frequent given names; they tell who "he" and "she" are where the text does not."""

_ROLES = """
    actor actress admiral ambassador analyst architect artist author boss boy brother captain
    chairman chairwoman chancellor chief coach columnist commander composer critic dancer daughter
    deputy designer diplomat director doctor economist editor emperor engineer expert father
    general girl governor historian husband inventor journalist judge king lawyer leader lieutenant
    man manager mayor minister mother musician novelist officer official owner painter philosopher
    photographer physicist pilot player poet politician pope premier president priest prince
    princess producer professor prophet queen reporter researcher scientist secretary senator
    singer sister soldier son speaker spokesman spokesperson spokeswoman student teacher wife woman
    writer"""
ROLES = frozenset(_ROLES.split())
"""Common nouns that stand for one person."""

_VERBS = """
    accept accepts accuse act affect affects agree agrees allow allows answer appear appears apply
    argue argues arrive arrives ask asks attack avoid be become becomes begin begins began believe
    believes belong benefit bring brings build built buy call called calls came cause caused
    causes change changed claim claims come comes compare concern consider considers consist
    contain contains continue contribute cost costs cover create created criticise criticize cross
    deal decide demand demands depend describe describes destroy develop die died differ disagree
    discover do drive earn eat eats end ended enter exist exists expect expects explain explains
    fail fall fear feel fight find fit flee fly follow form found give gives go goes grow grows
    happen happened happens hate have has hear help helps hold holds hope include includes increase
    influence insist invent join joined joins keep kill killed know known knows lack last lasted
    lasts lead leads learn leave leaves left lie live lived lives located look lose lost made make
    makes marry mean means meet mention mentions move moved need needs offer offers open oppose own
    pay place plan plans play plays prefer prepare prevent produce promise propose proposes prove
    publish put react reach reaches read recommend refuse reject rejects rely remain remove reply
    represent request require requires resign respond rest return rise rule run runs said say says
    see seem seems sell send serve serves set show shows sign sit sold speak spend stand start
    started starts stay stop strike suffer suggest suggests support supports take takes talk teach
    tell tells think thinks threaten told took touch travel treat try turn understand use used
    uses view visit wait want wanted wants warn warns watch weigh went win wish withdraw won work
    worked works worry write wrote"""
VERBS = frozenset(_VERBS.split())
"""Verbs that end a noun phrase in a question."""

_ARTICLE_NOUNS = """
    article articles text story piece document page paper report passage author week month year
    time way moment case point stage world century morning evening day"""
ARTICLE_NOUNS = frozenset(_ARTICLE_NOUNS.split())
"""After "this" and "that" these mean the article or the present, and nothing said before."""
