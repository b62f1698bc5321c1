/**
 * Calls of the services that chat-service needs: bounded, behind a breaker, failures as problems.
 */
@NullMarked
package io.mybella.chat.neighbour;

import org.jspecify.annotations.NullMarked;
