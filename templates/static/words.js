/* Words as readers look for them, for the search of a page and that of the archive: `words(language)` folds them and
   takes the endings of their language off (light stemming after Savoy, UniNE). The archive's index is made by the same
   rules in digest/language/stemming.py; a test holds both together. */
window.words = (language) => {
  "use strict";

  const ENDINGS = {
    en: "ings ions ers ors ies ied ing ion ed er es or ly al s e y",
    fr: "issements issement ements ement atrices atrice ations ation ions euses ateurs ateur ion euse eux aux ales ives ifs aient ants ant ait ale ive if ees ee er ez ent ons es e s x",
    es: "aciones amientos amiento imientos imiento aciones acion adoras adores adora ador iendo ando aron ieron aban aba idas idos adas ados ida ido ada ado ias ia es as os ar er ir a e o s",
    pt: "acoes amentos amento imentos imento acao adoras adores adora ador oes aes ais eis indo endo ando aram eram avam ava idas idos adas ados ida ido ada ado as os es am em ar er ir a e o s",
    de: "ungen ung heiten heit keiten keit ischen ische lichen liche lich isch ern est end em en er es te st e n s t",
    it: "azioni azione amenti amento imenti imento atori atore ando endo arono avano ava ate ati ata ato ite iti ita ito are ere ire a e i o",
    nl: "ingen ing heden heid lijke lijk ende end eren en es er de te e s t",
    ar: "ات ون ين ان ها هم ية يه ه ي",
  };
  const endings = (ENDINGS[language] || "").split(" ").filter(Boolean);
  const OWN_LETTERS = { ß: "ss", æ: "ae", œ: "oe", ø: "o", ł: "l", đ: "d", ı: "i", ة: "ه", ى: "ي", "ـ": "" };
  const fold = (word) => word.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "").replace(/[ßæœøłđıةىـ]/g, (letter) => OWN_LETTERS[letter]);
  const stem = (word) => {
    let short = language === "ar" ? word.replace(/^(?:[وفبكل]?ال|لل)(?=..)/, "") : word;
    const ending = endings.find((one) => short.endsWith(one) && short.length - one.length >= (one.length > 1 ? 3 : 2));
    if (ending) short = short.slice(0, -ending.length);
    return short.replace(/([^aeiou\d])\1$/, "$1");
  };
  const isUnspaced = /^(?:ja|zh|yue|th|lo|km|my)$/.test(language);
  const segmenter = isUnspaced ? new Intl.Segmenter(language, { granularity: "word" }) : null;
  const runs = (text) => [...text.matchAll(/[\p{L}\p{N}\p{M}]+/gu)];
  const wordsOf = (text) => {
    const found = segmenter
      ? [...segmenter.segment(text)].filter((part) => part.isWordLike).map((part) => [part.index, part.segment])
      : runs(text).map((match) => [match.index, match[0]]);
    return found.map(([at, word]) => ({ at, end: at + word.length, folded: fold(word), stem: stem(fold(word)) }));
  };
  /* What a text is found by in the archive: stems, or pairs of letters where no space parts words. */
  const termsOf = (text) => runs(text).flatMap((match) => {
    const word = fold(match[0]);
    if (!word || !isUnspaced) return word ? [stem(word)] : [];
    const letters = [...word];
    return letters.length < 2 || /^[\x00-\x7f]*$/.test(word) ? [word] : letters.slice(1).map((letter, at) => letters[at] + letter);
  });
  return { wordsOf, termsOf };
};
