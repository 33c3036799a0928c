"""How words are heard: a word in, out come the letters that tell it from others by ear."""

import re
import unicodedata

FEWEST_LETTERS = 3  # of what is heard of a word, for another to sound like it
# Letters that are heard alike in the languages at hand, the longest first.
ALIKE = (
    ("sch", "s"), ("ph", "f"), ("sh", "s"), ("ck", "k"), ("qu", "k"), ("gh", "g"), ("th", "t"), ("c", "k"), ("q", "k"),
    ("z", "s"), ("x", "ks"), ("w", "v"), ("y", "i"), ("j", "i"),
)  # fmt: skip
# Sounds that recognisers take for each other: soft c, voiced and voiceless, and any vowel.
SOFT = (("ce", "se"), ("ci", "si"), ("cy", "si"))
VOICELESS = str.maketrans("dbgvz", "tpkfs")


def sound(word: str) -> str:
    """Return the letters of a word as far as they are heard: of several vowels the first, no doubles, no silent e."""
    plain = "".join(one for one in unicodedata.normalize("NFKD", word.lower()) if one.isalpha())
    for letters, alike in ALIKE:
        plain = plain.replace(letters, alike)
    heard = re.sub(r"([aeiou])[aeiou]+", r"\1", re.sub(r"(.)\1+", r"\1", plain[:1] + plain[1:].replace("h", "")))
    return heard.rstrip("e") if len(heard) > 3 else heard  # noqa: PLR2004


def broad_sound(words: str) -> str:
    """Return what is heard of words where a recogniser is unsure: consonants without voice, every vowel alike."""
    plain = words.lower()
    for letters, alike in SOFT:
        plain = plain.replace(letters, alike)
    heard = "".join(sound(word) for word in re.findall(r"\w+", plain)).translate(VOICELESS)
    return re.sub(r"[aeiou]+", "a", heard)
