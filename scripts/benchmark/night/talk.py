"""What a television, a telephone or a partner may say at night, and words that are no commands.

For synthetic persons, where there are no recordings of people.  Words of the coach's commands are among the sentences,
as they are among people's.
"""

from __future__ import annotations

SENTENCES = (
    "the next train to the coast leaves from the other platform",
    "she said that she would call back before the end of the week",
    "we had to stop at the bakery because there was no bread left",
    "it has been raining since we came home from the lake",
    "could you bring me a glass of water when you come upstairs",
    "the second half was harder than anybody had thought",
    "i left my keys on the kitchen table again",
    "there is a good film on tonight but it is too long for me",
    "my sister is ready to move into the house by the river",
    "he went back to the shop and asked for a larger size",
    "the weather will be cold with a little snow in the north",
    "do you remember the name of the street where we used to live",
    "they pause for a moment and then the music goes on",
    "i can help you with the boxes on saturday morning",
    "the doctor told her to walk a little faster every day",
    "nobody knows how many people were on the bridge",
    "please turn the light off when you have finished reading",
    "the children were done with their homework at six",
    "he repeats the same story every time we have guests",
    "why did you paint the fence in such a dark green",
    "the cat is asleep on the warm side of the bed",
    "it costs less than half of what they wanted last year",
    "a slower boat would have given us more time to look",
    "our neighbours are louder than the traffic on the main road",
    "i would not say that it hurts but it is not pleasant either",
    "the garden looks easier to keep than it really is",
    "tomorrow we have to be at the station by a quarter past seven",
    "she has read the letter twice and still does not believe it",
    "in the evening the market closes and the square is quiet",
    "he would rather stay at home than go there one more time",
    "the old bridge was closed and everybody took the ferry",
    "we never skip breakfast even when we are late",
    "the government said that the numbers were better than before",
    "you can leave the parcel with the people next door",
    "the soup needs a little more salt and some pepper",
    "and now the news in brief with all that happened today",
    "they talked less and less as the road went up the hill",
    "my grandmother could tell a story that lasted for hours",
    "the goalkeeper was quick but the ball was quicker",
    "thank you for waiting somebody will be with you soon",
)
WORDS = (
    *("bed", "bird", "cat", "dog", "house", "tree", "happy", "visual", "learn", "follow", "forward", "yellow"),
    *("water", "window", "pillow", "blanket", "morning", "kitchen", "table", "letter", "garden", "winter", "music"),
    *("paper", "summer", "river", "doctor", "sister", "number", "picture", "money", "because", "maybe", "really"),
    *("okay", "hello", "thanks", "sorry", "nothing", "tomorrow", "wonderful", "top", "step", "shop", "paws", "text"),
)
