/** What happened to accounts, told to the services. */
@NullMarked
package io.mybella.gateway.identity.account.messaging;

import org.jspecify.annotations.NullMarked;
