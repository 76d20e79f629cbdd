"""Everything the coach says of its own accord, by id; and what is filled in.

This is the one place that says which prompts there are, and which slots each has: a language's ``prompts.yaml`` has the
texts, and is read only when they fit.  One exception: a sentence without slots that only a row of the dialogue's table
says is declared there, by `saying`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, get_args, get_type_hints

if TYPE_CHECKING:
    from collections.abc import Mapping

OTHER = "other"
"""The form for all numbers that have none of their own."""
COUNT = "count"
"""The slot of a number; a form for one number need not have it."""


@dataclass(frozen=True, slots=True)
class Plural:
    """A prompt in its forms for numbers."""

    forms: Mapping[str, str]
    category: Mapping[int, str]
    """The form that a number takes; `OTHER` for those that are not in it."""

    def of(self, number: int) -> str:
        """The form for ``number`` of something."""
        return self.forms[self.category.get(number, OTHER)]


class Slots:
    """What is filled in in a prompt, in braces."""

    def __init__(self, *names: str) -> None:
        self.names = names


@dataclass(frozen=True, slots=True)
class Prompts:
    """The prompts; the field's name tells when each is said.  Slots are filled in by `str.format`."""

    screen_first: str
    screen_again: str
    screen_red_flag: str
    screen_red_flag_unsure: str
    ask_breathe: str
    say_yes_or_no: str
    which_number: str
    sleep_scale: str
    say_hours: str
    pain_scale: str
    ask_pain_before: str
    ask_pain_after: str
    ask_slept: str
    ask_news: str
    ask_rest: str
    rest_then: str
    sorry_worse: str
    will_ask_anew: str
    rating_on: str
    rating_off: str
    tips_on: str
    tips_off: str
    rain_later: str
    no_rain: str
    tip: Annotated[str, Slots("tip")]
    has_prop: Annotated[str, Slots("prop")]
    has_no_prop: Annotated[str, Slots("prop")]
    recovered: str
    words_missing: str
    gave_up: str
    ask_resume: Annotated[str, Slots("name")]
    ask_resume_round: Annotated[str, Slots("name", "number")]
    resume_not: str
    change_ruled_out: Annotated[Plural, Slots("condition", "stretches")]
    change_swapped: Annotated[str, Slots("condition", "stretches")]
    change_ruled_out_and_swapped: Annotated[Plural, Slots("condition", "ruled_out", "swapped")]
    change_ruled_out_unclear: Annotated[Plural, Slots("condition", "stretches")]
    change_swapped_unclear: Annotated[str, Slots("condition", "stretches")]
    change_ruled_out_and_swapped_unclear: Annotated[Plural, Slots("condition", "ruled_out", "swapped")]
    change_more: Annotated[Plural, Slots("stretches")]
    change_more_of_many: str
    change_step_back: str
    change_easier_first: Annotated[Plural, Slots("stretches")]
    change_left_out_for_pain: Annotated[Plural, Slots("stretches")]
    change_gentle: str
    change_shortened: str
    change_rest_red_flag: str
    change_rest_unclear: str
    change_rest_worse: str
    change_rest_pain: str
    welcome: Annotated[str, Slots("routine")]
    greeting: Annotated[str, Slots("routine", "stretches", "minutes")]
    greeting_restful: Annotated[str, Slots("routine", "minutes")]
    before_you_begin: str
    before_you_rest: str
    nothing_left: str
    can_do: Annotated[str, Slots("routines")]
    progress_none: str
    progress: Annotated[str, Slots("sessions")]
    pain_too_early: Annotated[str, Slots("effect")]
    pain_better: Annotated[str, Slots("effect")]
    pain_same: Annotated[str, Slots("effect")]
    pain_worse: str
    effect_better: str
    sessions: Annotated[Plural, Slots("count")]
    ask_remind: str
    will_remind: Annotated[str, Slots("hours")]
    will_remind_at: Annotated[str, Slots("time")]
    no_new_reminder: str
    quiet_then: str
    kept_quiet: str
    ask_ready: Annotated[str, Slots("routine")]
    ask_later: str
    ask_later_by: Annotated[str, Slots("hours")]
    late_enough: str
    ask_bring_back: Annotated[Plural, Slots("stretches")]
    still_left_out: str
    brought_back: Plural
    nothing_to_bring_back: str
    time_is: Annotated[str, Slots("time")]
    time_past: Annotated[str, Slots("minutes", "hour")]
    time_to: Annotated[str, Slots("minutes", "hour")]
    time_unknown: str
    sleep_well: str
    thanked: str
    first_already: str
    was_last: str
    round_more: Annotated[str, Slots("name")]
    round_anew: str
    paused: str
    still_paused: str
    getting_up: str
    go_on: Annotated[str, Slots("cue")]
    not_paused: str
    deaf: str
    deaf_rest: str
    deaf_long: str
    hears: str
    hears_continue: str
    muted: str
    muted_for: Annotated[str, Slots("hours")]
    muted_rest: str
    muted_long: str
    still_muted: str
    welcome_muted: str
    unmuted: str
    unmuted_continue: str
    lengthened: str
    shortened: str
    longest: str
    shortest: str
    slowed: str
    quickened: str
    slowest: str
    quickest: str
    loudest: str
    quietest: str
    like_this: str
    briefer: str
    briefest: str
    fuller: str
    fullest: str
    time_left: Annotated[str, Slots("minutes")]
    more_here: Annotated[str, Slots("rest")]
    then_to_the_end: Annotated[str, Slots("minutes")]
    left: Annotated[Plural, Slots("count")]
    left_none: str
    rounds_after: Annotated[Plural, Slots("count")]
    rounds_after_none: str
    rounds_ahead: Annotated[Plural, Slots("count")]
    left_none_after_rounds: str
    coming: Annotated[str, Slots("name")]
    coming_none: str
    where: Annotated[str, Slots("name", "number", "of")]
    where_side: Annotated[str, Slots("name", "number", "of", "side")]
    where_both: Annotated[str, Slots("name", "number", "of")]
    where_round: Annotated[str, Slots("where", "number", "of")]
    this_side: Annotated[str, Slots("side")]
    both_sides: str
    sides_in_turn: str
    no_sides: str
    second_side: str
    help: str
    help_paused: str
    help_stopped: str
    ask_leave_out: Annotated[str, Slots("name")]
    left_out: str
    left_out_tonight: str
    kept: str
    ask_switch: Annotated[str, Slots("routine")]
    ask_restart: Annotated[str, Slots("routine")]
    from_the_beginning: str
    ask_cut: Annotated[str, Slots("minutes")]
    cut_now: str
    plenty: str
    rest_until_next: str
    ask_go_on: str
    on_then: str
    hurt: Annotated[str, Slots("come_out")]
    hurt_twice: Annotated[str, Slots("come_out")]
    hurt_twice_again: str
    sorry: str
    hurt_again: str
    hurt_easier: Annotated[str, Slots("easier")]
    hurt_resting: str
    red_flag: str
    leg_pain: str
    cramp: str
    ask_cramp: str
    tingling: str
    ask_tingling: str
    tingling_gone: str
    dizzy: str
    dizzy_after: str
    ended_for_tonight: str
    too_hard: Annotated[str, Slots("come_out")]
    too_hard_twice: Annotated[str, Slots("come_out")]
    need_nothing: str
    done_without: str
    ask_no_kneeling: str
    ask_no_front: str
    left_out_then: str
    only_tonight: str
    emergency: Annotated[str, Slots("digits")]
    emergency_chest: str
    emergency_fell: str
    emergency_over: str
    fine: str
    ended_early: str
    breathed: str
    resting_now: str
    stretches: Annotated[Plural, Slots("count")]
    seconds: Annotated[Plural, Slots("count")]
    breaths: Annotated[Plural, Slots("count")]
    minutes: Annotated[Plural, Slots("count")]
    hours: Annotated[Plural, Slots("count")]
    less_than_a_minute: str
    about: Annotated[str, Slots("minutes")]
    in_breath_number: Annotated[str, Slots("number")]
    last_in: str
    in_round_number: Annotated[str, Slots("number", "phase")]
    last_round: Annotated[str, Slots("phase")]
    halfway: str
    minutes_left: Annotated[str, Slots("minutes")]


@dataclass(frozen=True, slots=True)
class PromptId:
    """A prompt as it is declared."""

    name: str
    slots: tuple[str, ...]
    plural: bool
    """Whether it has forms for numbers."""


def _declared(name: str, hint: object) -> PromptId:
    kind, *slots = get_args(hint) or (hint,)
    return PromptId(name, slots[0].names if slots else (), plural=kind is Plural)


PROMPTS: Mapping[str, PromptId] = {
    name: _declared(name, hint) for name, hint in get_type_hints(Prompts, include_extras=True).items()
}
"""All prompts by their ids."""
