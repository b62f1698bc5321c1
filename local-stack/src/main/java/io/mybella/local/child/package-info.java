/** What runs inside the child processes: the watch on the supervisor, and the broker's main. */
@NullMarked
package io.mybella.local.child;

import org.jspecify.annotations.NullMarked;
