"""Dutch."""

from digest.language.closed_classes import Language

DUTCH = Language(
    "nl",
    articles=frozenset("de het".split()),
    light_nouns=frozenset(
        """
        ding dingen tijd keer dag dagen jaar jaren maand maanden week weken uur uren minuut minuten seconde
        deel stuk soort manier plek plaats punt punten getal geval kant eind einde naam namen woord woorden
        regel mensen mens persoon man vrouw wereld voorbeeld reden moment vraag vragen ochtend avond middag
        dia scherm pagina beetje mevrouw meneer
        """.split()
    ),
    determiners=frozenset(
        """
        de het een deze dit mijn ons onze jouw uw zijn haar hun elke elk geen
        """.split()
    ),
    joiners=frozenset("van het de een voor in en op met aan".split()),
    name_particles=frozenset({"de", "der", "van"}),
    function_words=frozenset(
        """
        de het een en of maar want dus omdat dat die dit deze als wanneer toen terwijl hoewel om te van in op aan
        bij met naar voor over onder door tegen zonder tot uit sinds tussen na is zijn was waren wezen geweest ben
        bent wordt worden werd werden heeft hebben had hadden heb kan kunnen kon konden moet moeten moest zal zullen
        zou zouden wil willen mag mogen gaat gaan ging doet doen ik jij je hij zij ze wij we jullie u mij me hem
        haar hen hun ons mijn jouw onze uw zich men wat wie waar hoe waarom welke welk er daar hier daarvan daarom
        niet geen nooit niets niemand ook nog al zeer meer minder zo dan nu wel even eens toch heel veel weinig alle
        alles ieder elke andere ander zelf altijd weer gewoon eigenlijk ja nee
        """.split()
    ),
    discourse_markers=frozenset("dus goed oké nou nu dan eerst ten tot slot vervolgens laten zo ja".split()),
    thanks=frozenset("dank bedankt welkom goedemorgen goedemiddag goedenavond hallo dag tot".split()),
    interrogatives=frozenset(
        """
        wat waarom hoe wie wanneer waar welke welk hoeveel kan kunnen kunt mag is zijn wordt heeft hebben moet
        moeten gaat
        """.split()
    ),
    asking=frozenset("vraag vragen vraagt chat schrijft microfoon hand weten".split()),
    ordinals=frozenset("eerste tweede derde vierde laatste volgende".split()),
    numerals=frozenset(
        """
        twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien zeventien
        achttien negentien twintig dertig veertig vijftig zestig zeventig tachtig negentig honderd duizend miljoen
        miljard helft half derde kwart procent dozijn dubbel
        """.split()
    ),
    first_person=frozenset("ik mij me mijn wij we ons onze".split()),
    second_person=frozenset("jij je jou jouw jullie u uw".split()),
    anaphors=frozenset(
        """
        het dat dit die deze zij ze hij daarmee daarvoor daarvan daarop daarin daarbij want omdat anders daarom
        """.split()
    ),
    connectives=frozenset("en maar want dus omdat of dan ook toch daarom".split()),
    modals=frozenset(
        """
        omdat dus moet moeten zou zouden nodig zal adviseren besloten alleen niet geen nooit altijd alle elke
        """.split()
    ),
    conditionals=frozenset("als zou zouden stel misschien indien wellicht kunnen".split()),
    reporting=frozenset("zegt zeggen zei gezegd beweert beweren vindt denken denkt zogenaamd mensen".split()),
    corrections=frozenset("sorry nee pardon correctie eigenlijk fout verkeerd bedoel".split()),
    replies=frozenset("ja nee hoi goed precies ah oh hé sorry pardon dank".split()),
    weekdays=frozenset("maandag dinsdag woensdag donderdag vrijdag zaterdag zondag".split()),
    introducing=frozenset("ben heet naam".split()),
    leads=frozenset("moderator gastheer gastvrouw voorzit gespreksleid presentat dagvoorzit".split()),
    honorifics=frozenset("meneer mijnheer mevrouw mevr dhr heer dokter dr professor".split()),
    spoken_signs={
        "punt": ".",
        "slash": "/",
        "schuine streep": "/",
        "streepje": "-",
        "liggend streepje": "_",
        "underscore": "_",
        "apenstaartje": "@",
    },
    answer_heads=frozenset("ja nee jawel klopt precies zeker nou natuurlijk allebei inderdaad".split()),
    auxiliaries=frozenset(
        """
        ben bent is zijn was waren heb hebt heeft hebben had hadden word wordt worden werd werden kan kunt kunnen
        kon konden moet moeten moest moesten zal zult zullen zou zouden wil wilt willen wilde mag mogen mocht gaat
        gaan ga ging gingen doet doen deed
        """.split()
    ),
    coordinators=frozenset("en maar want".split()),
    subjects=frozenset("ik we wij je jij u hij zij ze er het dat".split()),
    fillers=frozenset("dus ja nou en oké goed".split()),
    is_verb_second=True,
    asides=frozenset(
        {
            "zoals gezegd …",
            "zoals ik zei …",
            "nogmaals",
            "weet je",
            "weet u",
            "ik bedoel",
            "zoals je ziet …",
            "zoals u ziet …",
        }
    ),
    cardinals=(
        frozenset({"twee", "2"}),
        frozenset({"drie", "3"}),
        frozenset({"vier", "4"}),
        frozenset({"vijf", "5"}),
        frozenset({"zes", "6"}),
        frozenset({"zeven", "7"}),
    ),
    counting=(
        frozenset({"eerste", "ten", "eerst"}),
        frozenset({"tweede"}),
        frozenset({"derde"}),
        frozenset({"vierde"}),
        frozenset({"vijfde"}),
    ),
    retractions=frozenset({"nee", "sorry", "pardon", "correctie", "fout", "wacht", "ik bedoel"}),
    superseded=frozenset(
        """
        oud oude vroeger vroegere eerder eerdere oorspronkelijk concept ontwerp voorheen ingetrokken vervallen
        geschrapt afgelast plaats was waren had hadden gisteren vorig vorige toen
        """.split()
    ),
    plans=frozenset(
        """
        plan plannen gepland voorstel voorgesteld wil wilde wilden hoop hoopt hoopte bedoeling idee wens verwacht
        schatting prognose beloofd
        """.split()
    ),
    emphatics=frozenset(
        """
        beste slechtste prachtig geweldig heerlijk natuurlijk grap grapje lacht lachen gelach god hemel mooi
        """.split()
    ),
    hedges=frozenset(
        """
        misschien waarschijnlijk vermoedelijk denk geloof ongeveer bijna rond weet zeker lijkt blijkbaar eventueel
        wel
        """.split()
    ),
    contrasts=frozenset("maar echter hoewel toch behalve alleen nog tenzij anders".split()),
    records=frozenset("notulen opname verslag aantekeningen".split()),
    towards=frozenset("in voor op bij".split()),
    discretion=frozenset(
        {
            "onder ons",
            "niet notuleren",
            "niet citeren",
            "citeer me niet",
            "niet opschrijven",
            "niet doorvertellen",
            "off the record",
            "in vertrouwen",
            "buiten de notulen",
            "blijft in deze",
            "neem dat terug",
            "niet van mij gehoord",
        }
    ),
    released=frozenset({"weer officieel", "voor de notulen"}),
    negations=frozenset("niet nooit niets niemand geen noch zonder nergens".split()),
)
