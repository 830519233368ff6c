"""The sentences with which sites, not articles, end and begin: in the words that outlets and WordPress use.

All patterns are meant for one line or one sentence as a whole, and never for a part of one.
"""

import re


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


# WordPress, "The post … appeared first on …", as it translates it: how the sentence opens, how it goes on.
APPEARED = tuple(
    (opening, re.compile(rf"{re.escape(opening)}.{{1,400}}?(?:{going_on}).{{0,200}}", re.DOTALL))
    for opening, going_on in (
        ("The post ", r"\b(?:first )?appeared (?:first )?(?:on|at)\b"),
        ("The article ", r"\b(?:first )?appeared (?:first )?(?:on|at)\b"),
        (
            "La entrada ",
            r"\b(?:se publicó|aparece|apareció|ha aparecido) (?:primero|antes|por primera vez) en\b",
        ),
        ("El artículo ", r"\b(?:se publicó|aparece|apareció) primero en\b"),
        ("El cargo ", r"\baparece primero en\b"),
        ("Der Beitrag ", r"\berschien (?:zuerst|als Erstes) (?:auf|bei)\b|\bist zuerst erschienen auf\b"),
        ("Der Artikel ", r"\berschien zuerst (?:auf|bei)\b"),
        ("L’article ", r"\best apparu en premier sur\b"),
        ("L'article ", r"\best apparu en premier sur\b"),
        ("Cet article ", r"\best apparu en premier sur\b"),
        ("L’articolo ", r"\b(?:proviene da|sembra essere il primo su|è apparso per la prima volta su)\b"),
        ("L'articolo ", r"\b(?:proviene da|sembra essere il primo su|è apparso per la prima volta su)\b"),
        ("O post ", r"\b(?:apareceu|aparece) primeiro (?:em|no|na)\b"),
        ("O conteúdo ", r"\b(?:apareceu|aparece) primeiro (?:em|no|na)\b"),
        ("O artigo ", r"\b(?:apareceu|aparece) primeiro (?:em|no|na)\b"),
        ("Het bericht ", r"\bverscheen eerst (?:op|via)\b"),
        ("Artykuł ", r"\bpochodzi z serwisu\b"),
        ("Inlägget ", r"\bdök först upp på\b"),
        ("Indlægget ", r"\bblev først (?:udgivet|vist) på\b"),
        ("Innlegget ", r"\bdukket først opp på\b"),
        ("Příspěvek ", r"\bse nejdříve objevil na\b"),
        ("Artikel ", r"\bpertama kali tampil pada\b"),
        ("Запись ", r"\bвпервые появилась\b"),
        ("Сообщение ", r"\bпоявил(?:ось|ись) сначала на\b"),
        ("ظهرت المقالة ", r"أولاً على"),
        ("投稿 ", r"に最初に表示されました"),
        ("التدوينة ", r"ظهرت أولاً على"),
        ("Материалът ", r"\bе публикуван за пръв път на\b"),
        ("L'entrada ", r"\bha aparegut primer a\b"),
        ("L’entrada ", r"\bha aparegut primer a\b"),
        ("Příspěvek ", r"\bpochází z\b"),
        ("Indlægget ", r"\bblev vist første gang den\b"),
        ("Το άρθρο ", r"\bεμφανίστηκε πρώτα στ(?:ο|η|ην)\b"),
        ("نوشته ", r"اولین بار در.{1,200}پدیدار شد"),
        ("Artikkeli ", r"\bjulkaistiin ensimmäisen kerran\b"),
        ("O artigo ", r"\bpublicouse primeiro en\b"),
        ("הפוסט ", r"הופיע (?:לראשונה|ראשון) ב"),
        ("पोस्ट ", r"पहले.{1,200}पर दिखाई दिया"),
        ("Objava ", r"\bpojavila se prvi puta na\b"),
        ("Post ", r"\bje prvi puta viđen na\b"),
        ("A ", r"\bbejegyzés először\b.{1,200}\bjelent meg\b"),
        ("Posting ", r"\bditampilkan lebih awal di\b"),
        ("게시물 ", r"에 처음 등장했습니다"),
        ("Articolul ", r"\bapare prima dată în\b"),
        ("Post-ul ", r"\bapare prima dată în\b"),
        ("Članak ", r"\bse pojavljuje prvo na\b"),
        ("Článok ", r"\bje zobrazený ako prvý na\b"),
        ("Príspevok ", r"\bzobrazený najskôr\b"),
        ("Чланак ", r"\bсе појављује прво на\b"),
        ("Запис ", r"\b(?:спершу|вперше|спочатку) з['’ʼ]яви(?:ться|вся) на\b"),
        ("Bài viết ", r"\bđã xuất hiện đầu tiên (?:vào ngày|tại|trên)\b"),
        ("這篇文章 ", r"最早出現於"),
    )
)
APPEARED_WHOLE = _any(
    r".{1,400}(?:게시물이|이\(가\)|포스트가) .{1,200}에 (?:처음|먼저|최초로) (?:등장했습니다|나타났습니다"
    r"|게시되었습니다|표시되었습니다)\.?",
    r".{1,400}は .{1,200} に最初に表示されました。?",
    r".{1,400} yazısı ilk önce .{1,200} üzerinde ortaya çıktı\.?",
    r".{1,400}最先出现在.{1,200}",
    r".{1,400}，首发于.{1,200}",
    r"〈.{1,400}〉這篇文章最早發佈於《.{1,200}》。?",
    r".{1,400}は.{1,200}で公開された投稿です。?",
    r".{1,400} bidalketa lehenengo .{1,200}-\(e\)n agertu zen\.?",
    r"Sonrası .{1,400} ilk ortaya çıktı\.?",
    r".{1,300} was originally published in .{1,150} on Medium\b.{0,200}",
)


_READ_ON = (
    r"read (?:more|on|the (?:full|entire|whole|complete|original|rest of (?:the|this)) (?:story|article|post"
    r"|piece|text|entry))|read (?:full|original) (?:story|article|post)|continue reading|keep reading"
    r"|click (?:here )?to (?:read|continue)\b.{0,40}|weiterlesen|zum artikel|leer más|seguir leyendo"
    r"|sigue leyendo|continuar leyendo|lire (?:la suite|plus|l['’]article)|en savoir plus|leggi (?:tutto"
    r"|di più|l['’]articolo)|continua a leggere|leia mais|continue (?:lendo|a ler)|ler mais|lees (?:meer"
    r"|verder)|czytaj (?:dalej|więcej)|läs mer|les mer|læs mere|lue lisää|číst (?:dále|více)|devamını oku"
    r"|читать (?:далее|дальше|полностью)|더 ?보기|더 읽기|계속 읽기|전문 보기|続きを読む|もっと読む"
    r"|阅读(?:更多|全文)|繼續閱讀|閱讀全文|اقرأ المزيد|(?:baca )?selengkapnya"
)
_ARROWS = r"[\s»→›>⟶➔….:|\])]*"
MORE = _any(
    rf"[\s\[(«←<]*(?:{_READ_ON}|more|learn more|see more|full (?:story|article)|view (?:article|original"
    rf"|post)|mehr(?: lesen)?|continued?|continua|подробнее|المزيد){_ARROWS}",
    r"(?:continue reading|keep reading|read more|read)\b.{1,250}(?:→|»|›|>>)\s*",
)
MORE_AT_END = re.compile(rf"[\s.!?…\])]\[?\(?(?P<more>(?:{_READ_ON})){_ARROWS}$", re.IGNORECASE)
MORE_AFTER_CUT = re.compile(
    r"(?P<cut>(?:…|\.\.\.)[\])]?)\s*[\[(]?(?:(?:Continue|Keep|CONTINUE|KEEP) (?:reading|READING)|(?:Read"
    r"|READ) (?:more|MORE|on|full|it|the (?:full|rest|whole|entire))|Click here)\b[^\n]{0,250}$"
)
CUT = re.compile(r"(?<!\s)\s*(?:\[\s*(?:…|\.{2,4})\s*\]|\(\s*(?:…|\.{3})\s*\)|…|\.{3,})$")
CUT_ENDINGS = ("…", "...", "]", ")")
"""What a text that CUT finds something in ends with."""

_NETWORK = (
    r"(?:twitter|x|facebook|fb|instagram|youtube|linkedin|telegram|whatsapp|tiktok|mastodon|bluesky|threads"
    r"|reddit|pinterest|tumblr|google(?: news)?|apple news|rss|e-?mail|print|pocket|flipboard|vk|weibo|wechat"
    r"|line|del\.icio\.us|digg|stumbleupon|copy link)"
)
NAVIGATION = _any(
    r"\W*advertisements?\W*(?:continue reading below\W*)?|\W*sponsored(?: content)?\W*"
    r"|scroll to continue.{0,40}",
    r"(?:story|article|text) continues (?:below|after)(?: (?:the |this )?(?:advertisement|ad|promotion))?\W*",
    r"\W*(?:anzeige|werbung|publicidad|publicité|pubblicità|publicidade|reklame?|advertentie|広告|광고"
    r"|реклама|إعلان)\W*",
    r"(?:share|tweet|pin|like|save|post|email|teilen|compartir|partager|condividi|compartilhar)(?: (?:this|it"
    r"|on|via|to|the|"
    rf"with|article|story|post|page|auf|en|sur|su|friends?|a|by|{_NETWORK}|[,|/·•&-]|and|or))*\s*[:!.]?",
    rf"{_NETWORK}(?:\s*(?:[,|/·•&-]|and|\s)\s*(?:share|{_NETWORK})){{1,12}}\W*|share\s*\|.{{0,80}}|"
    r"(?:twitter|facebook|instagram|linkedin|whatsapp|telegram|reddit|pinterest|tumblr)\W*",
    r"add to del\.icio\.us|digg this!?|stumble it!?|e-?mail this|subscribe to this feed"
    r"|save to del\.icio\.us.{0,40}",
    r"(?:please )?(?:follow|like|find|join|connect with|stay connected with) .{1,60}\b(?:on|at|via|über"
    r"|en) (?:our |the )?"
    rf"{_NETWORK}\b.{{0,160}}",
    r"(?:please )?(?:(?:subscribe|sign[ -]?up|register)\b|(?:join|get) (?:our|the|my"
    r"|free)\b)(?=.{0,150}\b(?:newsletters?|mailing list|(?:e-?mail|rss) (?:list|updates?|alerts?|feed)"
    r"|inbox|(?:youtube|telegram|whatsapp) channel|our (?:channel|podcast|feed)|daily briefing)\b).{0,200}",
    r"subscribe(?: (?:now|today|here|for free|to (?:us|our \w+)))?\W*|sign up(?: (?:now|here|today"
    r"|for free))?\W*",
    r"thanks for reading .{1,80}! (?:subscribe|this post is public).{0,160}|upgrade to paid\W*",
    r".{1,80} is a reader-supported publication\b.{0,200}|get more from .{1,60} in the substack app.{0,80}",
    r"(?:please )?(?:donate\b|support (?:us|our (?:work|journalism)|independent (?:journalism"
    r"|media))\b).{0,160}",
    r"become a (?:member|patron|supporter|subscriber|donor)\b.{0,120}|join the (?:conversation"
    r"|discussion)\b.{0,60}",
    r"(?:\d{1,6}|no|leave a|add a|post a|write a|view|see|read)(?: (?:the|all|\d+))? comments?\W*"
    r"|comments?(?: \(\d+\))?\W*",
    r"(?:leave a (?:comment|reply)|comments? (?:are )?(?:off|closed)|discuss(?= (?:this|on)\b"
    r"|\W*$))\b.{0,60}",
    r"\d{1,6} (?:kommentare?|comentarios?|commentaires?|commenti|comentários?)",
    r"(?:filed under|posted in|tagged(?: with| as)?|tags?|categories|category|topics|keywords|schlagwörter"
    r"|etiquetas|mots-clés)\s*:.{1,400}|(?:filed under|posted in)\b.{1,200}",
    r"(?:related(?: (?:articles?|stories|posts?|news|content|coverage|reading))?|(?:read|see|watch"
    r"|listen) also|also read|recommended(?: reading)?|more (?:from|on) .{1,40}|you (?:may"
    r"|might) also like.{0,20}|don['’]t miss|lesen sie auch|lee también|lea también|à lire aussi|lire aussi"
    r"|leggi anche|leia também|lees ook|baca juga|читайте также|관련 ?기사)\s*[:|»].{0,300}"
    r"|related (?:articles?|stories|posts?|news|content|coverage)\W*",
    r"(?:listen to|download|print) this (?:article|story|episode|podcast)\b.{0,60}|back to top"
    r"|skip to (?:content|main).{0,20}",
    r"your browser does(?:n['’]t| not) support .{0,80}|click here .{1,120}|download (?:the"
    r"|our) .{0,20}app\b.{0,80}",
    r"(?:estimated )?reading time\b.{0,30}|(?:about )?\d{1,3}[- ]?min(?:ute)?s?\.? (?:read|reading)\b.{0,40}",
)  # fmt: skip

AGENCY = (
    r"(?:the )?(?:associated press|reuters|agence france[- ]presse|bloomberg(?: news)?|getty(?: images)?"
    r"|shutterstock|unsplash|flickr|wikimedia(?: commons)?|pixabay|pexels|istock(?:photo)?"
    r"|alamy(?: stock photo)?|xinhua|yonhap|kyodo(?: news)?|kcna|nurphoto|anadolu(?: agency)?|zuma(?: press)?"
    r"|sipa(?: usa)?|imago(?: images)?|picture[- ]alliance|europa press|tass|sputnik|ria novosti|interfax|pti"
    r"|ians|upi|afp|ap(?: photo)?|epa(?:-efe)?|efe|dpa|ansa|lusa|ritzau|belga|agencies)"
)
_NAME = (
    r"(?:[^\W\d_a-zß-öø-ÿ][\w.'’@-]*+|al-\w++|(?:de|del|della|di|da|dos|van|von|der|den|la|le|el|bin|ibn|y"
    r"|und|and|et|e|en|og|och|for|with|in|of|the|at|via|by)\b|[&©])"
)
_NAMES = rf"{_NAME}(?:[\s,|/·•–—]++(?:-\s)?{_NAME}){{0,14}}"
DATE = (
    r"(?:[^\W\d_]{2,12}\.?,?\s+)?(?:\d{1,2}(?:st|nd|rd|th|er|º|\.)?\s*(?:de "
    r"|d['’])?[^\W\d_]{3,12}\.?,?\s*(?:de |del )?\d{4}|[^\W\d_]{3,12}\.?\s+\d{1,2}(?:st|nd|rd|th)?,?\s+\d{4}"
    r"|\d{4}\s?[-./年년]\s?\d{1,2}\s?[-./月월]\s?\d{1,2}[日일]?"
    r"|\d{1,2}[./-]\d{1,2}[./-]\d{2,4})(?:[\s,|@–-]*(?:at |um |a las "
    r"|à )?\d{1,2}[:.h]\d{2}(?::\d{2})?(?:\s?[apAP]\.?[mM]\.?)?(?:\s?(?:Uhr|[A-Z]{2,4}))?)?"
)
BYLINE = re.compile(
    r"(?i:by|von|por|par|di|door|af|av|(?:text|words|story|written|posted|reported) by|author|autor"
    r"|auteur)\s*:?\s+"
    rf"{_NAMES}(?:[\s,|/·•–—-]+(?i:on\s+)?{DATE})?[\s|,:]*|.{{0,20}}[가-힣]{{2,4}} ?(?:기자"
    rf"|특파원)\b.{{0,40}}"
)
DATED = re.compile(
    r"(?i:(?:(?:first |last )?(?:posted|published|updated|modified|veröffentlicht|aktualisiert|publicado"
    r"|actualizado|publié|"
    rf"mis à jour|pubblicato|stand|date|datum|입력|수정)(?: (?:on|at|am|el|le|il|in"
    rf"|em))?\s*:?\s*)?){DATE}[\s|,:·•]*"
)
CREDIT = re.compile(
    r"[\[(]?(?i:(?:ap |file |cover |featured? |header |banner |lead |main |stock )?(?:photo(?:graph"
    r"|graphy)?s?|images?|pictures?|pics?|illustrations?|graphics?|fotos?|bild(?:er|nachweis)?|imagen|imagem"
    r"|immagine|crédits?(?: photos?)?|사진|写真|图片|фото|صورة)(?: (?:credits?|courtesy(?: of)?|source|by|via"
    r"|from))?)\s*(?:[:：©|/=]|\b(?i:by|courtesy of|via)\b|"
    rf"(?<=credit)|(?<=courtesy of)|(?<=by)|(?<=via))\s*{_NAMES}[\])]?\.?|[\[(]?(?:{_NAMES}\s*(?:/|\||,|—|–|-"
    rf"|\bvia\b|©)\s*)?(?i:{AGENCY})(?:\s*(?:/|\||,|–|-|via)\s*{_NAMES})?[\])]?\.?|©\s*{_NAMES}\.?"
    rf"|(?i:credits?:|courtesy(?: of|:))\s*{_NAMES}\.?"
)  # fmt: skip
CREDIT_INSIDE = re.compile(
    r"(?<!\s)\s*[(\[](?:AP |File |Reuters )?(?:Photos?|Photographs?|Images?|Pictures?"
    r"|Illustrations?|Fotos?|Video"
    r"|Credits?)(?: (?:illustration|credits?))?(?:\s*[:/|]|\s+(?:by|courtesy|via|credit"
    r"|from)\b)[^()\[\]\n]{1,140}[)\]]"
)
CREDIT_OPENING = re.compile(
    r"[(\[](?:AP |File |Reuters )?(?:Photo|Image|Picture|Illustration|Foto|Video|Credit)"
)
"""What CREDIT_INSIDE has in common: quick to look for."""
_PIECE = r"(?:article|story|piece|post|report|essay|op-ed|interview|column|text)"
ATTRIBUTION = _any(
    rf"(?:a version of )?this {_PIECE} (?:(?:was|is|has been|is being) )?(?:also |originally |first "
    rf"|previously |jointly )*"
    r"(?:(?:co-|re-?)?published|posted|produced|re-?printed|re-?posted|syndicated|adapted|translated"
    r"|supported|funded|appeared|ran|comes)\b.{0,300}",
    rf"the {_PIECE} (?:was )?(?:originally|first) (?:published|posted|appeared) (?:at|on|in"
    rf"|by)\b[^,;]{{1,120}}",
    r"(?:originally|first|previously) (?:published|posted|appeared|aired) (?:at|on|in|by|as|here"
    r"|under)\b[^,;]{0,120}",
    r"(?:re-?printed|re-?published|cross-?posted|re-?posted) (?:\w+ ){0,3}(?:from|at|by|with)\b[^,;]{0,160}",
    r"published (?:in|by|on) .{2,60}, .{0,20}\d{4}|[_*=–—-]{3,}",
    r"(?:©|\(c\)|copyright:?)\s*(?:©|\(c\))?\s*(?:\d{4}|by\b|the\b)?.{0,20}\d{4}.{0,160}|©.{0,160}"
    r"|.{0,80}\ball rights reserved\b.{0,60}|alle rechte vorbehalten\.?|todos los derechos reservados\.?"
    r"|tous droits réservés\.?|.{0,60}무단 ?전재.{0,60}",
    r"[\[(]?(?:with )?(?:additional |further )?(?:reporting|writing|editing)(?: and \w+)? by .{3,300}",
    r".{3,160} contributed (?:reporting|research|to (?:this|the) (?:report|story|article|piece))\b.{0,120}",
    r"(?:the )?(?:views|opinions)(?: and opinions)? expressed (?:in|by|here|are|on)\b.{0,300}",
    r"(?:sources?|quellen?|fuentes?|fontes?|kilder?|källor?|출처|来源)\s*[:：]\s*[\w.-]+(?: [\w.-]+){0,3}",
)  # fmt: skip
RIGHTS_OR_ORIGIN = re.compile(
    r"(?i)©|\(c\) ?[12]\d{3}|creative commons|\bcc[ -](?:by|0)\b|copyright|copyleft|licen[cszç]|lizenz|lisens"
    r"|лиценз|ліценз|лиценц|许可|許可|授权|授權|ライセンス|라이선스|저작권|رخصة|ترخيص|רישיון|public domain"
    r"|(?:rights|rechte|rechten|derechos|droits|diritti|direitos|prawa|drepturile|jog|rettigheder|rettigheter"
    r"|rättigheter|oikeudet|права|حقوق|الحقوق|הזכויות)\b.{0,20}\b(?:reserved|vorbehalten|voorbehouden|reservad"
    r"|réservés|riservati|zastrzeżone|rezervate|fenntartva|forbehold|reservert|förbehåll|pidätetään|защищены"
    r"|захищені|محفوظة|שמורות)"
    r"|(?:first|originally|previously|zuerst|ursprünglich|erstmals|originalmente|primero|por primera vez"
    r"|d'abord|initialement|à l'origine|originariamente|per la prima volta|oorspronkelijk|eerst|pierwotnie"
    r"|ursprungligen|oprindeligt|opprinnelig|alun perin|původně|pôvodne|eredetileg|izvorno"
    r"|впервые|первоначально|вперше)\b"
    r".{0,40}\b(?:published|appeared|posted|erschien|erschienen|veröffentlicht|publicad|publi[ée]|paru|pubblicat|apparso"
    r"|verschenen|gepubliceerd|opublikowan|publicerad|udgivet|bragt|publisert|julkaistu|vyšel|vyšiel|megjelent"
    r"|objavljen|опубликован|опубліков)"
    r"|\b(?:erschien|publicad[oa]|publiée?|paru|pubblicat[oa]|gepubliceerd|опубликован\w*)\b.{0,30}\b(?:zuerst"
    r"|originalmente|primero|initialement|originariamente|eerst|впервые)\b"
    r"|首发|首發|原载|原載|转载|轉載|初出|転載|처음 게재|무단 ?전재"
)
"""Speaks of whose a text is or where it first stood: a line that holds it is no notice for being repeated."""
