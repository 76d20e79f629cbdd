"""What a radio or a person on the telephone says for minutes: ordinary talk, in which words of commands occur too.

No sentence is a command.  Many have the words of one in them ("next week", "the bus does not stop"), because real talk
has them, and a coach that listens for words only would start, stop and skip all evening.
"""

from __future__ import annotations

from typing import Final

SMALL_TALK: Final = (
    "Good evening, and welcome back to the programme about gardens and the weather.",
    "Next week it is going to rain from Tuesday until the end of the month.",
    "If your roses start to look tired, cut them back before the first frost.",
    "A listener has written to ask how long an apple tree needs before it is ready to bear fruit.",
    "It takes about four years, and two or three more until the harvest is worth a basket.",
    "The bus to the botanical garden does not stop at the town hall any more.",
    "You can go on to the church and walk back along the river.",
    "My neighbour says that he has done nothing at all about his hedge, and it is faster and thicker than mine.",
    "The choir said yes at once, and no snow and no wind kept it from singing in the north.",
    "We will repeat the recipe for plum cake at the end of the hour, once more for those who came late.",
    "Somebody left the gate open again, and the sheep were in the lettuce by the morning.",
    "Let the dough rest for an hour, then make it a little longer than the tin.",
    "The orchestra will pause for the summer and continue in September.",
    "That was the news from the allotments, and now for some music from an easier time.",
)
