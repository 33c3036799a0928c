"""English."""

from digest.language.closed_classes import Language

RESTARTS = frozenset("a an and but i my of our the their we your".split())  # noqa: SIM905

ENGLISH = Language(
    "en",
    hesitations=frozenset("um umm uh uhh uhm er erm hm hmm".split()),  # noqa: SIM905
    # Phrases follow themselves too where somebody begins anew, but not only: "when we patch, we patch for everyone".
    restarts=RESTARTS,
    conjunctions=frozenset({"and", "but", "so"}),
    no_comma_after=RESTARTS - {"i", "we"} | frozenset("are in is it's or that they're to was were with".split()),  # noqa: SIM905
    function_words=frozenset(
        """
        a an the and or but if of to in on at by for from with as is are was were be been being am it its this that
        these those there here he she they we you i me my your our their his her them us who whom which what when where
        how why do does did done have has had will would can could shall should may might so than then too very just
        also about into over under up down out off again am more most other after before while because until between
        not no nor never all any both each some such own same only must always every
        """.split()  # noqa: SIM905
    ),
    skipped_in_order=frozenset(
        "a an the our its my your their his her this these those some um uh also now about".split()  # noqa: SIM905
    ),
    negations=frozenset("no not never nobody none nothing neither nor without cannot".split()),  # noqa: SIM905
    name_particles=frozenset({"for", "of"}),
    openers=frozenset(
        "a an the in on at from for to of and or but how why who what when where which our this that no".split()  # noqa: SIM905
    ),
)
