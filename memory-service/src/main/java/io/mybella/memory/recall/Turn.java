package io.mybella.memory.recall;

import java.util.UUID;

/**
 * What an index keeps of a turn beside its words.
 *
 * @param session the place of its conversation
 * @param speaker the place of who has spoken
 * @param day when, in days since 1970 in UTC
 * @param characters how long it is
 * @param asks whether it ends with a question
 * @param tellsTime whether it says when something was
 * @param ofOneself whether it is about whoever says it
 */
record Turn(
    UUID id,
    int session,
    int speaker,
    int day,
    int characters,
    boolean asks,
    boolean tellsTime,
    boolean ofOneself) {}
