"""Spanish."""

from digest.language.closed_classes import Language

SPANISH = Language(
    "es",
    hesitations=frozenset({"eh", "ehm", "em", "mmm"}),
    no_comma_after=frozenset({"a"}),
    articles=frozenset("el la los las".split()),
    light_nouns=frozenset(
        """
        cosa cosas tiempo vez veces día días año años mes meses semana semanas hora horas minuto minutos
        segundo parte partes forma manera lugar sitio punto puntos número caso casos lado fin final nombre
        nombres palabra palabras línea gente persona personas hombre mujer mundo ejemplo razón momento
        pregunta preguntas mañana tarde noche diapositiva pantalla página tipo poco señora señor
        """.split()
    ),
    determiners=frozenset(
        """
        el la los las un una unos unas este esta estos estas ese esa esos esas mi mis nuestro nuestra nuestros
        nuestras su sus cada al del
        """.split()
    ),
    joiners=frozenset("de del la el los las y en para con un una a al".split()),
    name_particles=frozenset({"de", "del", "la"}),
    adjectives_follow=True,
    function_words=frozenset(
        """
        el la los las un una unos unas lo de del al a y e o u pero sino porque pues que si cuando como donde
        mientras aunque para por con sin sobre entre hasta desde hacia según contra en ante bajo tras es son era
        eran ser sido soy eres somos fue fueron será serán sería está están estaba estaban estar estoy estamos ha
        han he hemos había habían haber hay hubo tiene tienen tenía tener tengo tenemos puede pueden podía podemos
        puedo va van vamos voy hace hacen hacer yo tú él ella ello nosotros nosotras ustedes usted ellos ellas me te
        se nos os le les mi mis tu tus su sus nuestro nuestra nuestros nuestras este esta esto estos estas ese esa
        eso esos esas aquel aquella aquello quien quienes cual cuales qué quién cuál cuándo cómo dónde cuánto no sí
        ya muy más menos también tampoco así entonces ahí aquí allí nada nadie nunca siempre todo toda todos todas
        otro otra otros otras mismo misma cada algo alguien algún alguna algunos poco mucho muchos tan tanto solo
        sólo bien bueno
        """.split()
    ),
    discourse_markers=frozenset(
        """
        bueno bien entonces ahora pues vale primero segundo luego finalmente pasemos vamos empecemos
        """.split()
    ),
    thanks=frozenset("gracias hola buenas buenos bienvenid adiós saludos agradec".split()),
    interrogatives=frozenset(
        """
        qué cómo cuándo quién quiénes cuál cuáles dónde cuánto cuánta cuántos cuántas por puede pueden podría
        podrían hay es
        """.split()
    ),
    asking=frozenset("pregunta preguntan preguntar chat escribe micrófono mano duda".split()),
    ordinals=frozenset(
        """
        primer primero primera segundo segunda tercer tercero tercera cuarto último última siguiente próximo próxima
        """.split()
    ),
    numerals=frozenset(
        """
        dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis diecisiete
        dieciocho diecinueve veinte veintiuno veintiún veintidós veintitrés veinticuatro veinticinco veintiséis
        veintisiete veintiocho veintinueve treinta cuarenta cincuenta sesenta setenta ochenta noventa cien ciento
        cientos doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos novecientos mil
        millón millones mitad tercio cuarto docena doble
        """.split()
    ),
    first_person=frozenset("yo me mi mis mí nosotros nosotras nos nuestro nuestra nuestros nuestras".split()),
    second_person=frozenset("tú te ti tu tus usted ustedes su sus".split()),
    anaphors=frozenset("eso esto esa ese esas esos él ella ellos ellas ello aquello porque cual".split()),
    connectives=frozenset("y pero porque entonces o pues así también sino aunque".split()),
    modals=frozenset(
        """
        porque entonces debe deben hay tiene tienen debería deberían necesita recomienda decidimos solo sólo no
        nunca siempre todo todos cada
        """.split()
    ),
    conditionals=frozenset(
        """
        si sería serían podría podrían habría habrían imaginen imaginemos supongamos quizá quizás acaso
        """.split()
    ),
    reporting=frozenset(
        """
        dice dicen decía decían dijo dijeron afirma afirman supuestamente creen cree piensan gente
        """.split()
    ),
    corrections=frozenset("perdón no disculpen mejor corrijo error mentira digo".split()),
    replies=frozenset(
        "sí no bueno claro vale ay ah oh eh oiga oigan mire perdón disculpe disculpen gracias dios".split()
    ),
    weekdays=frozenset("lunes martes miércoles jueves viernes sábado domingo".split()),
    introducing=frozenset("soy llamo nombre".split()),
    leads=frozenset("moder anfitri presid present conduc coordin".split()),
    honorifics=frozenset("señor señora señorita sr sra srta don doña doctor doctora dr dra profesor profesora".split()),
    spoken_signs={
        "punto": ".",
        "barra": "/",
        "slash": "/",
        "guion": "-",
        "guión": "-",
        "guion bajo": "_",
        "guión bajo": "_",
        "arroba": "@",
    },
    answer_heads=frozenset("sí no claro exacto exactamente correcto bueno pues depende ambas".split()),
    auxiliaries=frozenset(
        """
        soy eres es somos son era eran fue fueron será serán sería sean sea he has ha hemos han había habían hay
        hubo habrá estoy está estamos están estaba estaban tengo tiene tenemos tienen tenía tenían puedo puede
        podemos pueden podía pudo debe deben debemos va van voy vamos iba hace hacen hizo quiere quieren
        """.split()
    ),
    coordinators=frozenset("y e pero".split()),
    subjects=frozenset("yo nosotros usted ustedes él ella ellos ellas no se hay".split()),
    fillers=frozenset("bueno pues entonces y vale sí eh".split()),
    asides=frozenset(
        {
            "como he dicho …",
            "como dije …",
            "como decía …",
            "como digo",
            "otra vez",
            "repito",
            "o sea",
            "como ven …",
            "como ustedes ven …",
        }
    ),
    cardinals=(
        frozenset({"dos", "2"}),
        frozenset({"tres", "3"}),
        frozenset({"cuatro", "4"}),
        frozenset({"cinco", "5"}),
        frozenset({"seis", "6"}),
        frozenset({"siete", "7"}),
    ),
    counting=(
        frozenset({"primero", "primer", "primera"}),
        frozenset({"segundo", "segunda"}),
        frozenset({"tercero", "tercera", "tercer"}),
        frozenset({"cuarto", "cuarta"}),
        frozenset({"quinto", "quinta"}),
    ),
    retractions=frozenset({"no", "perdón", "perdon", "digo", "miento", "corrijo", "disculpen", "quiero decir"}),
    superseded=frozenset(
        """
        antiguo antigua viejo vieja antes anteriormente originalmente borrador anterior retirado retirada cancelado
        suprimido vez era eran había habían fue ayer pasado
        """.split()
    ),
    plans=frozenset(
        """
        plan planes previsto propuesta propuesto quiere quería espera esperaba intención idea deseo esperado
        estimación previsión prometido promesa
        """.split()
    ),
    emphatics=frozenset(
        """
        mejor peor maravilloso maravilla estupendo claro broma bromas risa risas ríe dios genial buenísimo
        """.split()
    ),
    hedges=frozenset(
        """
        quizá quizás tal probablemente posiblemente creo pienso aproximadamente casi unos unas sé seguro segura
        parece supuestamente
        """.split()
    ),
    contrasts=frozenset("pero sino aunque embargo salvo excepto sólo solo todavía obstante".split()),
    records=frozenset("acta grabación notas micrófono".split()),
    towards=frozenset("en para al la el".split()),
    discretion=frozenset(
        {
            "entre nosotros",
            "aquí entre",
            "extraoficial",
            "no me citen",
            "no me cites",
            "no lo pongan",
            "no lo pongas",
            "off the record",
            "en confianza",
            "que no salga de",
            "no lo repitan",
            "sin acta",
            "corte la grabación",
            "corten la grabación",
            "retiro lo dicho",
            "fuera de acta",
        }
    ),
    released=frozenset({"vuelve al acta", "que conste"}),
    negations=frozenset("no nunca jamás nada nadie ningún ninguna ninguno ni sin tampoco".split()),
)
