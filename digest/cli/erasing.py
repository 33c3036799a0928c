"""The verbs for when somebody asks what is kept of them, or to be taken out of it: about, erase."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from digest.cli.decisions import decider
from digest.cli.parameters import PLAIN, By, Common
from digest.cli.words import FAILED, print_json, print_table, say, say_wrong
from digest.errors import count_noun
from digest.model.erasure import What

if TYPE_CHECKING:
    from digest.erase import About, Erased

Name = Annotated[str, Parameter(help="The name as it is written in full; case and accents make no difference.")]
Also = Annotated[
    tuple[str, ...],
    Parameter(help="Another spelling of the same person: a last name, a nickname, another script. May be given again."),
]


def about(name: Name, /, *, also: Also = (), common: Common = PLAIN) -> None:
    """List every place where a person stands, and apart from them words that may be the same person."""
    from digest.erase import find_person
    from digest.privacy import DataSubject

    found = find_person(DataSubject(name, *also), common.settings())
    if common.json:
        print_json(found.model_dump(mode="json"))
    else:
        _say_places(found)


def erase(
    name: Name,
    /,
    *,
    what: Annotated[What, Parameter(help="The name alone, or the words, sound and picture of what was said, too.")],
    by: By,
    why: Annotated[str, Parameter(help="Why, without the name: it is kept in its place.")],
    also: Also = (),
    for_good: Annotated[
        bool, Parameter(help="Do it; without, it is only said what would be done.", negative="")
    ] = False,
    common: Common = PLAIN,
) -> int:
    """Take a person out of all that is kept and published; without --for-good, say what would be done."""
    from digest import erase as erasing
    from digest.privacy import DataSubject

    person, settings = DataSubject(name, *also), common.settings()
    if not for_good:
        about(name, also=also, common=common)
        if not common.json:
            say(f"{DONE_TO[what]} Nothing was changed. To do it: the same with --for-good")
        return 0
    done = erasing.erase(person, what, settings, by=decider(by), why=why, at=datetime.now(UTC))
    if common.json:
        print_json(done.model_dump(mode="json"))
    else:
        _say_done(done)
    return FAILED if done.left or done.remaining.places else 0


DONE_TO: dict[What, str] = {
    "name": "“[a participant]” would stand for the name, the sound would be silent where it is said, and slides that "
    "show it would be set as text; while they are on, the recording would be black.",
    "words": "The name would go, and all that the person said and typed: words, sentences of the account, sound and "
    "picture. Chat, captions and questions would go from what was dropped.",
}


def _say_places(found: "About") -> None:
    if found.places:
        print_table(("webinar", "where", "times"), ([one.slug, one.where, one.times] for one in found.places))
    else:
        say("The name stands nowhere.")
    for slug, words in found.near.items():
        say(f"  perhaps  {slug}: {', '.join(f'{word} ({times})' for word, times in words.items())}")
    if found.near:
        say("What of these is the same person, name with --also. Nicknames and other scripts are not guessed.")


def _say_done(done: "Erased") -> None:
    for slug, files in done.webinars.items():
        say(f"{slug}: {count_noun(files, 'file')} written anew or gone.")
    if not done.webinars:
        say("The name stood in no webinar.")
    for slug, why in done.left.items():
        say_wrong(f"  LEFT  {slug}: {why}")
    if done.remaining.places or done.remaining.near:
        say("What is still there:")
        _say_places(done.remaining)
    for folder in done.folders:
        say(f"The folder that staff dropped is as it was: {folder}")
    if done.webinars:
        of = ", ".join(done.webinars)
        say(f"Backups made before now hold it still, of: {of}. Remove it there, or erase again after restoring one.")
