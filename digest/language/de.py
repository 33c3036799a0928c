"""German."""

from digest.language.closed_classes import Language

GERMAN = Language(
    "de",
    hesitations=frozenset({"äh", "ähm", "öh", "hm", "hmm"}),
    conjunctions=frozenset({"so"}),
    no_comma_after=frozenset({"an", "in", "was"}),
    light_nouns=frozenset(
        """
        sache sachen ding dinge zeit tag tage jahr jahre jahren monat monate woche wochen stunde stunden
        minute minuten sekunde teil stück art weise ort stelle punkt punkte zahl fall seite ende name namen
        wort worte wörter leute mensch menschen mann frau person beispiel grund moment frage fragen heute
        morgen abend folie bild bildschirm mal damen herren
        """.split()
    ),
    determiners=frozenset(
        """
        der die das den dem des ein eine einen einem einer eines dieser diese dieses diesen diesem mein meine
        unser unsere ihr ihre sein seine kein keine keinen jede jeder jedes im am vom zum zur beim ins
        """.split()
    ),
    joiners=frozenset("der die das des dem den von vom für in im zu zum zur mit und ein eine einer eines".split()),
    name_particles=frozenset({"der", "von"}),
    capitalises_nouns=True,
    function_words=frozenset(
        """
        der die das den dem des ein eine einen einem einer eines und oder aber sondern denn doch wenn als ob dass
        daß weil da damit zu zum zur in im ins an am auf aus bei beim mit nach von vom vor für über unter durch um
        gegen ohne bis seit während zwischen ist sind war waren sein gewesen bin bist wird werden wurde wurden
        worden hat haben hatte hatten habe kann können konnte könnte muss müssen musste soll sollen sollte will
        wollen wollte würde würden darf dürfen mag möchte ich du er sie es wir ihr mich mir dich dir ihn ihm ihnen
        uns euch mein meine meinen meiner dein seine seinen ihre ihren ihrem unser unsere unseren sich man dieser
        diese dieses diesen diesem jener jene jenes solche welche welcher welches was wer wen wem wo wie wann warum
        wieso woher wohin nicht kein keine keinen nie nichts nur auch noch schon sehr mehr so dann hier dort mal ja
        nein eben halt also etwa etwas alle alles jeder jede jedes viele einige andere anderen selbst immer wieder
        ganz gar
        """.split()
    ),
    discourse_markers=frozenset(
        """
        also gut nun so jetzt dann okay ja zunächst zuerst schließlich erstens zweitens drittens kommen
        """.split()
    ),
    thanks=frozenset("dank danke guten hallo willkommen grüß tschüss wiedersehen herzlich".split()),
    interrogatives=frozenset(
        """
        was warum wieso weshalb wie wer wen wem wann wo woher wohin welche welcher welches kann können könnte
        könnten darf gibt ist sind wird werden hat haben muss müssen soll sollte
        """.split()
    ),
    asking=frozenset("frage fragt gefragt fragen chat schreibt hand mikrofon wissen".split()),
    ordinals=frozenset(
        """
        erste ersten erstens zweite zweiten zweitens dritte dritten drittens vierte letzte letzten nächste nächsten
        zuletzt
        """.split()
    ),
    numerals=frozenset(
        """
        zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn
        achtzehn neunzehn zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig hundert tausend million
        millionen milliarden halb hälfte drittel viertel prozent dutzend doppelt
        """.split()
    ),
    first_person=frozenset("ich mich mir mein meine meinen wir uns unser unsere unseren".split()),
    second_person=frozenset("du dich dir dein deine sie ihnen ihr ihre ihren euch".split()),
    anaphors=frozenset(
        """
        es das dies diese dieser dieses sie er dort da damit dafür davon darauf daran darin dazu dabei deren dessen
        weil sonst deshalb deswegen daher darum dadurch
        """.split()
    ),
    connectives=frozenset("und aber sondern denn weil dann also oder doch deshalb deswegen trotzdem".split()),
    modals=frozenset(
        """
        weil deshalb also muss müssen soll sollte sollten braucht brauchen wird empfehlen beschlossen nur nicht kein
        keine nie immer alle jeder
        """.split()
    ),
    conditionals=frozenset(
        "wenn falls würde würden könnte könnten wäre wären hätte hätten angenommen vielleicht ob".split()
    ),
    reporting=frozenset(
        """
        sagt sagen sagte gesagt behauptet behaupten meint meinen meinte angeblich leute heißt glaubt glauben
        """.split()
    ),
    corrections=frozenset(
        """
        entschuldigung nein verzeihung korrektur beziehungsweise falsch quatsch moment vielmehr stimmt
        """.split()
    ),
    replies=frozenset(
        "ja nein doch bitte genau klar richtig ach oh ah hallo moin danke entschuldigung entschuldigen gott".split()
    ),
    weekdays=frozenset("montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag".split()),
    introducing=frozenset("bin heiße name".split()),
    leads=frozenset("moderat gastgeber leitung leiter vorsitz".split()),
    honorifics=frozenset("herr herrn frau dr doktor prof professor professorin".split()),
    spoken_signs={
        "punkt": ".",
        "dot": ".",
        "slash": "/",
        "schrägstrich": "/",
        "bindestrich": "-",
        "minus": "-",
        "unterstrich": "_",
        "at": "@",
        "klammeraffe": "@",
    },
    answer_heads=frozenset("ja nein doch genau klar natürlich richtig stimmt jein selbstverständlich beides".split()),
    auxiliaries=frozenset(
        """
        bin bist ist sind seid war waren wäre wären habe hast hat haben hatte hatten hätte hätten werde wirst wird
        werden wurde wurden würde würden kann können konnte konnten könnte könnten muss müssen musste mussten müsste
        soll sollen sollte sollten will wollen wollte wollten darf dürfen durfte mag möchte möchten gibt gab
        """.split()
    ),
    coordinators=frozenset("und aber sondern doch denn".split()),
    subjects=frozenset("ich wir sie er es man das".split()),
    fillers=frozenset("also ja nun so und okay gut naja".split()),
    is_verb_second=True,
    asides=frozenset({"wie gesagt …", "wie erwähnt", "wie sie sehen", "wissen sie", "ich meine", "noch einmal"}),
    cardinals=(
        frozenset({"zwei", "2"}),
        frozenset({"drei", "3"}),
        frozenset({"vier", "4"}),
        frozenset({"fünf", "5"}),
        frozenset({"sechs", "6"}),
        frozenset({"sieben", "7"}),
    ),
    counting=(
        frozenset({"erstens", "erste", "ersten"}),
        frozenset({"zweitens", "zweite", "zweiten"}),
        frozenset({"drittens", "dritte", "dritten"}),
        frozenset({"viertens", "vierte", "vierten"}),
        frozenset({"fünftens", "fünfte", "fünften"}),
    ),
    retractions=frozenset(
        {
            "nein",
            "entschuldigung",
            "verzeihung",
            "pardon",
            "moment",
            "quatsch",
            "korrektur",
            "falsch",
            "halt",
            "ich meine",
        }
    ),
    superseded=frozenset(
        """
        alt alte alten alter altes früher frühere früheren ehemals ursprünglich entwurf bisher statt gestrichen
        zurückgezogen verworfen abgesagt aufgegeben vorher war waren hatte hatten gestern damals
        """.split()
    ),
    plans=frozenset(
        """
        plan pläne geplant planen vorschlag vorgeschlagen will wollte wollten wollen hoffen hoffe absicht idee
        wunsch erwartet schätzung prognose versprochen
        """.split()
    ),
    emphatics=frozenset(
        """
        beste besten schlimmste wunderbar großartig herrlich natürlich witz scherz lachen lacht lachend bitte gott
        himmel toll
        """.split()
    ),
    hedges=frozenset(
        """
        vielleicht wahrscheinlich vermutlich wohl glaube denke ungefähr etwa fast rund weiß sicher scheint
        anscheinend eventuell
        """.split()
    ),
    contrasts=frozenset(
        """
        aber doch jedoch obwohl trotzdem außer nur dennoch sondern eigentlich sonst allerdings
        """.split()
    ),
    records=frozenset("protokoll aufzeichnung aufnahme mitschnitt bericht notizen".split()),
    towards=frozenset("ins im in für fürs zum".split()),
    discretion=frozenset(
        {
            "unter uns",
            "nicht mitschreiben",
            "nicht zitieren",
            "nicht weitersagen",
            "nicht weitererzählen",
            "streng vertraulich",
            "ganz vertraulich",
            "off the record",
            "im vertrauen",
            "bleibt in diesem raum",
            "bleibt unter uns",
            "nehme das zurück",
            "von mir nicht gehört",
        }
    ),
    released=frozenset({"wieder offiziell", "fürs protokoll"}),
    negations=frozenset(
        """
        nicht nie niemals niemand nichts kein keine keinen keiner keinem weder ohne nirgends
        """.split()
    ),
)
