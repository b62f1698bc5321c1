package io.mybella.memory.search;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HighlightTests {

  @Test
  void nothingOfTheTextBecomesAnElement() {
    assertThat(Highlight.html("<b onclick='x(\"y\")'>\uE000tea\uE001 & </mark>"))
        .isEqualTo(
            "&lt;b onclick=&#39;x(&quot;y&quot;)&#39;&gt;<mark>tea</mark> &amp; &lt;/mark&gt;");
  }
}
