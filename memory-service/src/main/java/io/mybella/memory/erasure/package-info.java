/**
 * Forgetting: the memory of a pair, and all of a persona or a user that is gone. Requests and
 * events only set a mark, in one short transaction, and from then on nobody sees what it covers.
 * One eraser removes it in the background, in bounded transactions, and answers with a receipt
 * where one is due. Each feature that keeps rows of pairs names its table with an {@link
 * io.mybella.memory.erasure.ErasableTable}.
 */
@NullMarked
package io.mybella.memory.erasure;

import org.jspecify.annotations.NullMarked;
