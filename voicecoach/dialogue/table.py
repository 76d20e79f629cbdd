"""The whole dialogue on one screen: what every command and signal does in every mode.

Two rules hold: everything that the coach decides is decided in this table, and the table knows nothing of sound, of
files or of the time of day.  A row is a thing that can happen, a column a mode, a cell a `Handler` from `handlers/`.  Two
cells are worth knowing: ``_`` is left unheeded on purpose (the phrase is not even listened for), and ``instead`` drops
an open question and does the command as if nothing had been asked.  The rows of the safety commands have no ``_``.
What is an answer to which question is read in a second table, `questions.py`.

A command is known by its key: a row here, and phrases in each language's ``phrases.yaml``, which is held against this
table when it is loaded.  What is special about a handler, it says (`handlers/base.py`); one that only says a sentence is
made here, by `saying`.  ``docs/extending.md`` adds a command.

While the coach guides, "start" with a routine is not listened for: it sounds like "stop", which must never be mistaken.
Another routine is asked for with "switch to", in words that are like none of safety.

The diagram in ARCHITECTURE.md is drawn from this table by `diagram.py`.

More than 300 lines: it is one table, and every handler that it names is imported.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from voicecoach.dialogue.handlers.answering import (
    answer,
    answer_or_go_back,
    answer_or_instead,
    ask_again,
    explain,
    instead,
    no_answer,
    not_understood,
    wait_for_answer,
)
from voicecoach.dialogue.handlers.base import Handler, saying
from voicecoach.dialogue.handlers.by_hand import adjust
from voicecoach.dialogue.handlers.carrying_on import offer_to_go_on
from voicecoach.dialogue.handlers.changes import (
    easier,
    faster,
    harder,
    less_talk,
    longer,
    louder,
    more_talk,
    much_louder,
    much_quieter,
    quieter,
    shorter,
    slower,
)
from voicecoach.dialogue.handlers.changing import offer_cut, offer_restart, switch_after_pain
from voicecoach.dialogue.handlers.courtesy import agree, agree_to_go_on, let_it_pass, welcome_thanks
from voicecoach.dialogue.handlers.getting_up import get_up, get_up_after_pain
from voicecoach.dialogue.handlers.guiding import (
    beat_done,
    carry_on,
    first_beat,
    go_on,
    greeted,
    next_beat,
    next_but_one,
    next_stretch,
    say_it_again,
    stretch_before,
)
from voicecoach.dialogue.handlers.muting import (
    mute_after_this,
    mute_and_drop_question,
    mute_and_rest,
    mute_at_rest,
    mute_quietly,
    say_muted,
    unmute,
)
from voicecoach.dialogue.handlers.need import (
    cramp,
    cramp_at_rest,
    dizzy,
    dizzy_at_rest,
    leg_pain,
    leg_pain_at_rest,
    need_nothing,
    sharp_pain,
    tingling,
    tingling_at_rest,
    too_hard,
)
from voicecoach.dialogue.handlers.once_more import start_over, stretch_again
from voicecoach.dialogue.handlers.pausing import ask_whether, pause, pause_lasts, wait_on
from voicecoach.dialogue.handlers.positions import cannot_be_prone, cannot_kneel, never_kneel, never_prone
from voicecoach.dialogue.handlers.rain import no_rain, rain
from voicecoach.dialogue.handlers.rating import rate_no_pain, rate_pain
from voicecoach.dialogue.handlers.recovering import back_again, back_quietly, warn_again
from voicecoach.dialogue.handlers.reminders import ask_hours, look_ahead, remind_at, remind_in, rested_long
from voicecoach.dialogue.handlers.safety import (
    back_after_pain,
    comfort,
    easier_after_pain,
    end_after_pain,
    end_here,
    hurt,
    hurt_unanswered,
    hurt_waits,
    offer_again,
    pause_after_pain,
    say_last_words,
    skip_after_pain,
    stop,
    stop_for_good,
    stopped_long,
    stopped_waits,
    two_after_pain,
)
from voicecoach.dialogue.handlers.sessions import (
    fall_silent,
    farewell_said,
    go_to_sleep,
    rest_on,
    say_good_night,
    say_progress,
    say_routines,
    sleep_after_this,
    stop_playback,
    welcome,
)
from voicecoach.dialogue.handlers.sides import other_side, side_after_pain, which_side
from voicecoach.dialogue.handlers.starting import begin_short, begin_something, cut_short, greet, offer_switch
from voicecoach.dialogue.handlers.status import how_long, stretches_left, time_left, what_comes, where, why
from voicecoach.dialogue.handlers.time_of_day import say_time
from voicecoach.dialogue.handlers.unheard import ask_now, drop_question, rest_unheard, say_continue
from voicecoach.dialogue.handlers.warning import (
    all_is_well,
    emergency,
    emergency_after_all,
    let_it_be_said,
    red_flag,
    warned,
    warned_long,
)
from voicecoach.dialogue.handlers.wishes import (
    ask_anew,
    ask_bring_back,
    ask_leave_out,
    has_no_prop,
    has_prop,
    no_tips,
    no_tips_after_this,
    tips,
)
from voicecoach.dialogue.state import Mode
from voicecoach.languages.commands import Command, Wanted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voicecoach.dialogue.transition import Transition


class Signal(Enum):
    """What happens without a word of the listener."""

    SAID = "said to the end"
    """The performance that was going on has been played."""
    OPENED = "switched on"
    """The coach begins to listen."""
    RESUMED = "switched on again"
    """The same, after the power was cut in a session."""
    RECOVERED = "started anew"
    """The coach goes on after an unforeseen error."""
    LEARNED = "looked up"
    """What the journal says, and what time it is."""
    WAITED = "waited long enough"
    """The deadline of the mode has come."""
    NOT_UNDERSTOOD = "not understood"
    """Something was said that is no phrase that is valid now."""
    DEAF = "cannot hear"
    """The microphone brings nothing that could be heard.  At rest nothing is said of it: nobody is led on."""
    HEARS = "hears again"
    MUTED = "microphone off"
    """Turned off by hand."""
    UNMUTED = "microphone on"
    UNHEARD = "asked for something while the microphone is off"
    """By hand.  Who cannot be heard is not led on."""
    ADJUSTED = "set by hand"


Trigger = Command | Signal


def _do_nothing(_: Transition) -> None:
    """Leave everything as it is."""


_ = Handler("unheeded", _do_nothing, frozenset(), stays=True, heeded=False)
help_, help_paused, help_stopped = (saying(sentence) for sentence in ("help", "help_paused", "help_stopped"))

# fmt: off
_MODES = (
                           Mode.REST,       Mode.ASLEEP,   Mode.GREETING,  Mode.GUIDING,   Mode.PAUSED,    Mode.STOPPED,   Mode.ASKING,       Mode.HURT,         Mode.CLOSING,       Mode.WARNING,
)
_ROWS: Mapping[str | Signal, tuple[Handler, ...]] = {
"stop":                   (stop_playback,   stop_playback, stop,           stop,           stop,           stop_for_good,  instead,           stop_for_good,     fall_silent,        fall_silent),
"that hurts":             (comfort,         comfort,       hurt,           hurt,           hurt,           hurt,           answer_or_instead, offer_again,       comfort,            let_it_be_said),
"red flag":               (red_flag,        red_flag,      red_flag,       red_flag,       red_flag,       red_flag,       instead,           red_flag,          red_flag,           let_it_be_said),
"sharp pain":             (comfort,         comfort,       sharp_pain,     sharp_pain,     sharp_pain,     sharp_pain,     instead,           sharp_pain,        comfort,            let_it_be_said),
"pain down the leg":      (leg_pain_at_rest, leg_pain_at_rest, leg_pain,   leg_pain,       leg_pain,       leg_pain,       instead,           leg_pain,          leg_pain_at_rest,   let_it_be_said),
"cramp":                  (cramp_at_rest,   cramp_at_rest, cramp,          cramp,          cramp,          cramp,          instead,           cramp,             cramp_at_rest,      let_it_be_said),
"pins and needles":       (tingling_at_rest, tingling_at_rest, tingling,   tingling,       tingling,       tingling,       instead,           tingling,          tingling_at_rest,   let_it_be_said),
"i can't do this":        (need_nothing,    need_nothing,  too_hard,       too_hard,       too_hard,       too_hard,       instead,           too_hard,          need_nothing,       let_it_be_said),
"i can't kneel":          (never_kneel,     never_kneel,   cannot_kneel,   cannot_kneel,   cannot_kneel,   cannot_kneel,   answer_or_instead, cannot_kneel,      never_kneel,        let_it_be_said),
"i can't lie on my front": (never_prone,    never_prone,   cannot_be_prone, cannot_be_prone, cannot_be_prone, cannot_be_prone, instead,        cannot_be_prone,   never_prone,        let_it_be_said),
"dizzy":                  (dizzy_at_rest,   dizzy_at_rest, dizzy,          dizzy,          dizzy,          dizzy,          instead,           dizzy,             dizzy_at_rest,      let_it_be_said),
"chest pain":             (emergency,       emergency,     emergency,      emergency,      emergency,      emergency,      instead,           emergency,         emergency,          emergency_after_all),
"i fell":                 (emergency,       emergency,     emergency,      emergency,      emergency,      emergency,      instead,           emergency,         emergency,          emergency_after_all),
"call for help":          (emergency,       emergency,     emergency,      emergency,      emergency,      emergency,      instead,           emergency,         emergency,          emergency_after_all),
"i am fine":              (_,               _,             _,              _,              _,              _,              answer,            offer_again,       _,                  all_is_well),

"start":                  (greet,           greet,         _,              _,              offer_switch,   offer_switch,   instead,           _,                 greet,              _),
"switch to":              (greet,           _,             offer_switch,   offer_switch,   offer_switch,   offer_switch,   instead,           switch_after_pain, _,                  _),
"minutes":                (begin_short,     _,             cut_short,      offer_cut,      offer_cut,      offer_cut,      answer_or_instead, offer_again,       _,                  _),
"the routine again":      (_,               _,             say_it_again,   offer_restart,  offer_restart,  offer_restart,  instead,           offer_restart,     _,                  _),
"something for tonight":  (begin_something, _,             _,              _,              _,              _,              instead,           _,                 _,                  _),
"good night":             (go_to_sleep,     _,             say_good_night, say_good_night, say_good_night, say_good_night, instead,           say_good_night,    sleep_after_this,   _),
"what can you do":        (say_routines,    _,             help_,          help_,          help_paused,    help_stopped,   explain,           offer_again,       _,                  _),
"help":                   (say_routines,    _,             help_,          help_,          help_paused,    help_stopped,   explain,           offer_again,       _,                  let_it_be_said),
"how am i doing":         (say_progress,    _,             say_progress,   say_progress,   say_progress,   say_progress,   instead,           say_progress,      _,                  _),
"remind me":              (ask_hours,       _,             ask_hours,      ask_hours,      ask_hours,      ask_hours,      answer_or_instead, ask_hours,         _,                  _),
"remind me at":           (remind_at,       _,             _,              _,              _,              _,              instead,           _,                 _,                  _),
"remind me in":           (remind_in,       _,             _,              _,              _,              _,              answer_or_instead, _,                 _,                  _),
"bring it back":          (ask_bring_back,  _,             ask_bring_back, ask_bring_back, ask_bring_back, ask_bring_back, instead,           ask_bring_back,    _,                  _),
"ask me again":           (ask_anew,        _,             _,              _,              ask_anew,       ask_anew,       instead,           _,                 _,                  _),
"i have":                 (has_prop,        _,             has_prop,       has_prop,       has_prop,       has_prop,       has_prop,          has_prop,          _,                  _),
"i have no":              (has_no_prop,     _,             has_no_prop,    has_no_prop,    has_no_prop,    has_no_prop,    has_no_prop,       has_no_prop,       _,                  _),
"ask about pain":         (rate_pain,       _,             rate_pain,      _,              rate_pain,      rate_pain,      instead,           _,                 _,                  _),
"no more pain questions": (rate_no_pain,    _,             rate_no_pain,   _,              rate_no_pain,   rate_no_pain,   answer_or_instead, _,                 _,                  _),
"tips again":             (tips,            _,             tips,           _,              tips,           tips,           instead,           _,                 _,                  _),
"no more tips":           (no_tips,         _,             no_tips,        _,              no_tips,        no_tips,        instead,           _,                 no_tips_after_this, _),
"rain please":            (rain,            rain,          rain,           rain,           rain,           rain,           instead,           rain,              rain,               _),
"no rain":                (no_rain,         no_rain,       no_rain,        no_rain,        no_rain,        no_rain,        instead,           no_rain,           no_rain,            _),
"louder":                 (louder,          louder,        louder,         louder,         louder,         louder,         louder,            louder,            louder,             _),
"much louder":            (much_louder,     much_louder,   much_louder,    much_louder,    much_louder,    much_louder,    much_louder,       much_louder,       much_louder,        _),
"quieter":                (quieter,         quieter,       quieter,        quieter,        quieter,        quieter,        quieter,           quieter,           quieter,            _),
"much quieter":           (much_quieter,    much_quieter,  much_quieter,   much_quieter,   much_quieter,   much_quieter,   much_quieter,      much_quieter,      much_quieter,       _),

"stop listening":         (mute_at_rest,    mute_at_rest,  mute_and_rest,  mute_and_rest,  mute_and_rest,  mute_and_rest,  instead,           mute_and_rest,     mute_after_this,    _),

"next":                   (_,               _,             first_beat,     next_stretch,   next_stretch,   next_stretch,   answer_or_instead, skip_after_pain,   _,                  _),
"next next":              (_,               _,             next_stretch,   next_but_one,   next_but_one,   next_but_one,   instead,           two_after_pain,    _,                  _),
"back":                   (_,               _,             stretch_before, stretch_before, stretch_before, stretch_before, instead,           back_after_pain,   _,                  _),
"once more":              (_,               _,             say_it_again,   stretch_again,  stretch_again,  stretch_again,  instead,           easier_after_pain, _,                  _),
"start over":             (_,               _,             say_it_again,   start_over,     start_over,     start_over,     instead,           easier_after_pain, _,                  _),
"other side":             (_,               _,             _,              other_side,     other_side,     other_side,     instead,           side_after_pain,   _,                  _),
"repeat":                 (_,               _,             say_it_again,   say_it_again,   say_it_again,   say_it_again,   ask_again,         say_it_again,      say_it_again,       let_it_be_said),
"ready":                  (_,               _,             first_beat,     beat_done,      go_on,          go_on,          answer_or_instead, offer_again,       _,                  _),
"done":                   (_,               _,             first_beat,     beat_done,      ask_whether,    end_here,       instead,           end_after_pain,    _,                  _),
"pause":                  (_,               _,             pause,          pause,          wait_on,        pause,          answer_or_instead, pause_after_pain,  _,                  _),
"i have to get up":       (_,               _,             get_up,         get_up,         get_up,         get_up,         answer_or_instead, get_up_after_pain, _,                  _),
"continue":               (_,               _,             first_beat,     carry_on,       go_on,          go_on,          answer_or_go_back, easier_after_pain, _,                  _),

"longer":                 (_,               _,             longer,         longer,         longer,         longer,         instead,           _,                 _,                  _),
"shorter":                (_,               _,             shorter,        shorter,        shorter,        shorter,        instead,           _,                 _,                  _),
"slower":                 (_,               _,             slower,         slower,         slower,         slower,         instead,           slower,            _,                  _),
"faster":                 (_,               _,             faster,         faster,         faster,         faster,         instead,           faster,            _,                  _),
"easier":                 (_,               _,             easier,         easier,         easier,         easier,         instead,           easier_after_pain, _,                  _),
"harder":                 (_,               _,             harder,         harder,         harder,         harder,         instead,           offer_again,       _,                  _),
"less talk":              (less_talk,       _,             less_talk,      less_talk,      less_talk,      less_talk,      instead,           less_talk,         _,                  _),
"more talk":              (more_talk,       _,             more_talk,      more_talk,      more_talk,      more_talk,      instead,           more_talk,         _,                  _),
"never again":            (_,               _,             _,              ask_leave_out,  ask_leave_out,  ask_leave_out,  instead,           ask_leave_out,     _,                  _),

"how long":               (_,               _,             time_left,      how_long,       how_long,       how_long,       instead,           how_long,          _,                  _),
"how long in all":        (_,               _,             time_left,      time_left,      time_left,      time_left,      instead,           time_left,         _,                  _),
"how many left":          (_,               _,             stretches_left, stretches_left, stretches_left, stretches_left, instead,           stretches_left,    _,                  _),
"what's next":            (_,               _,             what_comes,     what_comes,     what_comes,     what_comes,     instead,           what_comes,        _,                  _),
"where are we":           (_,               _,             where,          where,          where,          where,          instead,           where,             _,                  _),
"which side":             (_,               _,             which_side,     which_side,     which_side,     which_side,     instead,           which_side,        _,                  _),
"why":                    (_,               _,             why,            why,            why,            why,            instead,           why,               _,                  _),
"what time is it":        (say_time,        say_time,      say_time,       say_time,       say_time,       say_time,       say_time,          say_time,          _,                  _),
"thank you":              (welcome_thanks,  _,             welcome_thanks, welcome_thanks, welcome_thanks, let_it_pass,    let_it_pass,       welcome_thanks,    _,                  _),

"yes":                    (_,               _,             _,              _,              _,              go_on,          answer,            offer_again,       _,                  _),
"all right":              (_,               _,             let_it_pass,    agree,          let_it_pass,    agree_to_go_on, answer,            offer_again,       _,                  _),
"no":                     (_,               _,             _,              _,              _,              end_here,       answer,            offer_again,       _,                  _),
"i think so":             (_,               _,             _,              _,              _,              go_on,          answer,            offer_again,       _,                  _),
"unsure":                 (_,               _,             _,              _,              _,              pause,          answer,            pause_after_pain,  _,                  _),
"number":                 (_,               _,             _,              _,              _,              _,              answer,            _,                 _,                  _),
"no pain":                (_,               _,             _,              _,              _,              _,              answer,            _,                 _,                  _),
"half":                   (_,               _,             _,              _,              _,              _,              answer,            _,                 _,                  _),
"later":                  (_,               _,             _,              _,              _,              _,              answer,            _,                 _,                  _),
"in a while":             (_,               _,             _,              _,              _,              _,              answer,            _,                 _,                  _),

Signal.SAID:               (rest_on,         rest_on,       greeted,        next_beat,      wait_on,        stopped_waits,  wait_for_answer,   hurt_waits,        farewell_said,      warned),
Signal.OPENED:             (welcome,         _,             _,              _,              _,              _,              _,                 _,                 _,                  _),
Signal.RESUMED:            (offer_to_go_on,  _,             _,              _,              _,              _,              _,                 _,                 _,                  _),
Signal.RECOVERED:          (back_quietly,    back_quietly,  back_again,     back_again,     back_quietly,   back_quietly,   back_again,        back_again,        back_again,         warn_again),
Signal.LEARNED:            (look_ahead,      look_ahead,    _,              _,              _,              _,              _,                 _,                 _,                  _),
Signal.WAITED:             (rested_long,     rested_long,   _,              _,              pause_lasts,    stopped_long,   no_answer,         hurt_unanswered,   say_last_words,     warned_long),
Signal.NOT_UNDERSTOOD:    (_,               _,             _,              _,              _,              _,              not_understood,    _,                 _,                  _),
Signal.DEAF:               (_,               _,             rest_unheard,   rest_unheard,   rest_unheard,   rest_unheard,   drop_question,     rest_unheard,      _,                  _),
Signal.HEARS:              (_,               _,             _,              _,              say_continue,   _,              ask_now,           _,                 _,                  _),
Signal.MUTED:              (mute_at_rest,    mute_at_rest,  mute_and_rest,  mute_and_rest,  mute_and_rest,  mute_and_rest,  mute_and_drop_question, mute_and_rest, mute_after_this,   mute_quietly),
Signal.UNMUTED:            (unmute,          unmute,        unmute,         unmute,         unmute,         unmute,         unmute,            unmute,            unmute,             unmute),
Signal.UNHEARD:            (say_muted,       say_muted,     say_muted,      say_muted,      say_muted,      say_muted,      say_muted,         say_muted,         _,                  _),
Signal.ADJUSTED:           (adjust,          adjust,        adjust,         adjust,         adjust,         adjust,         adjust,            adjust,            adjust,             adjust),
}
# fmt: on

TABLE: Mapping[tuple[Trigger, Mode], Handler] = {
    (Command(row) if isinstance(row, str) else row, mode): cell
    for row, cells in _ROWS.items()
    for mode, cell in zip(_MODES, cells, strict=True)
}
COMMANDS = tuple(Command(row) for row in _ROWS if isinstance(row, str))
"""All commands that there are, in the order of the table."""
WANTED = Wanted(COMMANDS, sorted({cell.says for cell in TABLE.values() if cell.says}))
"""What a language has to have words for."""
