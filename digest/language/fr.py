"""French."""

from digest.language.closed_classes import Language

FRENCH = Language(
    "fr",
    hesitations=frozenset({"euh", "heu", "hum"}),
    no_comma_after=frozenset({"a", "or"}),
    articles=frozenset("le la les l'".split()),
    light_nouns=frozenset(
        """
        chose choses temps fois jour jours an ans année années mois semaine semaines heure heures minute
        minutes seconde partie part sorte façon manière endroit point points nombre cas côté fin nom noms mot
        mots ligne gens personne personnes homme femme monde exemple raison moment question questions matin
        soir diapo diapositive écran page peu bonjour madame monsieur
        """.split()
    ),
    determiners=frozenset(
        """
        le la les l' un une des du d' ce cet cette ces mon ma mes notre nos votre vos son sa ses leur leurs
        chaque au aux
        """.split()
    ),
    joiners=frozenset("de du des d la le les l à au aux pour en et un une sur dans".split()),
    name_particles=frozenset({"de", "des", "du", "la"}),
    adjectives_follow=True,
    function_words=frozenset(
        """
        le la les l un une des du de d et ou mais donc or ni car si que qu qui quoi dont où quand comme lorsque
        puisque parce pour par avec sans sous sur dans en entre vers chez avant après depuis pendant contre à au aux
        est sont était étaient être été suis es sommes êtes sera seront serait ai as a avons avez ont avait avaient
        avoir eu aura aurait fait faire fais faites peut peuvent pouvait pourrait doit doivent va vais vont allait
        je j tu il elle on nous vous ils elles me m te t se s lui leur leurs y mon ma mes ton ta tes son sa ses
        notre nos votre vos moi toi soi eux ce c cet cette ces ça cela ceci celui celle ceux celles même mêmes autre
        autres tout toute tous toutes quel quelle quels quelles ne n pas plus non jamais rien aucun aucune très bien
        aussi encore déjà alors puis là ici voilà oui moins peu beaucoup trop assez ainsi enfin vraiment juste
        """.split()
    ),
    discourse_markers=frozenset(
        """
        alors bon bien donc maintenant voilà enfin ensuite puis d'abord premièrement deuxièmement passons commençons
        ok
        """.split()
    ),
    thanks=frozenset("merci bonjour bonsoir bienvenue revoir remercie salut".split()),
    interrogatives=frozenset(
        """
        comment pourquoi quand combien est-ce qui que quoi quel quelle quels quelles où peut-on pouvez-vous
        pourriez-vous avez-vous faut-il
        """.split()
    ),
    asking=frozenset("question demande demander chat écrit micro main voudrait".split()),
    ordinals=frozenset(
        """
        premier première deuxième troisième quatrième dernier dernière prochain prochaine second seconde
        """.split()
    ),
    numerals=frozenset(
        """
        deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize vingt trente quarante
        cinquante soixante cent cents mille million millions milliard milliards moitié tiers quart pourcent douzaine
        double
        """.split()
    ),
    first_person=frozenset("je j me m moi mon ma mes nous notre nos".split()),
    second_person=frozenset("tu te toi ton ta tes vous votre vos".split()),
    anaphors=frozenset(
        """
        il elle ils elles ça cela ce c'est c celui celle ceux celles qui parce sinon lequel laquelle
        """.split()
    ),
    connectives=frozenset("et mais donc car parce ou puis alors or pourtant aussi".split()),
    modals=frozenset(
        """
        parce donc doit doivent faut devrait devraient besoin recommande décidé seulement ne pas jamais aucun
        toujours tout tous chaque
        """.split()
    ),
    conditionals=frozenset(
        """
        si serait seraient pourrait pourraient aurait auraient imaginons supposons imaginez peut-être
        """.split()
    ),
    reporting=frozenset(
        """
        dit disent disait prétend prétendent affirme croit croient pense pensent gens paraît soi-disant
        """.split()
    ),
    corrections=frozenset("pardon non excusez plutôt rectification corrige erreur enfin".split()),
    replies=frozenset("oui non si allô voilà exactement ah oh hé tiens pardon excusez".split()),
    weekdays=frozenset("lundi mardi mercredi jeudi vendredi samedi dimanche".split()),
    introducing=frozenset("suis m'appelle appelle nom".split()),
    leads=frozenset("anim modér présid présent hôte".split()),
    honorifics=frozenset(
        "monsieur madame mademoiselle m mme mlle messieurs mesdames docteur dr professeur maître".split()
    ),
    spoken_signs={
        "point": ".",
        "slash": "/",
        "barre oblique": "/",
        "tiret": "-",
        "tiret bas": "_",
        "underscore": "_",
        "arobase": "@",
        "arrobase": "@",
    },
    answer_heads=frozenset("oui non si exactement absolument bien alors tout évidemment ben bah".split()),
    auxiliaries=frozenset(
        """
        suis es est sommes êtes sont étais était étaient sera seront serait ai as a avons avez ont avait avaient
        aura auront aurait peut peuvent pouvait pourrait pouvez pouvons doit doivent devait devrait devez faut
        fallait va vais vont allez allons allait fait font faisait veut veulent voulait c'est c'était j'ai n'est n'a
        qu'on
        """.split()
    ),
    coordinators=frozenset("et mais donc".split()),
    subjects=frozenset("je j nous vous il elle on ils elles ça c ce j'ai c'est il y".split()),
    fillers=frozenset("alors donc bon ben bah voilà et oui euh".split()),
    asides=frozenset(
        {
            "comme je l'ai dit …",
            "comme je l'ai déjà dit",
            "comme je disais …",
            "comme je le disais …",
            "encore une fois",
            "vous savez",
            "je veux dire",
            "comme vous voyez …",
            "comme vous le voyez …",
        }
    ),
    cardinals=(
        frozenset({"deux", "2"}),
        frozenset({"trois", "3"}),
        frozenset({"quatre", "4"}),
        frozenset({"cinq", "5"}),
        frozenset({"six", "6"}),
        frozenset({"sept", "7"}),
    ),
    counting=(
        frozenset({"premièrement", "premier", "première", "d'abord"}),
        frozenset({"deuxièmement", "deuxième", "ensuite"}),
        frozenset({"troisièmement", "troisième", "enfin"}),
        frozenset({"quatrièmement", "quatrième"}),
        frozenset({"cinquième"}),
    ),
    retractions=frozenset({"non", "pardon", "enfin", "rectification", "erreur", "oups", "excusez-moi", "je veux dire"}),
    superseded=frozenset(
        """
        ancien ancienne anciens avant auparavant initialement origine brouillon projet abandonné retiré retirée
        annulé supprimé plutôt était étaient avait avaient hier précédent précédente
        """.split()
    ),
    plans=frozenset(
        """
        plan prévu prévue prévoit proposition proposé veut voulait espère espérait intention idée souhait attendu
        attend estimation prévision promis promesse
        """.split()
    ),
    emphatics=frozenset(
        """
        meilleur meilleure pire magnifique merveilleux formidable évidemment blague plaisante rire rires rit dieu
        bravo génial
        """.split()
    ),
    hedges=frozenset(
        """
        peut-être probablement sans-doute environ presque crois pense sais sûr sûre semble paraît apparemment sorte
        vers
        """.split()
    ),
    contrasts=frozenset(
        """
        mais cependant pourtant sauf seulement quoique toutefois néanmoins sinon alors-que
        """.split()
    ),
    records=frozenset("procès-verbal enregistrement micro compte-rendu notes".split()),
    towards=frozenset("au dans pour sur l le".split()),
    discretion=frozenset(
        {
            "entre nous",
            "hors micro",
            "ne me citez pas",
            "me citez",
            "ne le répétez pas",
            "répétez pas",
            "off the record",
            "en off",
            "confidentiel",
            "à titre confidentiel",
            "ne notez pas",
            "notez pas",
            "coupez ça",
            "coupera ça",
            "ne sort pas de cette",
            "retire ce que",
        }
    ),
    released=frozenset({"je reprends officiellement"}),
    negations=frozenset("ne n pas jamais rien aucun aucune personne ni sans non".split()),
)
