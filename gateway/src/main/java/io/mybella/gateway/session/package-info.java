/** Browser sessions, kept in the database so that every replica knows them. */
@NullMarked
package io.mybella.gateway.session;

import org.jspecify.annotations.NullMarked;
