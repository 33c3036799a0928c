"""Texts that are not saved as Unicode are read as they were written."""

import pytest

from digest.intake.encoding import decode_text

TEXTS = {
    "gb18030": "各国同意负责任的国家行为规范。谁来付钱？",
    "big5": "歡迎大家參加今天的網路研討會",
    "cp932": "今日は規範についてお話しします。誰が払うのですか。",
    "euc_kr": "여러분 안녕하세요. 오늘은 규범에 대해 이야기합니다.",
    "cp1250": "Dzień dobry, dziękuję za przybycie. Kto płaci?",
    "cp1251": "Сегодня мы говорим о нормах. Кто платит?",
    "cp1252": "Bonjour à tous, merci d’être venus à cette réunion",
    "cp1253": "Καλημέρα σας, ευχαριστώ που ήρθατε",
    "cp1254": "Bugün kurallar hakkında konuşacağız, kim ödüyor?",
    "cp1255": "היום נדבר על נורמות. מי משלם?",
    "cp1256": "اليوم نتحدث عن القواعد. من يدفع؟",
}


@pytest.mark.parametrize("page", TEXTS)
def test_captions_in_a_code_page(page: str) -> None:
    """One caption among numbers and times is enough to know in which code page a program saved it."""
    captions = f"1\n00:00:01,000 --> 00:00:03,000\n{TEXTS[page]}\n"

    text, guessed = decode_text(captions.encode(page))

    assert text == captions
    assert guessed
