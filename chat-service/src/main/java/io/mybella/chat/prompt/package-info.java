/** What an engine is given to make a reply of. */
@NullMarked
package io.mybella.chat.prompt;

import org.jspecify.annotations.NullMarked;
