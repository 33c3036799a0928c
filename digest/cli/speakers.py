"""The verbs about speakers and what they say to a draft: ask, list, end."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated

from cyclopts import Parameter

from digest.cli.decisions import decider, find_workspace
from digest.cli.parameters import PLAIN, By, Common, Slug
from digest.cli.words import print_json, print_table, say
from digest.errors import NotAllowed

Name = Annotated[str, Parameter(help="The speaker's name, as the draft has it.")]


def ask(slug: Slug, name: Name, /, *, by: By, common: Common = PLAIN) -> None:
    """Give a speaker a page of their own with what the draft says of them; prints a mail with its link."""
    from digest import editing
    from digest.editing.consent import ask_speaker
    from digest.editing.speaker_links import link_path
    from digest.mail import speaker_mail

    settings = common.settings()
    draft = editing.read_draft(workspace := find_workspace(slug, settings))
    if draft is None:
        raise NotAllowed("There is no finished draft of this webinar.", file=slug, remedy="Run the drop to its end.")
    line = ask_speaker(workspace, name, by=decider(by), at=datetime.now(UTC))
    mail = speaker_mail(line, f"{settings.desk.origin}{link_path(workspace, line)}", draft.edition.event, settings)
    if common.json:
        print_json(mail._asdict())
    else:
        say(f"{mail.subject}\n\n{mail.text}")


def list_speakers(slug: Slug, /, *, common: Common = PLAIN) -> None:
    """List who is to be asked about a draft, who has a link, and what they answered."""
    from digest import editing
    from digest.editing.consent import standings

    draft = editing.read_draft(workspace := find_workspace(slug, common.settings()))
    found = standings(workspace.consent(), draft.edition, datetime.now(UTC)) if draft else ()
    rows = [
        {
            "name": one.name,
            "link": "open" if one.is_open else "ended" if one.link else "none",
            "answers": [answer.said.do for answer in one.answers],
            "left": len(one.open_answers),
            "waived": one.waived is not None,
        }
        for one in found
    ]
    if common.json:
        print_json(rows)
    elif rows:
        heads = ("name", "link", "answers", "to be weighed")
        print_table(heads, ([one["name"], one["link"], _words(one), one["left"] or ""] for one in rows))
    else:
        say("Nobody is named in this draft yet.")


def end_link(slug: Slug, name: Name, /, *, by: By, common: Common = PLAIN) -> None:
    """Take a speaker's link back: it opens nothing any more, and what was answered stays."""
    from digest.editing import consent

    workspace, at = find_workspace(slug, common.settings()), datetime.now(UTC)
    lines = workspace.consent()
    link = next((one.number for one in lines if consent.is_live(lines, one, at) and consent.name_of(one) == name), 0)
    consent.end_link(workspace, link, by=decider(by), at=at)
    say(f"The link of {name} opens nothing any more.")


def _words(row: Mapping[str, object]) -> str:
    answers = row["answers"]
    said = ", ".join(answers) if isinstance(answers, list) else ""
    return said or ("not waited for" if row["waived"] else "")
