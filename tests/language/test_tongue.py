from __future__ import annotations

import pytest

from kap_content.language.tongue import language_of

ENGLISH = (
    "Ketamine is an anaesthetic that has been approved since 1970. It is not approved for any anxiety "
    "disorder, and the studies of it are small: the largest followed 235 people, and there was no group "
    "to compare them with. The effect lasts for a week."
)
OTHERS = {
    "German": (
        "Ketamin ist ein Narkosemittel, das seit 1970 zugelassen ist. Für die Behandlung einer Angststörung "
        "ist es nicht zugelassen, und die Studien dazu sind klein: In der größten wurden 235 Personen "
        "nachverfolgt, und eine Vergleichsgruppe gab es bei diesen nicht. Auch hält die Wirkung nur eine "
        "Woche an."
    ),
    "Spanish": (
        "La ketamina es un anestésico aprobado desde 1970. No está aprobada para el tratamiento de los "
        "trastornos de ansiedad, y los estudios son pequeños: en el mayor se siguió a 235 personas, y no "
        "había un grupo con el que compararlas. El efecto dura más o menos una semana."
    ),
    "Dutch": (
        "Ketamine is een verdovingsmiddel dat sinds 1970 is toegelaten. Het is niet toegelaten voor de "
        "behandeling van een angststoornis, en de onderzoeken zijn klein: in het grootste werden 235 mensen "
        "gevolgd, en er was geen groep om ze mee te vergelijken. Het effect houdt een week aan."
    ),
    "a language in Cyrillic letters": (
        "Кетамин — анестетик, разрешённый с 1970 года. Для лечения тревожных расстройств он не разрешён, а "
        "исследования невелики."
    ),
    "Korean": (
        "케타민은 1970년에 승인된 마취제입니다. 불안 장애의 치료에는 승인되지 않았으며 연구 규모가 작습니다. "
        "가장 큰 연구에서는 235명을 추적했으며 비교할 집단이 없었습니다."
    ),
}


@pytest.mark.parametrize("language", OTHERS)
def test_a_few_sentences_tell_the_language(language: str) -> None:
    assert language_of(OTHERS[language]) == language


def test_english_is_told_with_typographic_signs_and_a_few_other_words() -> None:
    assert language_of(ENGLISH) == "English"
    assert language_of(f"{ENGLISH} – “Σ” ± … → ‘α’ {'β ' * 12}") == "English"


@pytest.mark.parametrize(
    "text", ["", "Ketamin heilt Angst.", "1 " * 60, "mg/kg ketamine " * 40, "da Silva, de Souza, " * 30]
)
def test_what_is_short_or_no_prose_is_in_no_certain_language(text: str) -> None:
    assert language_of(text) == ""
