/** What became of deleted accounts in the services: receipts and their status. */
@NullMarked
package io.mybella.gateway.identity.erasure;

import org.jspecify.annotations.NullMarked;
