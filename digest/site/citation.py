"""How to cite a digest: a Publication in, Citation File Format 1.2 out (which is YAML, of which JSON is a part)."""

import json
import re
from zoneinfo import ZoneInfo

from digest.model.public import Publication
from digest.settings import Settings
from digest.text.scripts import join_sentences

CITATION = "CITATION.cff"
CREATIVE_COMMONS = re.compile(r"CC[ -](BY(?:-(?:NC|SA|ND)){0,2})[ -]([34]\.0)")


def render(publication: Publication, settings: Settings) -> str:
    """Return CITATION.cff: the digest as a dataset, the webinar as what is preferably cited.

    Names stand whole: of three words nobody knows which is the family's.
    """
    edition, organisation = publication.edition, settings.organisation
    event, licence = edition.event, edition.event.licence or organisation.licence
    held_on = event.starts_at.astimezone(ZoneInfo(event.timezone)).date()
    names = [one.name for one in event.speakers] or [one.name for one in event.organisers]
    publisher = [organisation.name] if organisation.name else []
    authors = [{"name": name} for name in dict.fromkeys(names or publisher or [event.title])]
    spdx = CREATIVE_COMMONS.fullmatch(licence.strip())
    address = organisation.address(f"{event.slug}/digest/")
    webinar = {
        "type": "video" if edition.web else "generic",
        "title": event.title,
        "authors": authors,
        "date-released": held_on.isoformat(),
        "year": held_on.year,
        "publisher": {"name": publisher[0]} if publisher else None,
        "url": address,
    }
    said: dict[str, object] = {
        "cff-version": "1.2.0",
        "message": "Please cite the webinar by these metadata, with the second at which something was said.",
        "type": "dataset",
        "title": f"{event.title} (webinar digest)",
        "authors": authors,
        "abstract": join_sentences(sentence.text for sentence in edition.digest.in_brief),
        "date-released": publication.published_at.date().isoformat(),
        "keywords": list(dict.fromkeys(event.tags)),
        "license": f"CC-{spdx[1]}-{spdx[2]}" if spdx else None,
        "url": address,
        "preferred-citation": {name: value for name, value in webinar.items() if value},
    }
    lines = (f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in said.items() if value)
    return "\n".join(lines) + "\n"
