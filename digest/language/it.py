"""Italian."""

from digest.language.closed_classes import Language

ITALIAN = Language(
    "it",
    hesitations=frozenset({"ehm", "eh", "mmm"}),
    articles=frozenset("il lo la i gli le l'".split()),
    light_nouns=frozenset(
        """
        cosa cose tempo volta volte giorno giorni anno anni mese mesi settimana settimane ora ore minuto
        minuti secondo parte parti modo maniera luogo posto punto punti numero caso casi lato fine nome nomi
        parola parole riga gente persona persone uomo donna mondo esempio ragione momento domanda domande
        mattina sera pomeriggio diapositiva slide schermo pagina tipo po' signora signore
        """.split()
    ),
    determiners=frozenset(
        """
        il lo la i gli le l' un uno una un' questo questa questi queste quel quella quei quelle mio mia nostro
        nostra nostri nostre suo sua ogni del dello della dei degli delle al allo alla ai agli alle nel nella
        nei nelle sul sulla dal dalla
        """.split()
    ),
    joiners=frozenset("di del della dei delle degli dello e in nel nella per con la il lo i le un una".split()),
    name_particles=frozenset({"da", "de", "del", "della", "di"}),
    adjectives_follow=True,
    function_words=frozenset(
        """
        il lo la i gli le l un uno una di del dello della dei degli delle d da dal dalla dai dalle a al alla ai alle
        agli in nel nella nei nelle su sul sulla sui sulle con per tra fra e ed o ma però perché che se quando come
        dove mentre anche è sono era erano essere stato stata stati state sei siamo fu sarà saranno sarebbe ha hanno
        ho abbiamo aveva avevano avere hai avete può possono poteva posso possiamo deve devono va vanno fa fanno
        fare c io tu lui lei noi voi loro mi ti si ci vi ne me te sé mio mia miei mie tuo tua suo sua suoi sue
        nostro nostra nostri nostre vostro vostra questo questa questi queste quello quella quelli quelle quel quei
        ciò chi cui quale quali cosa non no sì già molto più meno così allora qui qua lì là niente nulla nessuno mai
        sempre tutto tutta tutti tutte altro altra altri altre stesso stessa ogni qualcosa qualcuno alcuni poco
        tanto solo bene ecco quindi poi ancora proprio
        """.split()
    ),
    discourse_markers=frozenset(
        "allora bene ecco quindi ora adesso dunque prima poi infine passiamo cominciamo ok va".split()
    ),
    thanks=frozenset("grazie buongiorno buonasera benvenut arrivederci saluto ringrazi ciao".split()),
    interrogatives=frozenset(
        """
        che cosa come quando chi quale quali dove quanto quanta quanti quante perché può possono posso c'è è
        """.split()
    ),
    asking=frozenset("domanda domande chiede chiedere chat scrive microfono mano dubbio".split()),
    ordinals=frozenset("primo prima secondo seconda terzo terza quarto ultimo ultima prossimo prossima".split()),
    numerals=frozenset(
        """
        due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici sedici
        diciassette diciotto diciannove venti trenta quaranta cinquanta sessanta settanta ottanta novanta cento
        duecento trecento mille mila milione milioni miliardi metà terzo quarto percento dozzina doppio
        """.split()
    ),
    first_person=frozenset("io me mi mio mia miei mie noi ci nostro nostra nostri nostre".split()),
    second_person=frozenset("tu te ti tuo tua voi vi vostro vostra lei suo sua".split()),
    anaphors=frozenset(
        """
        questo questa questi queste quello quella quelli quelle ciò lui lei loro esso essa essi perché altrimenti
        """.split()
    ),
    connectives=frozenset("e ma però perché quindi o poi così anche allora".split()),
    modals=frozenset(
        """
        perché quindi deve devono bisogna dovrebbe serve servono consiglio deciso solo non mai sempre tutto tutti
        ogni
        """.split()
    ),
    conditionals=frozenset(
        """
        se sarebbe sarebbero potrebbe potrebbero avrebbe avrebbero immaginate immaginiamo supponiamo forse magari
        """.split()
    ),
    reporting=frozenset(
        """
        dice dicono diceva dicevano detto sostiene sostengono presunto crede credono pensano gente
        """.split()
    ),
    corrections=frozenset("scusate no scusi anzi correggo errore cioè sbagliato".split()),
    replies=frozenset("sì no certo ecco pronto ah eh oh scusi scusa scusate ciao dio".split()),
    weekdays=frozenset("lunedì martedì mercoledì giovedì venerdì sabato domenica".split()),
    introducing=frozenset("sono chiamo nome".split()),
    leads=frozenset("moder conduttor conduttric presid present coordin".split()),
    honorifics=frozenset(
        "signor signora signore signorina don dottor dottore dottoressa dott professor professore professoressa".split()
    ),
    spoken_signs={
        "punto": ".",
        "slash": "/",
        "barra": "/",
        "trattino": "-",
        "trattino basso": "_",
        "underscore": "_",
        "chiocciola": "@",
    },
    answer_heads=frozenset("sì no certo esatto esattamente allora beh dipende assolutamente entrambe".split()),
    auxiliaries=frozenset(
        """
        sono sei è siamo siete era erano fu sarà saranno sarebbe sia ho hai ha abbiamo avete hanno aveva avevano
        avrà posso può possiamo possono poteva potrebbe deve devono dobbiamo doveva bisogna va vanno vado andiamo fa
        fanno facciamo vuole vogliono c'è c'era dov'è
        """.split()
    ),
    coordinators=frozenset("e ed ma però".split()),
    subjects=frozenset("io noi voi lui lei loro non si c'è".split()),
    fillers=frozenset("allora dunque ecco quindi e beh sì bene".split()),
    asides=frozenset(
        {"come ho detto …", "come dicevo …", "come vi dicevo …", "ripeto", "voglio dire", "come vedete …"}
    ),
    cardinals=(
        frozenset({"due", "2"}),
        frozenset({"tre", "3"}),
        frozenset({"quattro", "4"}),
        frozenset({"cinque", "5"}),
        frozenset({"sei", "6"}),
        frozenset({"sette", "7"}),
    ),
    counting=(
        frozenset({"primo", "prima"}),
        frozenset({"secondo", "seconda"}),
        frozenset({"terzo", "terza"}),
        frozenset({"quarto", "quarta"}),
        frozenset({"quinto", "quinta"}),
    ),
    retractions=frozenset({"no", "scusate", "scusi", "pardon", "anzi", "correggo", "voglio dire"}),
    superseded=frozenset(
        """
        vecchio vecchia vecchi prima precedente precedentemente originariamente bozza ritirato ritirata cancellato
        annullato invece era erano aveva avevano fu ieri scorso
        """.split()
    ),
    plans=frozenset(
        """
        piano piani previsto proposta proposto vuole voleva spera sperava intenzione idea desiderio atteso stima
        previsione promesso promessa
        """.split()
    ),
    emphatics=frozenset(
        """
        migliore peggiore meraviglioso meraviglia bellissimo ovviamente scherzo scherzi risate risata ride dio
        geniale
        """.split()
    ),
    hedges=frozenset(
        """
        forse probabilmente magari credo penso circa quasi so sicuro sicura sembra pare presumibilmente
        """.split()
    ),
    contrasts=frozenset("ma però tuttavia sebbene salvo tranne solo soltanto ancora bensì eppure".split()),
    records=frozenset("verbale registrazione appunti microfono".split()),
    towards=frozenset("nel nella a al per sul".split()),
    discretion=frozenset(
        {
            "tra noi",
            "fra noi",
            "fuori verbale",
            "fuori onda",
            "non citatemi",
            "non mi citate",
            "non mi citi",
            "off the record",
            "in confidenza",
            "resti tra",
            "non esce di qui",
            "non ripetetelo",
            "ritiro quello",
            "non scrivetelo",
            "non lo scriva",
        }
    ),
    released=frozenset({"torniamo a verbale", "di nuovo a verbale"}),
    negations=frozenset("non mai niente nulla nessuno nessuna nessun né senza neanche neppure".split()),
)
