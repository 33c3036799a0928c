"""Portuguese."""

from digest.language.closed_classes import Language

PORTUGUESE = Language(
    "pt",
    articles=frozenset("o a os as".split()),
    light_nouns=frozenset(
        """
        coisa coisas tempo vez vezes dia dias ano anos mês meses semana semanas hora horas minuto minutos
        segundo parte partes forma maneira lugar ponto pontos número caso casos lado fim final nome nomes
        palavra palavras linha gente pessoa pessoas homem mulher mundo exemplo razão momento pergunta
        perguntas manhã tarde noite slide tela ecrã página tipo pouco senhora senhor história
        """.split()
    ),
    determiners=frozenset(
        """
        o a os as um uma uns umas este esta estes estas esse essa esses essas meu minha nosso nossa nossos
        nossas seu sua seus suas cada ao aos do da dos das no na nos nas pelo pela deste desta desse dessa
        neste nesta nesse nessa
        """.split()
    ),
    joiners=frozenset("de do da dos das e em no na para com o a os as um uma".split()),
    name_particles=frozenset({"da", "de", "do"}),
    adjectives_follow=True,
    function_words=frozenset(
        """
        o a os as um uma uns umas de do da dos das no na nos nas ao à aos às e ou mas porque pois que se quando como
        onde enquanto embora para pra por pelo pela pelos pelas com sem sobre entre até desde contra em num numa é
        são era eram ser sido sou somos foi foram será serão seria está estão estava estavam estar estou estamos tá
        há havia haver tem têm tinha tinham ter tenho temos pode podem podia podemos posso vai vão vamos vou faz
        fazem fazer eu tu ele ela nós vocês você eles elas me te lhe lhes meu minha meus minhas teu tua seu sua seus
        suas nosso nossa nossos nossas gente este esta isto estes estas esse essa isso esses essas aquele aquela
        aquilo aqueles quem qual quais não sim já muito mais menos também assim então aí aqui ali lá nada ninguém
        nunca sempre tudo todo toda todos todas outro outra outros outras mesmo mesma cada algo alguém algum alguma
        alguns pouco muitos tão tanto só bem bom
        """.split()
    ),
    discourse_markers=frozenset(
        "bom bem então agora pois primeiro segundo depois finalmente passemos vamos ok certo".split()
    ),
    thanks=frozenset("obrigad olá boa bom bem-vind adeus agradec tchau".split()),
    interrogatives=frozenset(
        """
        que quê como quando quem qual quais onde quanto quanta quantos quantas por porque pode podem poderia posso
        há é
        """.split()
    ),
    asking=frozenset("pergunta perguntam perguntar chat escreve microfone mão dúvida questão".split()),
    ordinals=frozenset(
        """
        primeiro primeira segundo segunda terceiro terceira quarto último última seguinte próximo próxima
        """.split()
    ),
    numerals=frozenset(
        """
        dois duas três quatro cinco seis sete oito nove dez onze doze treze catorze quatorze quinze dezasseis
        dezesseis dezassete dezessete dezoito dezanove dezenove vinte trinta quarenta cinquenta sessenta setenta
        oitenta noventa cem cento centos duzentos trezentos quatrocentos quinhentos seiscentos setecentos oitocentos
        novecentos mil milhão milhões metade terço quarto dúzia dobro
        """.split()
    ),
    first_person=frozenset("eu me mim meu minha meus minhas nós nos nosso nossa nossos nossas".split()),
    second_person=frozenset("tu te ti teu tua você vocês seu sua seus suas".split()),
    anaphors=frozenset("isso isto essa esse essas esses ele ela eles elas aquilo porque senão qual".split()),
    connectives=frozenset("e mas porque então ou pois assim também embora".split()),
    modals=frozenset(
        """
        porque então deve devem tem precisa precisam deveria recomenda decidimos só não nunca sempre todo todos cada
        """.split()
    ),
    conditionals=frozenset(
        """
        se seria seriam poderia poderiam haveria teria teriam imaginem imaginemos suponhamos talvez caso
        """.split()
    ),
    reporting=frozenset(
        """
        diz dizem dizia dizer disse disseram afirma afirmam supostamente acha acham acredita gente
        """.split()
    ),
    corrections=frozenset("desculpem desculpe perdão não corrijo erro aliás digo".split()),
    replies=frozenset("sim não pois claro ah oh olha olhe ouvi desculpe desculpa perdão deus".split()),
    weekdays=frozenset("segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado domingo".split()),
    introducing=frozenset("sou chamo nome".split()),
    leads=frozenset("moder mediador anfitri presid apresent conduz coorden".split()),
    honorifics=frozenset(
        "senhor senhora senhorita sr sra seu dona dom doutor doutora dr dra professor professora".split()
    ),
    spoken_signs={
        "ponto": ".",
        "barra": "/",
        "slash": "/",
        "hífen": "-",
        "traço": "-",
        "underline": "_",
        "sublinhado": "_",
        "arroba": "@",
    },
    answer_heads=frozenset("sim não claro exato exatamente bem olha depende ambas pois".split()),
    auxiliaries=frozenset(
        """
        sou é somos são era eram foi foram será serão seria seja estou está estamos estão estava estavam tenho tem
        temos têm tinha tinham teve há havia houve haverá posso pode podemos podem podia deve devem devemos vai vão
        vou vamos ia faz fazem fez quer querem
        """.split()
    ),
    coordinators=frozenset("e mas".split()),
    subjects=frozenset("eu nós você vocês ele ela eles elas não há se".split()),
    fillers=frozenset("bom então e pois olha sim ok".split()),
    asides=frozenset(
        {"como eu disse …", "como disse …", "como eu dizia …", "repito", "quer dizer", "como vocês veem …"}
    ),
    cardinals=(
        frozenset({"dois", "duas", "2"}),
        frozenset({"três", "3"}),
        frozenset({"quatro", "4"}),
        frozenset({"cinco", "5"}),
        frozenset({"seis", "6"}),
        frozenset({"sete", "7"}),
    ),
    counting=(
        frozenset({"primeiro", "primeira"}),
        frozenset({"segundo", "segunda"}),
        frozenset({"terceiro", "terceira"}),
        frozenset({"quarto", "quarta"}),
        frozenset({"quinto", "quinta"}),
    ),
    retractions=frozenset(
        {"não", "perdão", "desculpem", "desculpe", "digo", "aliás", "corrijo", "minto", "quero dizer"}
    ),
    superseded=frozenset(
        """
        antigo antiga velho velha antes anteriormente originalmente rascunho anterior retirado retirada cancelado
        vez era eram havia tinha foi ontem passado
        """.split()
    ),
    plans=frozenset(
        """
        plano planos previsto proposta proposto quer queria espera esperava intenção ideia desejo esperado
        estimativa previsão prometido promessa
        """.split()
    ),
    emphatics=frozenset(
        """
        melhor pior maravilhoso maravilha ótimo óptimo claro brincadeira piada risos riso ri deus genial
        """.split()
    ),
    hedges=frozenset(
        """
        talvez provavelmente possivelmente acho penso creio aproximadamente quase uns umas sei certeza parece
        supostamente
        """.split()
    ),
    contrasts=frozenset("mas porém contudo embora salvo exceto só apenas ainda entretanto".split()),
    records=frozenset("ata acta gravação notas microfone".split()),
    towards=frozenset("em na no para pra ao".split()),
    discretion=frozenset(
        {
            "entre nós",
            "aqui entre",
            "extraoficial",
            "não me citem",
            "não me cite",
            "off the record",
            "em off",
            "em confiança",
            "não sai daqui",
            "não repitam",
            "fora da ata",
            "cortem isto",
            "retiro o que",
            "falo no microfone",
            "não ponham",
        }
    ),
    released=frozenset({"volta à ata", "que conste"}),
    negations=frozenset("não nunca jamais nada ninguém nenhum nenhuma nem sem tampouco".split()),
)
