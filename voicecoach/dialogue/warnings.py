"""The fixed sentences about red flags and emergencies, as they are said: they must be ready whatever happens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicecoach.languages.commands import EMERGENCIES, Command

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voicecoach.languages.language import Language


def warning(of: Command | None, language: Language, number: str) -> str:
    """What is said at once, and has to be heard whole.

    Args:
        of: What the listener said; whatever is no emergency is a red flag.
        language: In which words.
        number: Whom to call; digits.
    """
    words = language.prompts
    if of not in EMERGENCIES:
        return words.red_flag
    call = words.emergency.format(digits=language.digits(number))
    more = {Command.CHEST: words.emergency_chest, Command.FELL: words.emergency_fell}
    return " ".join([call, *(text for about, text in more.items() if about == of)])


def warnings(language: Language, number: str) -> Iterator[str]:
    """Each of them."""
    for of in (Command.RED_FLAG, Command.CALL_FOR_HELP, Command.CHEST, Command.FELL):
        yield warning(of, language, number)
