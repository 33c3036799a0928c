"""English words by which a report may come to say something else than what was reported, one class a name."""

from digest.language.en import ENGLISH

REPORTING = frozenset(
    """
    said says say noted asked argued explained stated added stressed emphasized warned proposed suggested recommended
    called claimed answered replied responded described told mentioned observed reported believed thought insisted
    concluded acknowledged agreed announced urged promised admitted confirmed reckoned wants wanted
    """.split()
)
ASKING = frozenset("asked asks wondered".split())
CAUSES = frozenset("because since so therefore thus due hence result leads led caused means meaning".split())
TIMES = frozenset("then after before when until while later now already last next first finally still again".split())
MEASURES = frozenset(
    """
    more less fewer most least above below over under up down only all both each every none half double twice same
    different other another total average median maximum minimum about almost nearly exactly alone together
    """.split()
)
THIRD_SINGULAR = frozenset("he she his her him".split())
THIRD_PERSON = THIRD_SINGULAR | frozenset("they their them".split())
FIRST_PERSON = frozenset("i me my mine we us our ours".split())
SECOND_PERSON = frozenset("you your yours".split())
STRONG = frozenset("must always never guarantee certainly prove proved impossible need".split())
LESS_SURE = (ENGLISH.hedges | ENGLISH.conditionals | frozenset("may can should".split())) - {"about", "around"}
TAKING_BACK = frozenset("no sorry wait correction actually rather wrong mean instead".split())
CLAIMED = frozenset("say says said claim claims claimed think believe told people argue critics myth".split())
