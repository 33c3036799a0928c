"""English."""

from digest.language.closed_classes import Language

RESTARTS = frozenset("a an and but i my of our the their we your".split())

ENGLISH = Language(
    "en",
    hesitations=frozenset("um umm uh uhh uhm er erm hm hmm".split()),
    # Phrases follow themselves too where somebody begins anew, but not only: "when we patch, we patch for everyone".
    restarts=RESTARTS,
    conjunctions=frozenset({"and", "but", "so"}),
    no_comma_after=RESTARTS - {"i", "we"} | frozenset("are in is it's or that they're to was were with".split()),
    function_words=frozenset(
        """
        a an the and or but if of to in on at by for from with as is are was were be been being am it its this that
        these those there here he she they we you i me my your our their his her them us who whom which what when where
        how why do does did done have has had will would can could shall should may might so than then too very just
        also about into over under up down out off again am more most other after before while because until between
        not no nor never all any both each some such own same only must always every
        """.split()
    ),
    skipped_in_order=frozenset(
        "a an the our its my your their his her this these those some um uh also now about".split()
    ),
    negations=frozenset("no not never nobody none nothing neither nor without cannot".split()),
    articles=frozenset("the".split()),
    light_nouns=frozenset(
        """
        thing things time times day days way ways lot lots people person man woman guy guys year years month
        months week weeks hour hours minute minutes second seconds bit part parts kind sort place point points
        number numbers case cases side end name names line word words stuff piece half moment reason fact
        example question questions today tomorrow morning afternoon evening lady one ones slide screen page
        call
        """.split()
    ),
    determiners=frozenset(
        """
        the a an this these those my our your his her their its some any each every no
        """.split()
    ),
    joiners=frozenset("of for in to on with from and the a an".split()),
    name_particles=frozenset({"for", "of"}),
    openers=frozenset(
        "a an the in on at from for to of and or but how why who what when where which our this that no".split()
    ),
    discourse_markers=frozenset(
        """
        so right okay ok now well good next let let's finally last moving turning first second third anyway alright
        """.split()
    ),
    thanks=frozenset("thank hello hi welcome good bye goodbye cheers".split()),
    interrogatives=frozenset(
        """
        what why how who when where which whose can could would should do does did is are was were will have has
        don't doesn't isn't aren't any
        """.split()
    ),
    asking=frozenset("question ask asked asks asking chat wrote writes hand microphone typed curious wonder".split()),
    ordinals=frozenset(
        "first second third fourth fifth sixth seventh eighth ninth tenth last next final finally one two three".split()
    ),
    numerals=frozenset(
        """
        two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
        eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million billion
        half third thirds quarter quarters percent cent dozen double twice
        """.split()
    ),
    first_person=frozenset("i me my mine we us our ours i'm i've i'd i'll we're we've we'd we'll".split()),
    second_person=frozenset("you your yours you're you've you'd you'll".split()),
    anaphors=frozenset(
        """
        it that this they he she these those them which who it's that's they're he's she's it'll because otherwise
        instead neither nor such
        """.split()
    ),
    connectives=frozenset("and but so because then also or though although yet still plus".split()),
    modals=frozenset(
        """
        because therefore so must should need needs will recommend decided found only not no never cannot can't
        won't always every all most have
        """.split()
    ),
    conditionals=frozenset(
        """
        if would could might suppose imagine unless whether perhaps maybe hypothetical hypothetically pretend
        """.split()
    ),
    reporting=frozenset(
        """
        say says said saying claim claims claimed argue argues argued told tell tells people critics myth supposedly
        allegedly believe believed thought
        """.split()
    ),
    corrections=frozenset(
        "sorry no correction actually rather mean meant wrong mistake wait scratch strike not".split()
    ),
    replies=frozenset(
        "yes yeah yep yup no nope aye nay sure please exactly oh ah hey excuse pardon thanks noted god".split()
    ),
    weekdays=frozenset("monday tuesday wednesday thursday friday saturday sunday".split()),
    introducing=frozenset("i'm am name name's this speaking".split()),
    leads=frozenset("moderat host chair facilitat convenor convener compere presenter emcee".split()),
    honorifics=frozenset(
        "mr mrs ms miss mx mister dr doctor prof professor sir madam ma'am reverend father sister brother".split()
    ),
    spoken_signs={
        "dot": ".",
        "slash": "/",
        "forward slash": "/",
        "dash": "-",
        "hyphen": "-",
        "underscore": "_",
        "at": "@",
    },
    answer_heads=frozenset(
        "yes yeah yep no nope well sure absolutely exactly correct okay right true indeed both neither".split()
    ),
    auxiliaries=frozenset(
        """
        am is are was were be been being isn't aren't wasn't weren't have has had having haven't hasn't hadn't do
        does did don't doesn't didn't can could can't couldn't will would won't wouldn't shall should shouldn't may
        might must mustn't let let's it's that's there's i'm we're you're they're he's she's i've we've you've
        they've i'd we'd you'd they'd i'll we'll you'll they'll
        """.split()
    ),
    coordinators=frozenset("and but so yet".split()),
    subjects=frozenset("i we you he she it they there".split()),
    fillers=frozenset("so well now okay ok oh right yeah yes yep and alright anyway basically look".split()),
    asides=frozenset(
        {
            "again",
            "as i said …",
            "as i say …",
            "as i mentioned …",
            "like i said …",
            "you know",
            "i mean",
            "as you can see …",
            "as you see …",
        }
    ),
    cardinals=(
        frozenset({"two", "2"}),
        frozenset({"three", "3"}),
        frozenset({"four", "4"}),
        frozenset({"five", "5"}),
        frozenset({"six", "6"}),
        frozenset({"seven", "7"}),
    ),
    counting=(
        frozenset({"first", "firstly", "one"}),
        frozenset({"second", "secondly", "two"}),
        frozenset({"third", "thirdly", "three"}),
        frozenset({"fourth", "fourthly", "four"}),
        frozenset({"fifth", "five"}),
        frozenset({"sixth", "six"}),
        frozenset({"seventh", "seven"}),
    ),
    retractions=frozenset(
        {
            "no",
            "sorry",
            "wait",
            "correction",
            "scratch that",
            "scrub that",
            "strike that",
            "beg your pardon",
            "pardon",
            "i mean",
            "hang on",
            "hold on",
        }
    ),
    superseded=frozenset(
        """
        old older former formerly previous previously originally original draft drafted used until till instead
        longer dropped withdrawn abandoned scrapped cancelled earlier yesterday was were had before
        """.split()
    ),
    plans=frozenset(
        """
        plan plans planned planning proposal proposed propose want wanted hope hoped hoping intend intended idea
        wish talk talks bid expected estimate guess forecast promise promised
        """.split()
    ),
    emphatics=frozenset(
        """
        best worst lovely wonderful brilliant marvellous great absolutely joke joking kidding laugh laughs laughing
        laughter please course obviously god heaven imagine
        """.split()
    ),
    hedges=frozenset(
        """
        maybe perhaps probably possibly guess think suppose about roughly almost nearly around sure know remember
        believe seems apparently depends
        """.split()
    ),
    contrasts=frozenset(
        """
        but however though although yet except only unless still actually otherwise whereas
        """.split()
    ),
    records=frozenset("record recording minutes notes write-up attribution quotation tape".split()),
    towards=frozenset("for in into on".split()),
    discretion=frozenset(
        {
            "off the record",
            "off-the-record",
            "between ourselves",
            "between you and me",
            "don't quote me",
            "not quote me",
            "don't quote this",
            "didn't hear this",
            "didn't hear that",
            "didn't hear it",
            "not hear that",
            "doesn't leave the room",
            "doesn't leave this room",
            "want it written down",
            "write this down",
            "i take that back",
            "let me take that back",
            "should not have said",
            "shouldn't have said that",
            "not supposed to tell",
            "not to record that",
            "not record this",
            "not attribute this",
            "forget that one",
            "forget i said",
        }
    ),
    released=frozenset({"back on the record", "on the record", "pen up"}),
)
