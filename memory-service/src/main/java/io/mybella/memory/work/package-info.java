/**
 * Work in the background: a ledger of what is to be done for which pair, persona or user, and the
 * worker that has it done by the feature it belongs to. The ledger holds no content; replicas share
 * it.
 *
 * <p>A feature takes part with a {@link io.mybella.memory.work.WorkKind} and a {@link
 * io.mybella.memory.work.WorkHandler} for it, and asks for work through the {@link
 * io.mybella.memory.work.WorkLedger}, within the transaction that makes it necessary.
 */
@NullMarked
package io.mybella.memory.work;

import org.jspecify.annotations.NullMarked;
